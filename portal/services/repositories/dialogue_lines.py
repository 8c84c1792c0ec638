"""What is said in films, in a full-text index: a SQLite file (FTS5) of its own on each machine.

It is made from the caption tracks and may be deleted at any time. The catalog's database does not
hold it: MySQL and MariaDB read all lines with a word before they give the first ones, which takes
seconds among a million; FTS5 stops after those that are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col

from portal.services.captions.dialogue import DialogueLine
from portal.services.models import CaptionTrack

MAX_WORDS = 500
"""So many characters of a line are kept."""
_FORMAT = 1
"""Goes up with the shape of the tables: an older file is made anew."""
_TABLES = (
    "DROP TABLE IF EXISTS line",
    "DROP TABLE IF EXISTS track",
    "CREATE TABLE track (track_id TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    " first_line INTEGER NOT NULL, last_line INTEGER NOT NULL)",
    "CREATE INDEX track_last_line ON track (last_line)",
    "CREATE VIRTUAL TABLE line USING fts5(words, track_id UNINDEXED, movie_id UNINDEXED,"
    " start_ms UNINDEXED, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    f"PRAGMA user_version = {_FORMAT}",
)


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line that was found."""

    track_id: str
    movie_id: str
    start_ms: int
    words: str


def caption_text(session: Session, track_id: str) -> tuple[str, str, int] | None:
    """Movie, WebVTT and version of a valid track, from the catalog's database."""
    row = session.execute(
        select(col(CaptionTrack.movie_id), col(CaptionTrack.vtt), col(CaptionTrack.version)).where(
            col(CaptionTrack.id) == track_id, col(CaptionTrack.is_valid)
        )
    ).one_or_none()
    return (str(row[0]), str(row[1]), int(row[2])) if row else None


def prepare(session: Session) -> None:
    """Make the tables, unless they are there."""
    if session.execute(text("PRAGMA user_version")).scalar() != _FORMAT:
        for statement in _TABLES:
            session.execute(text(statement))


def indexed(session: Session) -> dict[str, int]:
    """Versions of the tracks whose lines are stored, by track."""
    rows = session.execute(text("SELECT track_id, version FROM track"))
    return {str(track_id): int(version) for track_id, version in rows}


def put(
    session: Session, track_id: str, movie_id: str, version: int, lines: Iterable[DialogueLine]
) -> None:
    """Store a track's lines in place of those it had."""
    remove(session, track_id)
    first = (session.execute(text("SELECT max(last_line) FROM track")).scalar() or 0) + 1
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
                "INSERT INTO line (rowid, track_id, movie_id, start_ms, words)"
                " VALUES (:id, :track_id, :movie_id, :start_ms, :words)"
            ),
            rows,
        )
    session.execute(
        text("INSERT INTO track VALUES (:track_id, :version, :first, :last)"),
        {
            "track_id": track_id,
            "version": version,
            "first": first,
            "last": first + max(0, len(rows) - 1),
        },
    )


def remove(session: Session, track_id: str) -> None:
    """Forget a track's lines.

    It writes before it reads: so the file is this transaction's from here on, and what `put` counts
    afterwards is still true when it inserts.
    """
    its = {"track_id": track_id}
    session.execute(
        text(
            "DELETE FROM line WHERE rowid BETWEEN"
            " (SELECT first_line FROM track WHERE track_id = :track_id)"
            " AND (SELECT last_line FROM track WHERE track_id = :track_id)"
        ),
        its,
    )
    session.execute(text("DELETE FROM track WHERE track_id = :track_id"), its)


def find(
    session: Session, words: Sequence[str], *, phrase: bool, limit: int, offset: int = 0
) -> list[StoredLine]:
    """Lines with all words, the last one perhaps only begun; what was stored last comes first.

    Args:
        session: On the file.
        words: As `search_words` gives them: letters and digits, nothing of FTS5's language.
        phrase: The words must stand beside one another.
        limit: At most so many.
        offset: After so many.
    """
    each = [f'"{word}"' for word in words]
    question = f'"{" ".join(words)}" *' if phrase else f"{' AND '.join(each)} *"
    rows: Any = session.execute(
        text(
            "SELECT track_id, movie_id, start_ms, words FROM line WHERE line MATCH :q"
            " ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
        ),
        {"q": question, "limit": limit, "offset": offset},
    )
    return [StoredLine(str(t), str(m), int(at), str(said)) for t, m, at, said in rows]
