"""Errors as RFC 9457 problem+json, with a correlation id on each."""

from __future__ import annotations

import math

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match, Route

from portal.api.correlation import correlation_id
from portal.services.errors import (
    EditConflict,
    InvalidInput,
    PortalError,
    PublishingBlocked,
    RateLimited,
    SourceRefused,
    Unavailable,
)

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"
# Relative on purpose: it names the kind of problem on whatever host runs (RFC 9457 3.1.1).
TYPE_BASE = "/problems/"


def problem(error: PortalError, **more: object) -> JSONResponse:
    """The response that tells of an error."""
    body: dict[str, object] = {
        "type": TYPE_BASE + error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "correlationId": correlation_id(),
    }
    body |= _members(error)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse(body | more, status_code=error.status, media_type=PROBLEM, headers=headers)


def _members(error: PortalError) -> dict[str, object]:
    """Extension members (RFC 9457 3.2): what a program needs to show more than the sentence."""
    match error:
        case InvalidInput():
            found: dict[str, object] = {
                "errors": [
                    {"field": _camel(name), "detail": text} for name, text in error.fields.items()
                ]
            }
            if isinstance(error, SourceRefused):
                found["findings"] = list(error.findings)
            return found
        case EditConflict():
            return {
                "differences": [
                    {
                        "field": _camel(each.field),
                        "yours": jsonable_encoder(each.yours),
                        "theirs": jsonable_encoder(each.theirs),
                        "bothChanged": each.both_changed,
                    }
                    for each in error.differences
                ],
                "currentVersion": error.current_version,
                "changedBy": error.changed_by,
                "changedAt": jsonable_encoder(error.changed_at),
            }
        case PublishingBlocked():
            return {
                "blockers": [
                    {"code": each.code, "detail": each.words, "href": each.href}
                    for each in error.blockers
                ]
            }
        case _:
            return {}


def _camel(name: str) -> str:
    """A field as JSON names it; a path's parts each for themselves."""
    return ".".join(to_camel(part) if "_" in part else part for part in name.split("."))


async def _portal_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PortalError)  # noqa: S101  registered for this type only
    return problem(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields: dict[str, str] = {}
    for item in error.errors():
        where, *path = item["loc"]
        if path and _is_tag(path[0], error.body):
            path = path[1:]
        name = ".".join(str(part) for part in path) or str(where)
        if item["type"] == "json_invalid":
            name, words = "body", f"The body is not JSON: {item.get('ctx', {}).get('error', '')}."
        else:
            words = str(item["msg"]).removeprefix("Value error, ")
        fields.setdefault(name, words)
    return problem(InvalidInput(fields))


def _is_tag(part: object, body: object) -> bool:
    """Whether a part of a place names the option of a union (`shift`) and no field."""
    return isinstance(body, dict) and part not in body and part in body.values()


_HTTP_ERRORS = {
    400: ("bad-request", "The request cannot be read"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "Method not allowed"),
    413: ("too-large", "Too large"),
}


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    words = str(error.detail)
    if error.status_code == 400 and words == "There was an error parsing the body":  # FastAPI's
        words = "The body is not what Content-Type says, in another encoding, or nested too deep."
    plain = PortalError(words)
    plain.status = error.status_code
    plain.code, plain.title = _HTTP_ERRORS.get(error.status_code, ("http-error", "HTTP error"))
    response = problem(plain)
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """All methods of a path; the router itself tells those of one route only."""
    return {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("request.failed", error=type(error).__name__, exc_info=error)
    return problem(PortalError())


def register(app: FastAPI) -> None:
    """Render every error of this app as a problem."""
    app.add_exception_handler(PortalError, _portal_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
