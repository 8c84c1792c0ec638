"""What a route's problems look like in the contract."""

from __future__ import annotations

from typing import Any

from portal.api.schemas import ApiModel, Problem
from portal.api.schemas_reports import SourceFinding

PROBLEM_JSON = "application/problem+json"


class FieldProblem(ApiModel):
    """What is wrong with one field."""

    field: str
    detail: str


class ValidationProblem(Problem):
    """Input that cannot be used; each field with its fix."""

    errors: list[FieldProblem] | None = None
    findings: list[SourceFinding] | None = None


class BlockerProblem(ApiModel):
    """One thing that keeps a movie from being published."""

    code: str
    detail: str
    href: str


class ConflictProblem(Problem):
    """A request that does not fit what is stored, such as publishing without captions."""

    blockers: list[BlockerProblem] | None = None


class DifferenceProblem(ApiModel):
    """A field that somebody else changed meanwhile."""

    field: str
    yours: Any = None
    theirs: Any = None
    both_changed: bool


class PreconditionProblem(Problem):
    """A lost update: what was changed since, by whom and when."""

    differences: list[DifferenceProblem] | None = None
    current_version: int | None = None
    changed_by: str | None = None
    changed_at: str | None = None


_ALL: dict[int, tuple[type[Problem], str]] = {
    400: (Problem, "The request cannot be read."),
    401: (Problem, "Nobody is signed in, or the token is not valid."),
    403: (Problem, "The role does not allow it."),
    404: (Problem, "There is no such thing, or not for this caller."),
    409: (ConflictProblem, "It does not fit what is stored; `code` tells why."),
    410: (Problem, "It has left the catalog."),
    412: (PreconditionProblem, "If-Match names another version than the stored one."),
    413: (Problem, "The body is larger than is taken."),
    422: (ValidationProblem, "Some of the input cannot be used; `errors` names the fields."),
    428: (Problem, "If-Match is missing."),
    429: (Problem, "Too many requests; Retry-After says when to go on."),
    502: (Problem, "The origin does not answer properly."),
    503: (Problem, "One of the portal's servers is away."),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer these statuses."""
    return {status: _entry(status) for status in sorted(statuses)}


def reading() -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route on which content managers read."""
    return problems(401, 403, 404, 422, 429, 503)


def editing(*more: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route on which content managers change something."""
    return problems(400, 401, 403, 404, 409, 413, 422, 429, 503, *more)


def _entry(status: int) -> dict[str, Any]:
    model, words = _ALL[status]
    return {"model": model, "description": words}
