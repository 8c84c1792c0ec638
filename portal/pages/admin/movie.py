"""The page of one movie: its head, and its sections."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.admin.client import (
    DraftForm,
    Pulse,
    Section,
    SectionLink,
    SendForm,
    client,
)
from portal.components.admin.fields import problem_line, text_field
from portal.components.admin.frame import admin_page, cancel_button, dialog, opens
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.pages.admin.movie_activity import activity_section
from portal.pages.admin.movie_artwork import artwork_section
from portal.pages.admin.movie_captions import captions_section
from portal.pages.admin.movie_schedule import schedule_section
from portal.pages.admin.movie_source import source_section
from portal.services.admin_views import BlockerLine, DifferenceLine
from portal.state.admin.editor_state import EditorState
from portal.state.admin.form_labels import LABELS

FIRST = "details"
SECTIONS = {
    "details": "Details",
    "schedule": "Schedule",
    "source": "Source",
    "captions": "Captions",
    "artwork": "Artwork",
    "activity": "Activity",
}
HEAD = EditorState.head


def new_movie() -> rx.Component:
    """An empty form."""
    return admin_page(
        rx.el.div(
            link(icon("left", 18), "Films", to=routes.ADMIN, class_name="back"),
            rx.el.h1("New film"),
            rx.el.p(
                "It begins as a draft that viewers do not see. Source, captions and artwork come"
                " next.",
                class_name="quiet",
            ),
            class_name="movie-head",
        ),
        rx.el.div(
            problem_line(EditorState.failure), details_form(is_new=True), class_name="section"
        ),
    )


def edit_movie() -> rx.Component:
    """A movie that is there."""
    return admin_page(
        rx.match(
            EditorState.outcome,
            ("found", found()),
            ("missing", missing()),
            ("failed", failed()),
            waiting(),
        ),
    )


def found() -> rx.Component:
    return rx.fragment(
        head(),
        blockers(),
        problem_line(EditorState.failure),
        conflict(),
        rx.el.nav(
            rx.el.ul(
                *[
                    rx.el.li(client(SectionLink, words, name=name, first=FIRST))
                    for name, words in SECTIONS.items()
                ],
                role="list",
            ),
            class_name="sections",
            custom_attrs={"aria-label": "Parts of the film"},
        ),
        section("details", details_form(is_new=False), danger()),
        section("schedule", schedule_section()),
        section("source", source_section()),
        section("captions", captions_section()),
        section("artwork", artwork_section()),
        section("activity", activity_section()),
        notice(),
        publish_dialog(),
        hide_dialog(),
        delete_dialog(),
        client(
            Pulse,
            active=EditorState.watches_serving,
            seconds=2.0,
            times=5,
            on_pulse=EditorState.look_again,
        ),
    )


def section(name: str, *content: rx.Component) -> rx.Component:
    return client(
        Section,
        rx.el.h2(SECTIONS[name], id=f"{name}-title"),
        *content,
        name=name,
        first=FIRST,
        # Not the fragment itself: the browser would scroll to it.
        id=f"section-{name}",
        class_name="section",
    )


def head() -> rx.Component:
    return rx.el.div(
        link(icon("left", 18), "Films", to=routes.ADMIN, class_name="back"),
        rx.el.div(
            rx.el.span(
                rx.cond(
                    HEAD.art != "",
                    rx.el.img(
                        src=HEAD.art + "/poster-160.avif",
                        alt="",
                        custom_attrs={"width": "64", "height": "96"},
                    ),
                ),
                class_name="thumb thumb-large",
                custom_attrs={"style": rx.Var.create({"background": HEAD.color})},
            ),
            rx.el.div(
                rx.el.h1(HEAD.title),
                rx.el.p(
                    rx.el.span(
                        rx.el.i(
                            class_name="dot state-" + HEAD.state,
                            custom_attrs={"aria-hidden": "true"},
                        ),
                        HEAD.state,
                        class_name="pill",
                    ),
                    " ",
                    HEAD.state_words,
                    class_name="head-state",
                ),
                rx.el.p(HEAD.served, class_name="hint"),
            ),
            rx.el.div(actions(), class_name="actions-row"),
            class_name="head-row",
        ),
        class_name="movie-head",
    )


def actions() -> rx.Component:
    preview = link("Preview", to="/admin/movies/" + HEAD.movie_id + "/preview", class_name="button")
    insights = link("Insights", to=routes.ADMIN_INSIGHTS + "/" + HEAD.movie_id, class_name="button")
    return rx.fragment(
        insights,
        preview,
        rx.cond(
            HEAD.visibility == "visible",
            opens("hide-film", "Hide…"),
            rx.cond(
                EditorState.blockers.length() == 0,
                opens("publish-film", "Publish…", class_name="button button-main"),
                rx.el.button(
                    "Publish…",
                    type="button",
                    class_name="button button-main",
                    custom_attrs={"aria-disabled": "true", "aria-describedby": "blockers"},
                ),
            ),
        ),
    )


def blockers() -> rx.Component:
    return rx.cond(
        EditorState.blockers.length() > 0,
        rx.el.div(
            rx.el.h2(
                rx.cond(
                    HEAD.visibility == "visible",
                    "Something is wrong with what is published",
                    "Before viewers can see it",
                )
            ),
            rx.el.ul(rx.foreach(EditorState.blockers, blocker), role="list"),
            id="blockers",
            class_name="banner banner-list",
        ),
    )


def blocker(each: rx.Var[BlockerLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(each.words),
        client(SectionLink, "Mend it", name=each.section, first=FIRST, class_name="mini"),
    )


def details_form(*, is_new: bool) -> rx.Component:
    def one(name: str, hint: Any = "", lines: int = 1, class_name: str = "") -> rx.Component:
        return text_field(
            name,
            LABELS[name],
            EditorState.problems[name],
            hint=hint,
            lines=lines,
            class_name=class_name,
        )

    return client(
        DraftForm,
        rx.el.div(
            one("title", class_name="span-2"),
            one("tagline", "One line that makes people curious.", class_name="span-2"),
            one("synopsis", "Blank lines make paragraphs.", 6, "span-2"),
            one("genres", "With commas between: Drama, Mystery."),
            one("director"),
            one("cast", "One name a line.", 4, "span-2"),
            one("year"),
            one("runtime_s", "Like 1:32:00; empty takes it from the source."),
            one("country"),
            one("language", "The language that is spoken."),
            one("content_rating", "Such as 12 or PG."),
            one("featured", "1 is first on the home page; empty: not there."),
            one(
                "slug",
                rx.fragment("Its page is ", rx.el.b("/movie/…"), "; empty makes it from the title.")
                if is_new
                else "The last part of its page's address. An old one leads to the new one.",
                class_name="span-2",
            ),
            class_name="form-grid",
        ),
        draft_key="new" if is_new else HEAD.movie_id,
        version=0 if is_new else HEAD.version,
        values=rx.Var.create(dict.fromkeys(LABELS, "")) if is_new else EditorState.form,
        labels=LABELS,
        saved=EditorState.saved,
        answered=EditorState.answered,
        is_new=is_new,
        save_words="Create the draft" if is_new else "Save",
        on_save=EditorState.create if is_new else EditorState.save,
        on_check=EditorState.check,
    )


def conflict() -> rx.Component:
    """Two people changed the same: what each wants, and a choice."""
    return rx.el.div(
        rx.cond(
            EditorState.conflict != "",
            client(
                SendForm,
                rx.el.h2("Somebody else changed this film"),
                rx.el.p(EditorState.conflict),
                rx.el.div(
                    rx.foreach(EditorState.differences, difference), class_name="differences"
                ),
                rx.el.div(
                    rx.el.button(
                        "Give mine up",
                        type="button",
                        on_click=EditorState.keep_theirs,
                        class_name="button",
                    ),
                    rx.el.button(
                        "Save what is chosen", type="submit", class_name="button button-main"
                    ),
                    class_name="actions-row",
                ),
                done=EditorState.saved,
                busy=False,
                on_send=EditorState.resolve,
                class_name="banner conflict",
            ),
        ),
        role="alert",
    )


def difference(each: rx.Var[DifferenceLine]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(each.label),
        rx.cond(
            each.is_choice,
            rx.fragment(
                _version(each.name, "yours", "Yours", each.yours, default_checked=True),
                _version(each.name, "theirs", "Theirs", each.theirs, default_checked=False),
            ),
            rx.el.p(
                rx.el.b("Theirs is kept; you did not change it: "), each.theirs, class_name="hint"
            ),
        ),
    )


def _version(
    name: Any, value: str, words: str, text: Any, *, default_checked: bool
) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, default_checked=default_checked),
        rx.el.span(rx.el.b(words), rx.el.span(text, class_name="version-text")),
        class_name="radio version",
    )


def danger() -> rx.Component:
    return rx.cond(
        HEAD.visibility == "draft",
        rx.el.div(
            opens("delete-film", "Delete this draft…", class_name="mini mini-bad"),
            class_name="danger",
        ),
    )


def publish_dialog() -> rx.Component:
    return confirm(
        "publish-film",
        rx.fragment("Publish “", HEAD.title, "”?"),
        rx.el.p(
            rx.cond(
                HEAD.start != "",
                "Viewers see it from the start of its schedule on. Look at the schedule if you are"
                " not sure.",
                "Viewers can find and watch it at once.",
            )
        ),
        "Publish",
        EditorState.set_visibility("visible"),
    )


def hide_dialog() -> rx.Component:
    return confirm(
        "hide-film",
        rx.fragment("Hide “", HEAD.title, "”?"),
        rx.fragment(
            rx.el.p(
                "It disappears from the catalog at once. Whoever is watching is stopped within"
                " seconds; this page then says when the last segment was served."
            ),
            rx.el.p(HEAD.served),
        ),
        "Hide from viewers",
        EditorState.set_visibility("hidden"),
    )


def delete_dialog() -> rx.Component:
    return confirm(
        "delete-film",
        rx.fragment("Delete “", HEAD.title, "”?"),
        rx.el.p("The draft goes with its source, captions and pictures. This cannot be undone."),
        "Delete the draft",
        EditorState.delete,
        main="button button-bad",
    )


def confirm(
    name: str, title: Any, words: Any, button: str, on_click: Any, main: str = "button button-main"
) -> rx.Component:
    """A dialog that asks before something is done."""
    return dialog(
        name,
        title,
        words,
        rx.el.div(
            cancel_button(),
            rx.el.button(
                button,
                type="button",
                on_click=on_click,
                class_name=main,
                custom_attrs={"data-closes": ""},
            ),
            class_name="dialog-actions",
        ),
    )


def notice() -> rx.Component:
    return rx.el.div(
        rx.cond(
            EditorState.notice != "",
            rx.el.div(
                rx.el.p(EditorState.notice),
                rx.el.div(
                    rx.cond(
                        EditorState.can_undo,
                        rx.el.button(
                            "Undo",
                            type="button",
                            on_click=EditorState.undo,
                            class_name="mini mini-main",
                            custom_attrs={"data-undo": "", "aria-keyshortcuts": "Control+Z"},
                        ),
                    ),
                    rx.el.button(
                        "Dismiss", type="button", on_click=EditorState.dismiss, class_name="mini"
                    ),
                ),
                class_name="toast",
            ),
        ),
        role="status",
        class_name="toast-room",
    )


def missing() -> rx.Component:
    return rx.el.div(
        rx.el.h1("There is no such film"),
        rx.el.p("It may have been a draft that somebody deleted."),
        link("Go to all films", to=routes.ADMIN, class_name="button"),
        class_name="blank",
    )


def failed() -> rx.Component:
    return rx.el.div(
        rx.el.h1("The film could not be loaded"),
        rx.el.p(EditorState.failure),
        rx.el.div(
            rx.el.button(
                "Try again",
                type="button",
                on_click=EditorState.load,
                class_name="button button-main",
            ),
            plain_link("All films", href=routes.ADMIN, class_name="button"),
            class_name="actions-row",
        ),
        class_name="blank",
        role="alert",
    )


def waiting() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Film", class_name="sr-only"),
        rx.el.p("Loading…", role="status", class_name="sr-only"),
        rx.el.div(
            rx.el.div(class_name="sk sk-title"),
            rx.el.div(class_name="sk sk-meta"),
            *[rx.el.div(class_name="sk sk-line") for _ in range(6)],
            custom_attrs={"aria-hidden": "true"},
        ),
        class_name="movie-head",
    )
