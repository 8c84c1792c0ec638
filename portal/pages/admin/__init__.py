"""Pages of content managers."""
