"""Stream sources: an address is fetched, checked and tried before it is stored, encrypted.

After that nobody is shown it again. Captions are checked anew against the new film's length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role, require
from portal.services.editing import access, caption_drafts, movies, publishing_rules
from portal.services.editing.caption_changes import film_length
from portal.services.editing.caption_drafts import CaptionDraft
from portal.services.editing.source_checks import SourceExaminer
from portal.services.editing.source_reports import SourceCheck, host_hint
from portal.services.editing.views import SourceView, source_view
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import Conflict, InvalidInput, NotFound, OriginFailed, SourceRefused
from portal.services.models import CaptionTrack, Movie, StreamSource, new_id
from portal.services.origin_fetcher.policy import MAX_URL_LENGTH
from portal.services.repositories import editing as rows
from portal.services.repositories import movies as movie_rows
from portal.services.secrets_box import Place, SecretsBox, SecretUnreadable

_SAME_LENGTH_S = 0.5
_CHECKS_AT_ONCE = 8


def place_of(source_id: str) -> Place:
    """Where a source's address is stored; part of what is authenticated."""
    return Place("stream_source", "url_ciphertext", source_id)


class SourceEditing:
    """What people do to stream sources."""

    def __init__(self, writer: CatalogWriter, box: SecretsBox, examiner: SourceExaminer) -> None:
        self._writer = writer
        self._box = box
        self._examiner = examiner
        self._slots = asyncio.Semaphore(_CHECKS_AT_ONCE)

    async def view(self, actor: Actor, movie_id: str) -> SourceView:
        """A movie's source with its last check.

        Raises:
            NotFound: It has none.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        return await self._writer.read(
            lambda session: source_view(session, _require_source(session, movie_id))
        )

    async def examine(self, actor: Actor, movie_id: str, url: str) -> SourceCheck:
        """Look at an address without storing it.

        Raises:
            SourceRefused: It does not answer, or may not be fetched.
            InvalidInput: It is no address.
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        await self._writer.read(lambda session: film_length(session, actor, movie_id))
        return await self._examine(clean_url(url))

    async def set_url(self, actor: Actor, movie_id: str, url: str, *, now: datetime) -> SourceView:
        """Check an address and make it the movie's source.

        Raises:
            SourceRefused: It has errors, does not answer, or may not be fetched.
            InvalidInput: It is no address.
            CaptionMissing: A published movie's captions would not fit the film behind it.
            MovieNotFound, Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)
        url = clean_url(url)
        await self._writer.read(lambda session: film_length(session, actor, movie_id))
        check = await self._examine(url)
        if check.status == "failed":
            raise SourceRefused(check.message, check.findings)
        rechecks = await self._recheck_captions(movie_id, check.duration_s)

        def work(session: Session) -> SourceView:
            movie = access.hold(session, actor, movie_id)
            had_captions = _has_captions(session, movie_id)
            source = rows.source_of(session, movie_id)
            before = _audited(source) if source else None
            if source is None:
                source = StreamSource(
                    id=new_id(), movie_id=movie_id, url_ciphertext="", url_key_id="",
                    url_fingerprint="", created_at=now,
                )  # fmt: skip
                session.add(source)
            source.url_ciphertext = self._box.seal(url, place_of(source.id))
            source.url_key_id = self._box.active_key_id
            if source.url_fingerprint != (fingerprint := self._box.fingerprint(url)):
                source.url_fingerprint = fingerprint
                movie.has_storyboard = False  # its thumbnails are of another film
            source.updated_at = now
            put_check(source, check, host_hint(url), now)
            _fit_movie(session, actor, movie, check, rechecks=rechecks, now=now)
            session.flush()
            if movie.visibility == "visible" and had_captions:
                _require_captions(session, movie_id)
            audit.record(
                session,
                actor,
                "source.set",
                entity="movie",
                entity_id=movie_id,
                before=before,
                after=_audited(source),
                now=now,
            )
            return source_view(session, source)

        return await self._writer.write(work)

    async def check(self, actor: Actor, movie_id: str, *, now: datetime) -> SourceView:
        """Look at the stored source again and store the result; what plays goes on playing.

        Raises:
            NotFound: The movie has no source.
            Conflict: It was replaced meanwhile, or its address cannot be read any more.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def read(session: Session) -> StreamSource:
            film_length(session, actor, movie_id)  # only who may change it makes us fetch it
            return _require_source(session, movie_id)

        stored = await self._writer.read(read)
        try:
            url = self._box.open(stored.url_ciphertext, place_of(stored.id))
        except SecretUnreadable:
            raise Conflict(
                "The stored address cannot be decrypted with the present keys. Enter it again."
            ) from None
        try:
            async with self._slots:
                check = await self._examiner.examine(url)
        except OriginFailed as error:
            check = self._examiner.failed(error.detail)

        def work(session: Session) -> SourceView:
            access.hold(session, actor, movie_id)
            source = _require_source(session, movie_id)
            if source.url_fingerprint != stored.url_fingerprint:
                raise Conflict("Another source was set while this one was being checked.")
            before = {"status": source.status, "message": (source.report or {}).get("message", "")}
            put_check(source, check, str((source.report or {}).get("host", "")), now)
            session.flush()
            audit.record(
                session,
                actor,
                "source.check",
                entity="movie",
                entity_id=movie_id,
                before=before,
                after={"status": check.status, "message": check.message},
                now=now,
            )
            return source_view(session, source)

        return await self._writer.write(work)

    async def remove(self, actor: Actor, movie_id: str, *, now: datetime) -> None:
        """Forget a movie's source.

        Raises:
            PublishingBlocked: The movie is published.
            NotFound: It has none.
            Unauthenticated, Forbidden: As they say.
        """
        require(actor, Role.EDITOR)

        def work(session: Session) -> None:
            movie = access.hold(session, actor, movie_id)
            source = _require_source(session, movie_id)
            before = _audited(source)
            session.delete(source)
            movie.updated_at = now
            session.flush()
            if movie.visibility == "visible":
                record = movie_rows.load_records(session, [movie_id])[0]
                publishing_rules.raise_blocked(
                    publishing_rules.blockers(record),
                    "This film is published and would be left without a stream source. Set another"
                    " one in its place, or hide the film.",
                )
            audit.record(
                session,
                actor,
                "source.remove",
                entity="movie",
                entity_id=movie_id,
                before=before,
                now=now,
            )

        await self._writer.write(work)

    async def _examine(self, url: str) -> SourceCheck:
        try:
            async with self._slots:
                return await self._examiner.examine(url)
        except OriginFailed as error:  # at ingest it is what was typed that is wrong
            raise SourceRefused(
                error.detail, self._examiner.failed(error.detail).findings
            ) from None

    async def _recheck_captions(self, movie_id: str, duration_s: float) -> Sequence[_Recheck]:
        def read(session: Session) -> tuple[float, list[CaptionTrack]]:
            source = rows.source_of(session, movie_id)
            known_s = source.duration_s if source else 0.0
            if abs(known_s - duration_s) < _SAME_LENGTH_S:
                return known_s, []
            return known_s, list(rows.tracks_of(session, movie_id, with_text=True))

        _, tracks = await self._writer.read(read)

        def work() -> list[_Recheck]:
            return [_Recheck.of(track, duration_s) for track in tracks]

        return await asyncio.to_thread(work)


@dataclass(frozen=True, slots=True)
class _Recheck:
    """A track's report against another film length."""

    track_id: str
    version: int
    draft: CaptionDraft

    @classmethod
    def of(cls, track: CaptionTrack, duration_s: float) -> _Recheck:
        report = dict(track.report or {})
        document = caption_drafts.stored_document(track.vtt, report)
        draft = caption_drafts.from_document(document, report, duration_s or None)
        return cls(track.id, track.version, draft)


def clean_url(url: Any) -> str:
    """An address as it is stored.

    Raises:
        InvalidInput: It is none.
    """
    text = url.strip() if isinstance(url, str) else ""
    if not text:
        raise InvalidInput({"url": "Paste the address of the film's .m3u8 playlist."})
    if len(text) > MAX_URL_LENGTH:
        raise InvalidInput(
            {"url": f"The address has {len(text):,} characters; up to {MAX_URL_LENGTH:,} work."}
        )
    if not text.isprintable() or any(char.isspace() for char in text):
        raise InvalidInput({"url": "The address contains blanks or control characters."})
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput({"url": "The address contains characters that are not text."}) from None
    return text


def put_check(source: StreamSource, check: SourceCheck, host: str, now: datetime) -> None:
    """Give a source the result of a check. A film that cannot be measured keeps its length."""
    source.status = check.status
    source.report = {**check.report, "host": host}
    source.checked_at = now
    if check.duration_s:
        source.duration_s = check.duration_s


def _fit_movie(
    session: Session,
    actor: Actor,
    movie: Movie,
    check: SourceCheck,
    *,
    rechecks: Sequence[_Recheck],
    now: datetime,
) -> None:
    """Give a movie what was measured: its running time if nobody gave it one, captions that fit."""
    movie.updated_at = now
    if not movie.runtime_s and check.duration_s:
        before = movies.audited(movie)
        movie.runtime_s = round(check.duration_s)
        movies.record_change(session, actor, "movie.update", movie, before=before, now=now)
    by_id = {each.track_id: each for each in rechecks}
    for track in rows.tracks_of(session, movie.id):
        found = by_id.get(track.id)
        if found is not None and found.version == track.version:
            is_upload = (track.report or {}).get("isUpload", track.version == 1)
            track.is_valid = found.draft.is_valid
            track.report = {**found.draft.report, "isUpload": is_upload}


def _require_source(session: Session, movie_id: str) -> StreamSource:
    source = rows.source_of(session, movie_id)
    if source is None:
        raise NotFound("This film has no stream source yet.")
    return source


def _has_captions(session: Session, movie_id: str) -> bool:
    return movie_rows.load_records(session, [movie_id])[0].has_valid_captions


def _require_captions(session: Session, movie_id: str) -> None:
    record = movie_rows.load_records(session, [movie_id])[0]
    if not record.has_valid_captions:
        publishing_rules.raise_blocked(
            publishing_rules.blockers(record),
            "The captions do not fit the film behind this address, and this film is published. Hide"
            " it first, or upload captions that fit.",
        )


def _audited(source: StreamSource) -> Mapping[str, Any]:
    return {
        "url": source.url_fingerprint,  # the audit masks it: it tells only that there is one
        "host": (source.report or {}).get("host", ""),
        "duration_s": source.duration_s,
        "status": source.status,
        "key_id": source.url_key_id,
    }
