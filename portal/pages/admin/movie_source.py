"""The stream source of a movie."""

from __future__ import annotations

import reflex as rx

from portal.components.admin.client import SendForm, client
from portal.components.admin.fields import text_field
from portal.components.admin.frame import cancel_button, dialog, opens
from portal.pages.admin.findings import findings_table
from portal.services.admin_views import RenditionLine
from portal.state.admin.editor_state import EditorState
from portal.state.admin.source_state import SourceState

SOURCE = EditorState.source


def source_section() -> rx.Component:
    """What there is, what the last check found, and a box for another address."""
    return rx.fragment(
        rx.cond(SOURCE.exists, present(), absent()),
        paste_box(),
        progress(),
        rx.cond(
            SourceState.refused.length() > 0,
            rx.fragment(
                rx.el.h3("What is wrong with that address"),
                findings_table(SourceState.refused, "Findings in the address that was refused"),
            ),
        ),
        rx.cond(SOURCE.exists, last_check()),
        remove_dialog(),
    )


def absent() -> rx.Component:
    return rx.el.p(
        "The film has no stream source. Paste the address of its multivariant playlist (.m3u8): it"
        " is fetched, checked by the rules of HLS, tried, and then stored encrypted.",
        class_name="quiet",
    )


def present() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(SOURCE.status_words, class_name="check check-" + SOURCE.status),
            class_name="verdict",
        ),
        rx.el.p(SOURCE.message),
        rx.el.dl(
            _fact("Server", SOURCE.host),
            _fact("Length", SOURCE.duration),
            _fact("Last check", SOURCE.checked),
            rx.cond(SOURCE.captions != "", _fact("Captions inside", SOURCE.captions)),
            class_name="facts-line",
        ),
        rx.cond(
            SOURCE.same_as != "",
            rx.el.p("The same address plays as ", SOURCE.same_as, ".", class_name="hint"),
        ),
        rx.el.div(
            rx.el.button(
                "Check again", type="button", on_click=SourceState.check, class_name="button"
            ),
            opens("remove-source", "Remove…", class_name="button"),
            class_name="actions-row",
        ),
        class_name="card-box",
    )


def _fact(term: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(value))


def paste_box() -> rx.Component:
    return client(
        SendForm,
        text_field(
            "url",
            "Address of the .m3u8 playlist",
            SourceState.problem,
            hint="It is stored encrypted and nobody is shown it again.",
            prefix="source",
            type="url",
            placeholder="https://…/main.m3u8",
            spell_check=False,
        ),
        rx.el.button(
            rx.cond(SOURCE.exists, "Check and replace", "Check and use"),
            type="submit",
            class_name="button button-main",
            custom_attrs={"aria-disabled": rx.cond(SourceState.busy != "", "true", "false")},
        ),
        done=SourceState.done,
        busy=SourceState.busy != "",
        on_send=SourceState.set_url,
        class_name="paste-box",
    )


def progress() -> rx.Component:
    return rx.el.div(
        rx.cond(
            SourceState.busy != "",
            rx.el.div(
                rx.el.progress(custom_attrs={"aria-label": "Check of the source"}),
                rx.el.span(SourceState.busy),
                class_name="progress",
            ),
        ),
        role="status",
    )


def last_check() -> rx.Component:
    return rx.fragment(
        rx.cond(
            EditorState.renditions.length() > 0,
            rx.fragment(
                rx.el.h3("Renditions"),
                rx.el.ul(
                    rx.foreach(EditorState.renditions, rendition),
                    role="list",
                    class_name="renditions",
                ),
            ),
        ),
        rx.cond(
            EditorState.source_findings.length() > 0,
            rx.fragment(
                rx.el.h3("What the last check found"),
                findings_table(EditorState.source_findings, "Findings of the last check"),
            ),
        ),
    )


def rendition(each: rx.Var[RenditionLine]) -> rx.Component:
    return rx.el.li(rx.el.b(each.size), rx.el.span(each.rate), rx.el.small(each.codecs))


def remove_dialog() -> rx.Component:
    return dialog(
        "remove-source",
        "Remove the stream source?",
        rx.el.p(
            "The film cannot be played without one. You would have to paste the address again."
        ),
        rx.el.div(
            cancel_button(),
            rx.el.button(
                "Remove it",
                type="button",
                on_click=SourceState.remove,
                class_name="button button-bad",
                custom_attrs={"data-closes": ""},
            ),
            class_name="dialog-actions",
        ),
    )
