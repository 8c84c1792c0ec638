"""Posters and backdrops: what is a picture, how it is cropped, and what pages find afterwards."""

from __future__ import annotations

import asyncio
import io
import os
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from portal import routes
from portal.services import audit
from portal.services.container import Services
from portal.services.editing import Editing, artwork, pictures
from portal.services.editing.pictures import Focus, PictureKind
from portal.services.errors import Forbidden, InvalidInput, MovieNotFound, NotFound
from tests.services.editing.conftest import EDITOR, MANAGER, NOW
from tests.support.catalog import add_movie

POSTER_FILES = {f"poster-{width}.avif" for width in routes.POSTER_WIDTHS}
BACKDROP_FILES = {f"backdrop-{width}.avif" for width in routes.BACKDROP_WIDTHS} | {
    f"backdrop-portrait-{routes.BACKDROP_PORTRAIT_WIDTH}.avif",
    "social.jpg",
}


def halves(width: int, height: int, left: str = "#c02020", right: str = "#2020c0") -> Image.Image:
    picture = Image.new("RGB", (width, height), left)
    picture.paste(Image.new("RGB", (width // 2, height), right), (width // 2, 0))
    return picture


def encoded(picture: Image.Image, form: str = "JPEG", **more: object) -> bytes:
    output = io.BytesIO()
    picture.save(output, form, **more)
    return output.getvalue()


WIDE = encoded(halves(1600, 900))
TALL = encoded(halves(600, 900))


async def put(services: Services, **values: object) -> str:
    values = {"visibility": "draft", "art_key": "", **values}
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


def folder_of(services: Services, art: str) -> Path:
    return services.settings.artwork_dir / art.rpartition("/")[2]


def mean(path: Path) -> tuple[int, ...]:
    with Image.open(path) as picture:
        return tuple(picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))  # type: ignore[arg-type]


async def test_a_poster_comes_in_all_sizes_with_a_backdrop_made_of_it(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    view = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    folder = folder_of(running_services, view.art)
    assert set(os.listdir(folder)) >= POSTER_FILES | BACKDROP_FILES
    for width in routes.POSTER_WIDTHS:
        with Image.open(folder / f"poster-{width}.avif") as picture:
            assert (picture.format, picture.size) == ("AVIF", (width, width * 3 // 2))
    with Image.open(folder / "backdrop-1920.avif") as picture:
        assert picture.size == (1920, 1080)
    assert {p.kind: p.is_derived for p in view.pictures} == {"poster": False, "backdrop": True}
    assert view.color != "#1b1a20"
    record = await running_services.catalog.record(movie_id)
    assert routes.artwork(record.art_key) == view.art
    assert (await running_services.db.run(audit.verify)).checked == 1


async def test_a_backdrop_takes_the_derived_one_s_place_and_the_poster_stays(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    first = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    old = folder_of(running_services, first.art)
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    green = encoded(Image.new("RGB", (1600, 900), "#108010"))
    view = await editing.artwork.upload(EDITOR, movie_id, "backdrop", green, "b.jpg", now=NOW)
    new = folder_of(running_services, view.art)
    assert new != old
    assert {p.kind: p.is_derived for p in view.pictures} == {"poster": False, "backdrop": False}
    assert (new / "poster-240.avif").read_bytes() == before["poster-240.avif"]
    assert mean(new / "backdrop-640.avif")[1] > 100
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before
    assert view.color == first.color
    # Another poster leaves the real backdrop alone.
    third = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    newest = folder_of(running_services, third.art)
    assert (newest / "backdrop-640.avif").read_bytes() == (new / "backdrop-640.avif").read_bytes()


async def test_the_focal_point_stays_in_view_and_can_be_moved(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    view = await editing.artwork.upload(
        EDITOR, movie_id, "backdrop", WIDE, "b.jpg", focus=Focus(0.1, 0.5), now=NOW
    )
    red, _, blue = mean(folder_of(running_services, view.art) / "poster-240.avif")
    assert red > 150
    assert blue < 60
    moved = await editing.artwork.set_focus(EDITOR, movie_id, "backdrop", Focus(0.9, 0.5), now=NOW)
    red, _, blue = mean(folder_of(running_services, moved.art) / "poster-240.avif")
    assert blue > 150
    assert red < 60
    assert next(p for p in moved.pictures if p.kind == "backdrop").focus_x == 0.9
    with pytest.raises(NotFound, match="Upload it again"):
        await editing.artwork.set_focus(EDITOR, movie_id, "poster", Focus(), now=NOW)


async def test_a_storyboard_and_demo_pictures_are_taken_along(
    editing: Editing, running_services: Services
) -> None:
    key = "d" * 32
    folder = running_services.settings.artwork_dir / key
    folder.mkdir(parents=True)
    for name in (*POSTER_FILES, *BACKDROP_FILES, "storyboard.vtt", "storyboard.jpg"):
        (folder / name).write_bytes(name.encode())
    movie_id = await put(running_services, art_key=key)
    before = await editing.artwork.view(EDITOR, movie_id)
    assert {p.kind: p.can_crop for p in before.pictures} == {"poster": False, "backdrop": False}
    view = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    new = folder_of(running_services, view.art)
    assert (new / "storyboard.vtt").read_bytes() == b"storyboard.vtt"
    assert (new / "backdrop-640.avif").read_bytes() == b"backdrop-640.avif"
    assert (folder / "poster-240.avif").read_bytes() == b"poster-240.avif"


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 40,000 x 40,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "p.jpg", "is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "p.jpg", "no picture that can be read"),
        (b"%PDF-1.7", "p.png", "no picture that can be read"),
        (TALL[: len(TALL) // 2], "p.jpg", "damaged"),
        (encoded(halves(600, 900), "PNG"), "p.jpg", "called .jpg but is a PNG"),
        (TALL, "p.webp", "called .webp but is a JPEG"),
        (TALL, "p.svg", "called .svg but is a JPEG"),
        (encoded(halves(600, 900), "GIF"), "p.gif", "no picture that can be read"),
        (encoded(halves(300, 450)), "p.jpg", "at least 480 x 720"),
        (bomb(), "p.png", "up to 60 million"),
        (b"\xff" * (20 * 1024 * 1024 + 1), "p.jpg", "20.0 MiB; up to 20 MiB"),
    ],
)  # fmt: skip
def test_what_is_no_good_picture_is_refused_with_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        pictures.decode(data, name, PictureKind.POSTER)
    assert words in caught.value.fields["file"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TALL, "P.JPEG"),
        (TALL, "poster"),
        (TALL, "poster.final"),
        (encoded(halves(600, 900), "PNG"), "p.png"),
        (encoded(halves(600, 900), "WEBP"), "p.webp"),
        (encoded(halves(600, 900), "AVIF", quality=90), "p.avif"),
        (encoded(halves(600, 900).convert("CMYK")), "p.jpg"),
        (encoded(halves(600, 900).convert("P"), "PNG"), "p.png"),
        (encoded(halves(600, 900).convert("L"), "PNG"), "p.png"),
        (encoded(halves(600, 900).convert("RGBA"), "PNG"), "p.png"),
        (encoded(halves(600, 900).convert("L").convert("I;16"), "PNG"), "p.png"),
    ],
)
def test_every_kind_of_picture_becomes_rgb(data: bytes, name: str) -> None:
    picture = pictures.decode(data, name, PictureKind.POSTER)
    assert (picture.mode, picture.size) == ("RGB", (600, 900))


def test_a_sixteen_bit_picture_keeps_its_brightness() -> None:
    wide = Image.new("I;16", (600, 900), 0x8000)
    picture = pictures.decode(encoded(wide, "PNG"), "p.png", PictureKind.POSTER)
    assert picture.getpixel((5, 5)) == (128, 128, 128)


def test_a_transparent_picture_is_laid_on_dark() -> None:
    clear = Image.new("RGBA", (600, 900), (255, 255, 255, 0))
    picture = pictures.decode(encoded(clear, "PNG"), "p.png", PictureKind.POSTER)
    assert picture.getpixel((5, 5)) == (20, 19, 26)


def test_a_turned_photograph_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    data = encoded(halves(900, 600), exif=exif)
    picture = pictures.decode(data, "p.jpg", PictureKind.POSTER)
    assert picture.size == (600, 900)


async def test_fields_and_rights(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services)
    live = await put(running_services, slug="live", visibility="visible")
    upload = editing.artwork.upload
    with pytest.raises(InvalidInput) as caught:
        await upload(EDITOR, movie_id, "banner", TALL, "p.jpg", now=NOW)
    assert "kind" in caught.value.fields
    for bad in (Focus(-0.1, 0), Focus(0, 1.1), Focus(float("nan"), 0)):
        with pytest.raises(InvalidInput) as caught:
            await upload(EDITOR, movie_id, "poster", TALL, "p.jpg", focus=bad, now=NOW)
        assert "focus" in caught.value.fields
    with pytest.raises(Forbidden):
        await upload(EDITOR, live, "poster", TALL, "p.jpg", now=NOW)
    with pytest.raises(MovieNotFound):
        await upload(MANAGER, "0" * 32, "poster", TALL, "p.jpg", now=NOW)
    assert not running_services.settings.artwork_dir.exists()


async def test_both_pictures_at_the_same_time_are_both_kept(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    await asyncio.gather(
        editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW),
        editing.artwork.upload(EDITOR, movie_id, "backdrop", WIDE, "b.jpg", now=NOW),
    )
    view = await editing.artwork.view(EDITOR, movie_id)
    assert {p.kind: p.is_derived for p in view.pictures} == {"poster": False, "backdrop": False}
    assert not [p for p in running_services.settings.artwork_dir.iterdir() if p.name[0] == "."]


async def test_pictures_that_no_movie_has_go_after_a_week(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    first = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    second = await editing.artwork.upload(EDITOR, movie_id, "poster", TALL, "p.jpg", now=NOW)
    assert await editing.artwork.collect() == 0
    long_ago = time.time() - artwork.ORPHANS_KEPT_S - 60
    for view in (first, second):
        os.utime(folder_of(running_services, view.art), (long_ago, long_ago))
    assert await editing.artwork.collect() == 1
    assert not folder_of(running_services, first.art).exists()
    assert folder_of(running_services, second.art).exists()
