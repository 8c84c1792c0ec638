"""Poster and backdrop of a movie."""

from __future__ import annotations

import reflex as rx

from portal.components.admin.client import PictureForm, client
from portal.components.admin.fields import problem_line
from portal.services.admin_views import PictureLine
from portal.state.admin.artwork_state import ArtworkState
from portal.state.admin.editor_state import EditorState


def artwork_section() -> rx.Component:
    """Both pictures, each with its focal point."""
    return rx.fragment(
        rx.el.p(
            "One picture is enough: the other is made from it until you upload one. A poster needs"
            " 480 × 720 pixels at least, a backdrop 1280 × 720.",
            class_name="quiet",
        ),
        problem_line(ArtworkState.problem),
        rx.el.div(rx.foreach(EditorState.pictures, picture), class_name="pictures"),
    )


def picture(each: rx.Var[PictureLine]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(each.kind, class_name="art-kind"),
        rx.cond(
            each.src != "",
            rx.el.img(src=each.src, alt="", class_name="present present-" + each.kind),
        ),
        rx.el.p(each.words, class_name="hint"),
        client(
            PictureForm,
            kind=each.kind,
            action="/api/movies/" + EditorState.head.movie_id + "/artwork/" + each.kind,
            original=each.original,
            focus_x=each.focus_x,
            focus_y=each.focus_y,
            busy=ArtworkState.busy,
            on_done=ArtworkState.uploaded,
            on_crop=ArtworkState.set_focus,
        ),
        class_name="card-box picture",
    )
