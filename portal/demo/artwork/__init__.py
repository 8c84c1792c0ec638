"""Posters and backdrops of the demo titles, drawn by the program."""

from __future__ import annotations

from portal.demo.artwork.artwork import DrawnArtwork, draw_artwork

__all__ = ["DrawnArtwork", "draw_artwork"]
