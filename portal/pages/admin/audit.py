"""The audit: who changed what, when, from where."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components.admin.frame import admin_page
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.components.query import query_form, query_link, query_select
from portal.pages.admin.movie_activity import changes
from portal.services.admin_views import ActivityLine
from portal.state.admin.audit_state import KINDS, AuditState

HEADINGS = ("When", "Who", "What", "Before and after")


def audit() -> rx.Component:
    return admin_page(
        rx.el.div(
            rx.el.h1("Audit"),
            rx.el.div(
                plain_link("Export CSV", href=AuditState.csv_href, class_name="button"),
                plain_link("Export JSON", href=AuditState.json_href, class_name="button"),
                class_name="actions-row",
            ),
            class_name="admin-title",
        ),
        rx.el.p(
            "Every change, in a chain that shows when something is taken out. Secrets are masked.",
            class_name="quiet",
        ),
        filters(),
        rx.cond(
            AuditState.problem != "",
            failed(),
            rx.cond(AuditState.is_loaded, results(), skeleton()),
        ),
        current=routes.ADMIN_AUDIT,
    )


def filters() -> rx.Component:
    return query_form(
        rx.el.label(
            rx.el.span("Who"),
            rx.el.input(
                type="search",
                name="who",
                id="site-search",
                class_name="input",
                placeholder="Part of an e-mail address",
                auto_complete="off",
                max_length=100,
            ),
        ),
        rx.el.label(
            rx.el.span("What"),
            query_select("kind", rx.Var.create(KINDS), class_name="select"),
        ),
        rx.el.label(
            rx.el.span("From (UTC)"), rx.el.input(type="date", name="since", class_name="input")
        ),
        rx.el.label(
            rx.el.span("To (UTC)"), rx.el.input(type="date", name="until", class_name="input")
        ),
        rx.el.noscript(rx.el.button("Show", type="submit", class_name="button")),
        action=routes.ADMIN_AUDIT,
        class_name="toolbar audit-filters",
        role="search",
    )


def results() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.cond(
                AuditState.about != "",
                rx.el.p(
                    "Only “",
                    AuditState.about,
                    "”. ",
                    query_link("Show all films", name="id", value="", class_name="text-link"),
                ),
                rx.el.p(AuditState.events.length().to_string(), " events, the newest first"),
            ),
            class_name="result-line",
            role="status",
        ),
        rx.cond(AuditState.events.length() > 0, table(), nothing()),
        rx.el.nav(
            rx.cond(
                AuditState.is_continued,
                query_link(icon("left"), "Newest", name="from", value="", class_name="button"),
            ),
            rx.cond(
                AuditState.next_from != "",
                query_link(
                    "Older", icon("right"), name="from", value=AuditState.next_from,
                    class_name="button",
                ),
            ),
            class_name="pager",
            custom_attrs={"aria-label": "More events"},
        ),
        custom_attrs={"aria-label": "Events"},
    )  # fmt: skip


def table() -> rx.Component:
    return rx.el.table(
        rx.el.caption("Audit events, the newest first", class_name="sr-only"),
        rx.el.thead(rx.el.tr(*[rx.el.th(words, scope="col") for words in HEADINGS])),
        rx.el.tbody(rx.foreach(AuditState.events, row)),
        class_name="films audit",
    )


def row(each: rx.Var[ActivityLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.time(each.when, date_time=each.at), rx.el.small(each.exact)),
        rx.el.td(each.who, rx.cond(each.address != "", rx.el.small(each.address))),
        rx.el.td(
            rx.cond(
                each.href != "",
                link(each.what, to=each.href, class_name="text-link"),
                rx.el.span(each.what),
            ),
            rx.cond(each.subject != "", rx.fragment(" · ", each.subject)),
            rx.el.small(each.action, " · no. ", each.seq.to_string()),
        ),
        rx.el.td(changes(each)),
        key=each.seq.to_string(),
    )


def nothing() -> rx.Component:
    return rx.el.div(
        rx.el.h2(rx.cond(AuditState.is_filtered, "No event fits", "Nothing has happened yet")),
        rx.el.p(
            rx.cond(
                AuditState.is_filtered,
                "Try a longer time, or another person.",
                "Whatever people change is listed here from then on.",
            )
        ),
        class_name="blank",
    )


def failed() -> rx.Component:
    return rx.el.div(
        rx.el.h2("The audit cannot be shown"),
        rx.el.p(AuditState.problem),
        rx.el.button(
            "Try again", type="button", on_click=AuditState.load, class_name="button button-main"
        ),
        class_name="blank",
        role="alert",
    )


def skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.p("Loading…", role="status", class_name="sr-only"),
        rx.el.div(
            *[rx.el.div(class_name="sk sk-line") for _ in range(9)],
            custom_attrs={"aria-hidden": "true"},
        ),
    )
