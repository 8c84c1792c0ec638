"""The HTTP side of the portal: a second entry point, peer to the pages."""
