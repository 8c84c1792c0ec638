"""Before a change: hold the movie, see who may change it, and that nobody was faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.services.actors import Actor, Role, require
from portal.services.errors import Difference, EditConflict, Forbidden, MovieNotFound
from portal.services.models import Movie
from portal.services.repositories import editing as rows


def hold(session: Session, actor: Actor, movie_id: str) -> Movie:
    """A movie that this transaction holds and this person may change.

    Raises:
        MovieNotFound: There is none.
        Unauthenticated, Forbidden: An editor changes drafts only.
    """
    require(actor, Role.EDITOR)
    movie = rows.lock_movie(session, movie_id)
    if movie is None:
        raise MovieNotFound
    require_may_change(actor, movie.visibility)
    return movie


def require_may_change(actor: Actor, visibility: str) -> None:
    """See that somebody may change a movie of this visibility.

    Raises:
        Forbidden: It is not a draft any more, and they are an editor.
    """
    if visibility != "draft":
        try:
            require(actor, Role.MANAGER)
        except Forbidden:
            raise Forbidden(
                "This film is not a draft any more: only a manager may change it. Ask a manager, or"
                " have it made a draft again."
            ) from None


def require_version(
    session: Session, actor: Actor, movie: Movie, version: int | None, yours: Mapping[str, Any]
) -> None:
    """See that the movie is still what the caller saw.

    Args:
        session: The transaction that holds the movie.
        actor: Who asks; "you" where they were it themselves, in another window.
        movie: As it is stored.
        version: What the caller saw; None changes whatever is there.
        yours: The fields that the caller wants to set.

    Raises:
        EditConflict: It is not; tells what changed, by whom and when.
    """
    if version is None or version == movie.version:
        return
    edits = rows.edits_since(session, movie.id, version)
    fields = list(dict.fromkeys(name for edit in edits for name in edit.after or {}))
    fields += [name for name in yours if name not in fields and not edits]
    fields = [name for name in fields if name != "version" and hasattr(movie, name)]
    differences = [
        Difference(
            field=name,
            yours=yours.get(name),
            theirs=getattr(movie, name),
            both_changed=name in yours and yours[name] != getattr(movie, name),
        )
        for name in fields
        if name not in yours or yours[name] != getattr(movie, name)
    ]
    last = edits[-1] if edits else None
    who = "Somebody else"
    if last is not None:
        who = "In another window you" if last.actor_id == actor.id else last.actor_label
    raise EditConflict(
        f"{who} changed this film since you opened it (you have version {version}, it is now"
        f" {movie.version}). Compare, and save again.",
        differences=differences,
        current_version=movie.version,
        changed_by=last.actor_label if last else "",
        changed_at=last.at if last else None,
    )
