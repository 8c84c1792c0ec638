"""Signing in and one's own account, in a browser with and without scripts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.services.accounts import totp
from portal.services.clock import utc_now
from tests.support.live_portal import ROOT, LivePortal, environment, live_portal, portal_command
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, oidc_provider_on_thread
from tests.support.people import PASSWORD

OWNER = "owner@films.example"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A portal without films."""
    data_dir: Path = tmp_path_factory.mktemp("accounts") / "data"
    data_dir.mkdir()
    secret = data_dir / "client-secret"
    secret.write_text(CLIENT_SECRET)
    with (
        oidc_provider_on_thread("", {"sub": "1", "email_verified": True}) as provider,
        live_portal(
            data_dir,
            PORTAL_ADMIN_REQUESTS_PER_MIN="10000",
            PORTAL_OIDC_ISSUER=provider.issuer,
            PORTAL_OIDC_CLIENT_ID=CLIENT_ID,
            PORTAL_OIDC_CLIENT_SECRET_FILE=str(secret),
        ) as found,
    ):
        provider.redirect_uri = f"{found.url}/admin/login/oidc/return"
        found.provider = provider  # type: ignore[attr-defined]
        yield found


@pytest.fixture
def owner(accounts: LivePortal, request: pytest.FixtureRequest) -> str:
    """An owner of this test's own."""
    name = re.sub(r"\W+", "-", request.node.name)
    email = f"{name}@films.example"
    subprocess.run(
        portal_command("account", "create", email, "--role", "owner"),
        env=environment(accounts.data_dir, accounts.port),
        cwd=ROOT,
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
    )
    return email


@pytest.fixture
def context(browser: Browser, accounts: LivePortal) -> Iterator[BrowserContext]:
    found = browser.new_context(
        base_url=accounts.url, viewport={"width": 1440, "height": 900}, locale="en-GB"
    )
    yield found
    found.close()


def sign_in(page: Page, email: str, goal: str = "/admin/account") -> None:
    page.goto(goal)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def has_no_violation(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_fit(page: Page, owner: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/admin/login")
    has_no_violation(page)
    sign_in(page, owner)
    for path in ("/admin/account", "/admin/accounts", "/admin/login?again"):
        page.goto(path)
        for each in page.locator("details:not([open]) > summary").all():
            if each.is_visible():
                each.click()
        has_no_violation(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path


def test_everything_but_passkeys_works_without_scripts(
    browser: Browser, accounts: LivePortal, owner: str
) -> None:
    context = browser.new_context(base_url=accounts.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/admin/account")
    # By keyboard alone: the field has the focus.
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(owner)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is wrong")
    expect(page.get_by_label("E-mail address")).to_have_value(owner)
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    page.get_by_label("What the new token is for").fill("Nightly import")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The new token", exact=True)).to_have_text(re.compile(r"^portal_"))
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    context.close()


def test_a_passkey_signs_in(page: Page, owner: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, owner)
    page.get_by_label("Name of the new passkey").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is added")
    # The same device is not added twice, and says so beside the button.
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for your account already")

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin")
    page.goto("/admin/account")
    expect(page.get_by_text("with passkey")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    session.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": device["authenticatorId"], "isUserVerified": False},
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_focused()


def test_an_authenticator_app_is_set_up_and_asked_for(page: Page, owner: str) -> None:
    sign_in(page, owner)
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.get_by_text("Cannot scan it?").click()
    secret = str(page.locator(".letters code").text_content()).replace(" ", "")
    page.get_by_label("Type the six digits").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not what the app shows")
    expect(page.get_by_label("Type the six digits")).to_be_focused()
    page.keyboard.type(totp.code_at(secret, totp.step_at(utc_now())))
    page.keyboard.press("Enter")
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_text_contents()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, owner)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(codes[3])
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()


def test_the_organisation_signs_somebody_in(page: Page, accounts: LivePortal, owner: str) -> None:
    accounts.provider.person["email"] = owner  # type: ignore[attr-defined]
    page.goto("/admin/account")
    page.get_by_role("link", name="Sign in with your organisation").click()
    # Another site sent the browser here: the cookie came along all the same.
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_text("with outside sign-in")).to_be_visible()
    page.goto("/admin")
    expect(page.get_by_role("link", name="Account")).to_be_visible()


def test_a_browser_that_is_signed_out_elsewhere_does_nothing_more(
    browser: Browser, accounts: LivePortal, page: Page, owner: str
) -> None:
    other = browser.new_context(base_url=accounts.url, user_agent="Mozilla/5.0 Firefox/140")
    lost = other.new_page()
    sign_in(lost, owner, "/admin")
    expect(lost.get_by_role("link", name="Account")).to_be_visible()
    sign_in(page, owner)
    page.get_by_role("button", name="Sign out Firefox").click()
    expect(page.get_by_role("status")).to_contain_text("That browser is signed out")
    # Its page is open still, and its socket: what it sends is refused.
    lost.get_by_role("searchbox").fill("x")
    expect(lost.get_by_text("Sign in").first).to_be_visible()
    lost.goto("/admin/account")
    expect(lost.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.close()


def test_an_owner_makes_an_account_and_shuts_it_out(
    browser: Browser, accounts: LivePortal, page: Page, owner: str
) -> None:
    sign_in(page, owner, "/admin/accounts")
    page.get_by_label("E-mail address").fill("nora@films.example")
    page.get_by_label("Name").fill("Nora")
    page.locator("#role").select_option("editor")
    page.get_by_role("button", name="Make the account").click()
    password = page.get_by_label("The new password", exact=True).text_content()

    other = browser.new_context(base_url=accounts.url)
    nora = other.new_page()
    nora.goto("/admin/accounts")
    nora.get_by_label("E-mail address").fill("nora@films.example")
    nora.get_by_label("Password").fill(str(password))
    nora.keyboard.press("Enter")
    expect(nora.get_by_role("alert")).to_contain_text("needs the role owner")

    page.get_by_label("Change nora@films.example").click()
    row = page.locator("li", has_text="nora@films.example")
    row.get_by_text("Shut out", exact=True).click()
    row.get_by_role("button", name="Shut out nora@films.example").click()
    expect(page.get_by_role("status")).to_contain_text("shut out")
    nora.goto("/admin/account")
    expect(nora.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.close()
