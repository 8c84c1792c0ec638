"""The API, one method an operation.

Generated from contracts/openapi/movies.yaml by `make contract`; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from portal.client import models
from portal.client.transport import Answer, AsyncTransport, Call, Upload, segment


class AsyncPortalClient(AsyncTransport):
    """Every operation of the API, version 1.0.0."""

    async def list_movies(
        self,
        *,
        q: str | None = None,
        genre: str | None = None,
        captions: str | None = None,
        visibility: Literal["draft", "visible", "hidden"] | None = None,
        state: Literal["draft", "hidden", "scheduled", "live", "expired"] | None = None,
        source: Literal["ok", "warnings", "failed", "unchecked", "missing"] | None = None,
        at: datetime | None = None,
        sort: Literal["newest", "title", "year", "updated"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        if_none_match: str | None = None,
    ) -> Answer[models.MovieList]:
        """List movies, the newest first. A cursor goes on where a page ended, whatever changes."""
        return await self._send(
            Call(
                "GET",
                "/api/movies",
                query={
                    "q": q,
                    "genre": genre,
                    "captions": captions,
                    "visibility": visibility,
                    "state": state,
                    "source": source,
                    "at": at,
                    "sort": sort,
                    "cursor": cursor,
                    "limit": limit,
                },
                headers={"If-None-Match": if_none_match},
            ),
            models.MovieList,
        )

    async def create_movie(self, body: models.MovieCreate) -> Answer[models.Movie]:
        """Make a draft. Editors may."""
        return await self._send(Call("POST", "/api/movies", body=body), models.Movie)

    async def get_movie(
        self, movie_id: str, *, if_none_match: str | None = None
    ) -> Answer[models.Movie]:
        """One movie. Viewers find what is live or coming; content managers everything."""
        return await self._send(
            Call(
                "GET", f"/api/movies/{segment(movie_id)}", headers={"If-None-Match": if_none_match}
            ),
            models.Movie,
        )

    async def delete_movie(self, movie_id: str, *, if_match: str | None = None) -> Answer[None]:
        """Delete a draft. What viewers knew of is hidden instead."""
        return await self._send(
            Call("DELETE", f"/api/movies/{segment(movie_id)}", headers={"If-Match": if_match}), None
        )

    async def update_movie(
        self, movie_id: str, body: models.MoviePatch, *, if_match: str
    ) -> Answer[models.Movie]:
        """Change fields of a movie; editors may change drafts. If-Match is required."""
        return await self._send(
            Call(
                "PATCH",
                f"/api/movies/{segment(movie_id)}",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.Movie,
        )

    async def set_visibility(
        self, movie_id: str, body: models.VisibilityChange, *, if_match: str | None = None
    ) -> Answer[models.Movie]:
        """Show or hide a movie, or make it a draft again. Showing needs captions and a source."""
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/visibility",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.Movie,
        )

    async def search(
        self, *, q: str, language: str | None = None, limit: int | None = None
    ) -> Answer[models.SearchResult]:
        """Search films and their dialogue, among what can be watched now."""
        return await self._send(
            Call("GET", "/api/search", query={"q": q, "language": language, "limit": limit}),
            models.SearchResult,
        )

    async def set_visibility_of_many(
        self, body: models.BulkVisibility
    ) -> Answer[models.BulkResult]:
        """Show or hide many movies. What cannot be published is left as it is, and named."""
        return await self._send(Call("POST", "/api/bulk/visibility", body=body), models.BulkResult)

    async def schedule_many(self, body: models.BulkSchedule) -> Answer[models.BulkResult]:
        """Give many movies the same availability window."""
        return await self._send(Call("POST", "/api/bulk/schedule", body=body), models.BulkResult)

    async def list_captions(self, movie_id: str) -> Answer[models.TrackList]:
        """All caption tracks of a movie, also those with errors."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/captions"), models.TrackList
        )

    async def upload_captions(
        self,
        movie_id: str,
        *,
        file: Upload,
        language: str,
        kind: Literal["captions", "subtitles", "sdh", "forced"] | None = None,
        label: str | None = None,
        is_default: bool | None = None,
        encoding: str | None = None,
    ) -> Answer[models.Track]:
        """Add a track. A file with errors is kept to be mended, and not shown to viewers."""
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/captions",
                form={
                    "language": language,
                    "kind": kind,
                    "label": label,
                    "isDefault": is_default,
                    "encoding": encoding,
                },
                files={"file": file},
            ),
            models.Track,
        )

    async def get_captions(self, movie_id: str, track_id: str) -> Answer[models.TrackDetail]:
        """One track with its quality report and its history."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}"),
            models.TrackDetail,
        )

    async def delete_captions(self, movie_id: str, track_id: str) -> Answer[None]:
        """Delete a track; the last valid one of a published movie stays."""
        return await self._send(
            Call("DELETE", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}"), None
        )

    async def update_captions(
        self, movie_id: str, track_id: str, body: models.TrackPatch
    ) -> Answer[models.Track]:
        """Change language, label, kind or default."""
        return await self._send(
            Call(
                "PATCH", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}", body=body
            ),
            models.Track,
        )

    async def download_captions(self, movie_id: str, track_id: str) -> Answer[bytes]:
        """The file as it was uploaded."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/file"), bytes
        )

    async def replace_captions(
        self,
        movie_id: str,
        track_id: str,
        *,
        file: Upload,
        encoding: str | None = None,
        if_match: str | None = None,
    ) -> Answer[models.Track]:
        """Put another file in a track's place; the earlier one stays in the history."""
        return await self._send(
            Call(
                "PUT",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/file",
                form={"encoding": encoding},
                files={"file": file},
                headers={"If-Match": if_match},
            ),
            models.Track,
        )

    async def get_caption_text(self, movie_id: str, track_id: str) -> Answer[bytes]:
        """The WebVTT that viewers get."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/text"), bytes
        )

    async def list_cues(self, movie_id: str, track_id: str) -> Answer[models.CueList]:
        """The cues of a track."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/cues"),
            models.CueList,
        )

    async def add_cue(
        self, movie_id: str, track_id: str, body: models.CueCreate, *, if_match: str
    ) -> Answer[models.CueList]:
        """Add a cue at its place in time. If-Match is required."""
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/cues",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.CueList,
        )

    async def delete_cue(
        self, movie_id: str, track_id: str, number: int, *, if_match: str
    ) -> Answer[models.CueList]:
        """Remove a cue. If-Match is required."""
        return await self._send(
            Call(
                "DELETE",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/cues/{segment(number)}",
                headers={"If-Match": if_match},
            ),
            models.CueList,
        )

    async def update_cue(
        self, movie_id: str, track_id: str, number: int, body: models.CuePatch, *, if_match: str
    ) -> Answer[models.CueList]:
        """Change text, times or identifier of a cue. If-Match is required."""
        return await self._send(
            Call(
                "PATCH",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/cues/{segment(number)}",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.CueList,
        )

    async def split_cue(
        self, movie_id: str, track_id: str, number: int, body: models.CueSplit, *, if_match: str
    ) -> Answer[models.CueList]:
        """Cut a cue in two. If-Match is required."""
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/cues/{segment(number)}/split",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.CueList,
        )

    async def correct_captions(
        self,
        movie_id: str,
        track_id: str,
        body: models.ShiftCorrection
        | models.ScaleCorrection
        | models.AlignCorrection
        | models.SimpleCorrection,
        *,
        if_match: str,
    ) -> Answer[models.CueList]:
        """Correct all cues at once: shift, scale, align, trim overlaps, ...

        If-Match is required.
        """
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/corrections",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.CueList,
        )

    async def restore_captions(
        self, movie_id: str, track_id: str, version: int
    ) -> Answer[models.Track]:
        """Bring an earlier version back, as the newest one."""
        return await self._send(
            Call(
                "POST",
                f"/api/movies/{segment(movie_id)}/captions/{segment(track_id)}/versions/{segment(version)}/restore",
            ),
            models.Track,
        )

    async def get_source(self, movie_id: str) -> Answer[models.Source]:
        """The stream source with its last check; of its address only a masked host."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/source"), models.Source
        )

    async def set_source(self, movie_id: str, body: models.SourceChange) -> Answer[models.Source]:
        """Check an address, and make it the film's source if it has no errors."""
        return await self._send(
            Call("PUT", f"/api/movies/{segment(movie_id)}/source", body=body), models.Source
        )

    async def remove_source(self, movie_id: str) -> Answer[None]:
        """Forget the source; a published film keeps its."""
        return await self._send(Call("DELETE", f"/api/movies/{segment(movie_id)}/source"), None)

    async def preview_source(
        self, movie_id: str, body: models.SourceChange
    ) -> Answer[models.SourcePreview]:
        """Look at an address without storing it."""
        return await self._send(
            Call("POST", f"/api/movies/{segment(movie_id)}/source/preview", body=body),
            models.SourcePreview,
        )

    async def check_source(self, movie_id: str) -> Answer[models.Source]:
        """Look at the stored source again; what plays goes on playing."""
        return await self._send(
            Call("POST", f"/api/movies/{segment(movie_id)}/source/check"), models.Source
        )

    async def get_artwork(self, movie_id: str) -> Answer[models.Artwork]:
        """A movie's pictures with their focal points."""
        return await self._send(
            Call("GET", f"/api/movies/{segment(movie_id)}/artwork"), models.Artwork
        )

    async def upload_artwork(
        self,
        movie_id: str,
        kind: Literal["poster", "backdrop"],
        *,
        file: Upload,
        focus_x: float | None = None,
        focus_y: float | None = None,
    ) -> Answer[models.Artwork]:
        """Put a poster or backdrop in place; all sizes are made from it."""
        return await self._send(
            Call(
                "PUT",
                f"/api/movies/{segment(movie_id)}/artwork/{segment(kind)}",
                form={"focusX": focus_x, "focusY": focus_y},
                files={"file": file},
            ),
            models.Artwork,
        )

    async def crop_artwork(
        self, movie_id: str, kind: Literal["poster", "backdrop"], body: models.FocusChange
    ) -> Answer[models.Artwork]:
        """Crop a picture again around another point."""
        return await self._send(
            Call("PATCH", f"/api/movies/{segment(movie_id)}/artwork/{segment(kind)}", body=body),
            models.Artwork,
        )

    async def list_audit(
        self,
        *,
        before: int | None = None,
        limit: int | None = None,
        actor: str | None = None,
        action: str | None = None,
        entity: str | None = None,
        entity_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer[models.AuditPage]:
        """Events from the newest on."""
        return await self._send(
            Call(
                "GET",
                "/api/audit",
                query={
                    "before": before,
                    "limit": limit,
                    "actor": actor,
                    "action": action,
                    "entity": entity,
                    "entityId": entity_id,
                    "since": since,
                    "until": until,
                },
            ),
            models.AuditPage,
        )

    async def export_audit(
        self,
        *,
        format: Literal["csv", "json"] | None = None,
        actor: str | None = None,
        action: str | None = None,
        entity: str | None = None,
        entity_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer[bytes]:
        """All events as a file."""
        return await self._send(
            Call(
                "GET",
                "/api/audit/export",
                query={
                    "format": format,
                    "actor": actor,
                    "action": action,
                    "entity": entity,
                    "entityId": entity_id,
                    "since": since,
                    "until": until,
                },
            ),
            bytes,
        )

    async def verify_audit(self) -> Answer[models.AuditVerification]:
        """Walk the whole chain of hashes. Owners may."""
        return await self._send(Call("GET", "/api/audit/verification"), models.AuditVerification)

    async def open_stream(
        self, movie_id: str, body: models.StreamTokenRequest | None = None
    ) -> Answer[models.StreamTokenResponse]:
        """Open a viewing session, or renew the one that is named."""
        return await self._send(
            Call("POST", f"/api/movies/{segment(movie_id)}/stream-token", body=body),
            models.StreamTokenResponse,
        )

    async def report_position(self, session_id: str, body: models.PositionReport) -> Answer[None]:
        """Remember where the viewer is; a session of somebody else is silently left alone."""
        return await self._send(
            Call("POST", f"/api/viewing-sessions/{segment(session_id)}/position", body=body), None
        )

    async def export_insights(
        self,
        *,
        table: Literal[
            "time",
            "films",
            "renditions",
            "browsers",
            "failures",
            "captions",
            "completion",
            "throttles",
        ]
        | None = None,
        range: Literal["24h", "7d", "30d", "90d", "1y", "custom"] | None = None,
        since: str | None = None,
        until: str | None = None,
        movie_id: str | None = None,
    ) -> Answer[bytes]:
        """How films did, as CSV."""
        return await self._send(
            Call(
                "GET",
                "/api/insights/export",
                query={
                    "table": table,
                    "range": range,
                    "since": since,
                    "until": until,
                    "movieId": movie_id,
                },
            ),
            bytes,
        )

    async def list_my_titles(self, *, language: str | None = None) -> Answer[models.MyTitles]:
        """What the caller is in the middle of, and their list."""
        return await self._send(
            Call("GET", "/api/my/titles", query={"language": language}), models.MyTitles
        )

    async def add_to_my_list(self, movie_id: str) -> Answer[None]:
        """Put a film on the caller's list."""
        return await self._send(Call("PUT", f"/api/my/list/{segment(movie_id)}"), None)

    async def remove_from_my_list(self, movie_id: str) -> Answer[None]:
        """Take a film from the caller's list; nothing happens where it is not there."""
        return await self._send(Call("DELETE", f"/api/my/list/{segment(movie_id)}"), None)

    async def bring_back_to_continue_watching(self, movie_id: str) -> Answer[None]:
        """Undo that."""
        return await self._send(Call("PUT", f"/api/my/continue-watching/{segment(movie_id)}"), None)

    async def remove_from_continue_watching(self, movie_id: str) -> Answer[None]:
        """Take a film from what the caller is watching; watching it again brings it back."""
        return await self._send(
            Call("DELETE", f"/api/my/continue-watching/{segment(movie_id)}"), None
        )

    async def clear_my_history(self) -> Answer[None]:
        """Forget what the caller watched, and where they left it. Their list stays."""
        return await self._send(Call("DELETE", "/api/my/history"), None)

    async def list_shelves(self) -> Answer[models.ShelfList]:
        """All shelves, the hidden and scheduled ones, too."""
        return await self._send(Call("GET", "/api/shelves"), models.ShelfList)

    async def create_shelf(self, body: models.ShelfFields) -> Answer[models.Shelf]:
        """A new shelf below all others."""
        return await self._send(Call("POST", "/api/shelves", body=body), models.Shelf)

    async def order_shelves(self, body: models.ShelfOrder) -> Answer[models.ShelfList]:
        """Put all shelves in another order; 409 where some were added or deleted meanwhile."""
        return await self._send(Call("PUT", "/api/shelves/order", body=body), models.ShelfList)

    async def delete_shelf(self, shelf_id: str, *, if_match: str | None = None) -> Answer[None]:
        """Take a shelf away; its films stay."""
        return await self._send(
            Call("DELETE", f"/api/shelves/{segment(shelf_id)}", headers={"If-Match": if_match}),
            None,
        )

    async def update_shelf(
        self, shelf_id: str, body: models.ShelfFields, *, if_match: str
    ) -> Answer[models.Shelf]:
        """Change fields of a shelf. If-Match is required."""
        return await self._send(
            Call(
                "PATCH",
                f"/api/shelves/{segment(shelf_id)}",
                body=body,
                headers={"If-Match": if_match},
            ),
            models.Shelf,
        )

    async def live(self) -> Answer[models.Live]:
        """The event loop turns. Restart the process when this fails, and only then."""
        return await self._send(Call("GET", "/api/health/live"), models.Live)

    async def ready(self) -> Answer[models.Ready]:
        """Whether new viewers should be sent here. Films that run go on either way."""
        return await self._send(Call("GET", "/api/health/ready"), models.Ready)
