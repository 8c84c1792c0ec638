"""Dictionaries of structured fields (RFC 9651, which replaces RFC 8941), read strictly.

The algorithm is that of RFC 9651 section 4.2: anything it does not allow fails the whole
dictionary. Bounds are added that the RFC leaves to the user of a field: a text that is longer, or
has more members, is refused before it is looked at.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MAX_CHARS: Final = 4096
MAX_MEMBERS: Final = 64
MAX_INNER: Final = 32

_DIGITS = frozenset(string.digits)
_KEY_FIRST = frozenset(string.ascii_lowercase + "*")
_KEY = frozenset(string.ascii_lowercase + string.digits + "_-.*")
_TOKEN_FIRST = frozenset(string.ascii_letters + "*")
# tchar of RFC 9110, and ":" and "/".
_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~:/")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_HEX = frozenset("0123456789abcdef")


class MalformedField(ValueError):
    """The text is not a dictionary of structured fields; says where, never what stood there."""


class Token(str):
    """A token: like a string, but not written in quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Date:
    """An instant, in seconds since the epoch."""

    seconds: int


BareItem = int | float | str | Token | bytes | bool | Date


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its parameters."""

    value: BareItem
    parameters: Mapping[str, BareItem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    """Several items as one member, with parameters of its own."""

    items: tuple[Item, ...]
    parameters: Mapping[str, BareItem] = field(default_factory=dict)


Member = Item | InnerList


def parse_dictionary(text: str) -> dict[str, Member]:
    """Read a dictionary; of a key that stands twice the last value holds, as the RFC says.

    Raises:
        MalformedField: It is not one, or longer than is read here.
    """
    if len(text) > MAX_CHARS:
        raise MalformedField(f"longer than {MAX_CHARS} characters")
    return _Reader(text).dictionary()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    # -- the text ------------------------------------------------------------------------------

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _take(self) -> str:
        found = self._peek()
        self._at += 1
        return found

    def _takes(self, wanted: str) -> bool:
        if self._peek() != wanted:
            return False
        self._at += 1
        return True

    def _while(self, allowed: frozenset[str]) -> str:
        start = self._at
        while self._peek() and self._peek() in allowed:
            self._at += 1
        return self._text[start : self._at]

    def _spaces(self, allowed: str = " ") -> None:
        while self._peek() and self._peek() in allowed:
            self._at += 1

    def _fail(self, words: str) -> MalformedField:
        return MalformedField(f"{words} at character {self._at + 1}")

    # -- the grammar ---------------------------------------------------------------------------

    def dictionary(self) -> dict[str, Member]:
        found: dict[str, Member] = {}
        self._spaces()
        while self._peek():
            key = self._key()
            found.pop(key, None)
            found[key] = self._member() if self._takes("=") else Item(True, self._parameters())
            if len(found) > MAX_MEMBERS:
                raise self._fail(f"more than {MAX_MEMBERS} members")
            self._spaces(" \t")
            if not self._peek():
                break
            if not self._takes(","):
                raise self._fail("no comma between members")
            self._spaces(" \t")
            if not self._peek():
                raise self._fail("a comma without a member after it")
        return found

    def _member(self) -> Member:
        return self._inner_list() if self._peek() == "(" else self._item()

    def _item(self) -> Item:
        return Item(self._bare_item(), self._parameters())

    def _inner_list(self) -> InnerList:
        self._at += 1
        items: list[Item] = []
        while True:
            self._spaces()
            if self._takes(")"):
                return InnerList(tuple(items), self._parameters())
            if not self._peek():
                raise self._fail("a list without an end")
            items.append(self._item())
            if len(items) > MAX_INNER:
                raise self._fail(f"more than {MAX_INNER} items in a list")
            if self._peek() not in {" ", ")"}:
                raise self._fail("no space between items")

    def _parameters(self) -> dict[str, BareItem]:
        found: dict[str, BareItem] = {}
        while self._takes(";"):
            self._spaces()
            key = self._key()
            found.pop(key, None)
            found[key] = self._bare_item() if self._takes("=") else True
            if len(found) > MAX_MEMBERS:
                raise self._fail(f"more than {MAX_MEMBERS} parameters")
        return found

    def _key(self) -> str:
        if self._peek() not in _KEY_FIRST:  # "" is in no set of characters
            raise self._fail("no key")
        return self._while(_KEY)

    def _bare_item(self) -> BareItem:  # noqa: PLR0911  one branch for each type of the RFC
        first = self._peek()
        if first == "-" or first in _DIGITS:
            return self._number()
        if first == '"':
            return self._string()
        if first in _TOKEN_FIRST:
            return Token(self._while(_TOKEN))
        if first == ":":
            return self._bytes()
        if first == "?":
            return self._boolean()
        if first == "@":
            self._at += 1
            value = self._number()
            if not isinstance(value, int):
                raise self._fail("a date that is no whole number")
            return Date(value)
        if first == "%":
            return self._display_string()
        raise self._fail("no value")

    def _number(self) -> int | float:
        sign = -1 if self._takes("-") else 1
        whole = self._while(_DIGITS)
        if not whole:
            raise self._fail("no digit")
        if not self._takes("."):
            if len(whole) > 15:
                raise self._fail("a whole number of more than 15 digits")
            return sign * int(whole)
        fraction = self._while(_DIGITS)
        if len(whole) > 12 or not 1 <= len(fraction) <= 3:
            raise self._fail("a decimal that is not of 12 and 3 digits")
        return sign * float(f"{whole}.{fraction}")

    def _string(self) -> str:
        self._at += 1
        found: list[str] = []
        while True:
            char = self._take()
            if char == "\\":
                char = self._take()
                if char not in {'"', "\\"}:
                    raise self._fail("a wrong escape")
                found.append(char)
            elif char == '"':
                return "".join(found)
            elif not char or not "\x20" <= char <= "\x7e":
                raise self._fail(
                    "a string without an end, or with a character that it may not hold"
                )
            else:
                found.append(char)

    def _bytes(self) -> bytes:
        end = self._text.find(":", self._at + 1)
        coded = self._text[self._at + 1 : end]
        if end < 0 or not _BASE64.fullmatch(coded):
            raise self._fail("no bytes in base64")
        self._at = end + 1
        try:
            return base64.b64decode(coded + "=" * (-len(coded) % 4))
        except binascii.Error:
            raise self._fail("no bytes in base64") from None

    def _boolean(self) -> bool:
        self._at += 1
        value = self._take()
        if value not in {"0", "1"}:
            raise self._fail("a boolean that is neither ?0 nor ?1")
        return value == "1"

    def _display_string(self) -> str:
        self._at += 1
        if not self._takes('"'):
            raise self._fail("no quote")
        found = bytearray()
        while True:
            char = self._take()
            if char == '"':
                try:
                    return found.decode("utf-8", "strict")
                except UnicodeDecodeError:
                    raise self._fail("a display string that is no UTF-8") from None
            if char == "%":
                octet = self._take() + self._take()
                if len(octet) != 2 or not set(octet) <= _HEX:
                    raise self._fail("a wrong escape")
                found.append(int(octet, 16))
            elif not char or not "\x20" <= char <= "\x7e":
                raise self._fail(
                    "a string without an end, or with a character that it may not hold"
                )
            else:
                found.append(ord(char))
