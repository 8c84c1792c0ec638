"""What keeps a movie from being published, in words and with the place to mend it. Pure."""

from __future__ import annotations

from portal import routes
from portal.services import availability
from portal.services.errors import Blocker, CaptionMissing, PublishingBlocked
from portal.services.movie_record import MovieRecord

_WORDS = {
    "source-missing": ("The film has no stream source. Paste the address of its .m3u8.", "source"),
    "source-failed": (
        "The last check of the stream source failed. Look at what it found, and check it again.",
        "source",
    ),
    "caption-missing": (
        "The film has no valid captions. Upload one captions or subtitles track without errors.",
        "captions",
    ),
    "window-ends-before-start": (
        "The availability window ends before it starts. Set the end later.",
        "schedule",
    ),
}


def blockers(movie: MovieRecord) -> list[Blocker]:
    """Everything that is missing, in the order to mend it; empty when it can be published."""
    codes = availability.publishing_blockers(movie)
    if movie.source_status == "failed":
        codes.insert(0, "source-failed")
    return [
        Blocker(code, _WORDS[code][0], routes.admin_movie(movie.id, _WORDS[code][1]))
        for code in codes
    ]


def require_publishable(movie: MovieRecord) -> None:
    """See that nothing is missing.

    Raises:
        CaptionMissing: Captions are among what is missing.
        PublishingBlocked: Something else is.
    """
    raise_blocked(blockers(movie))


def raise_blocked(found: list[Blocker], detail: str | None = None) -> None:
    """Raise for the blockers, if there are any.

    Raises:
        CaptionMissing: Captions are among what is missing.
        PublishingBlocked: Something else is.
    """
    if any(blocker.code == "caption-missing" for blocker in found):
        raise CaptionMissing(detail, blockers=found)
    if found:
        raise PublishingBlocked(detail, blockers=found)
