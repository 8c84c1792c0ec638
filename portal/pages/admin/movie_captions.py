"""The caption tracks of a movie."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.admin.client import SendForm, UploadForm, client
from portal.components.admin.fields import choice, problem_line
from portal.components.links import link
from portal.pages.admin.findings import findings_table
from portal.services.admin_views import TrackLine, VersionLine
from portal.state.admin.captions_state import CaptionsState
from portal.state.admin.editor_state import EditorState
from portal.state.admin.language_choices import KINDS, LANGUAGES

MAX_BYTES = 5 * 1024 * 1024
ACCEPT = ".vtt,.srt,.ttml,.dfxp,.xml,.scc,.stl"


def captions_section() -> rx.Component:
    """The tracks, and a form for another one."""
    return rx.fragment(
        rx.el.p(
            "A film is published with at least one valid track of captions or subtitles. Whatever"
            " is uploaded becomes WebVTT; the original is kept.",
            class_name="quiet",
        ),
        problem_line(CaptionsState.problem),
        rx.cond(
            EditorState.tracks.length() > 0,
            rx.el.ul(rx.foreach(EditorState.tracks, track), role="list", class_name="tracks"),
            rx.el.p("There are no captions yet.", class_name="blank-line"),
        ),
        rx.el.h3("Add a track"),
        upload(),
        rx.el.datalist(
            *[rx.el.option(name, value=tag) for tag, name in LANGUAGES.items()],
            id="caption-languages-list",
        ),
    )


def _language(**props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span("Language"),
        rx.el.input(
            name="language",
            type="text",
            class_name="input",
            list="caption-languages-list",
            placeholder="en, pt-BR …",
            auto_complete="off",
            spell_check=False,
            **props,
        ),
        class_name="field-room",
    )


def _label(**props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span("Label"),
        rx.el.input(
            name="label",
            type="text",
            class_name="input",
            placeholder="The language's name",
            auto_complete="off",
            max_length=80,
            **props,
        ),
        class_name="field-room",
    )


def _default(words: str, name: str, value: str, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, value=value, **props),
        words,
        class_name="radio",
    )


def upload() -> rx.Component:
    return client(
        UploadForm,
        rx.el.div(
            _language(),
            choice("kind", "Kind", KINDS, default_value="subtitles"),
            _label(),
            class_name="track-fields",
        ),
        _default("Shown by default", "isDefault", "true"),
        action="/api/movies/" + EditorState.head.movie_id + "/captions",
        method="POST",
        accept=ACCEPT,
        max_bytes=MAX_BYTES,
        words="Choose a caption file, or drop one here: VTT, SRT, TTML, SCC or STL, up to 5 MB",
        send_words="Upload and check",
        on_done=CaptionsState.uploaded,
        class_name="card-box upload-box",
    )


def track(each: rx.Var[TrackLine]) -> rx.Component:
    is_open = CaptionsState.track_id == each.track_id
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(
                    each.label,
                    rx.cond(each.is_default, rx.el.small("default", class_name="flag")),
                ),
                rx.el.p(
                    each.language_name, " (", each.language, "), ", each.kind, ", ", each.cues,
                    ", version ", each.version.to_string(), ", changed ", each.changed,
                    class_name="hint",
                ),
                rx.el.p(
                    each.verdict,
                    class_name=rx.cond(each.is_valid, "check check-ok", "check check-failed"),
                ),
            ),
            rx.el.div(
                rx.el.button(
                    rx.cond(is_open, "Close", "Report and settings"),
                    rx.el.span(" of ", each.label, class_name="sr-only"),
                    type="button",
                    on_click=CaptionsState.open(each.track_id),
                    class_name="button",
                    custom_attrs={"aria-expanded": rx.cond(is_open, "true", "false")},
                ),
                link(
                    "Edit cues",
                    rx.el.span(" of ", each.label, class_name="sr-only"),
                    to=each.href,
                    class_name="button",
                ),
                class_name="actions-row",
            ),
            class_name="track-head",
        ),
        rx.cond(is_open, track_detail(each)),
        class_name="card-box",
    )  # fmt: skip


def track_detail(each: rx.Var[TrackLine]) -> rx.Component:
    return rx.el.div(
        rx.el.p(CaptionsState.summary, class_name="hint"),
        rx.cond(
            CaptionsState.findings.length() > 0,
            findings_table(CaptionsState.findings, "What the check of the captions found"),
            rx.el.p("The check found nothing to mend."),
        ),
        settings(each),
        replace(each),
        rx.cond(
            CaptionsState.versions.length() > 0,
            rx.fragment(
                rx.el.h4("Earlier versions"),
                rx.el.ul(
                    rx.foreach(CaptionsState.versions, lambda old: earlier(each.track_id, old)),
                    role="list",
                    class_name="versions",
                ),
            ),
        ),
        client(
            SendForm,
            rx.el.input(type="hidden", name="track_id", value=each.track_id, read_only=True),
            rx.el.button("Delete this track", type="submit", class_name="mini mini-bad"),
            done=0,
            busy=False,
            on_send=CaptionsState.delete,
        ),
        class_name="track-detail",
    )


def settings(each: rx.Var[TrackLine]) -> rx.Component:
    return client(
        SendForm,
        rx.el.input(type="hidden", name="track_id", value=each.track_id, read_only=True),
        rx.el.div(
            _language(default_value=each.language),
            choice("kind", "Kind", KINDS, default_value=each.kind),
            _label(default_value=each.label),
            class_name="track-fields",
        ),
        _default("Shown by default", "is_default", "on", default_checked=each.is_default),
        rx.el.div(
            rx.el.button("Save the track", type="submit", class_name="button"),
            class_name="actions-row",
        ),
        done=0,
        busy=False,
        on_send=CaptionsState.change,
        key=each.track_id + each.changed,
        class_name="upload-box",
    )


def replace(each: rx.Var[TrackLine]) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Upload another file in its place"),
        client(
            UploadForm,
            action="/api/movies/"
            + EditorState.head.movie_id
            + "/captions/"
            + each.track_id
            + "/file",
            method="PUT",
            accept=ACCEPT,
            max_bytes=MAX_BYTES,
            words="Choose a caption file, or drop one here",
            send_words="Upload in its place",
            on_done=CaptionsState.uploaded,
            class_name="upload-box",
        ),
    )


def earlier(track_id: rx.Var[str], old: rx.Var[VersionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span("Version ", old.version.to_string(), ": ", old.words),
        rx.el.button(
            "Bring it back",
            rx.el.span(": version ", old.version.to_string(), class_name="sr-only"),
            type="button",
            on_click=CaptionsState.restore(track_id, old.version),
            class_name="mini",
        ),
    )
