"""The edge's nginx configuration, filled in: what `portal edge-config` prints."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[1] / "deploy/nginx/templates/portal.conf.template"
_VARIABLE = re.compile(r"\$\{(PORTAL_[A-Z_]+)\}")


def render(
    *,
    upstream: str,
    listen: str = "8080",
    certificate: str = "",
    certificate_key: str = "",
    cache: str = "/var/cache/nginx/portal",
    cache_gb: int = 20,
    slice_size: str = "1m",
    log: str = "/dev/stdout",
) -> str:
    """The configuration as text, for the `http` block of an nginx.conf.

    Args:
        upstream: host:port of the portal.
        listen: What nginx's `listen` takes, such as `443 ssl http2`.
        certificate: File of the certificate chain; "" without TLS.
        certificate_key: File of its key.
        cache: Folder of the caches; it must exist.
        cache_gb: How much of it segments may fill.
        slice_size: In what pieces parts of large files are kept, as nginx writes sizes.
        log: Where the access log goes.
    """
    tls = ""
    if certificate:
        tls = (
            f"ssl_certificate {certificate}; ssl_certificate_key {certificate_key};"
            " ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:portal_tls:10m;"
        )
    values = {
        "PORTAL_UPSTREAM": upstream,
        "PORTAL_EDGE_LISTEN": listen,
        "PORTAL_EDGE_TLS": tls,
        "PORTAL_EDGE_CACHE": cache,
        "PORTAL_EDGE_CACHE_GB": str(cache_gb),
        "PORTAL_EDGE_SLICE": slice_size,
        "PORTAL_EDGE_LOG": log,
    }
    lines = TEMPLATE.read_text("utf-8").splitlines(keepends=True)
    # The comments name the variables without meaning them.
    return "".join(
        line if line.startswith("#") else _VARIABLE.sub(lambda m: values[m[1]], line)
        for line in lines
    )
