"""Passwords: Argon2id on threads of its own, and what a password must be.

Rules after NIST SP 800-63B-4 3.1.1: length instead of character classes, no common password,
nothing of the person's own address, no forced change.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from portal.services.errors import InvalidInput, Unavailable
from portal.services.translation import later

T = TypeVar("T")

MIN_LENGTH = 12
MAX_LENGTH = 256
_FEWEST_DIFFERENT = 5
# Each check takes 64 MiB and tens of milliseconds of a core. Two at a time leave room for viewers;
# who would be this far back in the queue is better told to come again.
_THREADS = 2
_MAX_WAITING = 40
_LIST = Path(__file__).with_name("common_passwords.txt")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
_DISGUISE = str.maketrans("@4013$57!|", "aaoiesstil")
_ENDS = re.compile(r"^[^a-z]+|[^a-z]+$")


class Passwords:
    """Hashes and checks passwords.

    Args:
        hasher: Parameters to hash with; a stored hash with others is replaced at the next sign-in.
    """

    def __init__(self, hasher: PasswordHash | None = None) -> None:
        # RFC 9106 4, second recommended option: Argon2id, t=3, m=64 MiB, p=4.
        self._hasher = hasher or PasswordHash((Argon2Hasher(),))
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._dummy: str = ""
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The string to store."""
        return await self._on_thread(lambda: self._hasher.hash(_prepared(password)))

    async def check(self, password: str, stored: str) -> tuple[bool, str | None]:
        """Whether it is the password, and a new hash to store if the parameters changed since.

        Args:
            password: As it was typed.
            stored: The account's hash; "" for nobody or no password: that takes just as long.

        Raises:
            Unavailable: Too many are waiting for the same.
        """
        usable = bool(stored) and len(password) <= MAX_LENGTH
        given = _prepared(password[:MAX_LENGTH])
        if not self._dummy:
            self._dummy = await self.hash("nobody has this password")

        def work() -> tuple[bool, str | None]:
            good, newer = self._hasher.verify_and_update(given, stored if usable else self._dummy)
            return good and usable, newer if usable else None

        return await self._on_thread(work)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MAX_WAITING:
            raise Unavailable
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def require_good_password(password: str, *, email: str) -> None:
    """See that a new password is worth having.

    Raises:
        InvalidInput: `password` says what is wrong and what to do.
    """
    text = _prepared(password)
    problem = ""
    if len(text) < MIN_LENGTH:
        problem = later(
            "Use at least {n} characters; a few words in a row are easy to keep.", n=MIN_LENGTH
        )
    elif len(text) > MAX_LENGTH:
        problem = later("Use at most {n} characters.", n=MAX_LENGTH)
    elif len(set(text.casefold())) < _FEWEST_DIFFERENT:
        problem = later(
            "This repeats a few characters. Use several words that do not belong together."
        )
    elif _names_the_person(text, email):
        problem = later("This is the e-mail address, or most of it. Use something else.")
    elif _is_common(text):
        problem = later("This is one of the passwords that are tried first. Use something else.")
    if problem:
        raise InvalidInput({"password": problem})


def _prepared(password: str) -> str:
    """One form for what looks the same on different keyboards (NIST SP 800-63B-4 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _names_the_person(text: str, email: str) -> bool:
    given = _letters(text)
    local, _, domain = email.partition("@")
    own = {_letters(part) for part in (email, local, domain, local + domain.partition(".")[0])}
    rests = {re.sub(re.escape(part), "", given) for part in own if len(part) >= 4}
    return given in own or any(len(rest) < MIN_LENGTH / 2 for rest in rests if rest != given)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = _LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_common(text: str) -> bool:
    given = text.casefold()
    core = _ENDS.sub("", given)  # without a year or marks around it
    plain = _letters(given)
    # "P@ssw0rd2026!" is "password" in its usual disguise.
    if {given, plain, _letters(core), _letters(core.translate(_DISGUISE))} & _common():
        return True
    if plain and any(plain in line for row in _ROWS for line in (row * 2, row[::-1] * 2)):
        return True
    return any((given[:size] * len(given))[: len(given)] == given for size in range(1, 9))
