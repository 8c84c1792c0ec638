"""Show, hide and schedule movies: one, or many at once with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal.services.actors import Actor, Role, require
from portal.services.editing import access, fields, movies, publishing_rules
from portal.services.editing.views import MovieView, movie_view
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import InvalidInput, MovieNotFound, PortalError
from portal.services.models import Movie
from portal.services.repositories import movies as movie_rows

VISIBILITIES = ("draft", "visible", "hidden")
MAX_BULK = 1_000
"""Movies in one bulk change; it is one transaction."""


@dataclass(frozen=True, slots=True)
class UndoStep:
    """How to take back one movie's part of a bulk change.

    Attributes:
        movie_id: Which movie.
        title: Its title, for messages.
        version: What the change made; a newer one is left alone.
        before: The fields as they were.
    """

    movie_id: str
    title: str
    version: int
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A movie that a bulk change left as it was."""

    movie_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk change did.

    Attributes:
        changed: How many movies it changed.
        unchanged: How many were so already.
        refused: Movies that it left alone, with the reason.
        undo: For `Publishing.undo`, in the order of the change.
    """

    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    undo: tuple[UndoStep, ...]


class Publishing:
    """Visibility and availability windows."""

    def __init__(self, writer: CatalogWriter) -> None:
        self._writer = writer

    async def set_visibility(
        self,
        actor: Actor,
        movie_id: str,
        visibility: str,
        *,
        version: int | None = None,
        now: datetime,
    ) -> MovieView:
        """Show, hide, or make a draft again.

        Args:
            actor: A manager.
            movie_id: Which movie.
            visibility: One of `VISIBILITIES`.
            version: The version that the caller saw; None changes whatever is there.
            now: The present instant.

        Raises:
            CaptionMissing, PublishingBlocked: It cannot be shown yet; they list what is missing.
            InvalidInput: There is no such visibility.
            EditConflict, MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)
        _require_visibility(visibility)

        def work(session: Session) -> MovieView:
            movie = access.hold(session, actor, movie_id)
            access.require_version(session, actor, movie, version, {"visibility": visibility})
            set_visibility(session, actor, movie, visibility, now)
            return movie_view(session, movie_id, now)

        return await self._writer.write(work)

    async def set_visibility_of(
        self, actor: Actor, movie_ids: Sequence[str], visibility: str, now: datetime
    ) -> BulkResult:
        """Show or hide many. Those that cannot be published are left as they are and named.

        Raises:
            InvalidInput: No such visibility, or too many movies.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)
        _require_visibility(visibility)
        return await self._bulk(
            actor,
            movie_ids,
            lambda session, movie: set_visibility(session, actor, movie, visibility, now),
        )

    async def schedule(
        self,
        actor: Actor,
        movie_ids: Sequence[str],
        available_from: datetime | None,
        available_until: datetime | None,
        now: datetime,
    ) -> BulkResult:
        """Give many movies the same availability window.

        Raises:
            InvalidInput: The window ends before it starts, or too many movies.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)
        window = fields.clean(
            {"available_from": available_from, "available_until": available_until}, now=now
        )
        fields.check_window(window["available_from"], window["available_until"])
        return await self._bulk(
            actor,
            movie_ids,
            lambda session, movie: _set(
                session, actor, "movie.schedule", movie, values=window, now=now
            ),
        )

    async def undo(self, actor: Actor, steps: Sequence[UndoStep], now: datetime) -> BulkResult:
        """Take a bulk change back, apart from movies that were changed since.

        Raises:
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.MANAGER)
        by_id = {step.movie_id: step for step in steps}

        def take_back(session: Session, movie: Movie) -> bool:
            step = by_id[movie.id]
            if movie.version != step.version:
                raise InvalidInput({"movie": "It was changed again since; it stays as it is."})
            # Nothing is published by the back door: what is restored has to hold today.
            if step.before.get("visibility") == "visible":
                publishing_rules.require_publishable(
                    movie_rows.load_records(session, [movie.id])[0]
                )
            return _set(session, actor, "movie.undo", movie, values=step.before, now=now)

        return await self._bulk(actor, list(by_id), take_back)

    async def _bulk(
        self,
        actor: Actor,
        movie_ids: Sequence[str],
        change: Callable[[Session, Movie], bool],
    ) -> BulkResult:
        ids = sorted(set(movie_ids))  # one order for all: two bulk changes do not block each other
        if len(ids) > MAX_BULK:
            raise InvalidInput(
                {"movie_ids": f"Choose up to {MAX_BULK:,} films at once, not {len(ids):,}."}
            )

        def work(session: Session) -> BulkResult:
            undo: list[UndoStep] = []
            refused: list[Refusal] = []
            held: list[Movie] = []
            # All of them first: a change holds the audit, and who waits for a movie must not.
            for movie_id in ids:
                try:
                    held.append(access.hold(session, actor, movie_id))
                except MovieNotFound as error:
                    refused.append(Refusal(movie_id, "", error.detail))
            for movie in held:
                before = movies.audited(movie)
                try:
                    changed = change(session, movie)
                except PortalError as error:
                    refused.append(Refusal(movie.id, movie.title, error.detail))
                    continue
                if changed:
                    old = {n: v for n, v in before.items() if getattr(movie, n) != v}
                    undo.append(UndoStep(movie.id, movie.title, movie.version, old))
            unchanged = len(ids) - len(undo) - len(refused)
            return BulkResult(len(undo), unchanged, tuple(refused), tuple(undo))

        return await self._writer.write(work)


def set_visibility(
    session: Session, actor: Actor, movie: Movie, visibility: str, now: datetime
) -> bool:
    """Set the visibility of a movie that this transaction holds; False if it was so already.

    Raises:
        CaptionMissing, PublishingBlocked: It cannot be shown yet.
    """
    if movie.visibility == visibility:
        return False
    if visibility == "visible":
        publishing_rules.require_publishable(movie_rows.load_records(session, [movie.id])[0])
    values: dict[str, Any] = {"visibility": visibility}
    if movie.visibility == "draft" and visibility == "visible":
        movie.added_at = now  # "new on the portal" counts from when viewers could see it
    return _set(session, actor, "movie.visibility", movie, values=values, now=now)


def _set(
    session: Session,
    actor: Actor,
    action: str,
    movie: Movie,
    *,
    values: Mapping[str, Any],
    now: datetime,
) -> bool:
    before = movies.audited(movie)
    for name, value in values.items():
        setattr(movie, name, value)
    return movies.record_change(session, actor, action, movie, before=before, now=now)


def _require_visibility(visibility: str) -> None:
    if visibility not in VISIBILITIES:
        raise InvalidInput({"visibility": "Choose one of draft, visible and hidden."})
