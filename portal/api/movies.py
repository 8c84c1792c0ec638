"""The catalog over HTTP: for viewers what they may see, for content managers all of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from portal import routes
from portal.api.guards import caller, caller_or_none
from portal.api.kept_pages import HEADERS, answer, count, kept_pages
from portal.api.problems import editing, problems
from portal.api.schema_types import Instant
from portal.api.schemas_movies import (
    Movie,
    MovieCreate,
    MovieList,
    MoviePatch,
    MovieState,
    Visibility,
    VisibilityChange,
    for_managers,
    for_viewers,
    summary,
)
from portal.api.versions import (
    IfMatch,
    IfNoneMatch,
    content_tag,
    matches,
    optional_version,
    required_version,
    version_tag,
)
from portal.services import availability
from portal.services.actors import Actor, Role
from portal.services.availability import State
from portal.services.clock import utc_now
from portal.services.container import Services, services
from portal.services.editing.views import MovieView
from portal.services.errors import (
    MovieNotAvailable,
    MovieNotFound,
    Unauthenticated,
)
from portal.services.movie_listing import MAX_LIMIT, ListQuery

router = APIRouter(prefix="/api/movies", tags=["movies"])

MovieId = Annotated[
    str, Path(alias="movieId", max_length=120, description="The movie's id or slug.")
]
MaybeActor = Annotated[Actor | None, Depends(caller_or_none)]
Editor = Annotated[Actor, Depends(caller(Role.EDITOR))]
Manager = Annotated[Actor, Depends(caller(Role.MANAGER))]
Sort = Literal["newest", "title", "year", "updated"]
SourceFilter = Literal["ok", "warnings", "failed", "unchecked", "missing"]

_FOR_MANAGERS_ONLY = "Sign in as a content manager to list what viewers do not see."
# Above this many titles a page is made on a thread: the event loop has others to serve.
_MANY = 2_000


@router.get(
    "",
    operation_id="listMovies",
    response_model=MovieList,
    responses=problems(401, 422, 429, 503) | {304: {"description": "As the caller has it."}},
)
async def list_movies(
    request: Request,
    actor: MaybeActor,
    q: Annotated[
        str, Query(max_length=100, description="Words in title, people, genres or tagline.")
    ] = "",
    genre: Annotated[str, Query(max_length=40)] = "",
    captions: Annotated[
        str, Query(max_length=35, description="BCP 47 language of a caption track.")
    ] = "",
    visibility: Annotated[
        Visibility | None, Query(description="Content managers only, apart from `visible`.")
    ] = None,
    state: Annotated[
        MovieState | None,
        Query(description="At `at`. Viewers: `live` (if left out) or `scheduled`."),
    ] = None,
    source: Annotated[
        SourceFilter | None,
        Query(description="Content managers only: what the source's last check came to."),
    ] = None,
    at: Annotated[
        Instant | None, Query(description="The instant that states are of; now if left out.")
    ] = None,
    sort: Sort = "newest",
    cursor: Annotated[str, Query(max_length=600, description="`nextCursor` of a page.")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 24,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List movies, the newest first. A cursor goes on where a page ended, whatever changes."""
    running = services()
    query = ListQuery(q, genre, captions, visibility or "", state or "", source or "", sort, cursor)
    if actor is not None:
        page = await _page(running, query, limit=limit, at=at, managed=True)
        return answer(page, if_none_match, dict(HEADERS))
    headers = HEADERS | await count(request, running)
    if query.source or query.visibility not in ("", "visible"):
        raise Unauthenticated(_FOR_MANAGERS_ONLY)
    if query.state not in ("", "live", "scheduled"):
        raise Unauthenticated(_FOR_MANAGERS_ONLY)
    if not query.state:
        query = replace(query, visibility="", state=State.LIVE)
    snapshot = await running.catalog.snapshot()
    public = snapshot.as_of(utc_now())
    key = request.scope["query_string"]
    kept = kept_pages.get(snapshot, public, key)
    page = kept or await _page(running, query, limit=limit, at=at, managed=False)
    if at is None:
        kept_pages.put(snapshot, public, key, page)
    return answer(page, if_none_match, headers)


async def _page(
    running: Services, query: ListQuery, *, limit: int, at: Instant | None, managed: bool
) -> tuple[bytes, str]:
    snapshot = await running.catalog.snapshot()

    def work() -> tuple[bytes, str]:
        found = running.listing.page(
            snapshot, query, utc_now(), limit=limit, everything=managed, at=at
        )
        page = MovieList(
            movies=[summary(movie, state, managed=managed) for movie, state in found.movies],
            total=found.total,
            next_cursor=found.next_cursor or None,
        )
        body = page.model_dump_json(by_alias=True).encode()
        return body, content_tag(body)

    return await asyncio.to_thread(work) if len(snapshot.movies) > _MANY else work()


@router.post(
    "",
    operation_id="createMovie",
    status_code=201,
    responses=editing(),
)
async def create_movie(actor: Editor, body: MovieCreate, response: Response) -> Movie:
    """Make a draft. Editors may."""
    view = await services().editing.movies.create(actor, body.given(), utc_now())
    response.headers["Location"] = f"{routes.MOVIES}/{view.movie_id}"
    return await _managed(view, response)


@router.get(
    "/{movieId}",
    operation_id="getMovie",
    response_model=Movie,
    responses=problems(401, 404, 410, 422, 429, 503)
    | {
        301: {"description": "The slug is an old one; Location has the present one."},
        304: {"description": "As the caller has it."},
    },
)
async def get_movie(
    request: Request, movie_id: MovieId, actor: MaybeActor, if_none_match: IfNoneMatch = None
) -> Response:
    """One movie. Viewers find what is live or coming; content managers everything."""
    running = services()
    headers = dict(HEADERS)
    try:
        if actor is not None:
            found = await id_of(movie_id)
            view = await running.editing.movies.view(actor, found, utc_now())
            served_at = await running.served.at(view.movie_id)
            tag = version_tag(view.version, (view, served_at))
            body = for_managers(view, served_at).model_dump_json(by_alias=True).encode()
        else:
            headers |= await count(request, running)
            body = (await _for_viewer(running, movie_id)).model_dump_json(by_alias=True).encode()
            tag = content_tag(body)
    except MovieNotFound:
        slug = await running.editing.movies.present_slug(movie_id)
        if slug is None or (actor is None and not await _is_public(running, slug)):
            raise
        return RedirectResponse(f"{routes.MOVIES}/{slug}", status_code=301, headers=headers)
    headers["ETag"] = tag
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.patch("/{movieId}", operation_id="updateMovie", responses=editing(412, 428))
async def update_movie(
    movie_id: MovieId,
    actor: Editor,
    body: MoviePatch,
    response: Response,
    if_match: IfMatch = None,
) -> Movie:
    """Change fields of a movie; editors may change drafts. If-Match is required."""
    version = required_version(if_match)
    view = await services().editing.movies.update(
        actor, await id_of(movie_id), body.given(), version=version, now=utc_now()
    )
    return await _managed(view, response)


@router.delete("/{movieId}", operation_id="deleteMovie", status_code=204, responses=editing(412))
async def delete_movie(movie_id: MovieId, actor: Editor, if_match: IfMatch = None) -> Response:
    """Delete a draft. What viewers knew of is hidden instead."""
    await services().editing.movies.delete(
        actor, await id_of(movie_id), version=optional_version(if_match), now=utc_now()
    )
    return Response(status_code=204)


@router.post("/{movieId}/visibility", operation_id="setVisibility", responses=editing(412))
async def set_visibility(
    movie_id: MovieId,
    actor: Manager,
    body: VisibilityChange,
    response: Response,
    if_match: IfMatch = None,
) -> Movie:
    """Show or hide a movie, or make it a draft again. Showing needs captions and a source."""
    view = await services().editing.publishing.set_visibility(
        actor,
        await id_of(movie_id),
        body.visibility,
        version=optional_version(if_match),
        now=utc_now(),
    )
    return await _managed(view, response)


async def id_of(movie_id_or_slug: str) -> str:
    """The id of a movie that is named by either; what is not known stays as it is."""
    found = (await services().catalog.snapshot()).find(movie_id_or_slug)
    return found.id if found is not None else movie_id_or_slug


async def _managed(view: MovieView, response: Response) -> Movie:
    served_at = await services().served.at(view.movie_id)
    response.headers["ETag"] = version_tag(view.version, (view, served_at))
    response.headers["Cache-Control"] = "no-store"
    return for_managers(view, served_at)


async def _for_viewer(running: Services, movie_id: str) -> Movie:
    movie = await running.catalog.record(movie_id)
    now = utc_now()
    state = availability.state_of(movie, now)
    if state is State.EXPIRED:
        raise MovieNotAvailable("This film has left the catalog.")
    if state not in (State.LIVE, State.SCHEDULED):
        raise MovieNotFound
    return for_viewers(movie, now)


async def _is_public(running: Services, slug: str) -> bool:
    try:
        await _for_viewer(running, slug)
    except MovieNotAvailable:
        return True
    except MovieNotFound:
        return False
    return True
