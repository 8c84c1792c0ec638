"""What a rule and a finding are, and how rules are written and run."""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

MAX_FINDINGS_PER_RULE = 10
"""A rule that is broken more often in one playlist is reported this often; the last one counts."""


class Level(enum.StrEnum):
    """How much a finding matters, after Apple's "must fix" and "should fix" issues."""

    ERROR = "error"
    """The film will not play, or not everywhere. Blocks publishing."""
    MUST = "must"
    """Apple's authoring specification or the standard demands it; most players get by."""
    SHOULD = "should"
    """Viewers would have it better."""


class Hit(NamedTuple):
    """One place where a rule is broken.

    Attributes:
        line: Line number, None where it is about the whole playlist.
        message: A sentence that says what is wrong there. No URL, no host.
    """

    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule, for a content manager to read.

    Attributes:
        id: The rule's.
        level: The rule's.
        line: Line number in the playlist, None where it is about the whole.
        message: What is wrong. Never contains a URL.
        fix: What to do about it.
        where: Which playlist, in words; empty where only one was checked.
        more: How many more places break the same rule, where this is the last one reported.
    """

    id: str
    level: Level
    line: int | None
    message: str
    fix: str
    where: str = ""
    more: int = 0


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """One rule.

    Attributes:
        id: Stable, e.g. ``HLS-E-101``: E error, M must, S should; 0xx any playlist, 1xx
            multivariant, 2xx media, 3xx all playlists of a film together.
        level: How much it matters.
        title: What has to be so.
        fix: What to do where it is not.
        source: Where it is written.
        check: Finds the places where it is broken.
    """

    id: str
    level: Level
    title: str
    fix: str
    source: str
    check: Callable[[S], Iterable[Hit]]

    def run(self, subject: S, where: str = "") -> list[Finding]:
        """All findings of this rule, at most ``MAX_FINDINGS_PER_RULE``."""
        hits = list(self.check(subject))
        findings = [
            Finding(self.id, self.level, hit.line, hit.message, self.fix, where)
            for hit in hits[:MAX_FINDINGS_PER_RULE]
        ]
        if len(hits) > len(findings):
            findings[-1] = replace(findings[-1], more=len(hits) - len(findings))
        return findings


_LEVELS = {"E": Level.ERROR, "M": Level.MUST, "S": Level.SHOULD}


class RuleSet(Generic[S]):
    """Rules about one kind of subject, written as decorated functions."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule[S]] = {}

    @property
    def rules(self) -> tuple[Rule[S], ...]:
        """All rules, in the order they are written in."""
        return tuple(self._rules.values())

    def rule(
        self, rule_id: str, title: str, *, fix: str, source: str
    ) -> Callable[[Callable[[S], Iterable[Hit]]], Callable[[S], Iterable[Hit]]]:
        """Make the decorated function a rule. Its level is the letter of its id.

        Raises:
            ValueError: The id is taken.
        """

        def add(check: Callable[[S], Iterable[Hit]]) -> Callable[[S], Iterable[Hit]]:
            if rule_id in self._rules:
                raise ValueError(f"There are two rules {rule_id}.")
            level = _LEVELS[rule_id.split("-")[1]]
            self._rules[rule_id] = Rule(rule_id, level, title, fix, source, check)
            return check

        return add

    def run(self, subject: S, where: str = "") -> list[Finding]:
        """Findings of all rules."""
        return [finding for rule in self.rules for finding in rule.run(subject, where)]


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Worst first, then by playlist and line."""
    levels = list(Level)
    places = {where: n for n, where in enumerate(dict.fromkeys(f.where for f in findings))}
    return sorted(
        findings, key=lambda f: (levels.index(f.level), places[f.where], f.line or 0, f.id)
    )
