"""The audit: what the address asks for, and one page of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

import reflex as rx

from portal.services import audit_words
from portal.services.actors import Role
from portal.services.admin_views import ActivityLine
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.repositories.audit_events import AuditFilter
from portal.services.views import FilterOption
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.guards import actor_of
from portal.state.messages import words_for

PAGE_SIZE = 50
KINDS = [
    FilterOption("", "Everything"),
    FilterOption("movie.", "Films"),
    FilterOption("movie.visibility", "Shown and hidden"),
    FilterOption("source.", "Sources"),
    FilterOption("caption.", "Captions"),
    FilterOption("artwork.", "Artwork"),
    FilterOption("account.", "Accounts"),
    FilterOption("session.", "Signing in and out"),
    FilterOption("key.", "Keys"),
]


class AuditState(rx.State):
    """One page of the audit."""

    events: list[ActivityLine] = []
    next_from: str = ""
    is_continued: bool = False
    is_filtered: bool = False
    about: str = ""  # the title of the film that it is narrowed to
    csv_href: str = ""
    json_href: str = ""
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await fill_admin_frame(self, actor)
        given = self.router.url.query_parameters
        chosen, before = read_filter(given)
        now = utc_now()
        try:
            page = await services().audit_log.page(actor, chosen, before=before, limit=PAGE_SIZE)
            known = (await services().catalog.snapshot()).movies
        except Exception as error:
            self.problem = words_for(error)
            return
        titles = {
            event.entity_id: known[event.entity_id].title
            for event in page.events
            if event.entity_id in known
        }
        self.events = [
            audit_words.activity(event, now, titles.get(event.entity_id, ""))
            for event in page.events
        ]
        self.next_from = str(page.next_before or "")
        self.is_continued = before is not None
        self.is_filtered = chosen != AuditFilter()
        movie = known.get(chosen.entity_id)
        self.about = movie.title if movie else chosen.entity_id
        self.csv_href, self.json_href = _export(chosen, "csv"), _export(chosen, "json")
        self.problem, self.is_loaded = "", True


def read_filter(given: Mapping[str, str]) -> tuple[AuditFilter, int | None]:
    """The address's parameters; nonsense counts as absent."""

    def text(name: str) -> str:
        return str(given.get(name, "")).strip()[:100]

    last = _day(text("until"))
    entity_id = text("id")[:32]
    before = text("from")
    return (
        AuditFilter(
            actor=text("who"),
            action=text("kind"),
            entity="movie" if entity_id else "",
            entity_id=entity_id,
            since=_day(text("since")),
            until=last + timedelta(days=1) if last else None,  # the day itself belongs to it
        ),
        int(before[:15]) if before.isascii() and before.isdecimal() else None,
    )


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), UTC) if 1970 <= day.year < 2200 else None


def _export(chosen: AuditFilter, form: str) -> str:
    values = {
        "format": form,
        "actor": chosen.actor,
        "action": chosen.action,
        "entity": chosen.entity,
        "entityId": chosen.entity_id,
        "since": chosen.since.isoformat() if chosen.since else "",
        "until": chosen.until.isoformat() if chosen.until else "",
    }
    return "/api/audit/export?" + urlencode({n: v for n, v in values.items() if v})
