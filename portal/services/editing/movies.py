"""Create, change and delete movies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role, require
from portal.services.editing import access, fields, slugs
from portal.services.editing.views import MovieView, movie_view
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import Conflict, InvalidInput, MovieNotFound
from portal.services.models import Movie, new_id, title_key
from portal.services.repositories import editing as rows

AUDITED = (*fields.CLEANERS, "visibility")
"""What the audit keeps of a movie."""


class MovieEditing:
    """What people do to movies' own fields."""

    def __init__(self, writer: CatalogWriter) -> None:
        self._writer = writer

    async def view(self, actor: Actor, movie_id: str, now: datetime) -> MovieView:
        """A movie as a manager sees it, in any state.

        Raises:
            Unauthenticated, Forbidden, MovieNotFound: As they say.
        """
        require(actor, Role.EDITOR)
        return await self._writer.read(lambda session: movie_view(session, movie_id, now))

    async def create(self, actor: Actor, given: Mapping[str, Any], now: datetime) -> MovieView:
        """Make a draft.

        Args:
            actor: Who asks; an editor may.
            given: Values by field (`fields.CLEANERS`); only `title` is needed.
            now: The present instant.

        Raises:
            InvalidInput: Names each field that is wrong, or a title or slug that is taken.
            Unauthenticated, Forbidden: As they say.
        """
        return await self._writer.write(lambda session: create(session, actor, given, now))

    async def update(
        self,
        actor: Actor,
        movie_id: str,
        given: Mapping[str, Any],
        *,
        version: int | None,
        now: datetime,
    ) -> MovieView:
        """Change fields of a movie.

        Args:
            actor: Who asks; an editor may change drafts.
            movie_id: Which movie.
            given: Values by field, only those to be changed.
            version: The version that the caller saw; None changes whatever is there.
            now: The present instant.

        Raises:
            EditConflict: Somebody saved in between; it carries the difference.
            InvalidInput, MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        return await self._writer.write(
            lambda session: update(session, actor, movie_id, given, version=version, now=now)
        )

    async def delete(
        self, actor: Actor, movie_id: str, *, version: int | None = None, now: datetime
    ) -> None:
        """Delete a draft with all that belongs to it.

        Raises:
            Conflict: It is not a draft: what viewers knew of is hidden, not deleted.
            EditConflict, MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        await self._writer.write(
            lambda session: delete(session, actor, movie_id, version=version, now=now)
        )

    async def present_slug(self, old_slug: str) -> str | None:
        """The slug that a renamed movie has now; None if no movie had this one."""
        return await self._writer.read(lambda session: rows.present_slug(session, old_slug))


def create(session: Session, actor: Actor, given: Mapping[str, Any], now: datetime) -> MovieView:
    """See `MovieEditing.create`."""
    require(actor, Role.EDITOR)
    values = fields.clean(given, now=now, new=True)
    fields.check_window(values.get("available_from"), values.get("available_until"))
    movie_id = new_id()
    values["title_key"] = _free_title(session, values["title"])
    values["slug"] = _slug_for(session, movie_id, values.get("slug", ""), values["title"])
    movie = Movie(
        id=movie_id, **values, visibility="draft", added_at=now, created_at=now, updated_at=now
    )
    session.add(movie)
    session.flush()
    audit.record(
        session,
        actor,
        "movie.create",
        entity="movie",
        entity_id=movie_id,
        after={"version": movie.version, **audited(movie)},
        now=now,
    )
    return movie_view(session, movie_id, now)


def update(
    session: Session,
    actor: Actor,
    movie_id: str,
    given: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> MovieView:
    """See `MovieEditing.update`."""
    movie = access.hold(session, actor, movie_id)
    values = fields.clean(given, now=now)
    access.require_version(session, actor, movie, version, values)
    before = audited(movie)
    merged = {**before, **values}
    if "available_from" in values or "available_until" in values:
        fields.check_window(merged["available_from"], merged["available_until"])
    if merged["title"] != movie.title:
        values["title_key"] = _free_title(session, merged["title"], but=movie_id)
    values["slug"] = _changed_slug(session, movie, values, now)
    for name, value in values.items():
        if getattr(movie, name) != value:
            setattr(movie, name, value)
    record_change(session, actor, "movie.update", movie, before=before, now=now)
    return movie_view(session, movie_id, now)


def delete(
    session: Session, actor: Actor, movie_id: str, *, version: int | None, now: datetime
) -> None:
    """See `MovieEditing.delete`."""
    movie = access.hold(session, actor, movie_id)
    access.require_version(session, actor, movie, version, {})
    if movie.visibility != "draft":
        raise Conflict(
            "Only drafts are deleted. Hide the film instead: viewers then do not see it, and its"
            " address, captions and history stay."
        )
    before = {"version": movie.version, **audited(movie)}
    audit.record(
        session,
        actor,
        "movie.delete",
        entity="movie",
        entity_id=movie_id,
        before=before,
        now=now,
    )
    session.delete(movie)
    session.flush()


def record_change(
    session: Session,
    actor: Actor,
    action: str,
    movie: Movie,
    *,
    before: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Give a changed movie its next version and its audit event; False if nothing changed.

    Args:
        session: The transaction that holds the movie.
        actor: Who changed it.
        action: What was done: `movie.update`.
        movie: As it is to be stored.
        before: `audited(movie)` from before the change.
        now: The present instant.
    """
    changed_from, changed_to = audit.changes(before, audited(movie))
    if not changed_to:
        return False
    old_version = movie.version
    rows.advance_version(session, movie, now)
    audit.record(
        session,
        actor,
        action,
        entity="movie",
        entity_id=movie.id,
        before={"version": old_version, **changed_from},
        after={"version": movie.version, **changed_to},
        now=now,
    )
    return True


def audited(movie: Movie) -> dict[str, Any]:
    """What the audit keeps of a movie."""
    return {name: getattr(movie, name) for name in AUDITED}


def get(session: Session, movie_id: str) -> Movie:
    """A movie's row.

    Raises:
        MovieNotFound: There is none.
    """
    movie = session.get(Movie, movie_id)
    if movie is None:
        raise MovieNotFound
    return movie


def _free_title(session: Session, title: str, *, but: str = "") -> str:
    """The title's key, if no other movie has it."""
    key = title_key(title)
    other = rows.movie_by_title_key(session, key, but=but)
    if other is not None:
        year = f" ({other.year})" if other.year else ""
        raise InvalidInput(
            {
                "title": f"There is a film called “{other.title}”{year} already. Add what tells"
                " them apart, such as the year."
            }
        )
    return key


def _slug_for(session: Session, movie_id: str, wanted: str, title: str) -> str:
    def is_taken(slug: str) -> bool:
        return rows.slug_owner(session, slug) not in (None, movie_id)

    if not wanted:
        return slugs.unique(slugs.slugify(title), is_taken, fallback=f"film-{movie_id[-12:]}")
    if is_taken(wanted):
        raise InvalidInput(
            {"slug": f"The address “{wanted}” belongs, or belonged, to another film. Choose one."}
        )
    return wanted


def _changed_slug(session: Session, movie: Movie, values: Mapping[str, Any], now: datetime) -> str:
    """The slug after a change; the old one is remembered if viewers may know it.

    A draft's generated slug follows its title. A chosen or published one stays until somebody
    chooses another.
    """
    wanted = values.get("slug")
    if wanted is None:
        renamed = values.get("title", movie.title) != movie.title
        base = slugs.slugify(movie.title)
        is_generated = bool(base) and movie.slug.removeprefix(base).lstrip("-").isdecimal()
        if not renamed or movie.visibility != "draft" or not (movie.slug == base or is_generated):
            return movie.slug
        wanted = ""
    slug = _slug_for(session, movie.id, wanted, values.get("title", movie.title))
    if slug != movie.slug:
        rows.forget_slug(session, slug)
        if movie.visibility != "draft":
            rows.remember_slug(session, movie.slug, movie.id, now)
    return slug
