"""Audit events in words, with what changed field by field. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal import routes
from portal.services.admin_views import ActivityLine, ChangeLine
from portal.services.audit_log import AuditView
from portal.services.movie_form import LABELS, MORE_LABELS, shown
from portal.services.movie_rows import ago, short

MAX_SHOWN: Final = 400
_NAMES: Final = LABELS | MORE_LABELS
_DID: Final = {
    "movie.create": "Created the film",
    "movie.delete": "Deleted the draft",
    "movie.schedule": "Changed the schedule",
    "movie.undo": "Took a change back",
    "source.set": "Set the stream source",
    "source.check": "Checked the stream source",
    "source.remove": "Removed the stream source",
    "caption.upload": "Uploaded captions",
    "caption.replace": "Uploaded captions anew",
    "caption.edit": "Edited captions",
    "caption.update": "Changed a caption track",
    "caption.restore": "Restored earlier captions",
    "caption.delete": "Deleted captions",
    "artwork.upload": "Uploaded a picture",
    "artwork.crop": "Moved a focal point",
    "shelf.create": "Made a shelf",
    "shelf.update": "Changed a shelf",
    "shelf.delete": "Deleted a shelf",
    "shelf.order": "Ordered the shelves",
    "login.refused": "Was refused at the login",
    "login.throttled": "Was made to wait at the login",
    "account.create": "Made an account",
    "account.disable": "Shut an account out",
    "account.enable": "Let an account in again",
    "account.forget-factors": "Took phone and passkeys off an account",
    "account.password": "Changed a password",
    "account.role": "Changed a role",
    "authenticator.add": "Set up an authenticator app",
    "authenticator.remove": "Removed the authenticator app",
    "identity.link": "Linked an account to outside sign-in",
    "passkey.add": "Added a passkey",
    "passkey.remove": "Removed a passkey",
    "recovery-code.use": "Used a recovery code",
    "recovery-codes.new": "Made new recovery codes",
    "session.end": "Signed a browser out",
    "session.end-others": "Signed all other browsers out",
    "session.open": "Signed in",
    "token.create": "Made a token",
    "token.revoke": "Revoked a token",
}
_SHOWN_AS: Final = {
    "visible": "Showed it to viewers",
    "hidden": "Hid it from viewers",
    "draft": "Made it a draft",
}


def activity(event: AuditView, now: datetime, subject: str = "") -> ActivityLine:
    """An event as a line; `subject` is the title of the film that it is about."""
    changes = _changes(event.before or {}, event.after or {}, now)
    return ActivityLine(
        seq=event.seq,
        at=event.at.isoformat(),
        when=ago(event.at, now),
        exact=short(event.at, now),
        subject=subject,
        who=event.actor_label or "the portal",
        address=event.address,
        action=event.action,
        what=_what(event, changes),
        entity=event.entity,
        entity_id=event.entity_id,
        href=routes.admin_movie(event.entity_id) if event.entity == "movie" else "",
        correlation_id=event.correlation_id,
        changes=changes,
    )


def _what(event: AuditView, changes: list[ChangeLine]) -> str:
    after = event.after or {}
    if event.action == "movie.visibility" and after.get("visibility") in _SHOWN_AS:
        return _SHOWN_AS[after["visibility"]]
    if event.action == "movie.update":
        names = ", ".join(change.label for change in changes if change.label != "Version")
        return f"Changed {names}" if names else "Changed the film"
    words = _DID.get(event.action)
    if words is None:
        noun, _, verb = event.action.partition(".")
        words = f"{noun.capitalize()}: {verb.replace('_', ' ')}"
    about = after.get("note") or after.get("label") or after.get("file") or after.get("kind") or ""
    return f"{words}: {about}" if about and isinstance(about, str) else words


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> list[ChangeLine]:
    names = [name for name in {**before, **after} if name != "version"]
    return [
        ChangeLine(
            _label(name), _text(name, before.get(name), now), _text(name, after.get(name), now)
        )
        for name in names
        if before.get(name) != after.get(name)
    ]


def _label(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())


def _text(name: str, value: Any, now: datetime) -> str:
    if name in ("available_from", "available_until") and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, Mapping):
        text = ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    else:
        try:
            text = shown(name, value, now)
        except (TypeError, ValueError):  # an event of an earlier version of the portal
            text = _plain(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
