"""The key ring and what it seals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.services.keyring import PURPOSES, SOURCE_URL, Keyring, KeyringError, Keyset
from portal.services.secrets_box import Place, SecretsBox, SecretUnreadable

URL = "https://cdn.example/film/main.m3u8?sig=abc"
PLACE = Place("stream_source", "url_ciphertext", "row-1")


def box(*, active: str = "k1", keys: dict[str, bytes] | None = None) -> SecretsBox:
    keyset = Keyset(active, keys or {"k1": b"a" * 32})
    return SecretsBox(keyset, Keyset("k1", {"k1": b"i" * 32}))


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    sealed = box().seal(URL, PLACE)
    assert box().open(sealed, PLACE) == URL
    assert "cdn" not in sealed
    assert sealed.startswith("v1.k1.")
    assert sealed != box().seal(URL, PLACE)


@pytest.mark.parametrize(
    "place",
    [
        Place("stream_source", "url_ciphertext", "row-2"),
        Place("stream_source", "other", "row-1"),
        Place("other", "url_ciphertext", "row-1"),
    ],
)
def test_a_ciphertext_moved_elsewhere_does_not_open(place: Place) -> None:
    with pytest.raises(SecretUnreadable):
        box().open(box().seal(URL, PLACE), place)


@pytest.mark.parametrize("damage", ["", "v1", "v2.k1.a.b", "v1.k1.!.!", "v1.k7.AAAA.AAAA"])
def test_damage_is_told_apart_from_a_value(damage: str) -> None:
    with pytest.raises(SecretUnreadable):
        box().open(damage, PLACE)


def test_an_old_key_still_opens_after_a_rotation() -> None:
    sealed = box().seal(URL, PLACE)
    rotated = box(active="k2", keys={"k1": b"a" * 32, "k2": b"b" * 32})
    assert rotated.open(sealed, PLACE) == URL
    assert rotated.seal(URL, PLACE).startswith("v1.k2.")


def test_fingerprints_find_duplicates_without_the_text() -> None:
    assert box().fingerprint(URL) == box().fingerprint(URL)
    assert box().fingerprint(URL) != box().fingerprint(URL + "x")


def test_a_key_ring_is_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = Keyring.load_or_create(path)
    again = Keyring.load_or_create(path)
    for purpose in PURPOSES:
        assert first[purpose].active_key == again[purpose].active_key
    assert path.stat().st_mode & 0o777 == 0o600
    assert len({first[purpose].active_key for purpose in PURPOSES}) == len(PURPOSES)


def test_rotation_and_retirement_are_written_down(tmp_path: Path) -> None:
    ring = Keyring.load_or_create(tmp_path / "keys.json")
    assert ring.rotate(SOURCE_URL) == "k2"
    with pytest.raises(KeyringError):
        ring.retire(SOURCE_URL, "k2")
    ring.retire(SOURCE_URL, "k1")
    assert set(Keyring.load(tmp_path / "keys.json")[SOURCE_URL].keys) == {"k2"}


def test_a_damaged_or_open_key_ring_is_refused_with_the_fix(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeyringError, match="portal keys init"):
        Keyring.load(path)
    Keyring.load_or_create(path)
    path.chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 600"):
        Keyring.load(path)
    path.chmod(0o600)
    path.write_text(json.dumps({"purposes": {"x": {"active": "k1", "keys": {"k1": "short"}}}}))
    with pytest.raises(KeyringError, match="damaged"):
        Keyring.load(path)


def test_a_key_ring_never_prints_a_key(tmp_path: Path) -> None:
    ring = Keyring.load_or_create(tmp_path / "keys.json")
    assert repr(ring[SOURCE_URL].active_key) not in repr(ring[SOURCE_URL])
