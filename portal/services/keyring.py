"""The key ring: one JSON file, several keys for each purpose, one of them active.

    {"version": 1,
     "purposes": {"source-url": {"active": "k1", "keys": {"k1": "<base64, 32 bytes>"}}}}

Two live keys make rotation possible: new values use the active key, old ones are still read until
the key is retired. A purpose never shares a key with another.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOURCE_URL = "source-url"  # AES-256-GCM-SIV of `.m3u8` URLs
SOURCE_INDEX = "source-index"  # HMAC blind index of the same
STREAM_TOKEN = "stream-token"  # noqa: S105  (HS256 of stream tokens)
HLS_REFERENCE = "hls-reference"  # AES-SIV of origin paths inside rewritten playlists
TOTP_SECRET = "totp-secret"  # noqa: S105  (AES-256-GCM-SIV of what authenticator apps share with us)
VIEWER = "viewer"  # HMAC of viewer cookies and session ids
QA_BYPASS = "qa-bypass"  # HS256 of tokens that let a test through the rate limits
ORIGIN = "origin"  # what the gateway shows to the demo's own origin
PURPOSES = (
    SOURCE_URL, SOURCE_INDEX, STREAM_TOKEN, HLS_REFERENCE, TOTP_SECRET, VIEWER, QA_BYPASS, ORIGIN,
)  # fmt: skip

KEY_BYTES = 32
_MODE = 0o600


class KeyringError(Exception):
    """The key ring cannot be used; the text says why and how to mend it, never a key."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyset:
    """All live keys of one purpose.

    Attributes:
        active: Id of the key that new values use.
        keys: Key id to 32 bytes.
    """

    active: str
    keys: dict[str, bytes]

    @property
    def active_key(self) -> bytes:
        """The key that new values use."""
        return self.keys[self.active]

    def __repr__(self) -> str:
        return f"Keyset(active={self.active!r}, keys={sorted(self.keys)!r})"


class Keyring:
    """Read from a file; changed only through `add`, `rotate` and `retire`, which write it back."""

    def __init__(self, path: Path, keysets: dict[str, Keyset]) -> None:
        self.path = path
        self._keysets = keysets
        self._stamp: tuple[int, ...] = ()

    def __getitem__(self, purpose: str) -> Keyset:
        try:
            return self._keysets[purpose]
        except KeyError:
            message = (
                f"The key ring {self.path.name} has no keys for {purpose!r}. Add what a newer"
                " portal needs with: portal keys init"
            )
            raise KeyringError(message) from None

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read a key ring.

        Raises:
            KeyringError: The file is missing, unreadable, damaged, or readable by others.
        """
        try:
            stamp = _stamp(path)
            raw = json.loads(path.read_text())
            mode = path.stat().st_mode & 0o077
        except FileNotFoundError:
            message = f"There is no key ring at {path}. Make one with: portal keys init"
            raise KeyringError(message) from None
        except (OSError, ValueError) as error:
            message = f"The key ring {path} cannot be read: {type(error).__name__}."
            raise KeyringError(message) from None
        if mode & 0o007:
            message = f"The key ring {path} can be read by everybody. Mend: chmod 600 {path}"
            raise KeyringError(message)
        try:
            keysets = {
                purpose: Keyset(
                    str(entry["active"]),
                    {kid: _decode(key) for kid, key in entry["keys"].items()},
                )
                for purpose, entry in raw["purposes"].items()
            }
        except (KeyError, TypeError, AttributeError, binascii.Error, ValueError):
            message = f"The key ring {path} is damaged. Restore it from a backup."
            raise KeyringError(message) from None
        for purpose, keyset in keysets.items():
            if keyset.active not in keyset.keys:
                message = f"The key ring {path}: the active key of {purpose!r} is not there."
                raise KeyringError(message)
        ring = cls(path, keysets)
        ring._stamp = stamp
        return ring

    @classmethod
    def load_or_create(cls, path: Path) -> Keyring:
        """Read the key ring, or make a new one with random keys (the embedded default)."""
        if not path.exists():
            ring = cls(path, {purpose: _new_keyset("k1") for purpose in PURPOSES})
            ring._save(exclusive=True)
        ring = cls.load(path)
        missing = [purpose for purpose in PURPOSES if purpose not in ring._keysets]
        if missing:  # a newer portal knows more purposes
            for purpose in missing:
                ring._keysets[purpose] = _new_keyset("k1")
            ring._save()
        return ring

    def add(self, purpose: str) -> str:
        """Add a new key that is not used yet, and return its id.

        With several machines: add, give the ring to all of them, then `rotate`. So none meets a
        value that it cannot read.
        """
        old = self[purpose]
        kid = f"k{max((_number(kid) for kid in old.keys), default=0) + 1}"
        keys = {**old.keys, kid: secrets.token_bytes(KEY_BYTES)}
        self._change(purpose, Keyset(old.active, keys))
        return kid

    def rotate(self, purpose: str) -> str:
        """Make the key that was added last the active one, or a new one, and return its id."""
        keyset = self[purpose]
        newest = max(keyset.keys, key=_number)
        if _number(newest) <= _number(keyset.active):
            newest = self.add(purpose)
        self._change(purpose, Keyset(newest, self[purpose].keys))
        return newest

    def retire(self, purpose: str, kid: str) -> None:
        """Forget a key that is not active.

        Raises:
            KeyringError: It is the active one, or unknown.
        """
        old = self[purpose]
        if kid == old.active or kid not in old.keys:
            message = f"Key {kid!r} of {purpose!r} is active or unknown; it cannot be retired."
            raise KeyringError(message)
        rest = {k: v for k, v in old.keys.items() if k != kid}
        self._change(purpose, Keyset(old.active, rest))

    def refresh(self) -> bool:
        """Read the file again if it was changed since; False if it was not, or is unreadable now.

        So a process that serves sees at once what `portal keys` does.
        """
        try:
            if _stamp(self.path) == self._stamp:
                return False
            newer = Keyring.load(self.path)
        except (OSError, KeyringError):
            return False
        self._keysets, self._stamp = newer._keysets, newer._stamp
        return True

    def _change(self, purpose: str, keyset: Keyset) -> None:
        before = self._keysets[purpose]
        self._keysets[purpose] = keyset
        try:
            self._save()
        except OSError as error:
            self._keysets[purpose] = before
            message = (
                f"The key ring {self.path} cannot be written: {error.strerror}. Change it where it"
                " is kept."
            )
            raise KeyringError(message) from None

    def _save(self, *, exclusive: bool = False) -> None:
        data = {
            "version": 1,
            "purposes": {
                purpose: {
                    "active": keyset.active,
                    "keys": {k: base64.b64encode(v).decode() for k, v in keyset.keys.items()},
                }
                for purpose, keyset in self._keysets.items()
            },
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".keys-")
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(data, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_MODE)
            if exclusive:  # two processes starting at once must agree on one ring
                try:
                    os.link(name, self.path)
                except FileExistsError:
                    return
            else:
                Path(name).replace(self.path)
        finally:
            Path(name).unlink(missing_ok=True)


def _stamp(path: Path) -> tuple[int, ...]:
    """Changes with each write of the file."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _number(kid: str) -> int:
    return int(kid[1:]) if kid[1:].isdigit() else 0


def _new_keyset(kid: str) -> Keyset:
    return Keyset(kid, {kid: secrets.token_bytes(KEY_BYTES)})


def _decode(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key
