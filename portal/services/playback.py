"""Playback authorisation: who may watch what, now, and for how long."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from datetime import datetime

from portal import routes
from portal.services import catalog_views
from portal.services.catalog import Catalog
from portal.services.errors import (
    CaptionMissing,
    MovieNotAvailable,
    MovieNotFound,
    SessionRevoked,
    Unavailable,
)
from portal.services.explaining.refusals import Refusals
from portal.services.movie_record import MovieRecord
from portal.services.previews import Previews
from portal.services.rate_limits import Policy, RateLimiter, Verdict
from portal.services.stream_token import StreamClaims, StreamTokenSigner
from portal.services.telemetry import metrics, traces
from portal.services.viewers import ViewerIds
from portal.services.viewing_sessions import ViewingSessions
from portal.services.views import StreamGrant

# A token is renewed at this part of its life, so that a slow answer still comes in time.
RENEW_AT = 0.6
# How long a worker trusts what Redis said of a session. With the edge's 5 s it bounds revocation.
_REVOCATION_CACHE_S = 2.0
_REVOCATION_CACHE_SIZE = 20_000


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks.

    Attributes:
        id: The pseudonym.
        is_new: It was made for this request; rate limits go by the address instead.
        limit_key: Who it is for rate limits.
    """

    id: str
    is_new: bool
    limit_key: str


class Playback:
    """Opens, renews and checks viewing sessions."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        sessions: ViewingSessions,
        signer: StreamTokenSigner,
        viewer_ids: ViewerIds,
        limiter: RateLimiter,
        open_policy: Policy,
        renew_policy: Policy,
        previews: Previews,
        refusals: Refusals,
    ) -> None:
        self._catalog = catalog
        self._sessions = sessions
        self._signer = signer
        self._viewer_ids = viewer_ids
        self._limiter = limiter
        self._open_policy = open_policy
        self._renew_policy = renew_policy
        self._previews = previews
        self._refusals = refusals
        self._not_revoked: dict[str, float] = {}  # session id -> time.monotonic() it was asked

    async def open_or_renew(
        self, movie_id_or_slug: str, session_id: str, viewer: Viewer, now: datetime
    ) -> tuple[StreamGrant, Verdict | None]:
        """Open a viewing session, or renew one.

        Args:
            movie_id_or_slug: What to watch.
            session_id: The session to renew; "" or one that is not this viewer's opens a new one.
            viewer: Who asks.
            now: The present instant.

        Returns:
            The grant, and what the rate limiter said (None when it could not be asked).

        Raises:
            MovieNotFound, MovieNotAvailable, CaptionMissing, RateLimited, TooManyStreams,
            SessionRevoked: As they say.
            Unavailable: Redis is away and this would be a new session.
        """
        done = "renewed" if session_id else "opened"
        noting = self._refusals.noting(
            "renewal" if session_id else "start",
            movie=movie_id_or_slug,
            session_id=session_id,
            viewer_id="" if viewer.is_new else viewer.id,
        )
        with traces.span("stream token", asks=done), metrics.stream_token(done):
            async with noting:
                return await self._open_or_renew(movie_id_or_slug, session_id, viewer, now)

    async def _open_or_renew(
        self, movie_id_or_slug: str, session_id: str, viewer: Viewer, now: datetime
    ) -> tuple[StreamGrant, Verdict | None]:
        movie = await self._catalog.playable(movie_id_or_slug, now)
        traces.note(movie_id=movie.id, viewer=viewer.id)
        if not movie.has_valid_captions:
            raise CaptionMissing
        renews = bool(session_id) and self._viewer_ids.is_session_of(
            session_id, viewer.id, movie.id
        )
        if renews:
            verdict = await self._renew(session_id, movie, viewer, now)
        else:
            verdict = await self._limiter.require(self._open_policy, viewer.limit_key)
            session_id = self._viewer_ids.new_session(viewer.id, movie.id)
            await self._sessions.open(session_id, movie.id, viewer.id, now)
        return await self._grant(movie, session_id, viewer, now, renews=renews), verdict

    async def open_preview(
        self, movie_id_or_slug: str, session_id: str, viewer: Viewer, now: datetime
    ) -> StreamGrant:
        """Let a content manager play what viewers may not; the caller has seen who they are.

        Raises:
            MovieNotFound: There is none, or it has no source.
            Unavailable: Redis is away.
        """
        with metrics.stream_token("preview"):
            return await self._open_preview(movie_id_or_slug, session_id, viewer, now)

    async def _open_preview(
        self, movie_id_or_slug: str, session_id: str, viewer: Viewer, now: datetime
    ) -> StreamGrant:
        movie = await self._catalog.record(movie_id_or_slug)
        if not movie.has_source:
            raise MovieNotFound("This film has no stream source yet: there is nothing to play.")
        renews = bool(session_id) and self._viewer_ids.is_session_of(
            session_id, viewer.id, movie.id
        )
        if not renews:
            session_id = self._viewer_ids.new_session(viewer.id, movie.id)
        await self._previews.allow(session_id)
        return await self._grant(movie, session_id, viewer, now, renews=True, bounded=False)

    async def _renew(
        self, session_id: str, movie: MovieRecord, viewer: Viewer, now: datetime
    ) -> Verdict | None:
        verdict = None
        with contextlib.suppress(Unavailable):  # Redis is away: films that run go on
            # Its own bucket, by session: browsing never starves a film that plays.
            verdict = await self._limiter.require(self._renew_policy, session_id[:32])
        if not await self._sessions.renew(session_id, movie.id, viewer.id, now):
            raise SessionRevoked
        return verdict

    async def _grant(
        self,
        movie: MovieRecord,
        session_id: str,
        viewer: Viewer,
        now: datetime,
        *,
        renews: bool,
        bounded: bool = True,
    ) -> StreamGrant:
        ttl_s = 0
        if bounded and movie.available_until is not None:  # a token does not outlive the window
            ttl_s = max(1, int((movie.available_until - now).total_seconds()))
        token, expires_at = self._signer.sign(
            session_id=session_id, movie_id=movie.id, viewer_id=viewer.id, now=now, ttl_s=ttl_s
        )
        life_s = (expires_at - now).total_seconds()
        resume_at = 0.0
        if not renews and not viewer.is_new:
            resume_at = await self._sessions.resume_position(viewer.id, movie.id)
        return StreamGrant(
            session_id=session_id,
            token=token,
            url=routes.hls_multivariant(token, movie.id),
            expires_at=expires_at,
            expires_in=round(life_s),
            renew_after=round(life_s * RENEW_AT, 1),
            captions=tuple(catalog_views.caption_views(movie)),
            resume_at=resume_at,
            storyboard_url=routes.storyboard(movie.art_key) if movie.has_storyboard else "",
        )

    async def authorise(self, token: str, movie_id: str, now: datetime) -> MovieRecord:
        """Check a request below a stream token: signature, life, movie, revocation.

        Raises:
            TokenInvalid, TokenExpired: As they say.
            SessionRevoked: The session was ended.
            MovieNotFound, MovieNotAvailable: Hidden, or outside its window, since the token.
        """
        # A token that has run out is not read further: of whom it is remains unsaid.
        async with self._refusals.noting("media", movie=movie_id, session_id="", viewer_id=""):
            claims = self._signer.verify(token, movie_id=movie_id, now=now)
        try:
            movie = await self._catalog.playable(movie_id, now)
            if await self._is_revoked(claims):
                raise SessionRevoked
        except (MovieNotFound, MovieNotAvailable, SessionRevoked) as error:
            is_revoked = isinstance(error, SessionRevoked)
            if not is_revoked and await self._previews.holds(claims.session_id):
                return await self._catalog.record(movie_id)
            async with self._refusals.noting(
                "media", movie=movie_id, session_id=claims.session_id, viewer_id=claims.viewer_id
            ):
                raise
        return movie

    def seconds_left(self, token: str, movie_id: str, now: datetime) -> float:
        """Seconds until a token that was authorised at `now` ends.

        Raises:
            TokenInvalid, TokenExpired: It was not.
        """
        claims = self._signer.verify(token, movie_id=movie_id, now=now)
        return claims.expires_at_s - now.timestamp()

    async def _is_revoked(self, claims: StreamClaims) -> bool:
        asked_at = self._not_revoked.get(claims.session_id)
        clock = time.monotonic()
        if asked_at is not None and clock - asked_at < _REVOCATION_CACHE_S:
            return False
        try:
            if await self._sessions.is_revoked(claims.session_id):
                return True
        except Unavailable:
            return False  # Redis is away: the signature and the life of the token still hold
        if len(self._not_revoked) >= _REVOCATION_CACHE_SIZE:
            self._not_revoked.clear()
        self._not_revoked[claims.session_id] = clock
        return False

    async def report_position(
        self, session_id: str, viewer_id: str, position_s: float, now: datetime
    ) -> bool:
        """Remember where a viewer is; False when the session is not theirs.

        Raises:
            Unavailable: Redis is away; the player reports again soon.
        """
        movie_id = await self._sessions.movie_of(session_id)
        if not movie_id or not self._viewer_ids.is_session_of(session_id, viewer_id, movie_id):
            return False
        movie = await self._catalog.record(movie_id)
        duration_s = movie.duration_s or movie.runtime_s
        await self._sessions.report_position(
            session_id, movie_id, viewer_id, position_s, duration_s, now
        )
        return True

    async def leave(self, session_id: str, viewer_id: str) -> None:
        """A player was closed: give the viewer's place back at once."""
        await self._sessions.close(session_id, viewer_id)
