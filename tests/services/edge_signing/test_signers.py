"""Signers against published vectors, and against what a CDN does with what they make."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.services.edge_signing import (
    CommonAccessTokenSigner,
    EdgeClaims,
    PathSigner,
    SignerUnusable,
    cat,
    cloudfront,
    make_signer,
)
from portal.settings import Settings

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
CLAIMS = EdgeClaims(
    "https://films.example/hls/TOKEN/0123/", "session-1", NOW, NOW + timedelta(seconds=300)
)


def test_a_cwt_is_that_of_rfc_8392() -> None:
    """RFC 8392 A.4: the MACed CWT, byte by byte."""
    claims = {
        1: "coap://as.example.com", 2: "erikw", 3: "coap://light.example.com",
        4: 1444064944, 5: 1443944944, 6: 1443944944, 7: bytes.fromhex("0b71"),
    }  # fmt: skip
    key = bytes.fromhex("403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388")
    made = cat.mac0(claims, key, b"Symmetric256", algorithm=cat.HMAC_256_64)
    assert made.hex() == (
        "d83dd18443a10104a1044c53796d6d65747269633235365850a70175636f61703a2f2f61732e6578616d706c"
        "652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612ae"
        "b0051a5610d9f0061a5610d9f007420b7148093101ef6d789200"
    )
    assert cat.read(made, key) == claims


def test_a_common_access_token_says_what_may_be_fetched_and_until_when() -> None:
    key = b"k" * 32
    signer = CommonAccessTokenSigner(key, "k1", issuer="https://films.example")
    (value,) = signer.cookies(CLAIMS).values()
    token = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    found = cat.read(token, key)
    assert found[cat.EXP] == int(NOW.timestamp()) + 300
    assert found[cat.NBF] == int(NOW.timestamp())
    assert found[cat.CATU] == {
        0: {0: "https"}, 1: {0: "films.example"}, 3: {1: "/hls/TOKEN/0123/"},
    }  # fmt: skip
    assert found[cat.CATM] == ["GET", "HEAD"]
    assert found[cat.CTI] == b"session-1"


@pytest.mark.parametrize("position", [10, 40, -1])
def test_a_token_that_was_changed_is_refused(position: int) -> None:
    key = b"k" * 32
    token = bytearray(cat.mac0({1: "x", 4: 1}, key, b"k1"))
    token[position % len(token)] ^= 1
    with pytest.raises(ValueError, match="token"):
        cat.read(bytes(token), key)
    with pytest.raises(ValueError, match="MAC"):
        cat.read(cat.mac0({1: "x"}, key, b"k1"), b"o" * 32)


def test_a_cloudfront_policy_is_as_the_guide_writes_it() -> None:
    assert cloudfront.policy_of(CLAIMS) == (
        b'{"Statement":[{"Resource":"https://films.example/hls/TOKEN/0123/*",'
        b'"Condition":{"DateLessThan":{"AWS:EpochTime":1795457100},'
        b'"DateGreaterThan":{"AWS:EpochTime":1795456800}}}]}'
    )
    # The guide's own table of replacements: + becomes -, = becomes _, / becomes ~.
    assert cloudfront.encoded(b"\xfb\xff\xbe\xff") == "-~--~w__"


def test_cloudfront_s_cookies_verify_with_the_public_key() -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    cookies = cloudfront.CloudFrontSigner(pem, "K2JCJMDEHXQW5F").cookies(CLAIMS)
    back = str.maketrans("-_~", "+=/")
    policy, signature = (
        base64.b64decode(cookies[f"CloudFront-{name}"].translate(back))
        for name in ("Policy", "Signature")
    )
    key.public_key().verify(signature, policy, padding.PKCS1v15(), hashes.SHA1())
    assert json.loads(policy)["Statement"][0]["Resource"].endswith("/0123/*")
    assert cookies["CloudFront-Key-Pair-Id"] == "K2JCJMDEHXQW5F"
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, policy + b" ", padding.PKCS1v15(), hashes.SHA1())


def test_the_settings_choose_and_say_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "key"
    assert isinstance(make_signer(Settings()), PathSigner)
    file.write_text("ab" * 32 + "\n")
    settings = Settings(edge_signer="cat", edge_signer_key_file=file, edge_signer_key_id="k1")
    assert isinstance(make_signer(settings), CommonAccessTokenSigner)
    for text in ("ab" * 8, "not hex"):
        file.write_text(text)
        with pytest.raises(SignerUnusable, match="EDGE_SIGNER_KEY_FILE"):
            make_signer(settings)
    with pytest.raises(SignerUnusable, match="EDGE_SIGNER_KEY_FILE"):
        make_signer(Settings(edge_signer="cloudfront", edge_signer_key_file=file))
