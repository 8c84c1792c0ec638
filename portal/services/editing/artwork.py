"""Posters and backdrops that people upload. New pictures get a new folder: URLs never change."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import structlog
from PIL import Image
from sqlmodel import Session

from portal import routes
from portal.services import audit
from portal.services.actors import Actor, Role, require
from portal.services.editing import access, pictures
from portal.services.editing.caption_changes import clean_filename
from portal.services.editing.pictures import Focus, PictureKind
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import Conflict, InvalidInput, MovieNotFound, NotFound
from portal.services.models import Movie, new_art_key
from portal.services.repositories import editing as rows

log = structlog.get_logger(__name__)

ORPHANS_KEPT_S: Final = 7 * 86400
"""How long pictures stay on disk that no movie has any more: a page left open may show them."""
COLLECT_EVERY_S: Final = 6 * 3600.0
_ATTEMPTS: Final = 3

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PictureView:
    """What is known of one picture.

    Attributes:
        kind: `poster` or `backdrop`.
        focus_x, focus_y: The focal point, from 0 to 1.
        can_crop: The original is kept: the focal point can be moved.
        is_derived: It was made from the other picture.
    """

    kind: str = ""
    focus_x: float = 0.5
    focus_y: float = 0.5
    width: int = 0
    height: int = 0
    can_crop: bool = False
    is_derived: bool = False


@dataclass(frozen=True, slots=True)
class ArtworkView:
    """A movie's pictures.

    Attributes:
        art: Base path of the files; "" without any.
        color: Dominant colour, shown until a picture is there.
        pictures: One entry a picture that there is.
    """

    movie_id: str = ""
    art: str = ""
    color: str = "#1b1a20"
    pictures: list[PictureView] = field(default_factory=list)


class ArtworkEditing:
    """What people do to pictures."""

    def __init__(self, writer: CatalogWriter, folder: Path) -> None:
        self._writer = writer
        self._folder = folder
        self._drawing = asyncio.Semaphore(1)  # a picture takes a core for a second or two

    async def view(self, actor: Actor, movie_id: str) -> ArtworkView:
        """A movie's pictures.

        Raises:
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        return await self._view(await self._movie(movie_id))

    async def upload(
        self,
        actor: Actor,
        movie_id: str,
        kind: str,
        data: bytes,
        filename: str,
        *,
        focus: Focus | None = None,
        now: datetime,
    ) -> ArtworkView:
        """Put a poster or a backdrop in place.

        Args:
            actor: Who asks; an editor may for drafts.
            movie_id: Which movie.
            kind: `poster` or `backdrop`.
            data: A JPEG, PNG, WebP or AVIF file.
            filename: Its name.
            focus: What every crop keeps in view; the middle unless given.
            now: The present instant.

        Raises:
            InvalidInput: On `file`, `kind` or `focus`.
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        chosen, point = _kind(kind), _focus(focus)
        await self._movie(movie_id, actor)
        picture = await self._draw(lambda: pictures.decode(data, filename, chosen))
        name = clean_filename(filename, chosen)
        return await self._put(
            actor, movie_id, chosen, point, picture, data, {"kind": kind, "file": name}, now
        )

    async def set_focus(
        self, actor: Actor, movie_id: str, kind: str, focus: Focus, *, now: datetime
    ) -> ArtworkView:
        """Crop a picture again around another point.

        Raises:
            NotFound: There is no such picture, or its original is not kept.
            InvalidInput: On `kind` or `focus`.
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        chosen, point = _kind(kind), _focus(focus)
        movie = await self._movie(movie_id, actor)
        folder = self._folder / movie.art_key if movie.art_key else None
        data = await asyncio.to_thread(pictures.original, folder, chosen) if folder else None
        if data is None:
            raise NotFound(f"The original of this {chosen} is not kept. Upload it again.")
        kept = data
        picture = await self._draw(lambda: pictures.decode(kept, "", chosen))
        return await self._put(actor, movie_id, chosen, point, picture, data, {"kind": kind}, now)

    async def collect(self) -> int:
        """Delete folders that no movie has had for a week; how many they were."""
        known = await self._writer.read(rows.art_keys)
        return await asyncio.to_thread(_collect, self._folder, known, time.time())

    async def collect_for_ever(self) -> None:
        """Collect four times a day."""
        while True:
            await asyncio.sleep(COLLECT_EVERY_S)
            try:
                count = await self.collect()
                if count:
                    log.info("artwork.collected", folders=count)
            except Exception as error:
                log.warning("artwork.collect_failed", error=type(error).__name__)

    async def _put(
        self,
        actor: Actor,
        movie_id: str,
        kind: PictureKind,
        focus: Focus,
        picture: Image.Image,
        data: bytes,
        what: dict[str, str],
        now: datetime,
    ) -> ArtworkView:
        for _ in range(_ATTEMPTS):
            movie = await self._movie(movie_id, actor)
            old_key, new_key = movie.art_key, new_art_key()
            old = self._folder / old_key if old_key else None
            new = self._folder / new_key
            colour = await self._draw(
                lambda old=old, new=new: pictures.render(picture, kind, focus, data, old, new)  # type: ignore[misc]
            )

            def work(
                session: Session, old_key: str = old_key, new_key: str = new_key,
                colour: str | None = colour,
            ) -> Movie | None:  # fmt: skip
                held = access.hold(session, actor, movie_id)
                if held.art_key != old_key:  # the other picture was uploaded meanwhile
                    return None
                before = {"art_key": held.art_key, "color": held.color}
                held.art_key, held.color = new_key, colour or held.color
                held.updated_at = now
                session.flush()
                audit.record(
                    session,
                    actor,
                    "artwork.upload" if "file" in what else "artwork.crop",
                    entity="movie",
                    entity_id=movie_id,
                    before=before,
                    after={"art_key": new_key, "color": held.color, **what},
                    now=now,
                )
                return held

            try:
                stored = await self._writer.write(work, announce=lambda found: found is not None)
            except BaseException:
                await asyncio.to_thread(shutil.rmtree, new, ignore_errors=True)
                raise
            if stored is not None:
                if old is not None:
                    await asyncio.to_thread(_touch, old)
                return await self._view(stored)
            await asyncio.to_thread(shutil.rmtree, new, ignore_errors=True)
        raise Conflict("Somebody else is changing these pictures just now. Try again.")

    async def _movie(self, movie_id: str, actor: Actor | None = None) -> Movie:
        def read(session: Session) -> Movie:
            movie = session.get(Movie, movie_id)
            if movie is None:
                raise MovieNotFound
            if actor is not None:
                access.require_may_change(actor, movie.visibility)
            return movie

        return await self._writer.read(read)

    async def _view(self, movie: Movie) -> ArtworkView:
        known = (
            await asyncio.to_thread(pictures.about, self._folder / movie.art_key)
            if movie.art_key
            else {}
        )
        return ArtworkView(
            movie_id=movie.id,
            art=routes.artwork(movie.art_key) if movie.art_key else "",
            color=movie.color,
            pictures=[
                PictureView(
                    kind=kind,
                    focus_x=each.focus.x,
                    focus_y=each.focus.y,
                    width=each.width,
                    height=each.height,
                    can_crop=each.has_original,
                    is_derived=each.is_derived,
                )
                for kind, each in sorted(known.items(), reverse=True)
            ],
        )

    async def _draw(self, work: Callable[[], _T]) -> _T:
        async with self._drawing:
            return await asyncio.to_thread(work)


def _kind(kind: str) -> PictureKind:
    try:
        return PictureKind(kind)
    except ValueError:
        raise InvalidInput({"kind": "Choose poster or backdrop."}) from None


def _focus(focus: Focus | None) -> Focus:
    point = focus or Focus()
    if not all(math.isfinite(value) and 0 <= value <= 1 for value in (point.x, point.y)):
        raise InvalidInput({"focus": "The focal point lies between 0 and 1 in both directions."})
    return point


def _touch(folder: Path) -> None:
    """From now on the folder is an orphan."""
    with contextlib.suppress(OSError):
        os.utime(folder)


def _collect(folder: Path, known: set[str], now_s: float) -> int:
    count = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in known or not path.is_dir():
            continue
        try:
            if now_s - path.stat().st_mtime > ORPHANS_KEPT_S:
                shutil.rmtree(path, ignore_errors=True)
                count += 1
        except OSError:
            continue
    return count
