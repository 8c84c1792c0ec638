"""A film is made ready while somebody looks at its Play: seldom, and not where data is dear."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.player.conftest import Film, Player

SAVE_DATA = """Object.defineProperty(navigator, "connection",
  { value: { saveData: true, effectiveType: "4g" } })"""
LOOK_AT = """async (count) => {
  const links = [...document.querySelectorAll("a[href^='/watch/']")];
  const bySlug = new Map(links.map((link) => [link.pathname, link]));
  for (const link of [...bySlug.values()].slice(0, count)) {
    const at = { bubbles: true, pointerType: "mouse" };
    link.dispatchEvent(new PointerEvent("pointerover", at));
    await new Promise((done) => setTimeout(done, 300));
    link.dispatchEvent(new PointerEvent("pointerout", at));
  }
}"""


def test_a_look_at_play_makes_the_film_ready(player: Player, film: Film) -> None:
    player.page.goto(f"/movie/{film.slug}")
    play = player.page.locator("a.btn-primary[href^='/watch/']").first
    expect(play).to_be_visible()
    player.page.wait_for_load_state("networkidle")
    assert player.token_calls() == []
    with player.page.expect_response(lambda response: "/s/" in response.url):
        play.hover()
    assert len(player.token_calls()) == 1
    play.click()
    player.wait_until_moving()
    # The player took what was ready: it did not ask again.
    assert len([call for call in player.token_calls() if "sessionId" not in call.body]) == 1


def test_a_glance_asks_for_nothing(player: Player, film: Film) -> None:
    player.page.goto(f"/movie/{film.slug}")
    play = player.page.locator("a.btn-primary[href^='/watch/']").first
    play.dispatch_event("pointerover", {"bubbles": True, "pointerType": "mouse"})
    play.dispatch_event("pointerout", {"bubbles": True, "pointerType": "mouse"})
    player.page.wait_for_timeout(400)
    assert player.token_calls() == []


def test_looking_at_many_films_asks_for_few(player: Player) -> None:
    player.page.goto("/")
    player.page.wait_for_load_state("networkidle")
    player.page.evaluate(LOOK_AT, 7)
    assert len(player.token_calls()) == 4


def test_where_data_is_dear_nothing_is_fetched(player: Player) -> None:
    player.page.add_init_script(SAVE_DATA)
    player.page.goto("/")
    player.page.wait_for_load_state("networkidle")
    player.page.evaluate(LOOK_AT, 2)
    assert player.token_calls() == []
