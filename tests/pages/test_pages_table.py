"""The table of pages, and what each page is made of."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.pages import PAGES

# Radix Themes ships 700 KB of stylesheet and looks like a dashboard; lucide is a second icon set.
FORBIDDEN = ("@radix-ui", "lucide-react", "sonner", "react-debounce-input")


def test_routes_are_unique() -> None:
    found = [page.route for page in PAGES]
    assert len(set(found)) == len(found)


def test_every_page_of_the_routes_is_there() -> None:
    found = {page.route for page in PAGES}
    assert {routes.HOME, routes.BROWSE, routes.MOVIE, routes.WATCH, "404"} <= found


def test_every_page_has_a_title_of_its_own() -> None:
    titles = [str(page.title) for page in PAGES]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_every_page_loads_what_it_shows() -> None:
    assert all(page.on_load for page in PAGES)


def test_no_page_brings_a_second_design_system() -> None:
    for page in PAGES:
        libraries = set(page.component()._get_all_imports())
        assert not [name for name in libraries if name.startswith(FORBIDDEN)], page.route


def test_every_page_has_one_main_landmark() -> None:
    for page in PAGES:
        assert _count(page.component(), "main") == 1, page.route


def _count(component: rx.Component, tag: str) -> int:
    own = int(str(component.tag).strip('"') == tag)
    return own + sum(_count(child, tag) for child in component.children)
