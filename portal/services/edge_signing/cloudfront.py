"""CloudFront's signed cookies with a custom policy.

Amazon CloudFront Developer Guide, "Setting signed cookies using a custom policy": the policy is
JSON without white space, signed with RSA and SHA-1 (the only one that CloudFront checks), both in
base64 with `+=/` replaced by `-_~`.
"""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from portal.services.edge_signing.claims import EdgeClaims

_SAFE = str.maketrans("+=/", "-_~")


class CloudFrontSigner:
    """Signs with the private key of a CloudFront key group."""

    def __init__(self, private_key_pem: bytes, key_pair_id: str) -> None:
        """Read the key.

        Raises:
            ValueError: It is no RSA private key in PEM.
        """
        key = load_pem_private_key(private_key_pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            message = "CloudFront needs an RSA private key."
            raise ValueError(message)
        self._key = key
        self._key_pair_id = key_pair_id

    def cookies(self, claims: EdgeClaims) -> dict[str, str]:
        """The three cookies that CloudFront looks for."""
        policy = policy_of(claims)
        # SHA-1 is what CloudFront verifies with; the policy is ours and lives minutes.
        signature = self._key.sign(policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  # nosec B303
        return {
            "CloudFront-Policy": encoded(policy),
            "CloudFront-Signature": encoded(signature),
            "CloudFront-Key-Pair-Id": self._key_pair_id,
        }


def policy_of(claims: EdgeClaims) -> bytes:
    """The policy as it is signed, byte by byte."""
    condition = {
        "DateLessThan": {"AWS:EpochTime": int(claims.expires_at.timestamp())},
        "DateGreaterThan": {"AWS:EpochTime": int(claims.not_before.timestamp())},
    }
    statement = {"Resource": f"{claims.url_prefix}*", "Condition": condition}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


def encoded(data: bytes) -> str:
    """Base64 as CloudFront takes it in cookies and URLs."""
    return base64.b64encode(data).decode().translate(_SAFE)
