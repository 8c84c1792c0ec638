"""What several rules need: parts of a playlist in words, and what is wrong with a key."""

import re
from collections import defaultdict

from portal.services.hls_playlists.model import MultivariantPlaylist, Rendition, Tag, Variant
from portal.services.hls_playlists.uris import is_plain_key

_KEY_METHODS = ("AES-128", "AES-256", "SAMPLE-AES", "SAMPLE-AES-CTR")
_IV = re.compile(r"0[xX][0-9A-Fa-f]{1,32}")


def called(rendition: Rendition) -> str:
    """A rendition in words."""
    kind = rendition.type.lower().replace("-", " ") or "unnamed"
    return f'The {kind} rendition "{(rendition.name or "without a name")[:60]}"'


def nth(variant: Variant) -> str:
    """A variant in words."""
    size = f" ({variant.resolution[0]}x{variant.resolution[1]})" if variant.resolution else ""
    return f"Variant {variant.number}{size}"


def groups_of(playlist: MultivariantPlaylist) -> dict[tuple[str, str], list[Rendition]]:
    """Renditions by TYPE and GROUP-ID."""
    groups: dict[tuple[str, str], list[Rendition]] = defaultdict(list)
    for rendition in playlist.renditions:
        groups[rendition.type, rendition.group_id or ""].append(rendition)
    return groups


def with_video(playlist: MultivariantPlaylist) -> list[Variant]:
    """Variants that have video."""
    return [variant for variant in playlist.variants if variant.has_video]


def key_fault(tag: Tag) -> str | None:
    """What is wrong with an EXT-X-KEY or EXT-X-SESSION-KEY, in words that follow "The key"."""
    method = tag.get("METHOD")
    if method == "NONE":
        rest = {attribute.name for attribute in tag.attributes} - {"METHOD"}
        return "is none, but has attributes" if rest else None
    uri = (tag.get("URI") or "").lower()
    iv = tag.get("IV")
    is_drm = (
        (tag.get("KEYFORMAT") or "identity") != "identity"
        or uri.startswith(("skd:", "urn:"))
        or (uri.startswith("data:") and not is_plain_key(tag.get("URI") or ""))
    )
    faults = {
        "does not state its METHOD": not method,
        "belongs to a DRM system, which this portal does not relay": is_drm,
        "has an unknown METHOD": method not in _KEY_METHODS,
        "has no address (URI)": not uri,
        "has an IV that is not a hexadecimal number of at most 128 bits": iv is not None
        and not _IV.fullmatch(iv),
    }
    return next((words for words, is_so in faults.items() if is_so), None)
