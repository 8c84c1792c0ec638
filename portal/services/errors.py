"""One tree of errors, each with its code, HTTP status and words.

    PortalError
    ├── InvalidInput            422  something a person typed, named by its field
    │   └── SourceRefused       422  a stream source that cannot go live; carries the findings
    ├── TooLarge                413  more bytes than are taken
    ├── PreconditionRequired    428  a change that does not say which version it is of
    ├── NotFound                404
    │   └── MovieNotFound       404  unknown, or not for this person to know of
    ├── Gone                    410
    │   └── MovieNotAvailable   410  known, but outside its availability window
    ├── Unauthenticated         401
    │   ├── SignInAgain         401  signed in, but too long ago for this
    │   └── TokenExpired        401  renew and go on
    ├── Forbidden               403
    │   ├── TokenInvalid        403  wrong, tampered, or another movie's
    │   └── SessionRevoked      403  the viewing session was ended
    ├── Conflict                409
    │   ├── EditConflict        412  somebody saved in between; carries the difference
    │   └── PublishingBlocked   409  what a movie lacks to be published; carries the list
    │       └── CaptionMissing  409  no valid caption track is among it
    ├── RateLimited             429  carries `retry_after_s`
    ├── TooManyStreams          429
    ├── OriginFailed            502  the film's source did not answer properly
    └── Unavailable             503  one of our own servers is away

They are raised in services and rendered in two places: as RFC 9457 problem+json in
`portal/api/errors.py` and as plain words in `portal/state/messages.py`. No error text contains a
token, a source URL or an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.services.translation import later, later_n


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps a movie from being published.

    Attributes:
        code: Stable, kebab-case.
        words: What is missing and how to mend it.
        href: Path of the page, with its section, where it is mended.
    """

    code: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed since it was opened.

    Attributes:
        field: Its name.
        yours: What this call wants to store; None when it does not touch the field.
        theirs: What is stored now.
        both_changed: Whether this call changes the field to something else than is stored.
    """

    field: str
    yours: Any
    theirs: Any
    both_changed: bool


class PortalError(Exception):
    """Base of every error that a person or a program may be shown.

    Attributes:
        code: Stable, machine-readable, kebab-case; also the tail of the problem `type`.
        status: The HTTP status it becomes.
        title: A short summary that is the same for every occurrence (RFC 9457 `title`).
        detail: What happened this time and what to do about it, in plain words.
    """

    code = "internal-error"
    status = 500
    title: str = later("Something went wrong on our side")
    default_detail: str = later("Please try again in a moment.")

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.default_detail
        super().__init__(self.detail)


class InvalidInput(PortalError):
    """Input that cannot be used; `fields` maps a field's name to what is wrong and the fix."""

    code = "validation"
    status = 422
    title = later("Some of the input cannot be used")
    default_detail = later("Check the fields that are marked.")

    def __init__(self, fields: dict[str, str], detail: str | None = None) -> None:
        self.fields = dict(fields)
        super().__init__(detail or " ".join(self.fields.values()) or None)


class SourceRefused(InvalidInput):
    """A stream source with errors: it would not play, or not everywhere.

    Attributes:
        findings: All findings of the check, worst first, as plain data.
    """

    code = "source-invalid"
    title = later("This stream source cannot be used")

    def __init__(self, detail: str, findings: Sequence[dict[str, Any]] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__({"url": detail}, detail)


class TooLarge(PortalError):
    """A file or a body with more bytes than are taken."""

    code = "too-large"
    status = 413
    title = later("Too large")
    default_detail = later("This is larger than the portal takes.")


class PreconditionRequired(PortalError):
    """A change has to say which version it is of, so that nobody's work is lost (RFC 6585)."""

    code = "precondition-required"
    status = 428
    title = later("Say which version this changes")
    default_detail = later("Send the ETag that you were given in the header If-Match.")


class NotFound(PortalError):
    """There is nothing at this address."""

    code = "not-found"
    status = 404
    title = later("Not found")
    default_detail = later("There is nothing at this address.")


class MovieNotFound(NotFound):
    """No such movie, or one that this person may not know of."""

    code = "movie-not-found"
    title = later("Film not found")
    default_detail = later("We can't find that film.")


class Gone(PortalError):
    """It was here and is not any more."""

    code = "gone"
    status = 410
    title = later("No longer available")
    default_detail = later("This is no longer available.")


class MovieNotAvailable(Gone):
    """The movie exists but cannot be watched at this instant."""

    code = "not-available"
    title = later("Film not available")
    default_detail = later("This film is not available at the moment.")


class Unauthenticated(PortalError):
    """Nobody is signed in, or a token has run out."""

    code = "unauthenticated"
    status = 401
    title = later("Sign in first")
    default_detail = later("Sign in to do this.")


class SignInAgain(Unauthenticated):
    """Something that takes somebody who signed in lately."""

    code = "sign-in-again"
    title = later("Sign in again")
    default_detail = later("This changes how people sign in. Show once more that it is you.")


class TokenExpired(Unauthenticated):
    """A stream token past its `exp`; the player renews it and goes on."""

    code = "token-expired"
    title = later("Stream token expired")
    default_detail = later("This stream token has expired. Ask for a new one.")


class Forbidden(PortalError):
    """Known caller, not allowed."""

    code = "forbidden"
    status = 403
    title = later("Not allowed")
    default_detail = later("You are not allowed to do this.")


class TokenInvalid(Forbidden):
    """A stream token that this portal did not issue for this movie. Says no more than that."""

    code = "token-invalid"
    title = later("Stream token refused")
    default_detail = later("This stream token is not valid here.")


class SessionRevoked(Forbidden):
    """The viewing session was ended on purpose."""

    code = "session-revoked"
    title = later("Viewing session ended")
    default_detail = later("This viewing session has ended. Start the film again.")


class Conflict(PortalError):
    """The request does not fit the present state."""

    code = "conflict"
    status = 409
    title = later("Conflict")
    default_detail = later("This does not fit what is stored now.")


class EditConflict(Conflict):
    """A lost update: somebody saved between our read and our write (If-Match failed).

    Attributes:
        differences: What was changed since, in the order of the form.
        current_version: The version that is stored now; None where there is no such number.
        changed_by: Who saved last, or "".
        changed_at: When, or None.
    """

    code = "edit-conflict"
    status = 412
    title = later("Somebody else changed this")
    default_detail = later("This was changed by somebody else since you opened it.")

    def __init__(
        self,
        detail: str | None = None,
        *,
        differences: Sequence[Difference] = (),
        current_version: int | None = None,
        changed_by: str = "",
        changed_at: datetime | None = None,
    ) -> None:
        self.differences = tuple(differences)
        self.current_version = current_version
        self.changed_by = changed_by
        self.changed_at = changed_at
        super().__init__(detail)


class PublishingBlocked(Conflict):
    """A movie that cannot be shown to viewers yet, or a change that would take away what it needs.

    Attributes:
        blockers: All that is missing, in the order to mend it.
    """

    code = "publishing-blocked"
    title = later("This film cannot be published yet")
    default_detail = later("Something that every published film needs is missing.")

    def __init__(self, detail: str | None = None, *, blockers: Sequence[Blocker] = ()) -> None:
        self.blockers = tuple(blockers)
        super().__init__(detail or " ".join(blocker.words for blocker in blockers) or None)


class CaptionMissing(PublishingBlocked):
    """A movie without a valid captions-or-subtitles track cannot be published."""

    code = "caption-missing"
    title = later("Captions are missing")
    default_detail = later("Add at least one valid caption track before publishing this film.")


class RateLimited(PortalError):
    """Too many requests; `retry_after_s` seconds until one is allowed again."""

    code = "rate-limited"
    status = 429
    title = later("Too many requests")

    def __init__(self, retry_after_s: float, detail: str | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(
            detail
            or later_n(
                "Too many requests. Try again in {n} second.",
                "Too many requests. Try again in {n} seconds.",
                max(1, round(retry_after_s)),
            )
        )


class TooManyStreams(PortalError):
    """The viewer already plays as many films at once as allowed."""

    code = "too-many-streams"
    status = 429
    title = later("Too many films at once")
    default_detail = later(
        "Too many films are playing for you at once. Stop one of them and try again."
    )


class OriginFailed(PortalError):
    """The film's source is unreachable, not a playlist, or too large."""

    code = "origin-failed"
    status = 502
    title = later("The film's source has a problem")
    default_detail = later("The film's source is not answering properly. Try again in a moment.")


class Unavailable(PortalError):
    """One of our own servers (database, Redis) is away."""

    code = "unavailable"
    status = 503
    title = later("Temporarily unavailable")
    default_detail = later("The portal is having trouble right now. It will be back shortly.")
    retry_after_s = 5
