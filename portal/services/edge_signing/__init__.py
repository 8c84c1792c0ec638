"""What an edge in front of the portal checks by itself: one interface, three kinds of edges.

- `portal`: the token in the path; the edge asks the portal (nginx, `auth_request`).
- `cloudfront`: signed cookies with a policy, checked by CloudFront.
- `cat`: a Common Access Token (CTA-5007) in a cookie, checked by CDNs that know it.

All of them say the same: this session may fetch what lies below this path until this instant. What
a CDN has to do besides is in docs/cdn-contract.md.
"""

from __future__ import annotations

from portal.services.edge_signing.cat import CommonAccessTokenSigner
from portal.services.edge_signing.claims import EdgeClaims, EdgeSigner, PathSigner
from portal.services.edge_signing.cloudfront import CloudFrontSigner
from portal.settings import Settings

__all__ = [
    "CloudFrontSigner",
    "CommonAccessTokenSigner",
    "EdgeClaims",
    "EdgeSigner",
    "PathSigner",
    "SignerUnusable",
    "make_signer",
]
MIN_CAT_KEY_BYTES = 32


def make_signer(settings: Settings) -> EdgeSigner:
    """The signer that the settings choose.

    Raises:
        SignerUnusable: Its key cannot be read.
    """
    if settings.edge_signer == "portal":
        return PathSigner()
    try:
        key = settings.edge_signer_key_file.read_bytes() if settings.edge_signer_key_file else b""
        if settings.edge_signer == "cloudfront":
            return CloudFrontSigner(key, settings.edge_signer_key_id)
        secret = bytes.fromhex(key.decode("ascii").strip())
    except (OSError, ValueError) as error:
        raise SignerUnusable(f"PORTAL_EDGE_SIGNER_KEY_FILE: {type(error).__name__}.") from None
    if len(secret) < MIN_CAT_KEY_BYTES:
        raise SignerUnusable("PORTAL_EDGE_SIGNER_KEY_FILE holds fewer than 32 bytes in hex.")
    return CommonAccessTokenSigner(
        secret, settings.edge_signer_key_id, issuer=settings.public_url or settings.site_name
    )


class SignerUnusable(Exception):
    """The edge's signer cannot be made; the text names the setting."""
