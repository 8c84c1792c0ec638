"""Continue watching and my list over HTTP: a browser's own, or of whoever is signed in with it.

No account is needed: the signed cookie that viewing sessions are bound to says whose they are. What
changes something must come from one of our own pages, and all of it counts as a viewer's requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from portal.api.callers import remember_viewer, viewer_of
from portal.api.guards import require_own_page, signed_in, switched_on
from portal.api.kept_pages import count
from portal.api.problems import problems
from portal.api.schemas_my_titles import MyTitles
from portal.languages import ENGLISH, by_code
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.flags import ADMIN_UI, MY_TITLES
from portal.services.my_titles import pseudonym_of
from portal.services.playback import Viewer
from portal.services.translation import speaking

router = APIRouter(
    prefix="/api/my", tags=["my titles"], dependencies=[Depends(switched_on(MY_TITLES))]
)

MovieId = Annotated[
    str, Path(alias="movieId", max_length=120, description="The movie's id or slug.")
]
_CHANGES = problems(403, 404, 422, 429, 503)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose titles are asked for.

    Attributes:
        viewer: The browser.
        id: The pseudonym that they are stored under.
        is_account: Whether somebody is signed in.
        headers: What the answer says of the limit.
    """

    viewer: Viewer
    id: str
    is_account: bool
    headers: dict[str, str]


async def owner(request: Request) -> Owner:
    """Who calls; what somebody gathered before they signed in becomes theirs.

    Raises:
        Forbidden: Another site's page asks for a change.
        RateLimited: It is one too many.
    """
    require_own_page(request)
    running = services()
    headers = await count(request, running)
    viewer = viewer_of(request, running)
    person = await signed_in(request) if running.flags.is_on(ADMIN_UI) else None
    if person is None:
        return Owner(viewer, viewer.id, is_account=False, headers=headers)
    own_id = pseudonym_of(person.actor.id)
    if not viewer.is_new:
        await running.my_titles.merge(viewer.id, own_id)
    return Owner(viewer, own_id, is_account=True, headers=headers)


Whose = Annotated[Owner, Depends(owner)]


@router.get("/titles", operation_id="listMyTitles", responses=problems(403, 422, 429, 503))
async def my_titles(
    whose: Whose,
    response: Response,
    language: Annotated[str, Query(max_length=35, description="BCP 47, of what is in words.")] = "",
) -> MyTitles:
    """What the caller is in the middle of, and their list."""
    response.headers.update(whose.headers)
    response.headers["Cache-Control"] = "no-store"
    if whose.viewer.is_new and not whose.is_account:
        return MyTitles(continue_watching=[], my_list=[], is_account=False)
    with speaking(by_code(language) or ENGLISH):
        found = await services().my_titles.of(whose.id, utc_now())
    return MyTitles.made(found, is_account=whose.is_account)


@router.put("/list/{movieId}", operation_id="addToMyList", status_code=204, responses=_CHANGES)
async def add_to_list(movie_id: MovieId, whose: Whose) -> Response:
    """Put a film on the caller's list."""
    await services().my_titles.save(whose.id, movie_id, utc_now())
    return _done(whose)


@router.delete(
    "/list/{movieId}", operation_id="removeFromMyList", status_code=204, responses=_CHANGES
)
async def remove_from_list(movie_id: MovieId, whose: Whose) -> Response:
    """Take a film from the caller's list; nothing happens where it is not there."""
    await services().my_titles.unsave(whose.id, movie_id)
    return _done(whose)


@router.delete(
    "/continue-watching/{movieId}",
    operation_id="removeFromContinueWatching",
    status_code=204,
    responses=_CHANGES,
)
async def remove_from_continue(movie_id: MovieId, whose: Whose) -> Response:
    """Take a film from what the caller is watching; watching it again brings it back."""
    await services().my_titles.dismiss(whose.id, movie_id, utc_now())
    return _done(whose)


@router.put(
    "/continue-watching/{movieId}",
    operation_id="bringBackToContinueWatching",
    status_code=204,
    responses=_CHANGES,
)
async def bring_back(movie_id: MovieId, whose: Whose) -> Response:
    """Undo that."""
    await services().my_titles.bring_back(whose.id, movie_id)
    return _done(whose)


@router.delete("/history", operation_id="clearMyHistory", status_code=204, responses=_CHANGES)
async def clear_history(whose: Whose) -> Response:
    """Forget what the caller watched, and where they left it. Their list stays."""
    await services().my_titles.clear_history(*dict.fromkeys((whose.id, whose.viewer.id)))
    return _done(whose)


def _done(whose: Owner) -> Response:
    response = Response(status_code=204, headers={**whose.headers, "Cache-Control": "no-store"})
    remember_viewer(response, whose.viewer, services())
    return response
