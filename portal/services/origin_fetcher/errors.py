"""Why an origin gave no answer.

    OriginError (OriginFailed, 502)
    ├── OriginUnreachable   no address, no connection, bad certificate, or it broke off
    ├── OriginRefused       not allowed: form of the URL, host, port, address, redirect
    ├── OriginTooLarge      more bytes than asked for, before or after decompression
    ├── OriginBadStatus     an HTTP status that is of no use; carries `origin_status`
    └── OriginTimeout       too slow

``str()`` never contains a URL, host or address. A refused address reads like an unreachable one, so
that nobody can map a private network by typing URLs; ``reason`` tells them apart in the log.
"""

from portal.services.errors import OriginFailed

_UNREACHABLE = "The source cannot be reached, or is not one that the portal may fetch."


class OriginError(OriginFailed):
    """Base of all errors of the origin fetcher.

    Attributes:
        reason: Stable kebab-case word for logs and metrics. Names no host.
    """

    reason = "origin"


class OriginUnreachable(OriginError):
    """The origin could not be reached, or its answer broke off or was not HTTP.

    Args:
        reason: ``dns``, ``connect``, ``protocol`` or ``encoding``.
    """

    default_detail = _UNREACHABLE

    def __init__(self, reason: str = "connect") -> None:
        self.reason = reason
        super().__init__()


class OriginRefused(OriginError):
    """The portal's policy forbids the fetch.

    Args:
        reason: Which rule: ``url``, ``scheme``, ``userinfo``, ``port``, ``host``, ``address`` or
            ``redirect``.
    """

    default_detail = _UNREACHABLE

    _DETAILS = {
        "url": "The address of the source is not a valid URL.",
        "scheme": "The address of the source has to begin with https://.",
        "userinfo": "The address of the source must not contain a user name or password.",
        "port": "The source must be served on the standard https port (443).",
        "redirect": "The source redirects too often, or to where the portal may not fetch.",
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(self._DETAILS.get(reason))


class OriginTooLarge(OriginError):
    """The answer has more bytes than the caller takes."""

    reason = "too-large"
    default_detail = "The source sends more data than a playlist may have."


class OriginBadStatus(OriginError):
    """The origin answered with a status that is of no use.

    Attributes:
        origin_status: The HTTP status the origin sent; ``status`` is that of the portal's answer.
    """

    reason = "bad-status"

    def __init__(self, origin_status: int) -> None:
        self.origin_status = origin_status
        super().__init__(f"The source answers with the HTTP status {origin_status}.")


class OriginTimeout(OriginError):
    """The origin was too slow."""

    reason = "timeout"
    default_detail = "The source does not answer in time."
