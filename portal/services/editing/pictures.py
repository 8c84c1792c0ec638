"""From an uploaded picture to the sizes that pages show: decoded, cropped, resized, as AVIF.

A picture is what its bytes decode to, whatever its name or media type says; a name that says
something else is refused, because somebody then uploads something else than they think.
"""

from __future__ import annotations

import colorsys
import io
import json
import os
import shutil
import warnings
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from PIL import (  # the plugins are what may be opened, and nothing else
    AvifImagePlugin,
    Image,
    ImageCms,
    ImageEnhance,
    ImageFilter,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from portal import routes
from portal.services.errors import InvalidInput

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PIXELS: Final = 60_000_000
"""Pixels are counted from the header, before anything is decoded: 60 million take 180 MB."""

_TOO_MANY_PIXELS: Final = (
    f"The picture has too many pixels; up to {MAX_PIXELS // 1_000_000} million are possible. Make"
    " it smaller."
)

_OPENERS: Final = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
        AvifImagePlugin.AvifImageFile,
    )
)
_FORMATS: Final = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "MPO": ("jpg", "jpeg", "mpo"),  # several JPEGs in one, as phones make them
    "PNG": ("png",),
    "WEBP": ("webp",),
    "AVIF": ("avif", "avifs"),
}
_KNOWN_EXTENSIONS: Final = frozenset(
    {ext for names in _FORMATS.values() for ext in names}
    | {"gif", "bmp", "tif", "tiff", "svg", "heic", "heif", "pdf", "psd", "ico"}
)
_AVIF: Final = {"quality": 62, "speed": 7, "max_threads": 2}
_DARK: Final = (20, 19, 26)
_POSTER_ASPECT: Final = 2 / 3
_BACKDROP_ASPECT: Final = 16 / 9
_PORTRAIT_HEIGHT: Final = 1040
_SOCIAL: Final = (1200, 630)
_ABOUT: Final = "art.json"


class PictureKind(StrEnum):
    """What a picture is for."""

    POSTER = "poster"
    BACKDROP = "backdrop"


LEAST: Final = {PictureKind.POSTER: (480, 720), PictureKind.BACKDROP: (1280, 720)}
"""Smallest width and height in pixels; anything smaller would be blown up."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that every crop keeps in view, from the top left corner (0, 0) to (1, 1)."""

    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one picture of a movie.

    Attributes:
        focus: Its focal point.
        width, height: Of the original in pixels; 0 where it is not kept.
        has_original: Whether it can be cropped again.
        is_derived: It was made from the other picture, because there is none of its own.
    """

    focus: Focus = Focus()
    width: int = 0
    height: int = 0
    has_original: bool = False
    is_derived: bool = False


def decode(data: bytes, filename: str, kind: PictureKind) -> Image.Image:
    """Decode an uploaded picture to upright sRGB pixels.

    Raises:
        InvalidInput: On `file`: too large, too small, not a picture, or not what its name says.
    """
    if not data:
        raise _refused("The file is empty.")
    if len(data) > MAX_BYTES:
        raise _refused(
            f"The file has {len(data) / 2**20:,.1f} MiB; up to {MAX_BYTES // 2**20} MiB are"
            " possible. Export it as JPEG."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning about size: ours comes first
            opened = Image.open(io.BytesIO(data), formats=_OPENERS)
            _check_header(opened, filename)
            opened.load()
            picture = _upright_rgb(opened)
    except InvalidInput:
        raise
    except Image.DecompressionBombError:  # Pillow's limit, far above ours
        raise _refused(_TOO_MANY_PIXELS) from None
    # Decoders of damaged files let through OSError, SyntaxError, ValueError, struct.error, ...
    except Exception:
        raise _refused(
            "This is no picture that can be read, or it is damaged. Upload a JPEG, PNG, WebP or"
            " AVIF file."
        ) from None
    least_width, least_height = LEAST[kind]
    if picture.width < least_width or picture.height < least_height:
        raise _refused(
            f"The picture has {picture.width} x {picture.height} pixels; a {kind} needs at least"
            f" {least_width} x {least_height}."
        )
    return picture


def render(
    picture: Image.Image, kind: PictureKind, focus: Focus, data: bytes, old: Path | None, new: Path
) -> str | None:
    """Write all sizes of a picture into a new folder, with what the old folder has besides.

    Args:
        picture: What `decode` gave.
        kind: What it is for.
        focus: Its focal point.
        data: The file it came from, kept to be cropped again.
        old: The movie's present folder, if any; it is not changed.
        new: The folder to make.

    Returns:
        The dominant colour of the poster, `#rrggbb`, if it was drawn anew.
    """
    partial = new.with_name(f".{new.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        about = _take_over(old, partial)
        about[kind] = About(focus, picture.width, picture.height, has_original=True)
        _replace(partial / f"original-{kind}.bin", data)
        colour = None
        if kind is PictureKind.POSTER:
            colour = _write_poster(picture, focus, partial)
            if about.get(PictureKind.BACKDROP, About(is_derived=True)).is_derived:
                _write_backdrop(_backdrop_from(picture, focus), Focus(), partial)
                _write_portrait(picture, focus, partial)
                about[PictureKind.BACKDROP] = About(is_derived=True)
        else:
            _write_backdrop(picture, focus, partial)
            _write_portrait(picture, focus, partial)
            if about.get(PictureKind.POSTER, About(is_derived=True)).is_derived:
                colour = _write_poster(picture, focus, partial)
                about[PictureKind.POSTER] = About(focus, is_derived=True)
        _replace(partial / _ABOUT, json.dumps({k: asdict(v) for k, v in about.items()}).encode())
        partial.rename(new)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return colour


def about(folder: Path) -> dict[PictureKind, About]:
    """What is known of a movie's pictures."""
    found: dict[PictureKind, About] = {}
    try:
        stored: dict[str, Any] = json.loads((folder / _ABOUT).read_bytes())
        for kind, values in stored.items():
            found[PictureKind(kind)] = About(**{**values, "focus": Focus(**values["focus"])})
    except (OSError, ValueError, TypeError, KeyError):
        found.clear()
    for kind, name in ((PictureKind.POSTER, "poster-240"), (PictureKind.BACKDROP, "backdrop-640")):
        if kind not in found and (folder / f"{name}.avif").is_file():
            found[kind] = About()
    return found


def original(folder: Path, kind: PictureKind) -> bytes | None:
    """The uploaded file of a picture, if it is kept."""
    try:
        return (folder / f"original-{kind}.bin").read_bytes()
    except OSError:
        return None


def dominant_colour(picture: Image.Image) -> str:
    """A picture's weightiest colour, darkened so that white text can be read on it."""
    small = picture.resize((24, 36), Image.Resampling.BOX)
    sums = [0.0, 0.0, 0.0]
    total = 0.0
    pixels = small.tobytes()
    for at in range(0, len(pixels), 3):
        pixel = pixels[at : at + 3]
        weight = ((max(pixel) - min(pixel)) / 255) ** 1.5 + 0.02
        total += weight
        for channel, value in enumerate(pixel):
            sums[channel] += value / 255 * weight
    hue, saturation, brightness = colorsys.rgb_to_hsv(*(each / total for each in sums))
    shown = colorsys.hsv_to_rgb(hue, min(saturation, 0.75), min(max(brightness, 0.16), 0.34))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in shown)


def _check_header(picture: Image.Image, filename: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise _refused(_TOO_MANY_PIXELS)
    real = picture.format or ""
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if extension in _KNOWN_EXTENSIONS and extension not in _FORMATS[real]:
        raise _refused(
            f"The file is called .{extension} but is a {real.replace('MPO', 'JPEG')} picture. See"
            " that it is the one you mean, and give it the right ending."
        )


def _upright_rgb(picture: Image.Image) -> Image.Image:
    picture = ImageOps.exif_transpose(picture)
    profile = picture.info.get("icc_profile")
    if "A" in picture.getbands() or "transparency" in picture.info:
        flat = Image.new("RGBA", picture.size, (*_DARK, 255))
        flat.alpha_composite(picture.convert("RGBA"))
        return flat.convert("RGB")
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            converted = None  # a damaged profile: the plain numbers are close enough
        if converted is not None:
            return converted
    if picture.mode.startswith("I;16"):  # Pillow would cut off what is above 255
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def _take_over(old: Path | None, new: Path) -> dict[PictureKind, About]:
    if old is None or not old.is_dir():
        return {}
    for path in old.iterdir():
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            os.link(path, new / path.name)  # what is replaced below is unlinked first
        except OSError:
            shutil.copyfile(path, new / path.name)
    return about(old)


def _write_poster(picture: Image.Image, focus: Focus, folder: Path) -> str:
    cropped = _crop(picture, _POSTER_ASPECT, focus)
    for width in routes.POSTER_WIDTHS:
        _save_avif(cropped, (width, width * 3 // 2), folder / f"poster-{width}.avif")
    return dominant_colour(cropped)


def _write_backdrop(picture: Image.Image, focus: Focus, folder: Path) -> None:
    cropped = _crop(picture, _BACKDROP_ASPECT, focus)
    for width in routes.BACKDROP_WIDTHS:
        _save_avif(cropped, (width, width * 9 // 16), folder / f"backdrop-{width}.avif")
    social = _crop(picture, _SOCIAL[0] / _SOCIAL[1], focus).resize(
        _SOCIAL, Image.Resampling.LANCZOS
    )
    output = io.BytesIO()
    social.save(output, "JPEG", quality=84, optimize=True, progressive=True)
    _replace(folder / "social.jpg", output.getvalue())


def _write_portrait(picture: Image.Image, focus: Focus, folder: Path) -> None:
    size = (routes.BACKDROP_PORTRAIT_WIDTH, _PORTRAIT_HEIGHT)
    cropped = _crop(picture, size[0] / size[1], focus)
    _save_avif(cropped, size, folder / f"backdrop-portrait-{size[0]}.avif")


def _backdrop_from(poster: Image.Image, focus: Focus) -> Image.Image:
    """A calm backdrop out of a poster's colours, with the poster itself to the right."""
    width, height = 1920, 1080
    ground = _crop(poster, _BACKDROP_ASPECT, focus).resize((width // 8, height // 8))
    ground = ground.filter(ImageFilter.GaussianBlur(12)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    ground = ImageEnhance.Brightness(ground).enhance(0.55)
    card = _crop(poster, _POSTER_ASPECT, focus).resize((576, 864), Image.Resampling.LANCZOS)
    ground.paste(card, (width - card.width - 180, (height - card.height) // 2))
    return ground


def _crop(picture: Image.Image, aspect: float, focus: Focus) -> Image.Image:
    """The largest part with this aspect ratio whose middle is as near to the focus as it can."""
    width = min(picture.width, round(picture.height * aspect))
    height = min(picture.height, round(picture.width / aspect))
    left = min(max(round(picture.width * focus.x - width / 2), 0), picture.width - width)
    top = min(max(round(picture.height * focus.y - height / 2), 0), picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def _save_avif(picture: Image.Image, size: tuple[int, int], path: Path) -> None:
    output = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(output, "AVIF", **_AVIF)
    _replace(path, output.getvalue())


def _replace(path: Path, data: bytes) -> None:
    """Write a file anew; another folder's hard link to the old one keeps the old bytes."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def _refused(text: str) -> InvalidInput:
    return InvalidInput({"file": text})
