"""Which changes of a contract break programs written for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from scripts import contract
from scripts.contract_changes import breaking_changes

Document = dict[str, Any]
COMMITTED = contract.committed()
MOVIES, MOVIE = "/api/movies", "/api/movies/{movieId}"


def schema(document: Document, name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def fields(document: Document, name: str) -> dict[str, Any]:
    return schema(document, name)["properties"]


def rename_received(d: Document) -> None:
    fields(d, "Movie")["year_of_release"] = fields(d, "Movie").pop("year")


def rename_sent(d: Document) -> None:
    fields(d, "MovieCreate")["name"] = fields(d, "MovieCreate").pop("synopsis")


def remove_operation(d: Document) -> None:
    del d["paths"][MOVIE]["patch"]


def require_field(d: Document) -> None:
    fields(d, "MovieCreate")["studio"] = {"type": "string"}
    schema(d, "MovieCreate")["required"].append("studio")


def require_known_field(d: Document) -> None:
    schema(d, "MovieCreate")["required"].append("year")


def narrow_sent_enum(d: Document) -> None:
    fields(d, "VisibilityChange")["visibility"]["enum"].remove("hidden")


def narrow_parameter_enum(d: Document) -> None:
    parameter(d, "sort")["schema"]["enum"].remove("year")


def widen_received_enum(d: Document) -> None:
    fields(d, "MovieSummary")["state"]["enum"].append("geoblocked")


def remove_response(d: Document) -> None:
    del d["paths"][MOVIE]["patch"]["responses"]["412"]


def change_received_type(d: Document) -> None:
    fields(d, "MovieSummary")["year"] = {"type": "string"}


def make_received_null(d: Document) -> None:
    fields(d, "MovieSummary")["year"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def make_received_optional(d: Document) -> None:
    schema(d, "MovieSummary")["required"].remove("slug")


def shorten(d: Document) -> None:
    fields(d, "MovieCreate")["title"]["maxLength"] = 100


def bound(d: Document) -> None:
    fields(d, "CueList")["version"]["maximum"] = 5  # of what is received: fine
    fields(d, "PositionReport")["positionS"]["maximum"] = 5


def remove_parameter(d: Document) -> None:
    d["paths"][MOVIES]["get"]["parameters"].remove(parameter(d, "genre"))


def require_parameter(d: Document) -> None:
    parameter(d, "q")["required"] = True


def new_required_parameter(d: Document) -> None:
    new = {"in": "query", "name": "tenant", "required": True, "schema": {"type": "string"}}
    d["paths"][MOVIES]["get"]["parameters"].append(new)


def take_no_json(d: Document) -> None:
    content = d["paths"][MOVIES]["post"]["requestBody"]["content"]
    content["application/xml"] = content.pop("application/json")


def give_no_vtt(d: Document) -> None:
    content = d["paths"][f"{MOVIE}/captions/{{trackId}}/text"]["get"]["responses"]["200"]["content"]
    content["text/plain"] = content.pop("text/vtt")


def remove_header(d: Document) -> None:
    del d["paths"][MOVIE]["get"]["responses"]["200"]["headers"]["ETag"]


def close(d: Document) -> None:
    d["paths"][MOVIE]["get"]["security"] = [{"token": []}]


def rename_operation(d: Document) -> None:
    d["paths"][MOVIES]["get"]["operationId"] = "searchMovies"


def drop_an_option(d: Document) -> None:
    path = f"{MOVIE}/captions/{{trackId}}/corrections"
    body = d["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["oneOf"] = [each for each in body["oneOf"] if "Scale" not in each["$ref"]]


def require_a_body(d: Document) -> None:
    d["paths"][f"{MOVIE}/stream-token"]["post"]["requestBody"]["required"] = True


def parameter(document: Document, name: str) -> dict[str, Any]:
    all_of_them = document["paths"][MOVIES]["get"]["parameters"]
    return next(each for each in all_of_them if each["name"] == name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rename_received, "POST /api/movies 201 field year: it was removed"),
        (rename_sent, "POST /api/movies request field synopsis: it was removed"),
        (remove_operation, "PATCH /api/movies/{movieId}: the operation was removed"),
        (require_field, "POST /api/movies request field studio: it is new and required"),
        (require_known_field, "POST /api/movies request field year: it became required"),
        (narrow_sent_enum, "visibility request field visibility: the value 'hidden' is not taken"),
        (narrow_parameter_enum, "query parameter sort: the value 'year' is not taken any more"),
        (widen_received_enum, "field state: the value 'geoblocked' is new among what may come"),
        (remove_response, "PATCH /api/movies/{movieId}: the response 412 was removed"),
        (change_received_type, "field year: the type integer became string"),
        (make_received_null, "field year: null is new among what may come"),
        (make_received_optional, "field slug: it may be missing now"),
        (shorten, "POST /api/movies request field title: maxLength 200 became 100"),
        (bound, "request field positionS: maximum 1000000.0 became 5"),
        (remove_parameter, "query parameter genre: it was removed"),
        (require_parameter, "query parameter q: it became required"),
        (new_required_parameter, "query parameter tenant: it is new and required"),
        (take_no_json, "POST /api/movies request: application/json is not taken any more"),
        (give_no_vtt, "text/vtt is not given any more"),
        (remove_header, "GET /api/movies/{movieId} 200: the header ETag was removed"),
        (close, "GET /api/movies/{movieId}: it can no longer be called without signing in"),
        (rename_operation, "operationId listMovies became searchMovies"),
        (drop_an_option, "corrections request: ScaleCorrection is not taken any more"),
        (require_a_body, "stream-token request: a body became required"),
    ],
)
def test_what_breaks(change: Callable[[Document], None], words: str) -> None:
    changed = copy.deepcopy(COMMITTED)
    change(changed)
    found = breaking_changes(COMMITTED, changed)
    assert any(words in each for each in found), found


def new_operation(d: Document) -> None:
    d["paths"]["/api/people"] = {"get": {"operationId": "listPeople", "responses": {}}}


def new_received_field(d: Document) -> None:
    fields(d, "MovieSummary")["studio"] = {"type": "string"}
    schema(d, "MovieSummary")["required"].append("studio")


def new_optional_sent_field(d: Document) -> None:
    fields(d, "MovieCreate")["studio"] = {"type": "string"}


def new_optional_parameter(d: Document) -> None:
    new = {"in": "query", "name": "tenant", "schema": {"type": "string"}}
    d["paths"][MOVIES]["get"]["parameters"].append(new)


def widen_sent(d: Document) -> None:
    fields(d, "VisibilityChange")["visibility"]["enum"].append("archived")
    fields(d, "MovieCreate")["title"]["maxLength"] = 300
    fields(d, "MovieCreate")["color"].pop("pattern")
    fields(d, "MovieCreate")["year"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def narrow_received(d: Document) -> None:
    fields(d, "MovieSummary")["state"]["enum"].remove("expired")
    fields(d, "MovieSummary")["year"]["minimum"] = 0
    fields(d, "MovieSummary")["availableFrom"] = {"type": "string", "format": "date-time"}


def new_response(d: Document) -> None:
    d["paths"][MOVIES]["post"]["responses"]["202"] = {"description": "Later."}


def reword(d: Document) -> None:
    d["info"]["description"] = "Films."
    fields(d, "MovieCreate")["title"]["description"] = "Whatever."


@pytest.mark.parametrize(
    "change",
    [
        new_operation, new_received_field, new_optional_sent_field, new_optional_parameter,
        widen_sent, narrow_received, new_response, reword,
    ],
)  # fmt: skip
def test_what_does_not_break(change: Callable[[Document], None]) -> None:
    changed = copy.deepcopy(COMMITTED)
    change(changed)
    assert breaking_changes(COMMITTED, changed) == []


def test_a_schema_that_holds_itself_is_followed_to_its_end() -> None:
    tree = {
        "paths": {
            "/": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Node"}}}}}}},
        },
        "components": {"schemas": {"Node": {"type": "object", "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        }}}},
    }  # fmt: skip
    changed = copy.deepcopy(tree)
    assert breaking_changes(tree, changed) == []
    del fields(changed, "Node")["name"]
    assert breaking_changes(tree, changed) == ["GET / 200 field name: it was removed"]
