"""Captions as the viewer wants them, the transcript beside the film, and what comes after it."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watched
from tests.e2e.player.conftest import Film, Player


def axe_findings(page: Page) -> list[str]:
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


def cue_color(player: Player) -> str:
    """What the page says of cues: the browser does not tell how it draws them."""
    rules = player.page.evaluate(
        "() => [...document.styleSheets].flatMap(s => [...s.cssRules])"
        ".filter(r => r.selectorText?.includes('video::cue, .cs-words')).map(r => r.style.color)"
    )
    assert len(rules) == 1
    return str(rules[0])


def test_captions_look_as_they_are_chosen_and_stay_so(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    player.play(film)
    page.get_by_role("button", name="How captions look (s)").click()
    dialog = page.get_by_role("dialog", name="Captions")
    for field, choice in (
        ("Text", "Yellow"), ("Size", "Large"), ("Background", "None"), ("Edge", "Outline"),
    ):  # fmt: skip
        dialog.get_by_role("group", name=field).get_by_label(choice, exact=True).check(force=True)
    sample = dialog.locator(".cs-words")
    expect(sample).to_have_css("color", "rgb(255, 233, 74)")
    expect(sample).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    assert cue_color(player) == "rgb(255, 233, 74)"
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()

    page.reload()
    player.wait_until_moving()
    assert cue_color(player) == "rgb(255, 233, 74)"
    page.keyboard.press("s")
    page.get_by_role("button", name="As it was").click()
    assert cue_color(player) == "rgb(255, 255, 255)"


def test_captions_move_above_by_keyboard_alone(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    player.play(film)
    page.keyboard.press("c")
    page.keyboard.press("s")
    group = page.get_by_role("group", name="Position")
    for _ in range(12):
        if group.locator(":focus").count():
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    lines = (
        "v => [...v.textTracks].filter(t => t.mode === 'showing')"
        ".flatMap(t => [...t.cues ?? []]).map(c => c.line)"
    )
    page.wait_for_function(
        f"() => {{ const found = ({lines})(document.querySelector('video'));"
        " return found.length && found.every(line => line === 0); }"
    )


def test_the_transcript_follows_leads_and_is_searched(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    player.play(film)
    page.keyboard.press("t")
    transcript = page.get_by_role("complementary", name="Transcript")
    lines = transcript.locator(".ts-line")
    expect(lines.nth(3)).to_be_visible()
    assert axe_findings(page) == []

    third = lines.nth(2)
    third.click()
    expect(third).to_have_attribute("aria-current", "true")
    minutes, seconds = third.locator(".ts-time").inner_text().split(":")
    assert player.position_s() >= int(minutes) * 60 + int(seconds) - 0.1
    player.wait_until_moving(player.position_s() + 6)
    expect(third).not_to_have_attribute("aria-current", "true")

    last = lines.last.locator("span").last.inner_text()
    word = max(re.findall(r"[A-Za-z]+", last), key=len)
    transcript.get_by_role("searchbox").fill(word.upper())
    expect(transcript.get_by_role("status")).to_contain_text(re.compile("[0-9]+ of [0-9]+ lines"))
    expect(transcript.locator("mark").first).to_have_text(re.compile(word, re.IGNORECASE))
    transcript.get_by_role("searchbox").fill("zzzz")
    expect(transcript.get_by_role("status")).to_have_text("Nobody says that.")

    transcript.get_by_role("searchbox").fill("")
    before = lines.first.inner_text()
    transcript.get_by_role("combobox").select_option("pt")
    expect(lines.first).not_to_have_text(before)
    transcript.get_by_role("button", name="Close").click()
    expect(transcript).to_have_count(0)


def test_a_transcript_that_cannot_be_loaded_says_so(
    player: Player, film: Film, watched: Watched
) -> None:
    page = player.page
    page.route("**/*.vtt", lambda route: route.abort("connectionrefused"))
    player.play(film)
    page.keyboard.press("t")
    transcript = page.get_by_role("complementary", name="Transcript")
    expect(transcript.get_by_role("status")).to_contain_text("cannot be loaded")
    page.unroute("**/*.vtt")
    transcript.get_by_role("button", name="Try again").click()
    expect(transcript.locator(".ts-line").first).to_be_visible()
    watched.forget()


def test_single_keys_can_be_switched_off(player: Player, film: Film, watched: Watched) -> None:
    page = player.page
    player.play(film)
    page.keyboard.press("?")
    page.get_by_label("Single keys work anywhere on this page").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("t")
    page.keyboard.press("?")
    expect(page.get_by_role("complementary", name="Transcript")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_after_the_end_another_film_is_offered(
    player: Player, film: Film, size: tuple[int, int], watched: Watched
) -> None:
    page = player.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    player.play(film)
    player.seek(film.duration_s - 1)
    following = page.get_by_role("link", name=re.compile("Watch next"))
    expect(following).to_be_visible(timeout=15_000)
    assert axe_findings(page) == []
    following.click()
    expect(page).not_to_have_url(re.compile(film.slug))
    player.wait_until_moving()
