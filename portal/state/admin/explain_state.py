"""Why does a film not play: what the address asks for, and every rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import reflex as rx

from portal import routes
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import InvalidInput
from portal.services.explaining import Explanation
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.guards import actor_of
from portal.state.messages import words_for

_BAD_INSTANT = "Give day and time, such as 2026-11-23T20:15, in UTC."


@dataclass(frozen=True)
class RuleLine:
    """A rule as the page shows it: `mark` is yes, no or unknown."""

    name: str = ""
    words: str = ""
    mark: str = ""
    detail: str = ""


@dataclass(frozen=True)
class RefusalLine:
    """A refusal as the page shows it."""

    at: str = ""
    step: str = ""
    code: str = ""
    reference: str = ""
    session: str = ""


_MARKS = {True: "yes", False: "no", None: "unknown"}


class ExplainState(rx.State):
    """One question and its answer."""

    rules: list[RuleLine] = []
    refusals: list[RefusalLine] = []
    verdict: str = ""
    title: str = ""
    at: str = ""
    movie_href: str = ""
    is_asked: bool = False
    plays: bool = False
    problem: str = ""
    is_loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Answer what the address asks."""
        actor = await actor_of(self, Role.MANAGER, acts=False)
        await fill_admin_frame(self, actor)
        given = self.router.url.query_parameters
        what = str(given.get("what", "")).strip()[:120]
        session_id = str(given.get("session", "")).strip().lower()[:64]
        now = utc_now()
        self.is_loaded, self.problem, self.is_asked = True, "", False
        if not what:
            return
        try:
            at = _instant(str(given.get("at", "")), now)
            found = await services().explaining.ask(actor, what, at, now, session_id)
        except Exception as error:
            self.problem = words_for(error)
            return
        self._show(found)

    def _show(self, found: Explanation) -> None:
        self.is_asked = True
        self.title = found.title
        self.at = f"{found.at:%d %b %Y, %H:%M:%S} UTC"
        self.movie_href = routes.admin_movie(found.movie_id) if found.movie_id else ""
        self.rules = [
            RuleLine(rule.name, rule.words, _MARKS[rule.holds], rule.detail) for rule in found.rules
        ]
        self.refusals = [
            RefusalLine(
                f"{each.at:%d %b %Y, %H:%M:%S} UTC", each.step, each.code, each.reference,
                each.session_id,
            )
            for each in found.refusals
        ]  # fmt: skip
        broken = next((rule.words for rule in found.rules if rule.holds is False), "")
        self.plays = not broken
        self.verdict = f"Refused: “{broken}” does not hold." if broken else "Every rule allows it."


def _instant(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        raise InvalidInput({"at": _BAD_INSTANT}) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
