"""The stored lines: the only place that knows how SQLite, MariaDB and MySQL search full text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlmodel import Session, col

from portal.services.captions.dialogue import DialogueLine
from portal.services.models import CaptionTrack, DialogueTrack

MAX_WORDS = 500
"""So many characters of a line are kept."""
# InnoDB's full-text index leaves these out; asked for, they would find nothing.
_SHORTEST_ON_MYSQL = 3
_STOPWORDS = frozenset(
    (
        *("about", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was"),
        *("what", "when", "where", "who", "will", "with", "www"),
    )
)


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line that was found."""

    track_id: str
    movie_id: str
    start_ms: int
    words: str


def indexed(session: Session) -> dict[str, int]:
    """Versions of the tracks whose lines are stored, by track."""
    rows = session.execute(select(col(DialogueTrack.track_id), col(DialogueTrack.version)))
    return {str(track_id): int(version) for track_id, version in rows}


def caption_text(session: Session, track_id: str) -> tuple[str, str, int] | None:
    """Movie, WebVTT and version of a valid track."""
    row = session.execute(
        select(col(CaptionTrack.movie_id), col(CaptionTrack.vtt), col(CaptionTrack.version)).where(
            col(CaptionTrack.id) == track_id, col(CaptionTrack.is_valid)
        )
    ).one_or_none()
    return (str(row[0]), str(row[1]), int(row[2])) if row else None


def put(
    session: Session, track_id: str, movie_id: str, version: int, lines: Iterable[DialogueLine]
) -> None:
    """Store a track's lines in place of those it had."""
    remove(session, track_id)
    first = (session.scalar(select(func.max(col(DialogueTrack.last_line)))) or 0) + 1
    rows = [
        {
            "id": first + number,
            "track_id": track_id,
            "movie_id": movie_id,
            "start_ms": round(line.start_s * 1000),
            "words": line.text[:MAX_WORDS],
        }
        for number, line in enumerate(lines)
    ]
    if rows:
        session.execute(
            text(
                f"INSERT INTO dialogue_line ({_id(session)}, track_id, movie_id, start_ms, words)"  # noqa: S608  # nosec B608  a name of ours
                " VALUES (:id, :track_id, :movie_id, :start_ms, :words)"
            ),
            rows,
        )
    session.add(
        DialogueTrack(
            track_id=track_id,
            version=version,
            first_line=first,
            last_line=first + max(0, len(rows) - 1),
        )
    )
    session.flush()


def remove(session: Session, track_id: str) -> None:
    """Forget a track's lines."""
    known = session.get(DialogueTrack, track_id, with_for_update=True)
    if known is None:
        return
    session.execute(
        text(f"DELETE FROM dialogue_line WHERE {_id(session)} BETWEEN :first AND :last"),  # noqa: S608  # nosec B608  a name of ours
        {"first": known.first_line, "last": known.last_line},
    )
    session.execute(delete(DialogueTrack).where(col(DialogueTrack.track_id) == track_id))
    session.flush()
    session.expunge(known)


def find(
    session: Session, words: Sequence[str], *, phrase: bool, limit: int, offset: int = 0
) -> list[StoredLine]:
    """Lines with all words, the last one perhaps only begun; the newest tracks first.

    Args:
        session: Where.
        words: As `search_words` gives them.
        phrase: The words must stand beside one another.
        limit: At most so many.
        offset: After so many.
    """
    question = (_on_sqlite if _is_sqlite(session) else _on_mysql)(words, phrase=phrase)
    if not question:
        return []
    match = (
        "dialogue_line MATCH :q"
        if _is_sqlite(session)
        else ("MATCH (words) AGAINST (:q IN BOOLEAN MODE)")
    )
    rows: Any = session.execute(
        text(
            f"SELECT track_id, movie_id, start_ms, words FROM dialogue_line WHERE {match}"  # noqa: S608  # nosec B608  names of ours
            f" ORDER BY {_id(session)} DESC LIMIT :limit OFFSET :offset"
        ),
        {"q": question, "limit": limit, "offset": offset},
    )
    return [StoredLine(str(t), str(m), int(at), str(said)) for t, m, at, said in rows]


def _on_sqlite(words: Sequence[str], *, phrase: bool) -> str:
    # Words are letters and digits only: nothing of FTS5's language is in them.
    if phrase:
        return f'"{" ".join(words)}" *'
    return " AND ".join(f'"{word}" *' if word == words[-1] else f'"{word}"' for word in words)


def _on_mysql(words: Sequence[str], *, phrase: bool) -> str:
    if phrase:
        return f'+"{" ".join(words)}"' if len(words) > 1 else ""
    told = [w for w in words if len(w) >= _SHORTEST_ON_MYSQL and w not in _STOPWORDS]
    return " ".join(f"+{word}*" if word == words[-1] else f"+{word}" for word in told)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _id(session: Session) -> str:
    return "rowid" if _is_sqlite(session) else "id"
