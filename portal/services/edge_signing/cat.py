"""A Common Access Token: a CWT (RFC 8392) in a COSE_Mac0 (RFC 9052 6.2), claims of CTA-5007.

HMAC with SHA-256 (COSE algorithm 5), a key shared with the CDN. The token says which URLs (`catu`,
by the start of their path), by which methods (`catm`), from when and until when, for which session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Final
from urllib.parse import urlsplit

import cbor2

from portal.services.edge_signing.claims import EdgeClaims

COOKIE: Final = "CTA-Common-Access-Token"
# RFC 8392 4, and the IANA registry of CWT claims for those of CTA-5007.
ISS, EXP, NBF, IAT, CTI = 1, 4, 5, 6, 7
CATV, CATU, CATM = 310, 312, 313
# CTA-5007, catu: parts of a URI, and how they are compared.
_SCHEME, _HOST, _PATH = 0, 1, 3
_EXACT, _PREFIX = 0, 1
_ALG, _KID = 1, 4  # COSE header parameters
HMAC_256_256: Final = 5
HMAC_256_64: Final = 4
_TAG_CWT, _TAG_MAC0 = 61, 17


class CommonAccessTokenSigner:
    """Makes tokens with a key that the CDN has too."""

    def __init__(self, key: bytes, key_id: str, *, issuer: str) -> None:
        self._key = key
        self._key_id = key_id
        self._issuer = issuer

    def cookies(self, claims: EdgeClaims) -> dict[str, str]:
        """The token in the cookie that CTA-5007 names, base64url without padding."""
        token = mac0(claims_of(claims, self._issuer), self._key, self._key_id.encode())
        return {COOKIE: base64.urlsafe_b64encode(token).decode().rstrip("=")}


def claims_of(claims: EdgeClaims, issuer: str) -> dict[int, Any]:
    """The claims by their numbers."""
    url = urlsplit(claims.url_prefix)
    return {
        ISS: issuer,
        EXP: int(claims.expires_at.timestamp()),
        NBF: int(claims.not_before.timestamp()),
        IAT: int(claims.not_before.timestamp()),
        CTI: claims.session_id.encode(),
        CATV: 1,
        CATU: {
            _SCHEME: {_EXACT: url.scheme},
            _HOST: {_EXACT: url.hostname or ""},
            _PATH: {_PREFIX: url.path},
        },
        CATM: ["GET", "HEAD"],
    }


def mac0(
    claims: dict[int, Any], key: bytes, key_id: bytes, *, algorithm: int = HMAC_256_256
) -> bytes:
    """A tagged CWT in a COSE_Mac0."""
    protected = cbor2.dumps({_ALG: algorithm})
    payload = cbor2.dumps(claims)
    tag = _mac(protected, payload, key, algorithm)
    inner = cbor2.CBORTag(_TAG_MAC0, [protected, {_KID: key_id}, payload, tag])
    return cbor2.dumps(cbor2.CBORTag(_TAG_CWT, inner))


def read(token: bytes, key: bytes) -> dict[int, Any]:
    """The claims of a token whose MAC is right; what a CDN does first.

    Raises:
        ValueError: It is no such token, or the MAC is wrong.
    """
    try:
        outer = cbor2.loads(token)
        protected, _, payload, tag = outer.value.value
        algorithm = cbor2.loads(protected)[_ALG]
        if outer.tag != _TAG_CWT or outer.value.tag != _TAG_MAC0:
            raise KeyError
        expected = _mac(protected, payload, key, algorithm)
        claims = cbor2.loads(payload)
    except (cbor2.CBORError, AttributeError, TypeError, KeyError, ValueError):
        message = "This is no token."
        raise ValueError(message) from None
    if not hmac.compare_digest(expected, tag):
        message = "The token's MAC is wrong."
        raise ValueError(message)
    return dict(claims)


def _mac(protected: bytes, payload: bytes, key: bytes, algorithm: int) -> bytes:
    # RFC 9052 6.3: what is authenticated.
    structure = cbor2.dumps(["MAC0", protected, b"", payload])
    digest = hmac.new(key, structure, hashlib.sha256).digest()
    return digest[: {HMAC_256_256: 32, HMAC_256_64: 8}[algorithm]]
