"""Rotating the keys of stored source URLs, with the proof before one is retired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from portal.services import audit, key_rotation
from portal.services.actors import SYSTEM
from portal.services.db import Database
from portal.services.key_rotation import KeyUse
from portal.services.keyring import SOURCE_INDEX, SOURCE_URL, STREAM_TOKEN, Keyring, KeyringError
from portal.services.models import AuditEvent, StreamSource
from portal.services.repositories import sealed
from portal.services.secrets_box import Place, SecretsBox, SecretUnreadable, key_id_of
from tests.support.catalog import add_movie

NOW = datetime(2026, 11, 27, tzinfo=UTC)
MANY = key_rotation.BATCH + 50


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.load_or_create(tmp_path / "keys.json")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    found = Database(database_url, threads=2)
    yield found
    found.close()


def fill(db: Database, keyring: Keyring, count: int) -> None:
    box = SecretsBox.of(keyring)

    def work(session: Session) -> None:
        for number in range(count):
            url = f"https://origin.example/{number}/main.m3u8"
            add_movie(session, box, slug=f"film-{number}", source_url=url, captions=())

    db.run_sync(work)


def urls(db: Database, box: SecretsBox) -> set[str]:
    rows = db.run_sync(lambda s: list(s.scalars(select(StreamSource))))
    return {
        box.open(row.url_ciphertext, Place("stream_source", "url_ciphertext", row.id))
        for row in rows
    }


def rows_of(db: Database, keyring: Keyring, purpose: str) -> dict[str, int | None]:
    return {u.key_id: u.rows for u in key_rotation.status(db, keyring) if u.purpose == purpose}


def test_everything_moves_to_the_new_key_and_the_old_one_goes(
    db: Database, keyring: Keyring
) -> None:
    fill(db, keyring, MANY)
    before = urls(db, SecretsBox.of(keyring))
    done = key_rotation.rotate(db, keyring, SOURCE_URL, actor=SYSTEM, now=NOW)
    assert (done.key_id, done.moved, done.left, done.unreadable) == ("k2", MANY, 0, 0)
    assert rows_of(db, keyring, SOURCE_URL) == {"k1": 0, "k2": MANY}
    assert key_rotation.retire(db, keyring, SOURCE_URL, "k1", actor=SYSTEM, now=NOW) == MANY
    fresh = Keyring.load(keyring.path)
    assert set(fresh[SOURCE_URL].keys) == {"k2"}
    assert urls(db, SecretsBox.of(fresh)) == before
    stored = db.run_sync(lambda s: list(s.scalars(select(StreamSource))))
    assert (
        {key_id_of(row.url_ciphertext) for row in stored}
        == {"k2"}
        == {row.url_key_id for row in stored}
    )
    events = db.run_sync(lambda s: list(s.scalars(select(AuditEvent))))
    assert [e.action for e in events] == ["keys.rotate", "keys.retire"]
    assert db.run_sync(audit.verify).broken_at is None


def test_a_key_that_one_row_needs_is_not_retired(db: Database, keyring: Keyring) -> None:
    fill(db, keyring, 3)
    keyring.rotate(SOURCE_URL)
    with pytest.raises(KeyringError, match="3 stored values need key 'k1'"):
        key_rotation.retire(db, keyring, SOURCE_URL, "k1", actor=SYSTEM, now=NOW)
    key_rotation.reencrypt(db, keyring, SOURCE_URL)
    # The column says k2, the text is sealed with k1: the proof looks at the text.
    box_k1 = SecretsBox(
        type(keyring[SOURCE_URL])("k1", keyring[SOURCE_URL].keys), keyring[SOURCE_INDEX]
    )

    def lie(session: Session) -> None:
        row = session.scalars(select(StreamSource)).first()
        assert row is not None
        place = Place("stream_source", "url_ciphertext", row.id)
        row.url_ciphertext = box_k1.seal("https://x.example/", place)

    db.run_sync(lie)
    with pytest.raises(KeyringError, match="1 stored value need"):
        key_rotation.retire(db, keyring, SOURCE_URL, "k1", actor=SYSTEM, now=NOW)
    assert key_rotation.reencrypt(db, keyring, SOURCE_URL).moved == 1
    key_rotation.retire(db, keyring, SOURCE_URL, "k1", actor=SYSTEM, now=NOW)


def test_what_cannot_be_read_is_left_and_told(db: Database, keyring: Keyring) -> None:
    fill(db, keyring, 2)

    def damage(session: Session) -> None:
        first = session.scalars(select(col(StreamSource.id)).order_by(col(StreamSource.id))).first()
        session.execute(
            update(StreamSource)
            .where(col(StreamSource.id) == first)
            .values(url_ciphertext="v1.k1.AAAA.AAAA")
        )

    db.run_sync(damage)
    done = key_rotation.rotate(db, keyring, SOURCE_URL, actor=SYSTEM, now=NOW)
    assert (done.moved, done.left, done.unreadable) == (1, 1, 1)
    with pytest.raises(KeyringError):
        key_rotation.retire(db, keyring, SOURCE_URL, "k1", actor=SYSTEM, now=NOW)


def test_what_somebody_stores_meanwhile_is_not_overwritten(db: Database, keyring: Keyring) -> None:
    fill(db, keyring, 1)
    keyring.rotate(SOURCE_URL)
    column = sealed.SEALED_COLUMNS[0]

    def work(session: Session) -> bool:
        [(row_id, _)] = sealed.rows_of_other_keys(session, column, "k2", after="", limit=9)
        return sealed.swap(session, column, row_id, old="another text", new="v1.k2.x.y", kid="k2")

    assert db.run_sync(work) is False
    assert len(urls(db, SecretsBox.of(keyring))) == 1


def test_a_key_is_added_before_it_is_used(db: Database, keyring: Keyring) -> None:
    assert keyring.add(SOURCE_URL) == "k2"
    assert keyring[SOURCE_URL].active == "k1"
    found = [u for u in key_rotation.status(db, keyring) if u.purpose == SOURCE_URL]
    assert found == [
        KeyUse(SOURCE_URL, "k1", True, False, 0),
        KeyUse(SOURCE_URL, "k2", False, True, 0),
    ]
    done = key_rotation.rotate(db, keyring, SOURCE_URL, actor=SYSTEM, now=NOW)
    assert done.key_id == "k2"
    assert set(keyring[SOURCE_URL].keys) == {"k1", "k2"}


def test_keys_of_tokens_rotate_without_stored_values(db: Database, keyring: Keyring) -> None:
    done = key_rotation.rotate(db, keyring, STREAM_TOKEN, actor=SYSTEM, now=NOW)
    assert (done.key_id, done.moved, done.left) == ("k2", 0, 0)
    assert rows_of(db, keyring, STREAM_TOKEN) == {"k1": None, "k2": None}
    assert key_rotation.retire(db, keyring, STREAM_TOKEN, "k1", actor=SYSTEM, now=NOW) == 0
    with pytest.raises(KeyringError):
        key_rotation.retire(db, keyring, STREAM_TOKEN, "k2", actor=SYSTEM, now=NOW)
    with pytest.raises(KeyringError):
        key_rotation.rotate(db, keyring, "nonsense", actor=SYSTEM, now=NOW)


def test_the_blind_index_is_computed_anew(db: Database, keyring: Keyring) -> None:
    fill(db, keyring, 3)
    done = key_rotation.rotate(db, keyring, SOURCE_INDEX, actor=SYSTEM, now=NOW)
    assert done.moved == 3
    box = SecretsBox.of(keyring)
    stored = db.run_sync(lambda s: set(s.scalars(select(col(StreamSource.url_fingerprint)))))
    assert stored == {box.fingerprint(url) for url in urls(db, box)}


def test_a_process_that_serves_follows_the_ring(tmp_path: Path) -> None:
    place = Place("stream_source", "url_ciphertext", "row")
    serving = Keyring.load_or_create(tmp_path / "keys.json")
    box = SecretsBox.of(serving)
    old = box.seal("old", place)
    command_line = Keyring.load(tmp_path / "keys.json")
    command_line.rotate(SOURCE_URL)
    sealed_by_new = SecretsBox.of(command_line).seal("new", place)
    assert box.open(sealed_by_new, place) == "new"
    assert box.open(old, place) == "old"
    assert key_id_of(box.seal("more", place)) == "k2"
    command_line.retire(SOURCE_URL, "k1")
    box.seal("x", place)  # notices that the ring was changed
    with pytest.raises(SecretUnreadable):
        box.open(old, place)


def test_a_ring_that_cannot_be_written_says_so_and_stays(tmp_path: Path) -> None:
    ring = Keyring.load_or_create(tmp_path / "ring" / "keys.json")
    ring.path = tmp_path / "ring" / "keys.json" / "below-a-file"
    with pytest.raises(KeyringError, match="cannot be written"):
        ring.rotate(SOURCE_URL)
    assert ring[SOURCE_URL].active == "k1"
