"""Scripts of the project; `make` calls them."""
