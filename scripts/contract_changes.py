"""What of a contract's new edition breaks programs written for the old one.

Follows both documents as parsed, not as text. What callers send may become wider, what they get
narrower, never the other way: a new optional field in an answer is fine, in a request a new one
that is required is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

Schema = dict[str, Any]
Direction = Literal["sent", "received"]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "format", "const", "contentMediaType")


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Each as a sentence that begins with where it is; empty if there is none."""
    return list(dict.fromkeys(_Comparison(old, new).all()))


class _Comparison:
    """Two editions of a contract."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self._seen: set[tuple[str, str, Direction]] = set()

    def all(self) -> Iterator[str]:
        before, after = _operations(self.old), _operations(self.new)
        for key, operation in before.items():
            where = f"{key[1].upper()} {key[0]}"
            if key not in after:
                yield f"{where}: the operation was removed"
            else:
                yield from self._operation(where, operation, after[key])

    def _operation(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield (
                f"{where}: operationId {old.get('operationId')} became {new.get('operationId')};"
                " methods of generated clients are named by it"
            )
        if _is_open(old) and not _is_open(new):
            yield f"{where}: it can no longer be called without signing in"
        yield from self._parameters(where, old, new)
        yield from self._body(f"{where} request", old.get("requestBody"), new.get("requestBody"))
        for status, response in old.get("responses", {}).items():
            if status not in new.get("responses", {}):
                yield f"{where}: the response {status} was removed"
            else:
                yield from self._response(f"{where} {status}", response, new["responses"][status])

    def _parameters(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = (
            {(each["in"], each["name"]): each for each in operation.get("parameters", ())}
            for operation in (old, new)
        )
        for key, parameter in before.items():
            name = f"{where} {key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{name}: it was removed"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{name}: it became required"
            yield from self._fits(name, parameter["schema"], after[key]["schema"], "sent")
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{where} {key[0]} parameter {key[1]}: it is new and required"

    def _body(self, where: str, old: Schema | None, new: Schema | None) -> Iterator[str]:
        if new is not None and new.get("required") and not (old or {}).get("required"):
            yield f"{where}: a body became required"
        if old is None:
            return
        if new is None:
            yield f"{where}: no body is taken any more"
            return
        for media, content in old["content"].items():
            if media not in new["content"]:
                yield f"{where}: {media} is not taken any more"
            else:
                yield from self._fits(
                    where, content["schema"], new["content"][media]["schema"], "sent"
                )

    def _response(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        for name in old.get("headers", {}):
            if name not in new.get("headers", {}):
                yield f"{where}: the header {name} was removed"
        for media, content in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield f"{where}: {media} is not given any more"
            elif "schema" in content:
                yield from self._fits(
                    where, content["schema"], new["content"][media].get("schema", {}), "received"
                )

    def _fits(self, where: str, old: Schema, new: Schema, way: Direction) -> Iterator[str]:
        """Every value of the one that its writer uses has to be a value of the other."""
        pair = (_key(old), _key(new), way)
        if pair in self._seen and "$ref" in old:  # was told of under its first place, or recursion
            return
        self._seen.add(pair)
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        if old == new and not any(_references(old)):
            return
        olds, news = _options(old), _options(new)
        if len(olds) == len(news) == 1:
            yield from self._fits_one(where, olds[0], news[0], way)
            return
        # A union: each value that may come has to fit one of the options that are known.
        coming, known = (olds, news) if way == "sent" else (news, olds)
        for option in coming:
            found = [
                self._trial(where, option, each, way)
                if way == "sent"
                else self._trial(where, each, option, way)
                for each in known
            ]
            if all(found):
                least = min(found, key=len)
                yield from (
                    least
                    if len(coming) == len(known)
                    else [
                        f"{where}: {_words(option)} is "
                        + ("not taken any more" if way == "sent" else "new among what may come")
                    ]
                )

    def _trial(self, where: str, old: Schema, new: Schema, way: Direction) -> list[str]:
        other = _Comparison(self.old, self.new)
        other._seen = set(self._seen)
        return list(other._fits(where, old, new, way))

    def _fits_one(self, where: str, old: Schema, new: Schema, way: Direction) -> Iterator[str]:
        narrow, wide = (old, new) if way == "sent" else (new, old)
        kinds, known = _types(narrow), _types(wide)
        if known and (not kinds or not kinds <= known):
            yield f"{where}: the type {_either(_types(old))} became {_either(_types(new))}"
            return
        yield from _limits(where, narrow, wide, way)
        if "properties" in old or "properties" in new:
            yield from self._properties(where, old, new, way)
        if "items" in old and "items" in new:
            yield from self._fits(f"{where}[]", old["items"], new["items"], way)

    def _properties(self, where: str, old: Schema, new: Schema, way: Direction) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required = set(new.get("required", ())), set(old.get("required", ()))
        for name, schema in before.items():
            field = f"{where} field {name}"
            if name not in after:
                yield f"{field}: it was removed"
                continue
            if way == "sent" and name in required[0] - required[1]:
                yield f"{field}: it became required"
            if way == "received" and name in required[1] - required[0]:
                yield f"{field}: it may be missing now"
            yield from self._fits(field, schema, after[name], way)
        if way == "sent":
            for name in after.keys() - before.keys():
                if name in required[0]:
                    yield f"{where} field {name}: it is new and required"
            if old.get("additionalProperties", True) and not new.get("additionalProperties", True):
                yield f"{where}: further fields are refused now"


def _limits(where: str, narrow: Schema, wide: Schema, way: Direction) -> Iterator[str]:
    """Enumerations and bounds: what may come has to be within what is known."""
    change = "not taken any more" if way == "sent" else "new among what may come"
    if "enum" in wide:
        if "enum" not in narrow and "const" not in narrow:
            yield f"{where}: only {_either(wide['enum'])} {'is taken' if way == 'sent' else 'came'}"
        for value in narrow.get("enum", ()):
            if value not in wide["enum"]:
                yield f"{where}: the value {value!r} is {change}"
    for name in (*_LEAST, *_MOST):
        limit = wide.get(name)
        if limit is None:
            continue
        given = narrow.get(name)
        if given is None or (given < limit if name in _LEAST else given > limit):
            old, new = (given, limit) if way == "sent" else (limit, given)
            yield f"{where}: {name} {_or_none(old)} became {_or_none(new)}"
    for name in _EXACT:
        if name in wide and narrow.get(name) != wide[name]:
            yield f"{where}: {name} changed"


def _operations(contract: Schema) -> dict[tuple[str, str], Schema]:
    return {
        (path, method): item[method]
        for path, item in contract.get("paths", {}).items()
        for method in _METHODS
        if method in item
    }


def _is_open(operation: Schema) -> bool:
    security = operation.get("security", [])
    return not security or {} in security


def _resolved(contract: Schema, schema: Schema) -> Schema:
    while isinstance(reference := schema.get("$ref"), str):
        target: Any = contract
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _options(schema: Schema) -> list[Schema]:
    found = schema.get("anyOf") or schema.get("oneOf")
    return list(found) if found else [schema]


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type")
    found = {kind} if isinstance(kind, str) else set(kind or ())
    return found | {"integer"} if "number" in found else found


def _either(values: Any) -> str:
    return " or ".join(sorted(map(str, values))) or "anything"


def _or_none(value: Any) -> str:
    return "(none)" if value is None else str(value)


def _words(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1] or str(schema.get("type", schema))


def _key(schema: Schema) -> str:
    return json.dumps(schema, sort_keys=True, default=str)
