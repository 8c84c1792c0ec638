"""How the client's methods become requests, and answers become values or exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

T = TypeVar("T")
Upload = tuple[str, bytes]
"""A file: its name and its bytes."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What an operation gave.

    Attributes:
        value: The body.
        status: The HTTP status.
        etag: For `if_match` and `if_none_match`; "" if there is none.
        location: Path of what was made, or "".
        correlation_id: Names the request in the portal's log.
        headers: All of them.
    """

    value: T
    status: int
    etag: str
    location: str
    correlation_id: str
    headers: Mapping[str, str]


class ApiProblem(Exception):
    """A problem (RFC 9457) that the API answered with.

    Attributes:
        status: The HTTP status.
        code: Stable, kebab-case: `validation`, `caption-missing`, `edit-conflict` ...
        detail: What happened and what to do about it.
        fields: What is wrong with each field, for `validation`.
        correlation_id: Names the request in the portal's log.
        retry_after_s: Seconds until it is worth trying again; None if that would not help.
        body: The whole problem.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.body = _problem(response)
        self.status = response.status_code
        self.code = str(self.body.get("code", "http-error"))
        self.detail = str(self.body.get("detail", response.reason_phrase))
        self.fields = {
            str(each["field"]): str(each["detail"]) for each in self.body.get("errors") or ()
        }
        self.correlation_id = response.headers.get("x-correlation-id", "")
        wait = response.headers.get("retry-after", "")
        self.retry_after_s = int(wait) if wait.isdecimal() else None
        super().__init__(f"{self.status} {self.code}: {self.detail}")


class NotModified(Exception):
    """The caller has it already: `if_none_match` named what is there."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, before it is sent; what is None is left out."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: BaseModel | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload | None] = field(default_factory=dict)

    def options(self) -> dict[str, Any]:
        """Arguments of httpx's `request`."""
        found: dict[str, Any] = {
            "params": _texts(self.query),
            "headers": {k: v for k, v in self.headers.items() if v is not None},
        }
        if self.body is not None:
            found["json"] = self.body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if self.files or self.form:
            found["data"] = _texts(self.form)
            found["files"] = {name: file for name, file in self.files.items() if file is not None}
        return found


class _Settings:
    """What both transports make their requests with."""

    def __init__(self, base_url: str, token: str = "", *, timeout_s: float = 60) -> None:
        self._options: dict[str, Any] = {"base_url": base_url, "timeout": timeout_s}
        if token:
            self._options["headers"] = {"Authorization": f"Bearer {token}"}


class Transport(_Settings):
    """Sends requests and waits for the answers.

    Args:
        base_url: Where the portal is, such as `https://films.example`.
        token: A personal token (`portal account token`); without one only what viewers may do.
        timeout_s: Seconds to wait; checks of stream sources take some.
        transport: Of httpx, for proxies and tests.
    """

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        timeout_s: float = 60,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(base_url, token, timeout_s=timeout_s)
        self.http = httpx.Client(transport=transport, **self._options)

    def __enter__(self) -> Self:
        self.http.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self.http.close()

    def _send(self, call: Call, shape: type[T] | None) -> Answer[T]:
        return _answer(self.http.request(call.method, call.path, **call.options()), shape)


class AsyncTransport(_Settings):
    """Sends requests from an event loop. Arguments as `Transport` has them."""

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        timeout_s: float = 60,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(base_url, token, timeout_s=timeout_s)
        self.http = httpx.AsyncClient(transport=transport, **self._options)

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections."""
        await self.http.aclose()

    async def _send(self, call: Call, shape: type[T] | None) -> Answer[T]:
        return _answer(await self.http.request(call.method, call.path, **call.options()), shape)


def segment(value: object) -> str:
    """A value as one segment of a path."""
    return quote(str(value), safe="")


def _answer(response: httpx.Response, shape: type[T] | None) -> Answer[T]:
    if response.status_code == 304:
        raise NotModified
    if not response.is_success:
        raise ApiProblem(response)
    value: Any = None
    if shape is bytes:
        value = response.content
    elif shape is not None and issubclass(shape, BaseModel):
        value = shape.model_validate_json(response.content)
    return Answer(
        value,
        response.status_code,
        response.headers.get("etag", ""),
        response.headers.get("location", ""),
        response.headers.get("x-correlation-id", ""),
        response.headers,
    )


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
