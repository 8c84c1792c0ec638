"""A change of one caption track within a transaction: held, kept, checked, audited."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor
from portal.services.editing import access, publishing_rules
from portal.services.editing.caption_drafts import CaptionDraft
from portal.services.errors import EditConflict, InvalidInput, MovieNotFound, NotFound
from portal.services.models import CaptionTrack, CaptionVersion, Movie
from portal.services.repositories import editing as rows
from portal.services.repositories import movies as movie_rows

MAX_NAME: Final = 200
KEPT_UPLOADS: Final = 10
KEPT_EDITS: Final = 20


class TrackChange:
    """A track that this transaction holds.

    On leaving the `with` block a published movie still has to have valid captions.

    Raises:
        MovieNotFound, NotFound, Unauthenticated, Forbidden: As they say.
    """

    def __init__(
        self, session: Session, actor: Actor, movie_id: str, track_id: str, *, now: datetime
    ) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.movie = access.hold(session, actor, movie_id)
        self.track = require_track(session, movie_id, track_id)
        self._before = audited(self.track)
        self._had_captions = self._has_captions()

    def __enter__(self) -> TrackChange:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None or self.movie.visibility != "visible" or not self._had_captions:
            return
        if not self._has_captions():
            record = movie_rows.load_records(self.session, [self.movie.id])[0]
            publishing_rules.raise_blocked(
                publishing_rules.blockers(record),
                "This film is published and would be left without valid captions. Add another"
                " captions or subtitles track first, or hide the film.",
            )

    def require_version(self, version: int | None) -> None:
        """See that the track is what the caller saw.

        Raises:
            EditConflict: It has another version by now.
        """
        if version is not None and version != self.track.version:
            raise conflict(version, self.track.version)

    def keep(self, note: str) -> None:
        """Put the track as it is into its history."""
        track = self.track
        is_upload = bool((track.report or {}).get("isUpload", track.version == 1))
        self.session.add(
            CaptionVersion(
                track_id=track.id,
                version=track.version,
                note=note[:MAX_NAME],
                is_upload=is_upload,
                replaced_by=self.actor.label,
                vtt=track.vtt,
                cue_count=track.cue_count,
                original=track.original if is_upload else None,
                original_format=track.original_format,
                original_name=track.original_name,
                is_valid=track.is_valid,
                report=track.report or {},
                replaced_at=self.now,
            )
        )
        self.session.flush()
        rows.prune_caption_versions(self.session, track.id, uploads=KEPT_UPLOADS, edits=KEPT_EDITS)

    def done(
        self,
        action: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Store and audit what was changed; nothing if nothing was."""
        old, new = audit.changes(self._before, audited(self.track))
        if not new and not after:
            return
        self.track.updated_at = self.now
        self.movie.updated_at = self.now
        self.session.flush()
        record(
            self.session,
            self.actor,
            action,
            self.track,
            before={**old, **(before or {})},
            after={**new, **(after or {})},
            now=self.now,
        )

    def delete(self) -> None:
        """Delete the track; another valid one becomes the default if it was."""
        self.session.delete(self.track)
        self.movie.updated_at = self.now
        self.session.flush()
        if self._before["is_default"]:
            others = rows.tracks_of(self.session, self.movie.id)
            heir = next((t for t in others if t.is_valid and t.kind != "forced"), None)
            if heir is not None:
                heir.is_default = True
        self.session.flush()
        record(
            self.session,
            self.actor,
            "caption.delete",
            self.track,
            before=self._before,
            now=self.now,
        )

    def _has_captions(self) -> bool:
        self.session.flush()
        return movie_rows.load_records(self.session, [self.movie.id])[0].has_valid_captions


def require_track(session: Session, movie_id: str, track_id: str) -> CaptionTrack:
    """A track of this movie.

    Raises:
        NotFound: It has no such track.
    """
    track = rows.track_of(session, movie_id, track_id)
    if track is None:
        raise NotFound("This film has no such caption track.")
    return track


def film_length(session: Session, actor: Actor, movie_id: str) -> float | None:
    """The measured length in seconds of a film that this person may change; None if unknown.

    Raises:
        MovieNotFound, Forbidden: As they say.
    """
    movie = session.get(Movie, movie_id)
    if movie is None:
        raise MovieNotFound
    access.require_may_change(actor, movie.visibility)
    source = rows.source_of(session, movie_id)
    return source.duration_s or None if source else None


def put_text(track: CaptionTrack, draft: CaptionDraft, now: datetime) -> None:
    """Give a track its next text."""
    track.vtt = draft.vtt
    track.cue_count = len(draft.document.cues)
    track.is_valid = draft.is_valid
    track.report = {**draft.report, "isUpload": False}
    track.version += 1
    track.updated_at = now


def put_file(track: CaptionTrack, draft: CaptionDraft, data: bytes, filename: str) -> None:
    """Keep the file that a track's present text came from."""
    track.original = data
    track.original_format = draft.source_format or "vtt"
    track.original_name = clean_filename(filename, f"captions.{track.original_format}")
    track.report = {**track.report, "isUpload": True}


def clean_filename(name: str, fallback: str) -> str:
    """A file's name without folders and control characters, its extension kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?')
    plain = unicodedata.normalize("NFC", plain).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if len(plain) > MAX_NAME:
        plain = f"{stem[: MAX_NAME - 20]}{dot}{extension[:19]}"
    return plain or fallback


def require_free_label(others: Iterable[CaptionTrack], label: str) -> None:
    """See that no other track of the movie has this label.

    Raises:
        InvalidInput: One has.
    """
    if any(other.label.casefold() == label.casefold() for other in others):
        raise InvalidInput(
            {
                "label": f"This film has a track called “{label}” already. Replace that one's file,"
                " or give this track another label."
            }
        )


def make_default(track: CaptionTrack, others: Iterable[CaptionTrack]) -> None:
    """Make a track the only default one."""
    for other in others:
        other.is_default = False
    track.is_default = True


def conflict(yours: int, theirs: int) -> EditConflict:
    """The error for a track that was changed meanwhile."""
    return EditConflict(
        f"This caption track was changed since you opened it (you have version {yours}, it is now"
        f" {theirs}). Load it again; what you see is kept in its history.",
        current_version=theirs,
    )


def audited(track: CaptionTrack) -> dict[str, Any]:
    """What the audit keeps of a track."""
    return {
        "track_id": track.id,
        "label": track.label,
        "language": track.language,
        "kind": track.kind,
        "is_default": track.is_default,
        "is_valid": track.is_valid,
        "cue_count": track.cue_count,
        "track_version": track.version,
        "original_name": track.original_name,
    }


def record(
    session: Session,
    actor: Actor,
    action: str,
    track: CaptionTrack,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Audit it as an event of the movie, whose history so tells of its captions too."""
    about = {"track_id": track.id, "label": track.label}
    audit.record(
        session,
        actor,
        action,
        entity="movie",
        entity_id=track.movie_id,
        before={**about, **before} if before else None,
        after={**about, **after} if after else None,
        now=now,
    )
