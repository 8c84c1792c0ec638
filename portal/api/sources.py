"""Stream sources and artwork over HTTP, for content managers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Path, Response, UploadFile

from portal.api.movies import Editor, MovieId, id_of
from portal.api.problems import editing, reading
from portal.api.schemas_sources import Artwork, FocusChange, Source, SourceChange, SourcePreview
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing.pictures import Focus

router = APIRouter(prefix="/api/movies/{movieId}")

PictureKind = Annotated[Literal["poster", "backdrop"], Path(alias="kind")]


@router.get("/source", operation_id="getSource", tags=["sources"], responses=reading())
async def get_source(movie_id: MovieId, actor: Editor) -> Source:
    """The stream source with its last check; of its address only a masked host."""
    source = await services().editing.sources.view(actor, await id_of(movie_id))
    return Source.model_validate(source)


@router.put("/source", operation_id="setSource", tags=["sources"], responses=editing())
async def set_source(movie_id: MovieId, actor: Editor, body: SourceChange) -> Source:
    """Check an address, and make it the film's source if it has no errors."""
    source = await services().editing.sources.set_url(
        actor, await id_of(movie_id), body.url, now=utc_now()
    )
    return Source.model_validate(source)


@router.delete(
    "/source",
    operation_id="removeSource",
    tags=["sources"],
    status_code=204,
    responses=editing(),
)
async def remove_source(movie_id: MovieId, actor: Editor) -> Response:
    """Forget the source; a published film keeps its."""
    await services().editing.sources.remove(actor, await id_of(movie_id), now=utc_now())
    return Response(status_code=204)


@router.post("/source/preview", operation_id="previewSource", tags=["sources"], responses=editing())
async def preview_source(movie_id: MovieId, actor: Editor, body: SourceChange) -> SourcePreview:
    """Look at an address without storing it."""
    check = await services().editing.sources.examine(actor, await id_of(movie_id), body.url)
    return SourcePreview.model_validate(check)


@router.post("/source/check", operation_id="checkSource", tags=["sources"], responses=editing())
async def check_source(movie_id: MovieId, actor: Editor) -> Source:
    """Look at the stored source again; what plays goes on playing."""
    source = await services().editing.sources.check(actor, await id_of(movie_id), now=utc_now())
    return Source.model_validate(source)


@router.get("/artwork", operation_id="getArtwork", tags=["artwork"], responses=reading())
async def get_artwork(movie_id: MovieId, actor: Editor) -> Artwork:
    """A movie's pictures with their focal points."""
    return Artwork.model_validate(
        await services().editing.artwork.view(actor, await id_of(movie_id))
    )


@router.put("/artwork/{kind}", operation_id="uploadArtwork", tags=["artwork"], responses=editing())
async def upload_artwork(
    movie_id: MovieId,
    kind: PictureKind,
    actor: Editor,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP or AVIF, up to 20 MiB.")],
    focus_x: Annotated[float, Form(alias="focusX", ge=0, le=1, allow_inf_nan=False)] = 0.5,
    focus_y: Annotated[float, Form(alias="focusY", ge=0, le=1, allow_inf_nan=False)] = 0.5,
) -> Artwork:
    """Put a poster or backdrop in place; all sizes are made from it."""
    view = await services().editing.artwork.upload(
        actor,
        await id_of(movie_id),
        kind,
        await file.read(),
        file.filename or "",
        focus=Focus(focus_x, focus_y),
        now=utc_now(),
    )
    return Artwork.model_validate(view)


@router.patch("/artwork/{kind}", operation_id="cropArtwork", tags=["artwork"], responses=editing())
async def crop_artwork(
    movie_id: MovieId, kind: PictureKind, actor: Editor, body: FocusChange
) -> Artwork:
    """Crop a picture again around another point."""
    view = await services().editing.artwork.set_focus(
        actor, await id_of(movie_id), kind, Focus(body.focus_x, body.focus_y), now=utc_now()
    )
    return Artwork.model_validate(view)
