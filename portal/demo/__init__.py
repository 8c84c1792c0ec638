"""Draws the demo: films, captions, posters and a catalog around them."""
