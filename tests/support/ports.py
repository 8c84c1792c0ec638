"""Free ports."""

import random
import socket

_PORTS = range(12_000, 32_000)
"""Below those that systems give to outgoing connections (Linux: 32768 and up): between asking and
listening, no other test's connection can take one of these."""


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
