"""Captions, quality, speed and the rest of the controls, by keyboard and remembered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.player.conftest import Film, Player
from tests.support.live_portal import LivePortal


def tab_to(page: Page, element: str, limit: int = 30) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("name => document.activeElement.localName === name", element):
            return
    pytest.fail(f"the keyboard does not reach {element}")


def focused_item(page: Page) -> str:
    """Text of the menu item that has the focus; waits until one has."""
    found = page.wait_for_function(
        "() => { let e = document.activeElement;"
        " while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
        " return e.role === 'menuitemradio' && e.textContent.trim(); }"
    )
    return str(found.json_value())


def open_menu(page: Page, button: str) -> list[str]:
    """Open a menu with the keyboard; the texts of its items."""
    tab_to(page, button)
    page.keyboard.press("Enter")
    focused_item(page)
    items = page.locator(f"{button.removesuffix('-button')} [role=menuitemradio]")
    return [text.strip() for text in items.all_inner_texts()]


def choose(page: Page, words: str) -> None:
    """Choose an item of the open menu with the keyboard."""
    for _ in range(12):
        if words in focused_item(page):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the keyboard does not reach {words!r}")


def cues_of(player: Player, film: Film, language: str) -> list[tuple[float, float, str]]:
    """The cues of a caption track as the portal stores them: start, end, text."""
    import sqlite3

    with sqlite3.connect(player.portal.data_dir / "portal.sqlite3") as db:
        (vtt,) = db.execute(
            "select vtt from caption_track where movie_id = ? and language = ?",
            (film.movie_id, language),
        ).fetchone()
    time = r"(?:(\d+):)?(\d+):([\d.]+)"

    def seconds(hours: str, minutes: str, rest: str) -> float:
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)

    found = re.findall(rf"{time} --> {time}[^\n]*\n(.+?)(?:\n\n|\Z)", vtt, flags=re.DOTALL)
    return [(seconds(*cue[:3]), seconds(*cue[3:6]), cue[6].strip()) for cue in found]


def test_captions_that_are_turned_on_after_the_first_token_ended(
    player: Player, film: Film, watched: Watched
) -> None:
    player.play(film)
    player.wait_until_moving(11.5)  # more than the ten seconds of a token
    assert not [asked for asked in player.media() if ".vtt" in asked.url]
    player.page.keyboard.press("c")
    player.page.wait_for_function(
        "[...document.querySelector('video').textTracks]"
        ".some(t => t.mode === 'showing' && t.cues?.length)"
    )
    start, end, text = next(cue for cue in cues_of(player, film, "en") if cue[0] > 13)
    player.seek((start + end) / 2)
    shown = ""
    for _ in range(50):
        shown = player.cue_text()
        if shown == text:
            break
        player.page.wait_for_timeout(100)
    assert shown == text
    assert player.refused_media() == []


def test_captions_quality_and_speed_by_keyboard_alone(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    player.play(film)
    assert player.showing_captions() == []

    languages = open_menu(page, "media-captions-menu-button")
    assert languages[:3] == ["Off", "English", "Português"]
    choose(page, "Português")
    page.wait_for_function(
        "[...document.querySelector('video').textTracks].some(t => t.mode === 'showing')"
    )
    assert player.showing_captions() == ["pt"]

    qualities = open_menu(page, "media-rendition-menu-button")
    assert qualities[0] == "720p"
    assert qualities[-1].startswith("Auto")
    choose(page, "360p")
    player.seek(20)
    page.wait_for_function("document.querySelector('video').videoHeight === 360")

    speeds = open_menu(page, "media-playback-rate-menu-button")
    assert "1.5x" in speeds
    choose(page, "1.5x")
    page.wait_for_function("document.querySelector('video').playbackRate === 1.5")
    assert player.stalls() <= 1  # the seek


def test_a_menu_keeps_the_focus_when_it_is_drawn_anew(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    player.play(film)
    open_menu(page, "media-rendition-menu-button")
    page.keyboard.press("ArrowDown")
    # What a switch to another rendition does to the menu.
    page.locator("media-rendition-menu").evaluate("menu => menu.setAttribute('mediawidth', '999')")
    page.wait_for_timeout(100)
    choose(page, "480p")
    expect(page.locator("media-rendition-menu-button")).to_be_focused()
    open_menu(page, "media-playback-rate-menu-button")
    page.keyboard.press("Escape")
    expect(page.locator("media-playback-rate-menu")).to_be_hidden()


def test_the_choice_of_captions_is_remembered(
    player: Player, films: list[Film], watched: Watched
) -> None:
    page = player.page
    player.play(films[-1])
    open_menu(page, "media-captions-menu-button")
    choose(page, "Português")
    page.wait_for_function("localStorage['portal.captions']?.includes('pt')")
    player.play(films[-2])
    page.wait_for_function(
        "[...document.querySelector('video').textTracks].some(t => t.mode === 'showing')"
    )
    assert player.showing_captions() == ["pt"]
    page.keyboard.press("c")
    page.wait_for_function("localStorage['portal.captions']?.includes('false')")
    player.play(films[-1])
    page.wait_for_timeout(500)
    assert player.showing_captions() == []
    page.keyboard.press("c")  # the language is remembered as well
    page.wait_for_function(
        "[...document.querySelector('video').textTracks].some(t => t.mode === 'showing')"
    )
    assert player.showing_captions() == ["pt"]


def test_captions_take_the_browser_s_language_first(
    context: BrowserContext, browser: object, portal: LivePortal, film: Film
) -> None:
    other = context.browser.new_context(base_url=portal.url, locale="pt-BR")  # type: ignore[union-attr]
    try:
        player = Player(other.new_page(), portal)
        player.play(film)
        player.page.keyboard.press("c")
        player.page.wait_for_function(
            "[...document.querySelector('video').textTracks].some(t => t.mode === 'showing')"
        )
        assert player.showing_captions() == ["pt"]
    finally:
        other.close()


def test_keys_work_wherever_the_focus_is(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    paused = "document.querySelector('video').paused"
    page.keyboard.press("k")
    page.wait_for_function(paused)
    at = player.position_s()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("at => document.querySelector('video').currentTime >= at + 9", arg=at)
    page.keyboard.press("j")
    page.wait_for_function("at => document.querySelector('video').currentTime < at + 1", arg=at)
    page.keyboard.press("m")
    page.wait_for_function("document.querySelector('video').muted")
    page.keyboard.press("Space")
    page.wait_for_function(f"!{paused}")
    assert page.evaluate("window.scrollY") == 0


def test_the_list_of_keys_opens_and_closes(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    expect(keys.get_by_text("Captions off or on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_be_visible()
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_be_hidden()


def test_the_time_bar_shows_pictures(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    bar = page.locator("media-time-range").bounding_box()
    assert bar is not None
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    picture = page.locator("media-time-range media-preview-thumbnail")
    expect(picture).to_have_attribute("mediapreviewimage", re.compile("/artwork/"))
    loaded = "e => { const i = e.shadowRoot.querySelector('img'); return i.naturalWidth > 0; }"
    page.wait_for_function(loaded, arg=picture.element_handle())


def test_notices_are_seen_in_full_screen_too(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    assert page.evaluate(
        "document.fullscreenElement.contains(document.querySelector('[role=alert]'))"
    )
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
