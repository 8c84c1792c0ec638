"""Stream tokens: what a wrong one is refused with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from portal.services.errors import TokenExpired, TokenInvalid
from portal.services.keyring import Keyset
from portal.services.stream_token import MAX_TTL_S, StreamTokenSigner

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32


def signer(ttl_s: int = 300) -> StreamTokenSigner:
    return StreamTokenSigner(Keyset("k1", {"k1": KEY}), ttl_s=ttl_s)


def sign(made_by: StreamTokenSigner, **more: int) -> str:
    token, _ = made_by.sign(session_id="s", movie_id="m", viewer_id="v", now=NOW, **more)
    return token


def test_a_good_token_says_who_and_what() -> None:
    claims = signer().verify(sign(signer()), movie_id="m", now=NOW)
    assert (claims.session_id, claims.movie_id, claims.viewer_id) == ("s", "m", "v")


def test_it_expires_at_its_instant_and_not_before() -> None:
    made_by = signer(10)
    token = sign(made_by)
    made_by.verify(token, movie_id="m", now=NOW + timedelta(seconds=9))
    with pytest.raises(TokenExpired):
        made_by.verify(token, movie_id="m", now=NOW + timedelta(seconds=10))


def test_a_token_from_the_future_is_to_be_renewed() -> None:
    made_by = signer(10)
    token = sign(made_by)
    with pytest.raises(TokenExpired):
        made_by.verify(token, movie_id="m", now=NOW - timedelta(hours=1))


def test_a_cached_token_expires_too() -> None:
    made_by = signer(10)
    token = sign(made_by)
    for _ in range(2):
        made_by.verify(token, movie_id="m", now=NOW)
    with pytest.raises(TokenExpired):
        made_by.verify(token, movie_id="m", now=NOW + timedelta(seconds=11))


def test_another_movie_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        signer().verify(sign(signer()), movie_id="other", now=NOW)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_tampering_is_refused(part: int) -> None:
    parts = sign(signer()).split(".")
    middle = len(parts[part]) // 2
    swapped = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + swapped + parts[part][middle + 1 :]
    with pytest.raises(TokenInvalid):
        signer().verify(".".join(parts), movie_id="m", now=NOW)


def forged(key: bytes | str, algorithm: str, kid: str = "k1", **changes: object) -> str:
    claims = {
        "iss": "portal", "aud": "hls", "sub": "v", "sid": "s", "mid": "m", "jti": "j",
        "iat": NOW.timestamp(), "nbf": NOW.timestamp(), "exp": NOW.timestamp() + 60,
    }  # fmt: skip
    changed = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(changed, key, algorithm=algorithm, headers={"kid": kid})


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        forged(OTHER, "HS256"),
        forged(KEY * 2, "HS512"),
        forged("", "none"),
        forged(KEY, "HS256", kid="k9"),
        forged(KEY, "HS256", aud="other"),
        forged(KEY, "HS256", iss="other"),
        forged(KEY, "HS256", sid=None),
        forged(KEY, "HS256", exp=None),
    ],
)
def test_a_forged_token_is_refused_without_a_hint(token: str) -> None:
    with pytest.raises(TokenInvalid) as refusal:
        signer().verify(token, movie_id="m", now=NOW)
    assert refusal.value.detail == TokenInvalid.default_detail


def test_two_keys_live_during_a_rotation() -> None:
    token = sign(signer())
    both = StreamTokenSigner(Keyset("k2", {"k1": KEY, "k2": OTHER}), ttl_s=300)
    both.verify(token, movie_id="m", now=NOW)
    retired = StreamTokenSigner(Keyset("k2", {"k2": OTHER}), ttl_s=300)
    with pytest.raises(TokenInvalid):
        retired.verify(token, movie_id="m", now=NOW)


def test_no_token_lives_longer_than_five_minutes() -> None:
    with pytest.raises(ValueError, match="300"):
        signer(MAX_TTL_S + 1)
    _, expires_at = signer(60).sign(
        session_id="s", movie_id="m", viewer_id="v", now=NOW, ttl_s=99_999
    )
    assert expires_at == NOW + timedelta(seconds=60)
