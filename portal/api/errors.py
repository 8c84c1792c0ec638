"""Errors as RFC 9457 problem+json, with a correlation id on each."""

from __future__ import annotations

import math

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from portal.api.correlation import correlation_id
from portal.services.errors import InvalidInput, PortalError, RateLimited, Unavailable

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
    if isinstance(error, InvalidInput):
        body["errors"] = [{"field": name, "detail": text} for name, text in error.fields.items()]
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse(body | more, status_code=error.status, media_type=PROBLEM, headers=headers)


async def _portal_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PortalError)  # noqa: S101  registered for this type only
    return problem(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = {
        ".".join(str(part) for part in item["loc"] if part != "body") or "body": str(item["msg"])
        for item in error.errors()
    }
    return problem(InvalidInput(fields))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    plain = PortalError(str(error.detail))
    plain.status = error.status_code
    plain.code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
    plain.title = {404: "Not found", 405: "Method not allowed"}.get(error.status_code, "HTTP error")
    response = problem(plain)
    response.headers.update(error.headers or {})
    return response


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("request.failed", error=type(error).__name__, exc_info=error)
    return problem(PortalError())


def register(app: FastAPI) -> None:
    """Render every error of this app as a problem."""
    app.add_exception_handler(PortalError, _portal_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
