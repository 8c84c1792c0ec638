"""Give a film the portal's caption tracks: renditions in the multivariant playlist, and playlists
for the WebVTT files themselves (RFC 8216bis 3.1.4, 4.4.6.1)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.services.hls_playlists.errors import PlaylistError
from portal.services.hls_playlists.syntax import (
    Attribute,
    attribute_list,
    attributes_of,
    lines_of,
    quoted_text,
    tag_of,
)

GROUP = "portal-captions"
"""GROUP-ID of the portal's captions where the playlist brings none of its own."""

SDH_CHARACTERISTICS = (
    "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
)
"""CHARACTERISTICS of subtitles for the deaf and hard of hearing (RFC 8216bis 4.4.6.1)."""

_MEDIA = "#EXT-X-MEDIA:"
_STREAM_INF = "#EXT-X-STREAM-INF:"


@dataclass(frozen=True, slots=True)
class CaptionRendition:
    """One caption track as a rendition of TYPE=SUBTITLES.

    Attributes:
        name: What the viewer reads in the menu.
        language: BCP 47 tag.
        uri: Address of the track's media playlist, relative to the multivariant playlist or not.
        default: Shown unless the viewer chose otherwise. Implies ``autoselect``.
        autoselect: May be chosen by the player after the viewer's language.
        forced: Only what has to be read even by those who understand the film's language.
        sdh: Says sounds and speakers too, for the deaf and hard of hearing.
    """

    name: str
    language: str
    uri: str
    default: bool = False
    autoselect: bool = True
    forced: bool = False
    sdh: bool = False


def add_captions(text: str, tracks: Sequence[CaptionRendition], *, replace: bool = True) -> str:
    """Put caption tracks into a multivariant playlist, for every variant.

    Args:
        text: A multivariant playlist.
        tracks: In the order of the menu. Of several ``default`` ones the first is it. Equal names
            are told apart by a number. Without tracks the text comes back as it is.
        replace: True (the portal's tracks are curated and checked): subtitle renditions of the
            source go. False: they stay, and the tracks are added to each of their groups; a default
            track takes the default from theirs. Captions inside the video (CLOSED-CAPTIONS) stay
            in both.

    Raises:
        PlaylistError: The text is not a multivariant playlist (``wrap_media_playlist`` makes one).
    """
    if not tracks:
        return text
    lines = lines_of(text)
    if not any(line.startswith(_STREAM_INF) for line in lines):
        raise PlaylistError("Captions can only be added to a multivariant playlist with variants.")
    groups = {} if replace else _names_by_group(lines)
    ours_is_default = any(track.default for track in tracks)

    out: list[str] = []
    first: int | None = None
    ungrouped = False
    for line in lines:
        new: str | None = line
        if line.startswith(_MEDIA):
            first = len(out) if first is None else first
            new = _media_line(line, replace=replace, take_default=ours_is_default)
        elif line.startswith(_STREAM_INF):
            first = len(out) if first is None else first
            attributes = attributes_of(tag_of(line)[1])
            if _value(attributes, "SUBTITLES") not in groups:
                ungrouped = True
                attributes = [a for a in attributes if a.name != "SUBTITLES"]
                attributes.append(Attribute("SUBTITLES", GROUP, True))
            new = _STREAM_INF + attribute_list(attributes)
        if new is not None:
            out.append(new)
    if ungrouped:
        groups.setdefault(GROUP, set())
    renditions = [
        _rendition(track, group, name, is_default=is_default)
        for group, taken in groups.items()
        for track, name, is_default in _named(tracks, taken)
    ]
    out[first:first] = renditions
    return "\n".join(out).rstrip("\n") + "\n"


def captions_playlist(duration_s: float, uri: str) -> str:
    """The media playlist of a caption track that is one WebVTT file.

    Args:
        duration_s: Duration of the film in seconds.
        uri: Address of the WebVTT file, relative to this playlist or not.

    Raises:
        ValueError: The duration is not a positive number.
    """
    if not (math.isfinite(duration_s) and duration_s > 0):
        raise ValueError("The duration of a caption track must be a positive number of seconds.")
    return (
        "#EXTM3U\n"
        "#EXT-X-VERSION:3\n"
        f"#EXT-X-TARGETDURATION:{math.ceil(duration_s)}\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        f"#EXTINF:{duration_s:.3f},\n"
        f"{uri}\n"
        "#EXT-X-ENDLIST\n"
    )


def wrap_media_playlist(
    uri: str,
    *,
    bandwidth_bps: int,
    average_bandwidth_bps: int | None = None,
    codecs: str | None = None,
    resolution: tuple[int, int] | None = None,
    frame_rate: float | None = None,
) -> str:
    """A multivariant playlist with one variant, for a source that is itself a media playlist.

    Args:
        uri: Address of the media playlist, relative to this playlist or not.
        bandwidth_bps: Peak bit rate in bits a second; an estimate is allowed.
        average_bandwidth_bps: Average bit rate in bits a second.
        codecs: RFC 6381 codecs; leave out when unknown.
        resolution: Width and height in pixels.
        frame_rate: Frames a second.
    """
    attributes = [Attribute("BANDWIDTH", str(max(1, bandwidth_bps)), False)]
    if average_bandwidth_bps is not None:
        attributes.append(Attribute("AVERAGE-BANDWIDTH", str(max(1, average_bandwidth_bps)), False))
    if codecs is not None:
        attributes.append(Attribute("CODECS", quoted_text(codecs), True))
    if resolution is not None:
        attributes.append(Attribute("RESOLUTION", f"{resolution[0]}x{resolution[1]}", False))
    if frame_rate is not None:
        attributes.append(Attribute("FRAME-RATE", f"{frame_rate:.3f}", False))
    return f"#EXTM3U\n#EXT-X-VERSION:6\n{_STREAM_INF}{attribute_list(attributes)}\n{uri}\n"


def _value(attributes: Iterable[Attribute], name: str) -> str:
    return next((a.value for a in attributes if a.name == name), "")


def _names_by_group(lines: Iterable[str]) -> dict[str, set[str]]:
    """Names of the subtitle renditions, by GROUP-ID."""
    groups: dict[str, set[str]] = {}
    for line in lines:
        if line.startswith(_MEDIA):
            attributes = attributes_of(tag_of(line)[1])
            group = _value(attributes, "GROUP-ID")
            if group and _value(attributes, "TYPE") == "SUBTITLES":
                groups.setdefault(group, set()).add(_value(attributes, "NAME"))
    return groups


def _media_line(line: str, *, replace: bool, take_default: bool) -> str | None:
    attributes = attributes_of(tag_of(line)[1])
    if _value(attributes, "TYPE") != "SUBTITLES":
        return line
    if replace:
        return None
    if not take_default:
        return line
    return _MEDIA + attribute_list(
        [a._replace(value="NO") if a.name == "DEFAULT" else a for a in attributes]
    )


def _named(
    tracks: Sequence[CaptionRendition], taken: set[str]
) -> Iterable[tuple[CaptionRendition, str, bool]]:
    """Each track with a name not yet taken in its group, and whether it is the default."""
    seen_default = False
    for track in tracks:
        plain = quoted_text(track.name) or track.language
        name = plain
        number = 2
        while name in taken:
            name = f"{plain} ({number})"
            number += 1
        taken.add(name)
        yield track, name, track.default and not seen_default
        seen_default = seen_default or track.default


def _rendition(track: CaptionRendition, group: str, name: str, *, is_default: bool) -> str:
    def yes(flag: bool) -> str:
        return "YES" if flag else "NO"

    attributes = [
        Attribute("TYPE", "SUBTITLES", False),
        Attribute("GROUP-ID", group, True),
        Attribute("NAME", name, True),
        Attribute("LANGUAGE", quoted_text(track.language), True),
        Attribute("DEFAULT", yes(is_default), False),
        Attribute("AUTOSELECT", yes(track.autoselect or is_default), False),
        Attribute("FORCED", yes(track.forced), False),
    ]
    if track.sdh:
        attributes.append(Attribute("CHARACTERISTICS", SDH_CHARACTERISTICS, True))
    attributes.append(Attribute("URI", track.uri, True))
    return _MEDIA + attribute_list(attributes)
