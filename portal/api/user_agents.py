"""What a User-Agent header says, in words: enough to tell one's own browsers apart."""

from __future__ import annotations

from functools import lru_cache

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@lru_cache(maxsize=2048)
def browser_family(user_agent: str) -> str:
    """Such as “Firefox”, for counting; “Other” for what is not known."""
    return next((words for part, words in _BROWSERS if part in user_agent), "Other")


def browser_words(user_agent: str) -> str:
    """Such as “Firefox on Windows”; the header's own first word for what is not known."""
    browser = next((words for part, words in _BROWSERS if part in user_agent), "")
    system = next((words for part, words in _SYSTEMS if part in user_agent), "")
    if not browser:
        browser = user_agent.partition(" ")[0].partition("/")[0] or "Unknown browser"
    return f"{browser} on {system}" if system else browser
