"""Shelves of the home page: made, changed, ordered and taken away by managers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role, require
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import Conflict, Difference, EditConflict, InvalidInput, NotFound
from portal.services.repositories import shelves as rows
from portal.services.shelf_models import Shelf
from portal.services.shelves import KINDS, MAX_SIZE, WITH_VALUE, ShelfRecord, places

MAX_SHELVES = 60
MAX_TITLE = 80
MAX_TITLES = 200
_FIELDS = (
    "title", "kind", "value", "movie_ids", "size", "is_visible", "starts_at", "ends_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShelfView(ShelfRecord):
    """A shelf as managers see it."""

    version: int


class ShelfEditing:
    """Reads for everybody who edits, changes for managers; each change is one audit event."""

    def __init__(self, writer: CatalogWriter) -> None:
        self._writer = writer

    async def all(self, actor: Actor) -> list[ShelfView]:
        """All shelves in the home page's order.

        Raises:
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        return await self._writer.read(
            lambda session: [_view(shelf) for shelf in rows.all_shelves(session)]
        )

    async def create(
        self, actor: Actor, given: Mapping[str, Any], now: datetime, *, place: int | None = None
    ) -> ShelfView:
        """A new shelf, below all others unless a place is given.

        Raises:
            InvalidInput: A field cannot be used, or there are too many shelves.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)
        shelf = Shelf(kind="manual", created_at=now, updated_at=now)

        def work(session: Session) -> ShelfView:
            known = rows.hold_all(session)
            if len(known) >= MAX_SHELVES:
                raise InvalidInput({"title": f"There are {MAX_SHELVES} shelves. Delete one first."})
            made = Shelf(**{**shelf.model_dump(), **_clean(given, Shelf(kind="manual"))})
            _check(made)
            session.add(made)
            at = len(known) if place is None else max(0, min(place, len(known)))
            _number([*known[:at], made, *known[at:]])
            session.flush()
            _record(session, actor, "shelf.create", made, None, _state(made), now)
            return _view(made)

        return await self._writer.write(work)

    async def update(
        self,
        actor: Actor,
        shelf_id: str,
        given: Mapping[str, Any],
        *,
        version: int | None,
        now: datetime,
    ) -> ShelfView:
        """Change fields of a shelf.

        Raises:
            EditConflict: It was changed since `version`; None changes whatever is there.
            InvalidInput, NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)

        def work(session: Session) -> ShelfView:
            shelf = _held(session, shelf_id)
            values = _clean(given, shelf)
            _require_version(shelf, version, values)
            before = _state(shelf)
            for name, value in values.items():
                setattr(shelf, name, value)
            _check(shelf)
            if before != _state(shelf):
                shelf.version, shelf.updated_at = shelf.version + 1, now
                _record(session, actor, "shelf.update", shelf, before, _state(shelf), now)
            session.flush()
            return _view(shelf)

        return await self._writer.write(work)

    async def delete(
        self, actor: Actor, shelf_id: str, now: datetime, *, version: int | None = None
    ) -> tuple[ShelfView, int]:
        """Take a shelf away; gives what `create` needs to bring it back: the shelf and its place.

        Raises:
            EditConflict, NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)

        def work(session: Session) -> tuple[ShelfView, int]:
            known = rows.hold_all(session)
            shelf = next((each for each in known if each.id == shelf_id), None)
            if shelf is None:
                raise NotFound("There is no such shelf.")
            _require_version(shelf, version, {})
            place, view = known.index(shelf), _view(shelf)
            _record(session, actor, "shelf.delete", shelf, _state(shelf), None, now)
            session.delete(shelf)
            _number([each for each in known if each is not shelf])
            return view, place

        return await self._writer.write(work)

    async def order(self, actor: Actor, shelf_ids: Sequence[str], now: datetime) -> list[ShelfView]:
        """Put all shelves in another order.

        Raises:
            Conflict: Somebody added or deleted a shelf meanwhile.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)

        def work(session: Session) -> list[ShelfView]:
            known = {shelf.id: shelf for shelf in rows.hold_all(session)}
            if sorted(known) != sorted(shelf_ids):
                raise Conflict("Shelves were added or deleted meanwhile. Look again, then order.")
            if list(known) != list(shelf_ids):
                audit.record(
                    session, actor, "shelf.order", entity="shelf", entity_id="",
                    before={"order": list(known)}, after={"order": list(shelf_ids)}, now=now,
                )  # fmt: skip
                _number([known[shelf_id] for shelf_id in shelf_ids])
            session.flush()
            return [_view(known[shelf_id]) for shelf_id in shelf_ids]

        return await self._writer.write(work)


def _held(session: Session, shelf_id: str) -> Shelf:
    found = next((each for each in rows.hold_all(session) if each.id == shelf_id), None)
    if found is None:
        raise NotFound("There is no such shelf.")
    return found


def _number(shelves: Sequence[Shelf]) -> None:
    for place, shelf in enumerate(shelves):
        if shelf.place != place:
            shelf.place = place


def _clean(given: Mapping[str, Any], shelf: Shelf) -> dict[str, Any]:
    values = {name: given[name] for name in _FIELDS if name in given}
    problems: dict[str, str] = {}
    for name in ("title", "value"):
        if name in values:
            values[name] = " ".join(str(values[name]).split())
    if len(values.get("title", "")) > MAX_TITLE:
        problems["title"] = f"Use up to {MAX_TITLE} characters."
    if len(values.get("value", "")) > MAX_TITLE:
        problems["value"] = f"Use up to {MAX_TITLE} characters."
    if "kind" in values and values["kind"] not in KINDS:
        problems["kind"] = "Choose one of the kinds."
    if "movie_ids" in values:
        values["movie_ids"] = list(dict.fromkeys(str(each)[:32] for each in values["movie_ids"]))
        if len(values["movie_ids"]) > MAX_TITLES:
            problems["movie_ids"] = f"Choose up to {MAX_TITLES} films."
    if "size" in values and not 1 <= int(values["size"]) <= MAX_SIZE:
        problems["size"] = f"Show 1 to {MAX_SIZE} films."
    if problems:
        raise InvalidInput(problems)
    return values


def _check(shelf: Shelf) -> None:
    """See that the fields fit each other."""
    problems: dict[str, str] = {}
    if not shelf.title and shelf.kind != "largest-genres":
        problems["title"] = "Give the shelf a name."
    if shelf.kind in WITH_VALUE and not shelf.value:
        problems["value"] = "Say which one."
    if shelf.kind == "decade" and not (shelf.value.isdecimal() and shelf.value.endswith("0")):
        problems["value"] = "Write the decade's first year, such as 1990."
    if (
        shelf.kind == "largest-genres"
        and f"{'-'.join(map(str, places(shelf.value)))}" != shelf.value
    ):
        problems["value"] = "Write which ones, such as 1-2."
    if shelf.starts_at and shelf.ends_at and shelf.ends_at <= shelf.starts_at:
        problems["ends_at"] = "The end must be after the start."
    if problems:
        raise InvalidInput(problems)


def _require_version(shelf: Shelf, version: int | None, yours: Mapping[str, Any]) -> None:
    if version in (None, shelf.version):
        return
    differences = [
        Difference(field=name, yours=value, theirs=getattr(shelf, name), both_changed=True)
        for name, value in yours.items()
        if getattr(shelf, name) != value
    ]
    raise EditConflict(
        f"Somebody changed this shelf since you opened it (you have version {version}, it is now"
        f" {shelf.version}). Look again, then save.",
        differences=differences,
        current_version=shelf.version,
        changed_by="",
        changed_at=shelf.updated_at,
    )


def _state(shelf: Shelf) -> dict[str, Any]:
    return {name: getattr(shelf, name) for name in _FIELDS}


def _record(
    session: Session,
    actor: Actor,
    action: str,
    shelf: Shelf,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    if before is not None and after is not None:
        before, after = audit.changes(before, after)
    audit.record(
        session, actor, action, entity="shelf", entity_id=shelf.id, before=before, after=after,
        now=now,
    )  # fmt: skip


def _view(shelf: Shelf) -> ShelfView:
    return ShelfView(
        shelf.id, shelf.title, shelf.kind, shelf.value, tuple(shelf.movie_ids), shelf.size,
        shelf.is_visible, shelf.starts_at, shelf.ends_at, shelf.version,
    )  # fmt: skip
