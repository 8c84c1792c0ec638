"""The demo films, by key."""

from __future__ import annotations

from portal.demo.films.aurora import Aurora
from portal.demo.films.dusk import Dusk
from portal.demo.films.film import Film
from portal.demo.films.ink import Ink
from portal.demo.films.medusa import Medusa
from portal.demo.films.neon import Neon
from portal.demo.films.orrery import Orrery
from portal.demo.films.snow import Snow
from portal.demo.films.starlings import Starlings

FILMS: dict[str, type[Film]] = {
    film.key: film for film in (Dusk, Aurora, Medusa, Neon, Orrery, Starlings, Ink, Snow)
}
