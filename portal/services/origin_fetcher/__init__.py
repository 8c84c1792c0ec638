"""The hardened fetcher for everything that comes from an origin, at ingest and in the gateway.

Content managers type URLs, and playlists name more of them; what they lead to is not trusted. The
rules are in `policy` (URLs), `addresses` (IP addresses), `connecting` (pinning) and `fetcher`
(redirects, deadlines, sizes).
"""

from portal.services.origin_fetcher.answers import FetchedText, OriginResponse, ProbeResult
from portal.services.origin_fetcher.connecting import Resolve
from portal.services.origin_fetcher.errors import (
    OriginBadStatus,
    OriginError,
    OriginRefused,
    OriginTimeout,
    OriginTooLarge,
    OriginUnreachable,
)
from portal.services.origin_fetcher.fetcher import MAX_TEXT_BYTES, OriginFetcher
from portal.services.origin_fetcher.policy import FetchPolicy

__all__ = [
    "MAX_TEXT_BYTES",
    "FetchPolicy",
    "FetchedText",
    "OriginBadStatus",
    "OriginError",
    "OriginFetcher",
    "OriginRefused",
    "OriginResponse",
    "OriginTimeout",
    "OriginTooLarge",
    "OriginUnreachable",
    "ProbeResult",
    "Resolve",
]
