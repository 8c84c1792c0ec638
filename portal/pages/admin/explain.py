"""Why does a film not play: a form, every rule, and what was refused."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components.admin.frame import admin_page
from portal.components.links import link
from portal.components.query import query_form
from portal.state.admin.explain_state import ExplainState, RefusalLine, RuleLine


def explain() -> rx.Component:
    return admin_page(
        rx.el.div(rx.el.h1("Why does it not play?"), class_name="admin-title"),
        rx.el.p(
            "Ask for a film, or for the reference that a viewer’s error shows.", class_name="quiet"
        ),
        form(),
        rx.cond(
            ExplainState.problem != "",
            rx.el.div(
                rx.el.h2("There is no answer"),
                rx.el.p(ExplainState.problem),
                class_name="blank",
                role="alert",
            ),
            rx.cond(ExplainState.is_asked, answer()),
        ),
        current=routes.ADMIN_EXPLAIN,
    )


def form() -> rx.Component:
    return query_form(
        rx.el.label(
            rx.el.span("Film or reference"),
            rx.el.input(
                type="search",
                name="what",
                id="site-search",
                class_name="input",
                placeholder="the-stone-at-kilometre-zero, or 4bf92f35",
                auto_complete="off",
                max_length=120,
                required=True,
            ),
        ),
        rx.el.label(
            rx.el.span("Instant (UTC, empty: now)"),
            rx.el.input(type="datetime-local", name="at", class_name="input"),
        ),
        rx.el.label(
            rx.el.span("Viewing session (if known)"),
            rx.el.input(
                name="session", class_name="input", auto_complete="off", max_length=64,
                spell_check=False,
            ),
        ),
        rx.el.button("Explain", type="submit", class_name="button button-main"),
        action=routes.ADMIN_EXPLAIN,
        class_name="toolbar audit-filters explain-form",
        role="search",
    )  # fmt: skip


def answer() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(ExplainState.title, " · ", ExplainState.at),
            rx.cond(
                ExplainState.movie_href != "",
                link("Edit the film", to=ExplainState.movie_href, class_name="button"),
            ),
            class_name="result-line",
        ),
        rx.el.p(
            ExplainState.verdict,
            role="status",
            class_name=rx.cond(ExplainState.plays, "verdict verdict-good", "verdict verdict-bad"),
        ),
        rx.el.table(
            rx.el.caption("The rules of playback, in their order", class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(*[rx.el.th(words, scope="col") for words in ("Rule", "Holds", "Details")])
            ),
            rx.el.tbody(rx.foreach(ExplainState.rules, rule)),
            class_name="films audit",
        ),
        rx.cond(ExplainState.refusals.length() > 0, refusals()),
        class_name="answer",
        custom_attrs={"aria-label": "Answer"},
    )


def rule(each: rx.Var[RuleLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(each.words, scope="row"),
        rx.el.td(
            rx.match(
                each.mark,
                ("yes", rx.el.span("yes", class_name="holds holds-yes")),
                ("no", rx.el.strong("no", class_name="holds holds-no")),
                rx.el.span("not known", class_name="holds"),
            ),
        ),
        rx.el.td(each.detail),
    )


def refusals() -> rx.Component:
    headings = ("When", "What", "Refused by", "Reference (trace)", "Session")
    return rx.fragment(
        rx.el.h2("What was refused"),
        rx.el.table(
            rx.el.caption("Refusals, the newest first", class_name="sr-only"),
            rx.el.thead(rx.el.tr(*[rx.el.th(words, scope="col") for words in headings])),
            rx.el.tbody(rx.foreach(ExplainState.refusals, refusal)),
            class_name="films audit",
        ),
    )


def refusal(each: rx.Var[RefusalLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(each.at, scope="row"),
        rx.el.td(each.step),
        rx.el.td(each.code),
        rx.el.td(rx.el.code(each.reference)),
        rx.el.td(rx.el.code(each.session)),
    )
