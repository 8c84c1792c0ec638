"""Encryption of `.m3u8` URLs at rest: AES-256-GCM-SIV bound to the row that holds the value.

Text format: `v1.<key id>.<nonce>.<ciphertext>`, base64url without padding. The associated data is
`table|column|row id|key id`: a ciphertext moved to another row or column does not decrypt.
GCM-SIV (RFC 8452) stays safe if a nonce ever repeats.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from portal.services.keyring import SOURCE_INDEX, SOURCE_URL, Keyring, Keyset

_VERSION = "v1"
_NONCE_BYTES = 12


class SecretUnreadable(Exception):
    """A stored secret does not decrypt: wrong key, damaged, or moved from another row."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret is stored; part of what is authenticated."""

    table: str
    column: str
    row_id: str

    def associated_data(self, kid: str) -> bytes:
        """The bytes that bind a ciphertext to this place."""
        return "|".join((self.table, self.column, self.row_id, kid)).encode()


class SecretsBox:
    """Seals and opens short texts with the keys of one purpose.

    Args:
        keyset: Keys that seal.
        index_keyset: Keys of the blind index.
        newer: Gives both anew if they were changed since; asked before sealing and when a key is
            not known.
    """

    def __init__(
        self,
        keyset: Keyset,
        index_keyset: Keyset,
        newer: Callable[[], tuple[Keyset, Keyset] | None] = lambda: None,
    ) -> None:
        self._keyset = keyset
        self._index_keyset = index_keyset
        self._newer = newer

    @classmethod
    def of(cls, keyring: Keyring, purpose: str = SOURCE_URL) -> SecretsBox:
        """The box of a purpose (source URLs), which follows changes of the key ring's file."""

        def newer() -> tuple[Keyset, Keyset]:
            keyring.refresh()  # several boxes share the ring: any of them may be the first to see
            return keyring[purpose], keyring[SOURCE_INDEX]

        return cls(keyring[purpose], keyring[SOURCE_INDEX], newer)

    @property
    def active_key_id(self) -> str:
        """Id of the key that `seal` uses."""
        self._refresh()
        return self._keyset.active

    def seal(self, plaintext: str, place: Place) -> str:
        """Encrypt `plaintext` for exactly this place."""
        self._refresh()
        kid = self._keyset.active
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCMSIV(self._keyset.active_key).encrypt(
            nonce, plaintext.encode(), place.associated_data(kid)
        )
        return f"{_VERSION}.{kid}.{_b64(nonce)}.{_b64(sealed)}"

    def open(self, sealed: str, place: Place) -> str:
        """Decrypt what `seal` made for this place.

        Raises:
            SecretUnreadable: It was not made for this place, or its key is gone.
        """
        try:
            version, kid, nonce, body = sealed.split(".")
            if version != _VERSION:
                raise SecretUnreadable
            if kid not in self._keyset.keys:
                self._refresh()
            key = self._keyset.keys[kid]
            data = AESGCMSIV(key).decrypt(_unb64(nonce), _unb64(body), place.associated_data(kid))
        except (ValueError, KeyError, InvalidTag, binascii.Error):
            raise SecretUnreadable from None
        return data.decode()

    def fingerprint(self, plaintext: str) -> str:
        """Blind index: the same for the same text, and nothing without the key. 64 hex digits."""
        self._refresh()
        key = self._index_keyset.active_key
        return hmac.new(key, plaintext.encode(), hashlib.sha256).hexdigest()

    def _refresh(self) -> None:
        found = self._newer()
        if found is not None:
            self._keyset, self._index_keyset = found


def key_id_of(sealed: str) -> str:
    """Id of the key that a stored text was sealed with, "" if it is none of ours."""
    version, _, rest = sealed.partition(".")
    return rest.partition(".")[0] if version == _VERSION else ""


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
