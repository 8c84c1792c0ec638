"""The cues of a caption track, edited beside the playing film."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components.admin.client import CueEditor, SendForm, client
from portal.components.admin.fields import problem_line
from portal.components.admin.frame import admin_page
from portal.components.icons import icon
from portal.components.links import link
from portal.components.player import stream_player
from portal.services.admin_views import CorrectionLine
from portal.state.admin.cue_state import PAGE_SIZE, CueState

CORRECTIONS = {"trim-overlaps": "Trim overlaps", "sort": "Put in the order of time"}


def cues() -> rx.Component:
    return admin_page(
        rx.match(
            CueState.outcome,
            ("found", found()),
            ("missing", missing()),
            ("failed", failed()),
            rx.el.div(
                rx.el.h1("Captions", class_name="sr-only"),
                rx.el.p("Loading…", role="status", class_name="sr-only"),
                rx.el.div(class_name="sk sk-title", custom_attrs={"aria-hidden": "true"}),
                class_name="movie-head",
            ),
        )
    )


def _film_page() -> rx.Var[str]:
    return "/admin/movies/" + CueState.film_id + "#captions"


def found() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            link(icon("left", 18), CueState.film_title, to=_film_page(), class_name="back"),
            rx.el.h1(CueState.track_label),
            rx.el.p(
                "Version ",
                CueState.version.to_string(),
                " · ",
                rx.el.span(
                    CueState.verdict,
                    class_name=rx.cond(CueState.is_valid, "check check-ok", "check check-failed"),
                ),
                class_name="hint",
            ),
            class_name="movie-head",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    stream_player(
                        movie=CueState.film_id,
                        title=CueState.film_title,
                        art=CueState.film_art,
                        back=rx.fragment(),
                        back_href=_film_page(),
                        auto_play=False,
                    ),
                    class_name="cue-film",
                ),
                whole_track(),
                class_name="cue-left",
            ),
            rx.el.section(
                rx.el.div(
                    rx.el.h2("Cues"), rx.el.p(CueState.shown, class_name="hint", role="status")
                ),
                problem_line(CueState.problem),
                rx.el.div(
                    rx.cond(CueState.notice != "", rx.el.p(CueState.notice, class_name="banner")),
                    role="status",
                ),
                client(
                    CueEditor,
                    cues=CueState.cues,
                    version=CueState.version,
                    first=CueState.first,
                    total=CueState.total,
                    page_size=PAGE_SIZE,
                    language=CueState.language,
                    answered=CueState.answered,
                    saved=CueState.saved,
                    on_save_cue=CueState.save_cue,
                    on_add_cue=CueState.add_cue,
                    on_remove_cue=CueState.remove_cue,
                    on_go_to=CueState.go_to,
                    on_go_to_time=CueState.go_to_time,
                ),
                custom_attrs={"aria-label": "Cues"},
            ),
            class_name="cue-room",
        ),
    )


def whole_track() -> rx.Component:
    """What is done to all cues at once."""
    return rx.el.div(
        rx.el.h2("The whole track"),
        rx.foreach(CueState.suggestions, suggestion),
        rx.el.div(
            client(
                SendForm,
                rx.el.label(
                    rx.el.span("Move all cues by seconds"),
                    rx.el.input(
                        name="offset",
                        class_name="input",
                        placeholder="-1.5",
                        auto_complete="off",
                        custom_attrs={"inputMode": "decimal"},
                    ),
                    class_name="field-room",
                ),
                rx.el.button("Move", type="submit", class_name="button"),
                done=CueState.saved,
                busy=False,
                on_send=CueState.shift,
                class_name="shift-form",
            ),
            *[
                rx.el.button(
                    words, type="button", on_click=CueState.correct(name), class_name="button"
                )
                for name, words in CORRECTIONS.items()
            ],
            class_name="actions-row whole-track",
        ),
        class_name="card-box",
    )


def suggestion(each: rx.Var[CorrectionLine]) -> rx.Component:
    return rx.el.div(
        rx.el.p(each.words),
        rx.el.button(
            "Do it",
            type="button",
            on_click=CueState.apply(each.kind, each.value),
            class_name="mini mini-main",
        ),
        class_name="banner",
    )


def missing() -> rx.Component:
    return rx.el.div(
        rx.el.h1("There are no such captions"),
        rx.el.p("Somebody may have deleted the track."),
        link("Go to all films", to=routes.ADMIN, class_name="button"),
        class_name="blank",
    )


def failed() -> rx.Component:
    return rx.el.div(
        rx.el.h1("The captions could not be loaded"),
        rx.el.p(CueState.problem),
        rx.el.button(
            "Try again", type="button", on_click=CueState.load, class_name="button button-main"
        ),
        class_name="blank",
        role="alert",
    )
