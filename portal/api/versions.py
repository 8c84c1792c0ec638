"""ETags that carry a version, and the If-Match that names one (RFC 9110 13.1.1)."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from fastapi import Header

from portal.services.errors import EditConflict, PreconditionRequired

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        json_schema_extra={"pattern": r'^(\*|"[0-9]{1,9}(-[0-9a-f]{12})?")$'},
        description="The ETag of what is changed, as it was given; `*` changes whatever is there.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=2000, description="ETags that the caller has."),
]
_TAG = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]{12})?"', re.ASCII)


def version_tag(version: int, content: object = None) -> str:
    """An ETag with a version, and with a hash of all else that the representation shows.

    Changes ask for the version before the dash only: who edits a title does not collide with who
    uploads captions.
    """
    if content is None:
        return f'"{version}"'
    return f'"{version}-{hashlib.blake2b(repr(content).encode(), digest_size=6).hexdigest()}"'


def content_tag(body: bytes) -> str:
    """A strong ETag of a body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the caller has this representation (weak comparison)."""
    if not if_none_match:
        return False
    given = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return tag in given or "*" in given


def required_version(if_match: str | None) -> int | None:
    """The version that a change is of; None for `*`.

    Raises:
        PreconditionRequired: There is no If-Match.
        EditConflict: It holds no ETag of this portal.
    """
    if if_match is None:
        raise PreconditionRequired
    if if_match.strip() == "*":
        return None
    # By RFC 9110 13.1.1 a weak tag never fits. But a proxy that compresses makes our tags weak, and
    # a version is the same thing either way.
    for tag in if_match.split(","):
        if found := _TAG.fullmatch(tag.strip().removeprefix("W/")):
            return int(found[1])
    raise EditConflict("If-Match holds no ETag that this portal gave. Load it again.")


def optional_version(if_match: str | None) -> int | None:
    """The same where If-Match may be left out: then whatever is there is changed.

    Raises:
        EditConflict: It holds no ETag of this portal.
    """
    return None if if_match is None else required_version(if_match)
