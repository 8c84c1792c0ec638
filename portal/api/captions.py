"""Caption tracks over HTTP, for content managers."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Response, UploadFile

from portal.api.movies import Editor, MovieId, id_of
from portal.api.problems import editing, reading
from portal.api.schemas_captions import (
    AlignCorrection,
    CaptionKind,
    Correction,
    Cue,
    CueCreate,
    CueList,
    CuePatch,
    CueSplit,
    ScaleCorrection,
    ShiftCorrection,
    Track,
    TrackDetail,
    TrackList,
    TrackPatch,
    TrackVersion,
)
from portal.api.schemas_reports import CaptionReport
from portal.api.versions import IfMatch, optional_version, required_version, version_tag
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing import caption_edits
from portal.services.editing.caption_edits import Edit
from portal.services.editing.caption_views import CaptionFile
from portal.services.editing.caption_views import TrackDetail as StoredTrack
from portal.services.editing.views import TrackView

router = APIRouter(prefix="/api/movies/{movieId}/captions", tags=["captions"])

TrackId = Annotated[str, Path(alias="trackId", max_length=64)]
CueNumber = Annotated[int, Path(alias="number", ge=1, le=1_000_000, description="From 1.")]
CaptionUpload = Annotated[
    UploadFile, File(description="WebVTT, SubRip, TTML/IMSC, SCC or EBU STL, up to 5 MiB.")
]
Encoding = Annotated[
    str, Form(max_length=20, description="The text's encoding; empty: it is detected.")
]


@router.get("", operation_id="listCaptions", responses=reading())
async def list_captions(movie_id: MovieId, actor: Editor) -> TrackList:
    """All caption tracks of a movie, also those with errors."""
    view = await services().editing.movies.view(actor, await id_of(movie_id), utc_now())
    return TrackList(tracks=[Track.model_validate(track) for track in view.tracks])


@router.post("", operation_id="uploadCaptions", status_code=201, responses=editing())
async def upload_captions(
    movie_id: MovieId,
    actor: Editor,
    response: Response,
    file: CaptionUpload,
    language: Annotated[str, Form(max_length=35, description="BCP 47 language tag.")],
    kind: Annotated[CaptionKind, Form()] = "subtitles",
    label: Annotated[str, Form(max_length=80, description="Empty: the language's name.")] = "",
    is_default: Annotated[bool, Form(alias="isDefault")] = False,
    encoding: Encoding = "",
) -> Track:
    """Add a track. A file with errors is kept to be mended, and not shown to viewers."""
    track = await services().editing.captions.upload(
        actor,
        await id_of(movie_id),
        await file.read(),
        file.filename or "",
        language=language,
        kind=kind,
        label=label,
        is_default=is_default,
        encoding=encoding or None,
        now=utc_now(),
    )
    response.headers["Location"] = f"/api/movies/{track.movie_id}/captions/{track.track_id}"
    return _track(track, response)


@router.get("/{trackId}", operation_id="getCaptions", responses=reading())
async def get_captions(
    movie_id: MovieId, track_id: TrackId, actor: Editor, response: Response
) -> TrackDetail:
    """One track with its quality report and its history."""
    found = await services().editing.captions.detail(actor, await id_of(movie_id), track_id)
    _tag(response, found.track.version)
    return _detail(found)


@router.patch("/{trackId}", operation_id="updateCaptions", responses=editing())
async def update_captions(
    movie_id: MovieId, track_id: TrackId, actor: Editor, body: TrackPatch, response: Response
) -> Track:
    """Change language, label, kind or default."""
    track = await services().editing.captions.set_details(
        actor, await id_of(movie_id), track_id, body.given(), now=utc_now()
    )
    return _track(track, response)


@router.delete("/{trackId}", operation_id="deleteCaptions", status_code=204, responses=editing())
async def delete_captions(movie_id: MovieId, track_id: TrackId, actor: Editor) -> Response:
    """Delete a track; the last valid one of a published movie stays."""
    await services().editing.captions.delete(actor, await id_of(movie_id), track_id, now=utc_now())
    return Response(status_code=204)


@router.get(
    "/{trackId}/file",
    operation_id="downloadCaptions",
    response_class=Response,
    responses=reading()
    | {
        200: {
            "description": "The file as it was uploaded.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def download_captions(movie_id: MovieId, track_id: TrackId, actor: Editor) -> Response:
    """The file as it was uploaded."""
    return _file(await services().editing.captions.original(actor, await id_of(movie_id), track_id))


@router.put("/{trackId}/file", operation_id="replaceCaptions", responses=editing(412))
async def replace_captions(
    movie_id: MovieId,
    track_id: TrackId,
    actor: Editor,
    response: Response,
    file: CaptionUpload,
    encoding: Encoding = "",
    if_match: IfMatch = None,
) -> Track:
    """Put another file in a track's place; the earlier one stays in the history."""
    track = await services().editing.captions.replace(
        actor,
        await id_of(movie_id),
        track_id,
        await file.read(),
        file.filename or "",
        encoding=encoding or None,
        version=optional_version(if_match),
        now=utc_now(),
    )
    return _track(track, response)


@router.get(
    "/{trackId}/text",
    operation_id="getCaptionText",
    response_class=Response,
    responses=reading()
    | {
        200: {
            "description": "WebVTT.",
            "content": {"text/vtt": {"schema": {"type": "string"}}},
        }
    },
)
async def get_caption_text(movie_id: MovieId, track_id: TrackId, actor: Editor) -> Response:
    """The WebVTT that viewers get."""
    return _file(await services().editing.captions.text(actor, await id_of(movie_id), track_id))


@router.get("/{trackId}/cues", operation_id="listCues", responses=reading())
async def list_cues(
    movie_id: MovieId, track_id: TrackId, actor: Editor, response: Response
) -> CueList:
    """The cues of a track."""
    found = await services().editing.captions.detail(actor, await id_of(movie_id), track_id)
    return _cues(found, response)


@router.post("/{trackId}/cues", operation_id="addCue", responses=editing(412, 428))
async def add_cue(
    movie_id: MovieId,
    track_id: TrackId,
    actor: Editor,
    body: CueCreate,
    response: Response,
    if_match: IfMatch = None,
) -> CueList:
    """Add a cue at its place in time. If-Match is required."""
    edit = caption_edits.add_cue(
        start_s=body.start_s, end_s=body.end_s, text=body.text, cue_id=body.cue_id
    )
    return await _edit(actor, movie_id, track_id, edit, if_match=if_match, response=response)


@router.patch("/{trackId}/cues/{number}", operation_id="updateCue", responses=editing(412, 428))
async def update_cue(
    movie_id: MovieId,
    track_id: TrackId,
    number: CueNumber,
    actor: Editor,
    body: CuePatch,
    response: Response,
    if_match: IfMatch = None,
) -> CueList:
    """Change text, times or identifier of a cue. If-Match is required."""
    edit = caption_edits.change_cue(
        number, text=body.text, start_s=body.start_s, end_s=body.end_s, cue_id=body.cue_id
    )
    return await _edit(actor, movie_id, track_id, edit, if_match=if_match, response=response)


@router.delete("/{trackId}/cues/{number}", operation_id="deleteCue", responses=editing(412, 428))
async def delete_cue(
    movie_id: MovieId,
    track_id: TrackId,
    number: CueNumber,
    actor: Editor,
    response: Response,
    if_match: IfMatch = None,
) -> CueList:
    """Remove a cue. If-Match is required."""
    edit = caption_edits.remove_cue(number)
    return await _edit(actor, movie_id, track_id, edit, if_match=if_match, response=response)


@router.post(
    "/{trackId}/cues/{number}/split",
    operation_id="splitCue",
    responses=editing(412, 428),
)
async def split_cue(
    movie_id: MovieId,
    track_id: TrackId,
    number: CueNumber,
    actor: Editor,
    body: CueSplit,
    response: Response,
    if_match: IfMatch = None,
) -> CueList:
    """Cut a cue in two. If-Match is required."""
    edit = caption_edits.split_cue(
        number, at_s=body.at_s, text_before=body.text_before, text_after=body.text_after
    )
    return await _edit(actor, movie_id, track_id, edit, if_match=if_match, response=response)


@router.post("/{trackId}/corrections", operation_id="correctCaptions", responses=editing(412, 428))
async def correct_captions(
    movie_id: MovieId,
    track_id: TrackId,
    actor: Editor,
    body: Correction,
    response: Response,
    if_match: IfMatch = None,
) -> CueList:
    """Correct all cues at once: shift, scale, align, trim overlaps, ... If-Match is required."""
    match body:
        case ShiftCorrection():
            edit = caption_edits.shift(body.offset_s)
        case ScaleCorrection():
            edit = caption_edits.scale(body.factor)
        case AlignCorrection():
            edit = caption_edits.align(
                (body.first.captions_s, body.first.film_s),
                (body.second.captions_s, body.second.film_s),
            )
        case _:
            edit = caption_edits.correction(body.operation)
    return await _edit(actor, movie_id, track_id, edit, if_match=if_match, response=response)


@router.post(
    "/{trackId}/versions/{version}/restore",
    operation_id="restoreCaptions",
    responses=editing(),
)
async def restore_captions(
    movie_id: MovieId,
    track_id: TrackId,
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    actor: Editor,
    response: Response,
) -> Track:
    """Bring an earlier version back, as the newest one."""
    track = await services().editing.captions.restore(
        actor, await id_of(movie_id), track_id, version, now=utc_now()
    )
    return _track(track, response)


async def _edit(
    actor: Editor,
    movie_id: str,
    track_id: str,
    edit: Edit,
    *,
    if_match: str | None,
    response: Response,
) -> CueList:
    found = await services().editing.captions.edit(
        actor,
        await id_of(movie_id),
        track_id,
        edit,
        version=required_version(if_match),
        now=utc_now(),
    )
    return _cues(found, response)


def _track(track: TrackView, response: Response) -> Track:
    _tag(response, track.version)
    return Track.model_validate(track)


def _detail(found: StoredTrack) -> TrackDetail:
    return TrackDetail(
        **Track.model_validate(found.track).model_dump(),
        report=CaptionReport.model_validate(found.report),
        versions=[TrackVersion.model_validate(version) for version in found.versions],
    )


def _cues(found: StoredTrack, response: Response) -> CueList:
    _tag(response, found.track.version)
    return CueList(
        version=found.track.version,
        is_valid=found.track.is_valid,
        cues=[Cue.model_validate(cue) for cue in found.cues],
    )


def _tag(response: Response, version: int) -> None:
    response.headers["ETag"] = version_tag(version)
    response.headers["Cache-Control"] = "no-store"


def _file(file: CaptionFile) -> Response:
    return Response(
        file.data,
        headers={
            "Content-Type": file.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
