"""Addresses of a Redis behind Sentinel."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from portal.services.redis_sentinel import parse_sentinel_url
from portal.settings import Settings


def test_all_parts_are_read() -> None:
    found = parse_sentinel_url(
        "rediss+sentinel://me:p%40ss@one,two:5000/films/2?sentinel_password=s"
    )
    assert found.hosts == (("one", 26379), ("two", 5000))
    assert (found.master, found.db, found.tls) == ("films", 2, True)
    assert (found.username, found.password, found.sentinel_password) == ("me", "p@ss", "s")
    assert found.by_socket("/run/r.sock") == "unix://me:p%40ss@/run/r.sock?db=2"


def test_only_the_sentinels_are_needed() -> None:
    found = parse_sentinel_url("redis+sentinel://[::1]:5000/films")
    assert found.hosts == (("::1", 5000),)
    assert found.by_socket("/r.sock") == "unix:///r.sock?db=0"


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:26379",
        "redis+sentinel:///films",
        "redis+sentinel://one:26379/films/main",
        "redis+sentinel://one:port/films",
    ],
)
def test_what_is_missing_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"[Ss]entinel"):
        parse_sentinel_url(url)
    with pytest.raises(ValidationError, match="name-of-the-master"):
        Settings(redis_url=url)
