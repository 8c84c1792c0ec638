"""Posters and backdrops: sizes, colours, and that they differ."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from portal.demo.art_direction import ArtDirection
from portal.demo.artwork.artwork import dominant_colour, draw_sheet, placeholder
from portal.demo.artwork.motifs import MOTIFS
from portal.demo.artwork.palettes import MOODS
from portal.demo.artwork.styles import STYLES
from portal.demo.manifest import DemoManifest, hash_file
from portal.demo.titles import TITLES

FILES = {
    "poster-160.avif": (160, 240),
    "poster-240.avif": (240, 360),
    "poster-360.avif": (360, 540),
    "poster-480.avif": (480, 720),
    "backdrop-640.avif": (640, 360),
    "backdrop-1280.avif": (1280, 720),
    "backdrop-1920.avif": (1920, 1080),
    "backdrop-portrait-780.avif": (780, 1040),
    "social.jpg": (1200, 630),
}


def test_every_title_has_all_pictures_in_their_sizes(demo: DemoManifest, demo_folder: Path):
    for entry in demo.titles.values():
        assert set(entry.files) == set(FILES)
        for name, size in FILES.items():
            path = demo_folder / entry.folder / name
            with Image.open(path) as picture:
                assert picture.size == size
            assert entry.files[name] == hash_file(path)
            assert path.stat().st_size < 400_000


def test_no_two_posters_are_alike(demo: DemoManifest):
    posters = {entry.files["poster-480.avif"] for entry in demo.titles.values()}
    assert len(posters) == len(demo.titles)


def test_colours_and_placeholders_can_be_used_as_they_are(demo: DemoManifest):
    for entry in demo.titles.values():
        assert re.fullmatch(r"#[0-9a-f]{6}", entry.dominant_colour)
        channels = [int(entry.dominant_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, "white text on it must be readable (WCAG AA)"
        head, data = entry.placeholder.split(",")
        assert head == "data:image/webp;base64"
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert picture.size == (4, 6)
        assert len(entry.placeholder) < 200


def test_dominant_colour_follows_the_hue():
    red, green, blue = (
        int(dominant_colour(Image.new("RGB", (60, 90), (20, 90, 220)))[i : i + 2], 16)
        for i in (1, 3, 5)
    )
    assert blue > green > red


def test_a_placeholder_keeps_the_colours_in_their_places():
    picture = Image.new("RGB", (200, 300), (250, 250, 250))
    picture.paste((10, 10, 10), (0, 150, 200, 300))
    data = base64.b64decode(placeholder(picture).split(",")[1])
    with Image.open(io.BytesIO(data)) as small:
        assert small.convert("L").getpixel((2, 0)) > 200
        assert small.convert("L").getpixel((2, 5)) < 60


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shape", ["poster", "wide", "tall"])
def test_every_style_draws_every_shape(style: str, shape: str):
    size = {"poster": (320, 480), "wide": (640, 360), "tall": (390, 520)}[shape]
    art = ArtDirection(style=style, motif="lighthouse", mood="night", focus=0.5, seed=7)
    picture = draw_sheet(art, shape, size)
    assert picture.size == size
    assert np.asarray(picture, float).std() > 12, "something is drawn"
    assert draw_sheet(art, shape, size).tobytes() == picture.tobytes(), "and always the same"


@pytest.mark.parametrize("motif", MOTIFS)
def test_motifs_stay_on_the_sheet(motif: str):
    layers = MOTIFS[motif]()
    assert any(layer.tone == "main" for layer in layers)
    points = [point for layer in layers for polygon in layer.polygons for point in polygon]
    assert all(-1.5 <= x <= 1.5 and -1.5 <= y <= 1.5 for x, y in points)


def test_moods_name_palettes_from_dark_to_pale():
    for palettes in MOODS.values():
        for colours in palettes:
            assert sum(colours.deep) < sum(colours.base) < sum(colours.pale)


def test_hand_picked_motifs_are_varied():
    assert len({title.art.motif for title in TITLES}) >= 80
