"""Python code of `portal.client`, made from the contract."""

from __future__ import annotations

import keyword
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel, to_snake

Schema = dict[str, Any]
CLIENT = Path(__file__).resolve().parents[1] / "portal" / "client"
_WIDTH = 100
_METHODS = ("get", "put", "post", "delete", "patch")
_NOTE = "Generated from contracts/openapi/movies.yaml by `make contract`; do not edit."


def files(document: Schema) -> dict[Path, str]:
    """The generated modules."""
    return {
        CLIENT / "models.py": _formatted(_models(document)),
        CLIENT / "blocking.py": _formatted(_client(document, is_async=False)),
        CLIENT / "asynchronous.py": _formatted(_client(document, is_async=True)),
    }


# -- models -------------------------------------------------------------------------------------


def _models(document: Schema) -> str:
    schemas = document["components"]["schemas"]
    lines = [
        f'"""What the API takes and gives.\n\n{_NOTE}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from datetime import datetime",
        "from typing import Any, Literal",
        "",
        "from portal.client.shapes import Received, Sent",
    ]
    for name, schema in sorted(schemas.items()):
        if not name.startswith("Body_"):  # forms are arguments of their methods
            lines += ["", "", *_model(name, schema)]
    return "\n".join(lines)


def _model(name: str, schema: Schema) -> Iterator[str]:
    base = "Sent" if schema.get("additionalProperties") is False else "Received"
    yield f"class {name}({base}):"
    yield f'    """{schema["description"]}"""'
    required = set(schema.get("required", ()))
    for field, of in schema.get("properties", {}).items():
        python = _name(field)
        if to_camel(python) != field:
            message = f"{name}.{field} cannot be written in snake_case and back"
            raise ValueError(message)
        kind = type_of(of)
        yield ""
        if field in required:
            yield f"    {python}: {kind}"
        elif "default" in of:
            yield f"    {python}: {kind} = {of['default']!r}"
        else:
            yield f"    {python}: {_or_none(kind)} = None"
        if words := _description(of):
            yield _docstring(words, "    ")


def type_of(schema: Schema) -> str:  # noqa: PLR0911  one line a kind
    """The Python type of a schema's values."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " | ".join(dict.fromkeys(type_of(option) for option in options))
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    match schema.get("type"):
        case "string":
            return {"date-time": "datetime", "binary": "bytes"}.get(schema.get("format", ""), "str")
        case "integer":
            return "int"
        case "number":
            return "float"
        case "boolean":
            return "bool"
        case "null":
            return "None"
        case "array":
            return f"list[{type_of(schema.get('items', {}))}]"
        case "object":
            return "dict[str, Any]"
        case _:
            return "Any"


# -- methods ------------------------------------------------------------------------------------


def _client(document: Schema, *, is_async: bool) -> str:
    name, base = (
        ("AsyncPortalClient", "AsyncTransport") if is_async else ("PortalClient", "Transport")
    )
    lines = [
        f'"""The API, one method an operation.\n\n{_NOTE}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from datetime import datetime",
        "from typing import Any, Literal",
        "",
        "from portal.client import models",
        f"from portal.client.transport import Answer, {base}, Call, Upload, segment",
        "",
        "",
        f"class {name}({base}):",
        f'    """Every operation of the API, version {document["info"]["version"]}."""',
    ]
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                lines += ["", *_method(document, path, method, item[method], is_async=is_async)]
    return "\n".join(lines)


def _method(
    document: Schema, path: str, method: str, operation: Schema, *, is_async: bool
) -> Iterator[str]:
    parameters = operation.get("parameters", [])
    in_path = [each for each in parameters if each["in"] == "path"]
    others = [each for each in parameters if each["in"] != "path"]
    arguments = [f"{_name(each['name'])}: {_argument(each['schema'])}" for each in in_path]
    keywords = []
    call = [repr(method.upper()), f'{"f" if in_path else ""}"{_template(path, in_path)}"']
    body = operation.get("requestBody")
    if body:
        media, content = next(iter(body["content"].items()))
        if media == "multipart/form-data":
            form = document["components"]["schemas"][_reference(content["schema"])]
            sent, uploads = [], []
            for field, of in form["properties"].items():
                is_file = "contentMediaType" in of
                kind = "Upload" if is_file else _argument(of)
                is_needed = field in form.get("required", ())
                keywords.append(f"{_name(field)}: {kind if is_needed else f'{kind} | None = None'}")
                (uploads if is_file else sent).append(f"{field!r}: {_name(field)}")
            call += [f"form={{{', '.join(sent)}}}", f"files={{{', '.join(uploads)}}}"]
        else:
            kind = _argument(content["schema"])
            arguments.append(f"body: {kind if body.get('required') else f'{kind} | None = None'}")
            call.append("body=body")
    for place, argument in (("query", "query"), ("header", "headers")):
        chosen = [each for each in others if each["in"] == place]
        keywords += [_keyword(each) for each in chosen]
        if chosen:
            pairs = ", ".join(f"{each['name']!r}: {_name(each['name'])}" for each in chosen)
            call.append(f"{argument}={{{pairs}}}")
    kind, shape = _result(operation)
    signature = ", ".join(["self", *arguments, *(["*", *sorted(keywords, key=_is_optional)]
                                                if keywords else [])])  # fmt: skip
    name = _name(operation["operationId"])
    send = "await self._send" if is_async else "self._send"
    yield f"    {'async ' if is_async else ''}def {name}({signature}) -> Answer[{kind}]:"
    yield _docstring(operation["summary"], "        ")
    yield f"        return {send}(Call({', '.join(call)}), {shape})"


def _result(operation: Schema) -> tuple[str, str]:
    """Type of what a method gives, and the shape that it is read with."""
    status, response = next(
        (int(status), each) for status, each in operation["responses"].items() if status[0] == "2"
    )
    if status == 204:
        return "None", "None"
    content = response["content"]
    if list(content) == ["application/json"]:
        kind = _argument(content["application/json"]["schema"])
        return kind, kind
    return "bytes", "bytes"


def _keyword(parameter: Schema) -> str:
    kind = _argument(parameter["schema"])
    name = _name(parameter["name"])
    return f"{name}: {kind}" if parameter.get("required") else f"{name}: {kind} | None = None"


def _is_optional(text: str) -> bool:
    return "=" in text


def _argument(schema: Schema) -> str:
    if "oneOf" in schema or "anyOf" in schema:
        options = schema.get("oneOf") or schema.get("anyOf") or []
        return " | ".join(dict.fromkeys(_argument(option) for option in options))
    return f"models.{_reference(schema)}" if "$ref" in schema else type_of(schema)


def _template(path: str, parameters: list[Schema]) -> str:
    for each in parameters:
        path = path.replace(f"{{{each['name']}}}", f"{{segment({_name(each['name'])})}}")
    return path


def _reference(schema: Schema) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]


def _name(text: str) -> str:
    """A field's or parameter's name in Python."""
    name = to_snake(text.replace("-", "_"))
    return f"{name}_" if keyword.iskeyword(name) else name


def _or_none(kind: str) -> str:
    return kind if kind.endswith("| None") else f"{kind} | None"


def _description(schema: Schema) -> str:
    return str(schema.get("description", "")).replace("\\", "\\\\")


def _docstring(words: str, indent: str) -> str:
    """Words as a docstring; what does not fit one line is folded below its first sentence."""
    if len(indent) + len(words) + 6 <= _WIDTH:
        return f'{indent}"""{words}"""'
    first, _, more = words.partition(". ")
    rows = [first + "." * bool(more), "", more] if more else [words]
    folded = [row for text in rows for row in textwrap.wrap(text, _WIDTH - 8) or [""]]
    return "\n".join([f'{indent}"""{folded[0]}', *(f"{indent}{row}".rstrip() for row in folded[1:]),
                      f'{indent}"""'])  # fmt: skip


def _formatted(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", "client.py", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=True)  # noqa: S603
    fix = [sys.executable, "-m", "ruff", "check", "--fix", "--select", "F401,I", "--quiet",
           "--stdin-filename", "client.py", "-"]  # fmt: skip
    return subprocess.run(fix, input=done.stdout, capture_output=True, text=True, check=True).stdout  # noqa: S603
