"""The API's contract: what FastAPI derives from the routes, made true in what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from portal.api.problems import PROBLEM_JSON

_PROBLEM_SCHEMAS = "Problem"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_REF = "#/components/schemas/"
_HEADERS: dict[str, dict[str, Any]] = {
    "CorrelationId": {
        "description": "Names the request in the portal's log; problems carry it too.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Names what was given, for If-Match and If-None-Match.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Path of what was made, or of where it is now.",
        "required": True,
        "schema": {"type": "string"},
    },
    "RetryAfter": {
        "description": "Seconds until it is worth trying again.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}
_SECURITY: dict[str, dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token: `portal account token`.",
    }
}
# Answers with the version of what they show or changed.
_TAGGED = frozenset(
    {
        "listMovies", "getMovie", "createMovie", "updateMovie", "setVisibility", "uploadCaptions",
        "getCaptions", "updateCaptions", "replaceCaptions", "restoreCaptions", "listCues", "addCue",
        "updateCue", "deleteCue", "splitCue", "correctCaptions",
    }
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Let the application give the contract that `document` makes."""
    derive = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(derive())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def document(derived: dict[str, Any]) -> dict[str, Any]:
    """The contract.

    Problems are `application/problem+json`; headers and who may call are said; FastAPI's own error
    schemas, which no route answers with, and titles that repeat a name are left out.
    """
    schemas: dict[str, Any] = derived.get("components", {}).get("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    found = operations(derived)
    for operation in found.values():
        _operation(operation)
    for name, schema in schemas.items():
        if name.endswith("Patch"):  # what a patch leaves out stays: there is no default
            for field in schema.get("properties", {}).values():
                field.pop("default", None)
    _allow_new_fields_in_answers(derived, list(found.values()))
    derived = _without_titles(derived)
    derived["components"] |= {"headers": _HEADERS, "securitySchemes": _SECURITY}
    return derived


def operations(contract: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """All operations by path and method."""
    return {
        (path, method): item[method]
        for path, item in contract.get("paths", {}).items()
        for method in _METHODS
        if method in item
    }


def _operation(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    operation["summary"] = operation.pop("description").split("\n\n")[0]
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _not_null(parameter["schema"])
        parameter["schema"].pop("description", None)
        if "428" in responses and parameter["name"] == "If-Match":
            parameter["required"] = True
    for media in operation.get("requestBody", {}).get("content", {}).values():
        media["schema"] = _not_null(media["schema"])
    if "401" in responses:
        # Routes that everybody may call show more to those who sign in.
        needed: list[dict[str, Any]] = [{"token": []}]
        operation["security"] = needed if "403" in responses else [{}, *needed]
    for status, response in responses.items():
        content = response.get("content", {})
        if _is_problem(content.get("application/json")):
            content[PROBLEM_JSON] = content.pop("application/json")
        if response["description"] == "Successful Response":
            response["description"] = {"204": "Done."}.get(status, "As it is now.")
        response["headers"] = {
            name: {"$ref": f"#/components/headers/{kind}"}
            for name, kind in _headers(operation["operationId"], int(status), content)
        }
    operation["responses"] = dict(sorted(responses.items()))


def _headers(operation: str, status: int, content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "X-Correlation-Id", "CorrelationId"
    if status in (200, 201, 304) and operation in _TAGGED:
        yield "ETag", "ETag"
    if status in (201, 301):
        yield "Location", "Location"
    if status in (429, 503) and PROBLEM_JSON in content and operation != "openStream":
        yield "Retry-After", "RetryAfter"


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without `null`: a parameter or a body is left out instead."""
    options = schema.get("anyOf", [])
    left = [option for option in options if option != {"type": "null"}]
    if len(options) != len(left) == 1:
        return {**{k: v for k, v in schema.items() if k not in ("anyOf", "title")}, **left[0]}
    return schema


def _allow_new_fields_in_answers(
    contract: dict[str, Any], all_operations: list[dict[str, Any]]
) -> None:
    """Only what callers send is closed; answers may get new fields within a major version."""
    schemas = contract["components"]["schemas"]
    sent: set[str] = set()
    waiting = [name for op in all_operations for name in _references(op.get("requestBody", {}))]
    while waiting:
        name = waiting.pop()
        if name not in sent:
            sent.add(name)
            waiting.extend(_references(schemas[name]))
    for name, schema in schemas.items():
        if name not in sent and schema.get("additionalProperties") is False:
            del schema["additionalProperties"]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference.removeprefix(_REF)
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _without_titles(value: Any, *, names: bool = False) -> Any:
    """Schemas without `title`; `names` says that the keys are names of properties."""
    if isinstance(value, list):
        return [_without_titles(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_titles(each, names=key in ("properties", "schemas"))
        for key, each in value.items()
        if names or key != "title" or "version" in value  # the document's own title stays
    }


def _is_problem(content: dict[str, Any] | None) -> bool:
    reference = (content or {}).get("schema", {}).get("$ref", "")
    return str(reference).endswith(_PROBLEM_SCHEMAS)
