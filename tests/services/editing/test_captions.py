"""Caption tracks: files of all kinds, versions, edits, and the last track of a published film."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.services import audit
from portal.services.captions import CaptionError
from portal.services.container import Services
from portal.services.editing import Editing, caption_edits
from portal.services.errors import (
    CaptionMissing,
    EditConflict,
    Forbidden,
    InvalidInput,
    MovieNotFound,
    NotFound,
)
from portal.services.models import AuditEvent
from tests.services.editing.conftest import EDITOR, MANAGER, NOW
from tests.support.catalog import add_movie

VTT = (
    b"WEBVTT\n\n1\n00:01.000 --> 00:03.000\nHello there.\n\n00:04.000 --> 00:06.000\nGoodbye now.\n"
)
SRT = "1\r\n00:00:01,000 --> 00:00:03,000\r\nAdi\xf3s, se\xf1or.\r\n".encode("cp1252")
LATE = b"WEBVTT\n\n05:00.000 --> 05:03.000\nFar too late.\n"


async def put(services: Services, **values: object) -> str:
    values = {"visibility": "draft", "captions": (), **values}
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


async def test_a_file_becomes_a_track(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services)
    track = await editing.captions.upload(
        EDITOR, movie_id, VTT, "../the film.vtt", language="en_us", now=NOW
    )
    assert (track.language, track.label, track.kind) == (
        "en-US",
        "English (United States)",
        "subtitles",
    )
    assert (track.is_valid, track.is_default, track.version, track.cue_count) == (True, True, 1, 2)
    assert track.original_name == "the film.vtt"
    record = await running_services.catalog.record(movie_id)
    assert record.has_valid_captions
    file = await editing.captions.original(EDITOR, movie_id, track.track_id)
    assert (file.data, file.media_type) == (VTT, "text/vtt")
    detail = await editing.captions.detail(EDITOR, movie_id, track.track_id)
    assert [cue.text for cue in detail.cues] == ["Hello there.", "Goodbye now."]
    assert detail.report["ok"] is True
    assert detail.report["stats"]["cueCount"] == 2


async def test_a_second_track_is_not_the_default_unless_asked(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    first = await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    second = await editing.captions.upload(
        EDITOR, movie_id, SRT, "b.srt", language="es", kind="sdh", now=NOW
    )
    assert (second.is_default, second.label, second.original_format) == (
        False,
        "Spanish (SDH)",
        "srt",
    )
    changed = await editing.captions.set_details(
        EDITOR, movie_id, second.track_id, {"is_default": True}, now=NOW
    )
    assert changed.is_default
    view = await editing.movies.view(EDITOR, movie_id, NOW)
    assert {t.track_id: t.is_default for t in view.tracks} == {
        first.track_id: False,
        second.track_id: True,
    }
    text = await editing.captions.text(EDITOR, movie_id, second.track_id)
    assert "Adiós, señor." in text.data.decode()
    report = (await editing.captions.detail(EDITOR, movie_id, second.track_id)).report
    assert any("Windows-1252" in warning for warning in report["warnings"])


@pytest.mark.parametrize(
    ("data", "given", "field"),
    [
        (b"", {"language": "en"}, "file"),
        (b"PK\x03\x04zip", {"language": "en"}, "file"),
        (VTT, {"language": "klingonese"}, "language"),
        (VTT, {"language": "en", "kind": "chapters"}, "kind"),
        (VTT, {"language": "en", "label": "x" * 81}, "label"),
        (VTT, {"language": "en", "encoding": "ebcdic"}, "encoding"),
    ],
)
async def test_a_bad_file_or_field_is_named(
    editing: Editing,
    running_services: Services,
    data: bytes,
    given: dict[str, str],
    field: str,
) -> None:
    movie_id = await put(running_services)
    with pytest.raises(InvalidInput) as caught:
        await editing.captions.upload(EDITOR, movie_id, data, "a.vtt", now=NOW, **given)  # type: ignore[arg-type]
    assert field in caught.value.fields


async def test_a_file_with_errors_is_kept_but_not_shown(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    track = await editing.captions.upload(EDITOR, movie_id, LATE, "a.vtt", language="en", now=NOW)
    assert (track.is_valid, track.is_default) == (False, False)
    assert track.error_count == 1
    detail = await editing.captions.detail(EDITOR, movie_id, track.track_id)
    finding = detail.report["findings"][0]
    assert (finding["level"], finding["cue"]) == ("error", 1)
    mended = await editing.captions.edit(
        EDITOR, movie_id, track.track_id, caption_edits.shift(-295), version=1, now=NOW
    )
    assert mended.track.is_valid
    assert mended.cues[0].start_s == 5.0


async def test_the_same_label_twice(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services)
    await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    with pytest.raises(InvalidInput) as caught:
        await editing.captions.upload(
            EDITOR, movie_id, VTT, "a.vtt", language="en-GB", label="ENGLISH", now=NOW
        )
    assert "Replace that one's file" in caught.value.fields["label"]


async def test_a_cue_is_edited_and_the_history_kept(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    captions = editing.captions
    track = await captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    changed = await captions.edit(
        EDITOR,
        movie_id,
        track.track_id,
        caption_edits.change_cue(2, text="Farewell."),
        version=1,
        now=NOW,
    )
    assert [cue.text for cue in changed.cues] == ["Hello there.", "Farewell."]
    assert (changed.track.version, changed.track.is_default) == (2, True)
    assert [(v.version, v.note, v.is_upload) for v in changed.versions] == [
        (1, "Cue 2 changed", True)
    ]
    assert changed.versions[0].replaced_by == EDITOR.label
    with pytest.raises(EditConflict, match="you have version 1, it is now 2"):
        await captions.edit(
            EDITOR, movie_id, track.track_id, caption_edits.remove_cue(1), version=1, now=NOW
        )
    for edit in (
        caption_edits.add_cue(start_s=7, end_s=9, text="Wait!"),
        caption_edits.split_cue(1, at_s=2, text_before="Hello", text_after="there."),
        caption_edits.remove_cue(3),
        caption_edits.correction("sort"),
    ):
        changed = await captions.edit(EDITOR, movie_id, track.track_id, edit, now=NOW)
    assert [cue.text for cue in changed.cues] == ["Hello", "there.", "Wait!"]
    assert changed.track.version == 5  # sorting changed nothing
    back = await captions.restore(EDITOR, movie_id, track.track_id, 1, now=NOW)
    assert back.version == 6
    detail = await captions.detail(EDITOR, movie_id, track.track_id)
    assert [cue.text for cue in detail.cues] == ["Hello there.", "Goodbye now."]
    assert (await captions.original(EDITOR, movie_id, track.track_id)).data == VTT
    with pytest.raises(NotFound):
        await captions.restore(EDITOR, movie_id, track.track_id, 99, now=NOW)
    assert (await running_services.db.run(audit.verify)).broken_at is None
    events = await running_services.db.run(
        lambda s: list(s.scalars(select(AuditEvent).order_by(col(AuditEvent.seq))))
    )
    assert {event.entity_id for event in events} == {movie_id}
    assert events[1].before["cue"]["text"] == "Goodbye now."
    assert events[1].after["cue"] == {"text": "Farewell."}


async def test_edits_at_the_same_time_are_all_kept(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    track = await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    results = await asyncio.gather(
        *(
            editing.captions.edit(
                EDITOR,
                movie_id,
                track.track_id,
                caption_edits.change_cue(n, text=f"Line {n}"),
                now=NOW,
            )
            for n in (1, 2)
        )
    )
    assert len(results) == 2
    detail = await editing.captions.detail(EDITOR, movie_id, track.track_id)
    assert [cue.text for cue in detail.cues] == ["Line 1", "Line 2"]


async def test_old_edits_are_forgotten_and_files_are_not(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    track = await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    for number in range(24):
        detail = await editing.captions.edit(
            EDITOR,
            movie_id,
            track.track_id,
            caption_edits.change_cue(1, text=f"Take {number}"),
            now=NOW,
        )
    assert [v.version for v in detail.versions] == [*range(24, 4, -1), 1]


async def test_text_that_a_file_lost_blocks_until_it_is_given_up(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    broken = VTT + b"\nwords without any time\n"
    track = await editing.captions.upload(EDITOR, movie_id, broken, "a.vtt", language="en", now=NOW)
    assert not track.is_valid
    edited = await editing.captions.edit(
        EDITOR, movie_id, track.track_id, caption_edits.change_cue(1, text="Hi"), now=NOW
    )
    assert not edited.track.is_valid
    given_up = await editing.captions.edit(
        EDITOR, movie_id, track.track_id, caption_edits.correction("dismiss-dropped"), now=NOW
    )
    assert given_up.track.is_valid


async def test_a_published_film_keeps_its_last_valid_track(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, captions=("en",), visibility="visible")
    captions = editing.captions
    track_id = (await editing.movies.view(MANAGER, movie_id, NOW)).tracks[0].track_id
    refused = (
        captions.delete(MANAGER, movie_id, track_id, now=NOW),
        captions.replace(MANAGER, movie_id, track_id, LATE, "late.vtt", now=NOW),
        captions.set_details(MANAGER, movie_id, track_id, {"kind": "forced"}, now=NOW),
        captions.edit(MANAGER, movie_id, track_id, caption_edits.shift(500), now=NOW),
        captions.edit(MANAGER, movie_id, track_id, caption_edits.remove_cue(1), now=NOW),
    )
    for attempt in refused:
        with pytest.raises(CaptionMissing, match="would be left without valid captions"):
            await attempt
    unharmed = await captions.detail(MANAGER, movie_id, track_id)
    assert (unharmed.track.version, unharmed.versions, unharmed.track.is_valid) == (1, [], True)
    # With a second valid track the first may go, and hands the default on.
    await captions.upload(
        MANAGER, movie_id, VTT.replace(b"00:06", b"00:05"), "b.vtt", language="pt", now=NOW
    )
    await captions.delete(MANAGER, movie_id, track_id, now=NOW)
    left = (await editing.movies.view(MANAGER, movie_id, NOW)).tracks
    assert [(t.language, t.is_default) for t in left] == [("pt", True)]


async def test_of_two_last_tracks_deleted_at_once_one_stays(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, captions=("en", "pt"), visibility="visible")
    tracks = (await editing.movies.view(MANAGER, movie_id, NOW)).tracks
    results = await asyncio.gather(
        *(editing.captions.delete(MANAGER, movie_id, t.track_id, now=NOW) for t in tracks),
        return_exceptions=True,
    )
    assert sorted(type(found).__name__ for found in results) == ["CaptionMissing", "NoneType"]


async def test_who_may_touch_captions(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services, captions=("en",), visibility="visible")
    track_id = (await editing.movies.view(MANAGER, movie_id, NOW)).tracks[0].track_id
    with pytest.raises(Forbidden):
        await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="fr", now=NOW)
    with pytest.raises(Forbidden):
        await editing.captions.delete(EDITOR, movie_id, track_id, now=NOW)
    with pytest.raises(MovieNotFound):
        await editing.captions.upload(MANAGER, "0" * 32, VTT, "a.vtt", language="fr", now=NOW)
    with pytest.raises(NotFound):
        await editing.captions.detail(MANAGER, "0" * 32, track_id)


async def test_an_edit_that_cannot_be_made_names_the_field(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    track = await editing.captions.upload(EDITOR, movie_id, VTT, "a.vtt", language="en", now=NOW)
    for edit, field in (
        (caption_edits.change_cue(9, text="x"), "index"),
        (caption_edits.change_cue(1, end_s=0.5), "end_s"),
        (caption_edits.shift(-5), "offset_s"),
        (caption_edits.scale(9), "factor"),
        (caption_edits.shift(1e300), "offset_s"),
    ):
        with pytest.raises(CaptionError) as caught:
            await editing.captions.edit(EDITOR, movie_id, track.track_id, edit, now=NOW)
        assert field in caught.value.fields, caught.value.fields
