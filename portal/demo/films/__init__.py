"""The demo films, by key."""

from __future__ import annotations

from portal.demo.films.dusk import Dusk
from portal.demo.films.film import Film

FILMS: dict[str, type[Film]] = {film.key: film for film in (Dusk,)}
