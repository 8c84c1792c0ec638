"""The demo: its catalog, its films, its artwork, and the build that makes them."""
