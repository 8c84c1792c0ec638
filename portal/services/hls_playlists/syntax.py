"""Lines, tags, attribute lists and variables of an HLS playlist (RFC 8216bis section 4).

The reader is tolerant where players are (white space around attributes, CRLF, a byte order mark),
and linear in the length of the text whatever the text is, because origins are not trusted.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from portal.services.hls_playlists.errors import PlaylistError

MAX_LINES = 200_000
"""More lines than any film needs: 11 hours of 2-second segments with five tags each are 120,000."""

MAX_EXPANDED_LINE = 16_384
"""Longest line, in characters, that variable substitution may produce."""

MAX_EXPANSION = 8 * 1024 * 1024
"""Most characters that variable substitution may add to one playlist."""

_UNUSUAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAME = re.compile(r'([^=,"]*)([=,"]?)')
_VALUE = re.compile(r'[ \t]*(?:"([^"]*)"?[^,]*|([^,]*)),?')
_REFERENCE = re.compile(r"\{\$([A-Za-z0-9_-]+)\}")


class Attribute(NamedTuple):
    """One ``NAME=value`` of an attribute list.

    Attributes:
        name: As written, without surrounding white space.
        value: Without the quotes.
        quoted: Whether the value was a quoted-string.
    """

    name: str
    value: str
    quoted: bool


def lines_of(text: str) -> list[str]:
    """Split a playlist into its lines, without line ends and surrounding blanks.

    Only LF, CRLF and CR end a line; other Unicode line separators do not (RFC 8216bis 4.1). A byte
    order mark at the start and control characters, both forbidden there, are removed so that no
    player can see a line break which this module does not see.

    Raises:
        PlaylistError: There are more than ``MAX_LINES`` lines.
    """
    if _UNUSUAL.search(text):
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROL.sub("", text)
    if text.count("\n") > MAX_LINES:
        raise PlaylistError(f"The playlist has more than {MAX_LINES:,} lines.")
    return [line.strip(" \t") for line in text.split("\n")]


def tag_of(line: str) -> tuple[str, str]:
    """Split ``#EXT-X-KEY:METHOD=NONE`` into ``("EXT-X-KEY", "METHOD=NONE")``.

    Args:
        line: A line that starts with ``#EXT``.
    """
    name, _, value = line[1:].partition(":")
    return name.rstrip(" \t"), value.strip(" \t")


def attributes_of(value: str) -> list[Attribute]:
    """Read an attribute list. Pieces that are no ``NAME=value`` are skipped.

    Args:
        value: What follows the colon of a tag.
    """
    found: list[Attribute] = []
    at = 0
    end = len(value)
    while at < end:
        name = _NAME.match(value, at)
        if name is None:  # cannot be: the pattern matches the empty string
            break
        at = name.end()
        if name[2] != "=":
            continue
        match = _VALUE.match(value, at)
        if match is None:  # cannot be, as above
            break
        at = match.end()
        quoted = match[1] is not None
        text = match[1] if quoted else match[2].rstrip(" \t")
        found.append(Attribute(name[1].strip(" \t"), text, quoted))
    return found


def attribute_list(attributes: list[Attribute]) -> str:
    """Write an attribute list: the inverse of ``attributes_of`` up to white space."""
    return ",".join(
        f'{name}="{value}"' if quoted else f"{name}={value}" for name, value, quoted in attributes
    )


def quoted_text(text: str) -> str:
    """Make text fit for a quoted-string.

    Double quotes and line ends cannot be escaped there (RFC 8216bis 4.2), and ``{$`` would start a
    variable reference.
    """
    flat = " ".join(_CONTROL.sub(" ", text).split())
    return flat.replace('"', "\u2033").replace("{$", "{ $")


class Variables:
    """The variables of one playlist (EXT-X-DEFINE, RFC 8216bis 4.4.2.3), filled line by line.

    Args:
        url: Address of the playlist; its query answers ``QUERYPARAM``.
        imported: Variables of the multivariant playlist; they answer ``IMPORT``.
    """

    def __init__(self, url: str, imported: Mapping[str, str]) -> None:
        self._url = url
        self._imported = imported
        self._budget = MAX_EXPANSION
        self.values: dict[str, str] = {}

    def define(self, value: str) -> str | None:
        """Take in one EXT-X-DEFINE tag. The first definition of a name stands.

        Args:
            value: The tag's attribute list.

        Returns:
            The name defined, or None where the tag defines nothing that is known here.
        """
        attributes = {attribute.name: attribute.value for attribute in attributes_of(value)}
        name: str | None
        found: str | None = None
        if (name := attributes.get("NAME")) is not None:
            found = attributes.get("VALUE")
        elif (name := attributes.get("IMPORT")) is not None:
            found = self._imported.get(name)
        elif (name := attributes.get("QUERYPARAM")) is not None:
            found = self._query_parameter(name)
        if name is None or found is None:
            return None
        self.values.setdefault(name, found)
        return name

    def substitute(self, text: str) -> str:
        """Replace every ``{$name}`` by its value, once (values are not searched again).

        Raises:
            PlaylistError: A variable is not defined, or the result is unreasonably long.
        """
        if "{$" not in text:
            return text
        length = len(text)
        for match in _REFERENCE.finditer(text):
            value = self.values.get(match[1])
            if value is None:
                raise PlaylistError(
                    "The playlist uses a variable that it does not define (EXT-X-DEFINE)."
                )
            length += len(value)
            if length > MAX_EXPANDED_LINE:
                raise PlaylistError("A variable of the playlist (EXT-X-DEFINE) is too long.")
        self._budget -= length - len(text)
        if self._budget < 0:
            raise PlaylistError("The variables of the playlist (EXT-X-DEFINE) make it too long.")
        return _REFERENCE.sub(lambda match: self.values[match[1]], text)

    def _query_parameter(self, name: str) -> str | None:
        try:
            query = urlsplit(self._url).query
            return dict(parse_qsl(query, keep_blank_values=True)).get(name)
        except ValueError:
            return None


def variables_of(
    text: str, *, url: str, imported: Mapping[str, str] | None = None
) -> dict[str, str]:
    """All variables that a playlist defines, for the media playlists that ``IMPORT`` them.

    Args:
        text: A multivariant playlist.
        url: Its address after redirects.
        imported: Variables of a playlist above it; normally none.
    """
    variables = Variables(url, imported or {})
    if "#EXT-X-DEFINE" in text:
        for line in lines_of(text):
            if line.startswith("#EXT-X-DEFINE:"):
                variables.define(tag_of(line)[1])
    return variables.values
