"""What a first visit downloads stays small, and the player's code stays on the watch page."""

from __future__ import annotations

from scripts.bundle_size import measure
from tests.support.live_portal import LivePortal

KIB = 1024
CATALOG_ROUTES = ("/", "/browse", "/movie/:movie_slug")


def test_catalog_routes_stay_within_their_budget(portal: LivePortal) -> None:
    sizes = {size.route: size for size in measure()}
    for route in CATALOG_ROUTES:
        assert sizes[route].js <= 145 * KIB, (route, sizes[route])
        assert sizes[route].css <= 8 * KIB, (route, sizes[route])


def test_the_player_s_libraries_are_loaded_on_the_watch_page_only(portal: LivePortal) -> None:
    from scripts.bundle_size import CLIENT

    sizes = {size.route: size for size in measure()}

    def has_player(route: str) -> bool:
        return any(
            b"media-controller" in (CLIENT / "assets" / name).read_bytes()
            for name in sizes[route].modules
        )

    assert has_player("/watch/:movie_slug")
    assert not any(has_player(route) for route in CATALOG_ROUTES)
    assert sizes["/watch/:movie_slug"].js <= 340 * KIB
