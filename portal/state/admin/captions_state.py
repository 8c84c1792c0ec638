"""The caption tracks of the movie that is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from portal.services import movie_lines
from portal.services.actors import Actor, Role
from portal.services.admin_views import FindingLine, VersionLine
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError
from portal.state.admin.editor_state import EditorState, refresh
from portal.state.guards import actor_of


class CaptionsState(rx.State):
    """Which track is open, and what its last check found."""

    track_id: str = ""
    findings: list[FindingLine] = []
    versions: list[VersionLine] = []
    summary: str = ""
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Begin anew: no track is open."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.track_id, self.problem = "", ""

    @rx.event
    async def uploaded(self, track_id: str) -> None:
        """A file came by HTTP: show its report."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await refresh(self, actor, notice="The captions are here; see what the check found.")
        await self._open(actor, track_id)

    @rx.event
    async def open(self, track_id: str) -> None:
        """Show the report of a track, or close it."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        if self.track_id == track_id:
            self.track_id = ""
            return
        await self._open(actor, track_id)

    @rx.event
    async def change(self, fields: dict[str, str]) -> None:
        """Language, kind, label or default of a track."""
        actor = await actor_of(self, Role.EDITOR)
        given: dict[str, Any] = {
            name: str(fields[name]) for name in ("language", "kind", "label") if name in fields
        }
        if fields.get("is_default") == "on":
            given["is_default"] = True
        await self._do(
            actor,
            services().editing.captions.set_details,
            fields,
            given,
            notice="The track is saved.",
        )

    @rx.event
    async def delete(self, fields: dict[str, str]) -> None:
        """Delete a track."""
        actor = await actor_of(self, Role.EDITOR)
        await self._do(
            actor, services().editing.captions.delete, fields, notice="The track is deleted."
        )

    @rx.event
    async def restore(self, track_id: str, version: int) -> None:
        """Bring an earlier version back."""
        actor = await actor_of(self, Role.EDITOR)
        await self._do(
            actor,
            services().editing.captions.restore,
            {"track_id": track_id},
            int(version),
            notice=f"Version {int(version)} is back, as the newest one.",
        )
        await self._open(actor, track_id)

    async def _do(
        self, actor: Actor, work: Any, fields: Mapping[str, str], *more: Any, notice: str
    ) -> None:
        movie_id = (await self.get_state(EditorState)).head.movie_id
        track_id = str(fields.get("track_id", ""))[:64]
        try:
            await work(actor, movie_id, track_id, *more, now=utc_now())
        except PortalError as error:
            self.problem = error.detail
            return
        self.problem = ""
        await refresh(self, actor, notice=notice)

    async def _open(self, actor: Actor, track_id: str) -> None:
        movie_id = (await self.get_state(EditorState)).head.movie_id
        try:
            found = await services().editing.captions.detail(actor, movie_id, str(track_id)[:64])
        except PortalError as error:
            self.track_id, self.problem = "", error.detail
            return
        self.track_id, self.problem = found.track.track_id, ""
        self.findings = movie_lines.caption_findings(found.report)
        self.versions = movie_lines.version_lines(found.versions, utc_now())
        stats = found.report.get("stats") or {}
        self.summary = (
            f"{stats.get('cueCount', 0):,} cues, {stats.get('wordCount', 0):,} words,"
            f" on screen {stats.get('coverage', 0) * 100:.0f} % of the time"
        )
