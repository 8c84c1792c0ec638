"""Feature flags through the OpenFeature SDK, from the environment and a file.

A flag is on or off for the whole portal: `PORTAL_FLAG_ADMIN_UI=off` of the environment first, then
the JSON file `PORTAL_FLAGS_FILE` (`{"admin-ui": false}`), which is read anew when it changes, then
the default below. Off means that its pages answer 404 and its handlers refuse.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import structlog
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import FlagNotFoundError
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, Metadata

from portal.services.errors import NotFound

log = structlog.get_logger(__name__)

ADMIN_UI: Final = "admin-ui"
SERVER_RENDERING: Final = "server-rendering"
STYLEGUIDE: Final = "styleguide"
REGISTRATION: Final = "registration"
INSIGHTS: Final = "insights"
VIEWING_REPORTS: Final = "viewing-reports"
INSTANT_SEARCH: Final = "instant-search"
DIALOGUE_SEARCH: Final = "dialogue-search"
MY_TITLES: Final = "my-titles"
SHELVES: Final = "shelves"
INSTALLABLE: Final = "installable"

_DOMAIN = "portal"
_WORDS = {
    "on": True, "true": True, "1": True, "yes": True,
    "off": False, "false": False, "0": False, "no": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag: whether it is on without a word, and what it switches."""

    default: bool
    meaning: str


FLAGS: Final[dict[str, Flag]] = {
    ADMIN_UI: Flag(True, "the admin pages, signing in, and their events"),
    SERVER_RENDERING: Flag(True, "pages are rendered on the server before the browser does"),
    STYLEGUIDE: Flag(False, "/styleguide: every component in every state"),
    REGISTRATION: Flag(True, "accounts for new people of the OpenID Connect provider"),
    INSIGHTS: Flag(True, "insights pages and their export"),
    VIEWING_REPORTS: Flag(True, "players tell how playback goes (POST /api/qoe)"),
    INSTANT_SEARCH: Flag(True, "answers as one types, and GET /api/search"),
    DIALOGUE_SEARCH: Flag(True, "lines of dialogue are indexed and found"),
    MY_TITLES: Flag(True, "my list and continue watching"),
    SHELVES: Flag(True, "managers change the home page's shelves; off: they stay as they are"),
    INSTALLABLE: Flag(True, "an app of the device, pages without network; off: devices forget it"),
}


class FlagsUnreadable(Exception):
    """The environment or the file has something that is no flag; the text says what."""


class PortalProvider(AbstractProvider):
    """Flags of the environment, else of the file."""

    def __init__(self, file: Path | None, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._in_file: dict[str, bool] = {}
        self._in_environment = _from_environment(os.environ if environment is None else environment)
        if file is not None:
            self._in_file, self._stamp = _read(file), _stamp(file)

    def get_metadata(self) -> Metadata:
        """Who answers."""
        return Metadata("portal")

    def resolve_boolean_details(
        self,
        flag_key: str,
        default_value: bool,
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[bool]:
        """Whether a flag is on.

        Raises:
            FlagNotFoundError: There is no such flag.
        """
        if flag_key not in FLAGS:
            raise FlagNotFoundError(flag_key)
        if flag_key in self._in_environment:
            return FlagResolutionDetails(self._in_environment[flag_key], reason=Reason.STATIC)
        self._look_again()
        if flag_key in self._in_file:
            return FlagResolutionDetails(self._in_file[flag_key], reason=Reason.STATIC)
        return FlagResolutionDetails(FLAGS[flag_key].default, reason=Reason.DEFAULT)

    def _look_again(self) -> None:
        if self._file is None:
            return
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._in_file = _read(self._file)
            log.info("flags.read", flags=self._in_file)
        except FlagsUnreadable as error:  # what held before holds on
            log.error("flags.unreadable", words=str(error))

    def _only_booleans(self, flag_key: str) -> NoReturn:
        raise FlagNotFoundError(f"{flag_key}: the portal's flags are on or off.")

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: Any = None
    ) -> FlagResolutionDetails[str]:
        """No flag is a text."""
        self._only_booleans(flag_key)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: Any = None
    ) -> FlagResolutionDetails[int]:
        """No flag is a number."""
        self._only_booleans(flag_key)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: Any = None
    ) -> FlagResolutionDetails[float]:
        """No flag is a number."""
        self._only_booleans(flag_key)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[Any] | Mapping[str, Any],
        evaluation_context: Any = None,
    ) -> FlagResolutionDetails[Sequence[Any] | Mapping[str, Any]]:
        """No flag is a structure."""
        self._only_booleans(flag_key)


class Flags:
    """What the portal asks."""

    def __init__(self, file: Path | None) -> None:
        """Make this portal's provider the SDK's.

        Raises:
            FlagsUnreadable: The environment or the file cannot be used.
        """
        api.set_provider(PortalProvider(file), _DOMAIN)
        self._client = api.get_client(_DOMAIN)

    def is_on(self, flag: str) -> bool:
        """Whether a flag is on."""
        return self._client.get_boolean_value(flag, FLAGS[flag].default)

    def require(self, flag: str) -> None:
        """See that a flag is on.

        Raises:
            NotFound: It is off: there is no such thing in this portal.
        """
        if not self.is_on(flag):
            raise NotFound("This part of the portal is switched off.")


def variable(flag: str) -> str:
    """The environment variable of a flag."""
    return f"PORTAL_FLAG_{flag.upper().replace('-', '_')}"


def _from_environment(environment: Mapping[str, str]) -> dict[str, bool]:
    found = {}
    for flag in FLAGS:
        text = environment.get(variable(flag), "").strip().lower()
        if text and text not in _WORDS:
            raise FlagsUnreadable(f"{variable(flag)} must be on or off.")
        if text:
            found[flag] = _WORDS[text]
    return found


def _read(file: Path) -> dict[str, bool]:
    try:
        given = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FlagsUnreadable(f"The flags file cannot be read: {type(error).__name__}.") from None
    if not isinstance(given, dict) or any(not isinstance(v, bool) for v in given.values()):
        raise FlagsUnreadable('The flags file must be like {"admin-ui": false}.')
    if unknown := sorted(set(given) - set(FLAGS)):
        raise FlagsUnreadable(
            f"The flags file names {', '.join(unknown)}; there are {', '.join(FLAGS)}."
        )
    return given


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
