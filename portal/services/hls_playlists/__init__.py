"""HLS playlists as text: read, check, rewrite, and give captions to. Pure: no I/O, no clock.

Terms and section numbers are those of RFC 8216 and draft-pantos-hls-rfc8216bis.
"""

from portal.services.hls_playlists.captions import (
    CaptionRendition,
    add_captions,
    captions_playlist,
    wrap_media_playlist,
)
from portal.services.hls_playlists.checking import (
    RULES,
    check_all,
    check_media,
    check_multivariant,
)
from portal.services.hls_playlists.errors import PlaylistError
from portal.services.hls_playlists.model import (
    ByteRange,
    InitSection,
    Key,
    MediaPlaylist,
    MultivariantPlaylist,
    Playlist,
    Rendition,
    Segment,
    Variant,
)
from portal.services.hls_playlists.parsing import parse
from portal.services.hls_playlists.rewriting import RewriteUri, rewrite
from portal.services.hls_playlists.rules import Finding, Level, Rule
from portal.services.hls_playlists.syntax import variables_of
from portal.services.hls_playlists.uris import UriKind

__all__ = [
    "RULES",
    "ByteRange",
    "CaptionRendition",
    "Finding",
    "InitSection",
    "Key",
    "Level",
    "MediaPlaylist",
    "MultivariantPlaylist",
    "Playlist",
    "PlaylistError",
    "Rendition",
    "RewriteUri",
    "Rule",
    "Segment",
    "UriKind",
    "Variant",
    "add_captions",
    "captions_playlist",
    "check_all",
    "check_media",
    "check_multivariant",
    "parse",
    "rewrite",
    "variables_of",
    "wrap_media_playlist",
]
