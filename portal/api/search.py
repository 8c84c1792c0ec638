"""`GET /api/search`: films by title, people and description, and lines of their dialogue."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from portal import routes
from portal.api.guards import switched_on
from portal.api.kept_pages import HEADERS, count
from portal.api.problems import problems
from portal.api.schemas import ApiModel
from portal.api.schemas_movies import MovieSummary, summary
from portal.services import availability
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.dialogue_search import LineHit
from portal.services.errors import Unavailable
from portal.services.flags import DIALOGUE_SEARCH, INSTANT_SEARCH
from portal.services.people_search import people

router = APIRouter(
    prefix=routes.SEARCH, tags=["movies"], dependencies=[Depends(switched_on(INSTANT_SEARCH))]
)
PEOPLE = 3
log = structlog.get_logger(__name__)


class SpokenLine(ApiModel):
    """A line in which the words are said."""

    movie_id: str
    slug: str
    title: str
    start_s: float = Field(description="When the line begins, in seconds.")
    before: str = Field(description="The line up to the words,")
    match: str = Field(description="the words as they are written there,")
    after: str = Field(description="and the rest.")
    language: str = Field(description="BCP 47 language of the caption track.")
    label: str = Field(description="What the track is called.")


class Person(ApiModel):
    """Somebody who directed or acts: `/browse?person=` has their films."""

    name: str
    films: int = Field(description="How many of their films can be watched.")


class SearchResult(ApiModel):
    """What a search came to, what matches best first."""

    movies: list[MovieSummary]
    people: list[Person]
    total: int = Field(description="How many films match in all.")
    lines: list[SpokenLine] = Field(
        description="Three of a film at most; empty while the database is away."
    )


@router.get("", operation_id="search", responses=problems(422, 429, 503))
async def search(
    request: Request,
    response: Response,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=100,
            description="Each word begins a word of title, people, genres or descriptions; slips"
            " are forgiven. Lines need three letters.",
        ),
    ],
    language: Annotated[
        str, Query(max_length=35, description="BCP 47 language of captions to prefer.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="Of films, and of lines.")] = 12,
) -> SearchResult:
    """Search films and their dialogue, among what can be watched now."""
    running = services()
    response.headers.update(HEADERS | await count(request, running))
    now = utc_now()
    lines: list[LineHit] = []
    try:
        if running.flags.is_on(DIALOGUE_SEARCH):
            lines = await running.dialogue.search(q, now, language=language, limit=limit)
    except Unavailable:
        log.warning("search.lines_unavailable")
    # Only now: what was hidden while the lines were read is not in the answer.
    index = (await running.catalog.snapshot()).as_of(now).index
    found = index.search(q)
    return SearchResult(
        movies=[
            summary(movie, availability.state_of(movie, now), managed=False)
            for movie in index.page(found, "new", 0, limit)
        ],
        people=[Person.model_validate(each) for each in people(index, q, limit=PEOPLE)],
        total=found.all.bit_count(),
        lines=[
            SpokenLine(**{name: getattr(hit, name) for name in SpokenLine.model_fields})
            for hit in lines
            if hit.movie_id in index
        ],
    )
