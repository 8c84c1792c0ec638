"""Why a film plays for somebody, or does not: every rule of playback, one by one, at an instant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from portal.services import availability
from portal.services.actors import Actor, Role, require
from portal.services.availability import RuleName
from portal.services.catalog import Catalog
from portal.services.db import Database
from portal.services.errors import (
    CaptionMissing,
    InvalidInput,
    MovieNotFound,
    RateLimited,
    SessionRevoked,
    TokenExpired,
    TooManyStreams,
    Unavailable,
)
from portal.services.explaining.refusals import Refusal, Refusals
from portal.services.movie_record import MovieRecord
from portal.services.rate_limits import Policy, RateLimiter
from portal.services.repositories import explaining as rows
from portal.services.viewers import ViewerIds
from portal.services.viewing_sessions import ViewingSessions

_SESSION = re.compile(r"[0-9a-f]{56}")
_REFERENCE = re.compile(r"[0-9a-z-]{8,64}")
"""A trace's id, one of ours, or one that a proxy before the portal gave, such as a UUID."""
_NOW = timedelta(minutes=1)
"""What only Redis knows is told of an instant that is as near as this."""
WORDS = {
    RuleName.VISIBLE: "The film is published and not hidden",
    RuleName.SOURCE: "It has a stream source",
    RuleName.CAPTIONS: "It has a valid caption track",
    RuleName.BEGUN: "Its availability window has begun",
    RuleName.NOT_ENDED: "Its availability window has not ended",
    "film": "There is such a film",
    "session": "The session was opened for this film",
    "session-not-ended": "Nobody ended the session",
    "token": "Its stream token is renewed in time",
    "streams": "The viewer does not play too many films at once",
    "requests": "The viewer's requests are within the limit",
    "servers": "The portal's servers answer",
    "catalog": "The film could be played as the catalog was then",
}
_DECIDED_BY = {
    CaptionMissing.code: RuleName.CAPTIONS.value,
    SessionRevoked.code: "session-not-ended",
    TokenExpired.code: "token",
    TooManyStreams.code: "streams",
    RateLimited.code: "requests",
    Unavailable.code: "servers",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: Stable, kebab-case.
        words: What must be true.
        holds: Whether it was; None: cannot be known.
        detail: The figures behind it.
    """

    name: str
    words: str
    holds: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would be decided, and what was.

    Attributes:
        movie_id: The film; "" if there is none by this name.
        title: Its title.
        at: The instant.
        rules: In the order in which playback asks them.
        refusals: Decisions that were noted, the newest first.
        decided_by: The first rule that does not hold; "" when all do.
    """

    movie_id: str
    title: str
    at: datetime
    rules: list[Rule]
    refusals: list[Refusal]

    @property
    def decided_by(self) -> str:
        """See above."""
        return next((rule.name for rule in self.rules if rule.holds is False), "")


class Explaining:
    """Asks the same code that authorises playback."""

    def __init__(
        self,
        *,
        db: Database,
        catalog: Catalog,
        sessions: ViewingSessions,
        viewer_ids: ViewerIds,
        limiter: RateLimiter,
        viewer_policy: Policy,
        refusals: Refusals,
    ) -> None:
        self._db = db
        self._catalog = catalog
        self._sessions = sessions
        self._viewer_ids = viewer_ids
        self._limiter = limiter
        self._viewer_policy = viewer_policy
        self._refusals = refusals

    async def ask(
        self, actor: Actor, what: str, at: datetime, now: datetime, session_id: str = ""
    ) -> Explanation:
        """About a film, or about the reference that a viewer read from their screen.

        Args:
            actor: Who asks.
            what: A film's id or slug; or a reference, or its first eight letters or more.
            at: The instant.
            now: The present one.
            session_id: A viewing session; "" for any viewer.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say.
            InvalidInput: The session's id is none.
        """
        require(actor, Role.MANAGER)
        what = what.strip()
        reference = what.replace(" ", "").lower()
        is_film = (await self._catalog.snapshot()).find(what) is not None
        if is_film or session_id or not _REFERENCE.fullmatch(reference):
            return await self.explain(actor, what, at, now, session_id)
        neither = "No refusal with this reference is kept either."
        try:
            refusals = await self._refusals.find(reference=reference)
        except Unavailable:
            refusals, neither = [], "Whether it is a reference cannot be told: Redis is away."
        if not refusals:
            found = await self.explain(actor, what, at, now)
            return replace(found, rules=[replace(found.rules[0], detail=neither)])
        newest = refusals[0]
        # A browser may have named anything as its session.
        of_session = newest.session_id if _SESSION.fullmatch(newest.session_id) else ""
        found = await self.explain(actor, newest.movie, newest.at, now, of_session)
        return replace(found, rules=_as_decided(found, newest), refusals=refusals)

    async def explain(
        self, actor: Actor, movie_id_or_slug: str, at: datetime, now: datetime, session_id: str = ""
    ) -> Explanation:
        """All rules for a film, and a viewing session of it.

        What visibility and window were at an instant of the past is taken from the audit; source
        and captions, streams and requests are those of now.

        Args:
            actor: Who asks.
            movie_id_or_slug: The film.
            at: The instant.
            now: The present one.
            session_id: A viewing session; "" for any viewer.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say.
            InvalidInput: The session's id is none.
        """
        require(actor, Role.MANAGER)
        if session_id and not _SESSION.fullmatch(session_id):
            raise InvalidInput({"session": "A viewing session's id has 56 digits, 0-9 and a-f."})
        try:
            movie = await self._catalog.record(movie_id_or_slug)
        except MovieNotFound:
            unknown = Rule("film", WORDS["film"], False)
            return Explanation("", movie_id_or_slug, at, [unknown], [])
        then = await self._as_it_was(movie, at)
        rules = [Rule("film", WORDS["film"], True, movie.title)]
        rules += [
            Rule(name.value, WORDS[name], holds, _detail(name, then))
            for name, holds in availability.rules(then, at)
        ]
        refusals: list[Refusal] = []
        if session_id:
            rules += await self._of_session(movie, session_id, at, now)
            refusals = await self._refusals.find(session_id=session_id)
        return Explanation(movie.id, movie.title, at, rules, refusals)

    async def _as_it_was(self, movie: MovieRecord, at: datetime) -> MovieRecord:
        """The film with what changed after `at` taken back."""
        taken_back: dict[str, Any] = await self._db.run(
            lambda session: rows.values_before(session, movie.id, at)
        )
        return replace(movie, **taken_back) if taken_back else movie

    async def _of_session(
        self, movie: MovieRecord, session_id: str, at: datetime, now: datetime
    ) -> list[Rule]:
        known = await self._sessions.known(session_id)
        stored = await self._db.run(lambda session: rows.session_of(session, session_id))
        viewer_id = known.get("viewer", "") or (stored.viewer_id if stored else "")
        if not viewer_id:
            return [
                Rule("session", "The viewing session is known", None, "It never was, or ended.")
            ]
        is_ours = self._viewer_ids.is_session_of(session_id, viewer_id, movie.id)
        playing, most = await self._sessions.streams_of(viewer_id, now)
        others = playing - {session_id}
        verdict = await self._limiter.check(self._viewer_policy, viewer_id, cost=0)
        ends = self._sessions.token_ends(stored.last_seen_at) if stored else None
        is_now = abs(at - now) <= _NOW
        return [
            Rule("session", WORDS["session"], is_ours, f"Viewer {viewer_id}"),
            Rule("session-not-ended", WORDS["session-not-ended"], not known.get("revoked")),
            Rule(
                "token",
                WORDS["token"],
                None if ends is None else at <= ends,
                f"Renewed last so that it lives until {ends:%Y-%m-%d %H:%M:%S} UTC" if ends else "",
            ),
            Rule(
                "streams",
                WORDS["streams"],
                len(others) < most if is_now else None,
                f"{len(playing)} of {most} now",
            ),
            Rule(
                "requests",
                WORDS["requests"],
                verdict.remaining > 0 if is_now else None,
                f"{verdict.remaining} of {self._viewer_policy.quota} a minute left now",
            ),
        ]


def _as_decided(found: Explanation, refusal: Refusal) -> list[Rule]:
    """The rules with what was decided then, which what is known now does not overrule."""
    name = _DECIDED_BY.get(refusal.code, "" if found.decided_by else "catalog")
    if not name:  # the film's own rules say it
        return found.rules
    detail = f"It was answered with {refusal.code}."
    if name == "catalog":
        detail = "Source or captions came later, or a change had not reached every server yet."
    decided = Rule(name, WORDS[name], False, detail)
    if any(rule.name == name for rule in found.rules):
        return [decided if rule.name == name else rule for rule in found.rules]
    return [*found.rules, decided]


def _detail(name: RuleName, movie: MovieRecord) -> str:
    at = {
        RuleName.BEGUN: movie.available_from,
        RuleName.NOT_ENDED: movie.available_until,
    }.get(name)
    if at is not None:
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"
    if name is RuleName.VISIBLE:
        return movie.visibility
    if name is RuleName.CAPTIONS:
        return ", ".join(track.label for track in movie.playable_tracks)
    return ""
