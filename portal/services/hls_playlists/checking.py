"""Check playlists against the rule table."""

from collections.abc import Mapping

from portal.services.hls_playlists.model import (
    MediaPlaylist,
    MultivariantPlaylist,
    Playlist,
    Rendition,
    Variant,
)
from portal.services.hls_playlists.rules import Finding, Rule, in_order
from portal.services.hls_playlists.rules_any import ANY
from portal.services.hls_playlists.rules_media import MEDIA
from portal.services.hls_playlists.rules_multivariant import MULTIVARIANT
from portal.services.hls_playlists.rules_multivariant_advice import MULTIVARIANT_ADVICE
from portal.services.hls_playlists.rules_together import TOGETHER, Film

RULES: tuple[
    Rule[Playlist] | Rule[MultivariantPlaylist] | Rule[MediaPlaylist] | Rule[Film], ...
] = (*ANY.rules, *MULTIVARIANT.rules, *MULTIVARIANT_ADVICE.rules, *MEDIA.rules, *TOGETHER.rules)
"""All rules, for the documentation. Ids are stable: a rule that goes leaves its id unused."""


def check_multivariant(playlist: MultivariantPlaylist, where: str = "") -> list[Finding]:
    """What is wrong with one multivariant playlist.

    Args:
        playlist: The playlist.
        where: Goes into the findings' ``where``.
    """
    return in_order(
        ANY.run(playlist, where)
        + MULTIVARIANT.run(playlist, where)
        + MULTIVARIANT_ADVICE.run(playlist, where)
    )


def check_media(playlist: MediaPlaylist, where: str = "") -> list[Finding]:
    """What is wrong with one media playlist.

    Args:
        playlist: The playlist.
        where: Goes into the findings' ``where``.
    """
    findings = ANY.run(playlist, where)
    if playlist.source.tags:  # else it is no playlist at all, and that is enough to say
        findings += MEDIA.run(playlist, where)
    return in_order(findings)


def check_all(source: Playlist, children: Mapping[str, Playlist] | None = None) -> list[Finding]:
    """What is wrong with the playlists of a film, each and together.

    Args:
        source: The playlist that the film's address leads to.
        children: The playlists listed in it, as many as were fetched, by the address under which
            it lists them (``MultivariantPlaylist.media_urls``; a redirect does not change that).

    Returns:
        Worst first. ``where`` is empty for the source, else which playlist in words.
    """
    film = Film(source, children or {})
    findings = _check(source, "")
    if source.source.tags:
        findings += TOGETHER.run(film)
    for url, child in film.children.items():
        findings += _check(child, _where(film.multivariant, url))
    return in_order(findings)


def _check(playlist: Playlist, where: str) -> list[Finding]:
    if isinstance(playlist, MultivariantPlaylist):
        return check_multivariant(playlist, where)
    return check_media(playlist, where)


def _where(main: MultivariantPlaylist | None, url: str) -> str:
    if main is not None:
        for variant in main.variants:
            if variant.url == url:
                return f"variant {variant.number}{_size(variant)}"
        for rendition in main.renditions:
            if rendition.url == url:
                return _rendition(rendition)
        for variant in main.i_frame_variants:
            if variant.url == url:
                return f"I-frame playlist {variant.number}{_size(variant)}"
    return "another playlist"


def _size(variant: Variant) -> str:
    return f" ({variant.resolution[0]}x{variant.resolution[1]})" if variant.resolution else ""


def _rendition(rendition: Rendition) -> str:
    kind = rendition.type.lower().replace("-", " ")
    return f'{kind} "{(rendition.name or "")[:60]}"'
