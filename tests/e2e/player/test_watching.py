"""Coming, going on where one left, leaving: what the watch page does around the film."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, Watched
from tests.e2e.player.conftest import Film, Player
from tests.support.live_portal import LivePortal

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def test_from_the_film_s_page_to_moving_pictures(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    page.goto(f"/movie/{film.slug}")
    page.get_by_role("link", name=re.compile("^Play")).click()
    player.wait_until_moving()
    # The press asked for the token, and the player took it: one session, not two.
    assert len(player.token_calls()) == 1
    assert len(player.media_tokens()) == 1
    expect(page.get_by_role("heading", level=1)).to_have_text(film.title)
    expect(page).to_have_title(re.compile(re.escape(film.title)))
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("region", name=f"Film: {film.title}")).to_be_visible()
    assert page.evaluate("navigator.mediaSession.metadata.title") == film.title
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    page.mouse.move(300, 300)
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile(f"/movie/{film.slug}$"))


def test_by_keyboard_from_the_film_s_page(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    page.goto(f"/movie/{film.slug}")
    page.get_by_role("link", name=re.compile("^Play")).focus()
    page.keyboard.press("Enter")
    player.wait_until_moving()
    assert len(player.token_calls()) == 1


def test_the_catalog_loads_none_of_the_player(page: Page, films: list[Film]) -> None:
    loaded: list[str] = []
    page.on("response", lambda r: loaded.append(r.url) if r.url.endswith(".js") else None)
    for path in ("/", "/browse", f"/movie/{films[0].slug}"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
    scripts = {url: page.request.get(url).text() for url in set(loaded)}
    assert scripts
    for url, text in scripts.items():
        assert "hlsManifestLoading" not in text, url
        assert 'define("media-controller"' not in text, url


def test_leaving_stops_every_request_and_a_second_film_plays(
    player: Player, films: list[Film], watched: Watched
) -> None:
    page = player.page
    player.play(films[-1])
    page.mouse.move(300, 300)
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("link", name=re.compile("^Play"))).to_be_visible()
    page.wait_for_timeout(300)
    assert player.reports()[-1]["ended"]  # the viewer's place is given back
    before = len(player.media()) + len(player.token_calls())
    page.wait_for_timeout(7000)  # more than the time of a renewal
    assert len(player.media()) + len(player.token_calls()) == before

    page.locator("#rail-similar a.card").first.click()
    page.get_by_role("link", name=re.compile("^Play")).click()
    player.wait_until_moving()
    assert player.page.url != f"/watch/{films[-1].slug}"
    assert len({asked.url.split("/")[5] for asked in player.media()}) == 2
    page.wait_for_function("document.querySelectorAll('video').length === 1")


def test_a_film_goes_on_where_it_was_left(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    player.seek(20)
    player.wait_until_moving(20.5)
    page.goto("/")  # leaves by a page load
    player.play(film)
    expect(player.status()).to_contain_text(re.compile(r"Resumed at 0:2\d"))
    assert 19 < player.position_s() < 26
    # The first segment that it asked for is that of the position.
    page.get_by_role("button", name="Start over").click()
    page.wait_for_function("document.querySelector('video').currentTime < 5")
    player.wait_until_moving()
    expect(player.status()).to_be_empty()


def test_an_address_with_a_time_starts_there(player: Player, film: Film, watched: Watched) -> None:
    player.play(film, "?t=12")
    assert 11.5 < player.position_s() < 16
    expect(player.status()).to_be_empty()


def test_the_position_is_reported_every_ten_seconds_and_on_pause(
    player: Player, film: Film, watched: Watched
) -> None:
    player.play(film)
    player.page.wait_for_timeout(10_700)
    every = player.reports()
    assert len(every) == 1, every
    assert 8 < every[0]["positionS"] < 13
    assert not every[0]["ended"]
    player.page.keyboard.press("k")
    player.page.wait_for_timeout(300)
    assert len(player.reports()) == 2


def test_a_film_that_may_not_start_by_itself_waits_for_a_press(
    browser: Browser, portal: LivePortal, film: Film
) -> None:
    arguments = [a for a in CHROMIUM_ARGUMENTS if not a.startswith("--autoplay-policy")]
    strict = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    try:
        player = Player(strict.new_page(base_url=portal.url), portal)
        player.open(film)
        # Playwright looks into a page as if somebody had clicked there: not before it is refused.
        player.page.wait_for_timeout(2500)
        press = player.page.locator(".player-center media-play-button")
        expect(press).to_be_visible()
        assert player.video.evaluate("video => video.paused")
        press.click()
        player.wait_until_moving()
        expect(press).to_be_hidden()
    finally:
        strict.close()


def test_the_player_needs_no_socket(player: Player, film: Film, context: BrowserContext) -> None:
    context.route_web_socket(re.compile("_event"), lambda ws: ws.close())
    context.route(re.compile(r"/_event"), lambda route: route.abort())
    player.play(film)
    player.wait_until_moving(2)
    words = film.slug.split("-")[0]
    expect(player.page.get_by_role("heading", level=1)).to_contain_text(re.compile(words, re.I))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["playing", "failed", "ended", "menu"])
def test_the_watch_page_is_accessible_and_fits(
    player: Player, film: Film, size: str, state: str
) -> None:
    page = player.page
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    if state == "failed":
        player.open(Film("", "no-such-film", "", 0))
        expect(player.alert()).to_contain_text("find that film")
    else:
        player.play(film)
        expect(page.get_by_role("heading", level=1)).to_have_text(film.title)
    page.mouse.move(100, 100)
    if state == "ended":
        player.seek(film.duration_s - 0.3)
        expect(page.get_by_role("button", name="Watch again")).to_be_visible()
    if state == "menu":
        page.locator("media-captions-menu-button").click()
    page.wait_for_timeout(300)
    # Without `preload`, axe waits ten seconds for the data of a film that was refused.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             '.stream-player :is(button, a), media-control-bar > :not(.player-gap)')]
             .filter(e => e.checkVisibility())
             .map(e => [e.localName, e.getBoundingClientRect()])
             .filter(([, r]) => r.width < 24 || r.height < 24).map(([name]) => name)"""
    )
    assert small == []
