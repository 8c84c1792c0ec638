"""Shelves of the home page over HTTP, for content managers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field, StrictBool, StrictInt, StrictStr

from portal import routes
from portal.api.guards import switched_on
from portal.api.movies import Editor, Manager
from portal.api.problems import editing, reading
from portal.api.schema_types import Instant, at_most, between
from portal.api.schemas import ApiModel
from portal.api.versions import IfMatch, optional_version, required_version, version_tag
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing import shelves as rules
from portal.services.editing.shelves import ShelfView
from portal.services.flags import SHELVES
from portal.services.shelves import MAX_SIZE

router = APIRouter(
    prefix="/api/shelves", tags=["shelves"], dependencies=[Depends(switched_on(SHELVES))]
)

ShelfId = Annotated[str, Path(alias="shelfId", max_length=32)]
Kind = Literal[
    "manual", "new", "leaving", "coming", "popular", "genre", "decade", "captions",
    "largest-genres",
]  # fmt: skip


class ShelfFields(ApiModel):
    """Fields of a shelf that are set; what is left out stays, or has the default."""

    title: Annotated[StrictStr, at_most(rules.MAX_TITLE, "What stands above it.")] = ""
    kind: Kind = "manual"
    value: Annotated[
        StrictStr,
        at_most(
            rules.MAX_TITLE,
            "The genre, the decade's first year, the BCP 47 language; 3-9 for the third to the"
            " ninth of the largest genres.",
        ),
    ] = ""
    movie_ids: list[StrictStr] = Field(
        default=[], max_length=rules.MAX_TITLES, description="For `manual`: films in their order."
    )
    size: Annotated[StrictInt, between(1, MAX_SIZE, "How many films it shows at most.")] = 18
    is_visible: StrictBool = True
    starts_at: Instant | None = Field(None, description="Not before; null: at once.")
    ends_at: Instant | None = Field(None, description="Not from then on; null: no end.")

    def given(self) -> dict[str, Any]:
        """Only what the caller sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Shelf(ApiModel):
    """A shelf."""

    id: str
    title: str
    kind: Kind
    value: str
    movie_ids: list[str]
    size: int
    is_visible: bool
    starts_at: Instant | None
    ends_at: Instant | None
    version: int = Field(description="For If-Match.")


class ShelfList(ApiModel):
    """All shelves in the home page's order."""

    shelves: list[Shelf]


class ShelfOrder(ApiModel):
    """All shelves' ids, as they shall stand."""

    shelf_ids: list[StrictStr] = Field(max_length=rules.MAX_SHELVES)


@router.get("", operation_id="listShelves", responses=reading())
async def list_shelves(actor: Editor) -> ShelfList:
    """All shelves, the hidden and scheduled ones, too."""
    found = await services().editing.shelves.all(actor)
    return ShelfList(shelves=[Shelf.model_validate(each) for each in found])


@router.post("", operation_id="createShelf", status_code=201, responses=editing())
async def create_shelf(actor: Manager, body: ShelfFields, response: Response) -> Shelf:
    """A new shelf below all others."""
    made = await services().editing.shelves.create(actor, body.given(), utc_now())
    response.headers["Location"] = f"{routes.SHELVES}/{made.id}"
    return _answer(made, response)


@router.put("/order", operation_id="orderShelves", responses=editing())
async def order_shelves(actor: Manager, body: ShelfOrder) -> ShelfList:
    """Put all shelves in another order; 409 where some were added or deleted meanwhile."""
    found = await services().editing.shelves.order(actor, body.shelf_ids, utc_now())
    return ShelfList(shelves=[Shelf.model_validate(each) for each in found])


@router.patch("/{shelfId}", operation_id="updateShelf", responses=editing(412, 428))
async def update_shelf(
    shelf_id: ShelfId, actor: Manager, body: ShelfFields, response: Response,
    if_match: IfMatch = None,
) -> Shelf:  # fmt: skip
    """Change fields of a shelf. If-Match is required."""
    version = required_version(if_match)
    found = await services().editing.shelves.update(
        actor, shelf_id, body.given(), version=version, now=utc_now()
    )
    return _answer(found, response)


@router.delete("/{shelfId}", operation_id="deleteShelf", status_code=204, responses=editing(412))
async def delete_shelf(shelf_id: ShelfId, actor: Manager, if_match: IfMatch = None) -> Response:
    """Take a shelf away; its films stay."""
    await services().editing.shelves.delete(
        actor, shelf_id, utc_now(), version=optional_version(if_match)
    )
    return Response(status_code=204)


def _answer(view: ShelfView, response: Response) -> Shelf:
    response.headers["ETag"] = version_tag(view.version)
    response.headers["Cache-Control"] = "no-store"
    return Shelf.model_validate(view)
