"""A hundred motifs: flat drawings in four tones, by name."""

from __future__ import annotations

from portal.demo.artwork.motifs.animals import ANIMALS
from portal.demo.artwork.motifs.buildings import BUILDINGS
from portal.demo.artwork.motifs.landscapes import LANDSCAPES
from portal.demo.artwork.motifs.music import MUSIC
from portal.demo.artwork.motifs.objects import OBJECTS
from portal.demo.artwork.motifs.people import PEOPLE
from portal.demo.artwork.motifs.plants import PLANTS
from portal.demo.artwork.motifs.vehicles import VEHICLES
from portal.demo.artwork.shapes import Motif

MOTIFS: dict[str, Motif] = {
    **LANDSCAPES,
    **PLANTS,
    **ANIMALS,
    **BUILDINGS,
    **VEHICLES,
    **MUSIC,
    **OBJECTS,
    **PEOPLE,
}
