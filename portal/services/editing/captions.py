"""Caption tracks: upload, replace, edit, name, delete. Earlier versions are kept.

A published movie always has one valid track with all dialogue: whatever would take it away is
refused. Files are read and checked on a thread, before the transaction; the result is stored only
if the track is still the one that was read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlmodel import Session

from portal.services.actors import Actor, Role, require
from portal.services.captions.languages import CaptionKind, suggest_label
from portal.services.captions.webvtt import Document
from portal.services.editing import access, caption_details, caption_drafts
from portal.services.editing import caption_changes as changes
from portal.services.editing.caption_changes import TrackChange
from portal.services.editing.caption_edits import Edit
from portal.services.editing.caption_views import CaptionFile, TrackDetail, track_detail
from portal.services.editing.views import TrackView, track_view
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import EditConflict, InvalidInput, NotFound
from portal.services.models import CaptionTrack, CaptionVersion
from portal.services.repositories import editing as rows

MAX_TRACKS: Final = 100
_ATTEMPTS: Final = 3
_AT_ONCE: Final = 2
"""Files read at the same time: each keeps a core busy."""

T = TypeVar("T")


class CaptionEditing:
    """What people do to caption tracks."""

    def __init__(self, writer: CatalogWriter) -> None:
        self._writer = writer
        self._reading = asyncio.Semaphore(_AT_ONCE)

    async def detail(self, actor: Actor, movie_id: str, track_id: str) -> TrackDetail:
        """A track with its report, cues and earlier versions.

        Raises:
            NotFound: The movie has no such track.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> tuple[CaptionTrack, list[CaptionVersion]]:
            track = changes.require_track(session, movie_id, track_id)
            return track, list(rows.caption_versions(session, track_id))

        track, versions = await self._writer.read(read)
        return await asyncio.to_thread(track_detail, track, versions)

    async def original(self, actor: Actor, movie_id: str, track_id: str) -> CaptionFile:
        """The file as it was uploaded.

        Raises:
            NotFound: The movie has no such track, or the track has no file.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> CaptionFile:
            track = changes.require_track(session, movie_id, track_id)
            if track.original is None:
                raise NotFound("This track was not uploaded as a file.")
            name = track.original_name or f"captions.{track.original_format}"
            media_type = caption_drafts.MEDIA_TYPES.get(track.original_format, "text/plain")
            return CaptionFile(name, media_type, track.original)

        return await self._writer.read(read)

    async def text(self, actor: Actor, movie_id: str, track_id: str) -> CaptionFile:
        """The WebVTT that viewers get, also of a track that is not valid.

        Raises:
            NotFound: The movie has no such track.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> CaptionFile:
            track = changes.require_track(session, movie_id, track_id)
            return CaptionFile(f"{track.language}.vtt", "text/vtt", track.vtt.encode())

        return await self._writer.read(read)

    async def upload(
        self,
        actor: Actor,
        movie_id: str,
        data: bytes,
        filename: str,
        *,
        language: str,
        kind: str = "subtitles",
        label: str = "",
        is_default: bool = False,
        encoding: str | None = None,
        now: datetime,
    ) -> TrackView:
        """Add a track from a file of any accepted format.

        A file with errors is stored too, to be mended; viewers do not get it.

        Args:
            actor: Who asks; an editor may for drafts.
            movie_id: Which movie.
            data: The file.
            filename: Its name.
            language: BCP 47 tag.
            kind: A value of `CaptionKind`.
            label: What viewers choose it by; "" for the language's name.
            is_default: Shown unless a viewer chose otherwise. The first valid track is it anyway.
            encoding: What a person says the encoding is; None to detect it.
            now: The present instant.

        Raises:
            CaptionError, InvalidInput: The file or a field cannot be used.
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        details = caption_details.clean({"language": language, "kind": kind, "label": label})
        duration_s = await self._writer.read(lambda s: changes.film_length(s, actor, movie_id))
        draft = await self._in_thread(
            lambda: caption_drafts.from_file(
                data,
                filename,
                language=details["language"],
                duration_s=duration_s,
                encoding=encoding or None,
            )
        )
        details["label"] = details["label"] or suggest_label(
            details["language"], CaptionKind(details["kind"])
        )

        def work(session: Session) -> TrackView:
            movie = access.hold(session, actor, movie_id)
            others = rows.tracks_of(session, movie_id)
            if len(others) >= MAX_TRACKS:
                raise InvalidInput({"file": f"A film has at most {MAX_TRACKS} caption tracks."})
            changes.require_free_label(others, details["label"])
            track = CaptionTrack(
                movie_id=movie_id, **details, vtt="", version=0, created_at=now, updated_at=now
            )
            changes.put_text(track, draft, now)
            changes.put_file(track, draft, data, filename)
            session.add(track)
            first = draft.is_valid and not any(other.is_default for other in others)
            if details["kind"] != CaptionKind.FORCED and (is_default or first):
                changes.make_default(track, others)
            movie.updated_at = now
            session.flush()
            changes.record(
                session, actor, "caption.upload", track, after=changes.audited(track), now=now
            )
            return track_view(track)

        return await self._writer.write(work)

    async def replace(
        self,
        actor: Actor,
        movie_id: str,
        track_id: str,
        data: bytes,
        filename: str,
        *,
        encoding: str | None = None,
        version: int | None = None,
        now: datetime,
    ) -> TrackView:
        """Put another file in a track's place; the earlier one is kept.

        Raises:
            CaptionMissing: A published movie would be left without valid captions.
            EditConflict: The track has another version by now.
            CaptionError, NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> tuple[str, float | None]:
            duration_s = changes.film_length(session, actor, movie_id)
            return changes.require_track(session, movie_id, track_id).language, duration_s

        language, duration_s = await self._writer.read(read)
        draft = await self._in_thread(
            lambda: caption_drafts.from_file(
                data, filename, language=language, duration_s=duration_s, encoding=encoding or None
            )
        )

        def work(session: Session) -> TrackView:
            with TrackChange(session, actor, movie_id, track_id, now=now) as change:
                change.require_version(version)
                change.keep("Another file was uploaded")
                changes.put_text(change.track, draft, now)
                changes.put_file(change.track, draft, data, filename)
                change.done("caption.replace")
            return track_view(change.track)

        return await self._writer.write(work)

    async def restore(
        self, actor: Actor, movie_id: str, track_id: str, version: int, *, now: datetime
    ) -> TrackView:
        """Bring an earlier version back, as the newest one.

        Raises:
            CaptionMissing: A published movie would be left without valid captions.
            NotFound: There is no such track, or its version is not kept any more.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> tuple[Document, dict[str, Any], float | None]:
            duration_s = changes.film_length(session, actor, movie_id)
            changes.require_track(session, movie_id, track_id)
            old = _require_version(session, track_id, version)
            report = dict(old.report or {})
            return caption_drafts.stored_document(old.vtt, report), report, duration_s

        document, report, duration_s = await self._writer.read(read)
        draft = await self._in_thread(
            lambda: caption_drafts.from_document(document, report, duration_s)
        )

        def work(session: Session) -> TrackView:
            with TrackChange(session, actor, movie_id, track_id, now=now) as change:
                old = _require_version(session, track_id, version)
                change.keep(f"Version {version} was restored")
                changes.put_text(change.track, draft, now)
                if old.original is not None:
                    changes.put_file(change.track, draft, old.original, old.original_name)
                    change.track.original_format = old.original_format
                change.done("caption.restore", after={"restored_version": version})
            return track_view(change.track)

        return await self._writer.write(work)

    async def edit(
        self,
        actor: Actor,
        movie_id: str,
        track_id: str,
        edit: Edit,
        *,
        version: int | None = None,
        now: datetime,
    ) -> TrackDetail:
        """Change a track's text (`caption_edits` has the changes) and check it again.

        Args:
            actor: Who asks; an editor may for drafts.
            movie_id: Which movie.
            track_id: Which of its tracks.
            edit: What to do.
            version: The version that the caller saw; None changes whatever is there.
            now: The present instant.

        Raises:
            CaptionError: The change cannot be made; names the field.
            CaptionMissing: A published movie would be left without valid captions.
            EditConflict: The track has another version by now.
            NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await self._edit_once(actor, movie_id, track_id, edit, version=version, now=now)
            except EditConflict:
                if version is not None or attempt == _ATTEMPTS:
                    raise
            else:
                break
        return await self.detail(actor, movie_id, track_id)

    async def _edit_once(
        self,
        actor: Actor,
        movie_id: str,
        track_id: str,
        edit: Edit,
        *,
        version: int | None,
        now: datetime,
    ) -> None:
        def read(session: Session) -> tuple[CaptionTrack, float | None]:
            duration_s = changes.film_length(session, actor, movie_id)
            return changes.require_track(session, movie_id, track_id), duration_s

        track, duration_s = await self._writer.read(read)
        seen, vtt, report = track.version, track.vtt, dict(track.report or {})
        if version is not None and version != seen:
            raise changes.conflict(version, seen)

        def apply() -> tuple[Document, caption_drafts.CaptionDraft]:
            old = caption_drafts.stored_document(vtt, report)
            return old, caption_drafts.from_document(edit.apply(old), report, duration_s)

        old, draft = await self._in_thread(apply)
        same_losses = draft.report["dropped"] == report.get("dropped", [])
        if draft.document == old and same_losses:
            return

        def work(session: Session) -> None:
            with TrackChange(session, actor, movie_id, track_id, now=now) as change:
                change.require_version(seen)
                change.keep(edit.note)
                changes.put_text(change.track, draft, now)
                change.done(
                    "caption.edit",
                    before=edit.before(old),
                    after={"note": edit.note, **edit.after(draft.document)},
                )

        await self._writer.write(work)

    async def set_details(
        self,
        actor: Actor,
        movie_id: str,
        track_id: str,
        given: Mapping[str, Any],
        *,
        now: datetime,
    ) -> TrackView:
        """Change `language`, `label`, `kind` or `is_default`; an empty label is the language's.

        Raises:
            CaptionMissing: A published movie would be left without valid captions.
            InvalidInput, NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        details = caption_details.clean(given)

        def work(session: Session) -> TrackView:
            with TrackChange(session, actor, movie_id, track_id, now=now) as change:
                others = [t for t in rows.tracks_of(session, movie_id) if t.id != track_id]
                caption_details.put(change.track, details, others)
                change.done("caption.update")
            return track_view(change.track)

        return await self._writer.write(work)

    async def delete(self, actor: Actor, movie_id: str, track_id: str, *, now: datetime) -> None:
        """Delete a track with its earlier versions.

        Raises:
            CaptionMissing: It is the last valid one of a published movie.
            NotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def work(session: Session) -> None:
            with TrackChange(session, actor, movie_id, track_id, now=now) as change:
                change.delete()

        await self._writer.write(work)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        async with self._reading:
            return await asyncio.to_thread(work)


def _require_version(session: Session, track_id: str, version: int) -> CaptionVersion:
    old = rows.caption_version(session, track_id, version)
    if old is None:
        raise NotFound(f"Version {version} of this track is not kept.")
    return old
