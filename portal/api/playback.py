"""Viewing sessions over HTTP: playback does not need the Reflex socket."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Request, Response

from portal import routes
from portal.api.callers import remember_viewer, viewer_of
from portal.api.guards import signed_in
from portal.api.problems import problems
from portal.api.schemas import PositionReport, StreamTokenRequest, StreamTokenResponse
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.edge_signing import EdgeClaims
from portal.services.errors import (
    CaptionMissing,
    MovieNotAvailable,
    MovieNotFound,
    PortalError,
    TooManyStreams,
    Unavailable,
)
from portal.services.flags import ADMIN_UI
from portal.services.my_titles import pseudonym_of
from portal.services.views import StreamGrant

router = APIRouter(prefix="/api", tags=["playback"])


@router.post(
    "/movies/{movieId}/stream-token",
    operation_id="openStream",
    responses=problems(400, 403, 404, 409, 410, 413, 422, 429, 503),
)
async def stream_token(
    request: Request,
    response: Response,
    movie_id: Annotated[
        str, Path(alias="movieId", max_length=120, description="The movie's id or slug.")
    ],
    body: Annotated[StreamTokenRequest | None, Body()] = None,
) -> StreamTokenResponse:
    """Open a viewing session, or renew the one that is named.

    Content managers who are signed in may also play what viewers may not: drafts, hidden films, and
    those outside of their window.
    """
    running = services()
    viewer = viewer_of(request, running)
    session_id, now = body.session_id if body else "", utc_now()
    verdict = None
    try:
        grant, verdict = await running.playback.open_or_renew(movie_id, session_id, viewer, now)
    except (MovieNotFound, MovieNotAvailable, CaptionMissing):
        if await signed_in(request) is None:
            raise
        grant = await running.playback.open_preview(movie_id, session_id, viewer, now)
    except (TooManyStreams, Unavailable) as error:
        await _count_refusal(movie_id, error, now, renews=bool(session_id))
        raise
    if not session_id and not grant.resume_at:
        grant = replace(grant, resume_at=await _left_by_account(request, grant))
    response.headers["Cache-Control"] = "no-store"
    _let_the_edge_know(response, request, grant)
    if verdict is not None:
        response.headers.update(verdict.headers())
    remember_viewer(response, viewer, running)
    return StreamTokenResponse.model_validate(grant)


async def _count_refusal(
    movie_id: str, error: TooManyStreams | Unavailable, now: datetime, *, renews: bool
) -> None:
    """A start that came to nothing before there was a session which a player could tell of."""
    running = services()
    if isinstance(error, TooManyStreams):
        running.qoe.throttled("streams", now)
    elif not renews:
        with contextlib.suppress(PortalError):
            movie = await running.catalog.record(movie_id)
            running.qoe.refused_start(movie.id, error.code, now)


async def _left_by_account(request: Request, grant: StreamGrant) -> float:
    """Where somebody who is signed in left the film on another device, in seconds."""
    running = services()
    with contextlib.suppress(PortalError):  # a film starts, whoever can be asked
        if running.flags.is_on(ADMIN_UI) and (person := await signed_in(request)) is not None:
            movie_id = await running.sessions.movie_of(grant.session_id)
            own_id = pseudonym_of(person.actor.id)
            return await running.sessions.resume_position(own_id, movie_id)
    return 0.0


def _let_the_edge_know(response: Response, request: Request, grant: StreamGrant) -> None:
    """What an edge checks by itself, as cookies below the film's own path."""
    running = services()
    path = grant.url.removesuffix(routes.HLS_MULTIVARIANT)
    base = running.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    now = utc_now()
    claims = EdgeClaims(f"{base}{path}", grant.session_id, now, grant.expires_at)
    for name, value in running.edge_signer.cookies(claims).items():
        response.set_cookie(
            name,
            value,
            max_age=max(1, round(grant.expires_in)),
            path=path,
            httponly=True,
            secure=base.startswith("https://"),
            samesite="lax",
        )


@router.post(
    "/viewing-sessions/{sessionId}/position",
    operation_id="reportPosition",
    status_code=204,
    responses=problems(400, 413, 422, 503),
)
async def report_position(
    request: Request,
    session_id: Annotated[str, Path(alias="sessionId", max_length=128)],
    body: PositionReport,
) -> Response:
    """Remember where the viewer is; a session of somebody else is silently left alone."""
    running = services()
    viewer = viewer_of(request, running)
    if not viewer.is_new:
        known = await running.playback.report_position(
            session_id, viewer.id, body.position_s, utc_now()
        )
        if known and body.ended:
            await running.playback.leave(session_id, viewer.id)
    return Response(status_code=204)
