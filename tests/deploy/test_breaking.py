"""What breaks a caller is said in words, what does not is not said."""

from datetime import date
from typing import Any

import pytest

from deploy.breaking import breaking

TODAY = date(2026, 11, 27)
NEW = {"$ref": "#/components/schemas/New"}
READ = {"$ref": "#/components/schemas/Read"}
JSON = "application/json"


def base() -> dict[str, Any]:
    return {
        "paths": {
            "/v1/a": {
                "get": {
                    "parameters": [
                        {"in": "query", "name": "q", "schema": {"enum": ["x", "y"]}},
                        {"in": "query", "name": "size", "schema": {"type": "integer"}},
                    ],
                    "responses": {"200": {"content": {JSON: {"schema": READ}}}, "404": {}},
                    "security": [{"oauth2": ["a:read"]}],
                },
                "post": {
                    "requestBody": {"content": {JSON: {"schema": NEW}, "text/csv": {}}},
                    "responses": {"201": {"content": {JSON: {"schema": READ}}}},
                },
            }
        },
        "components": {
            "schemas": {
                "New": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string", "maxLength": 9},
                        "more": {"type": "number"},
                        "child": {"anyOf": [NEW, {"type": "null"}]},
                        "kinds": {"type": "array", "items": {"const": "x"}},
                    },
                    "required": ["name"],
                },
                "Read": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "integer"},
                        "name": {"type": "string"},
                        "of": {"oneOf": [READ, {"type": "string"}, {"type": "boolean"}]},
                    },
                    "required": ["id"],
                },
            }
        },
    }


GET, POST = "paths|/v1/a|get", "paths|/v1/a|post"
SENT, TOLD = "components|schemas|New", "components|schemas|Read"
GONE: Any = object()
Place = str
"""Steps into the document; `+` appends to a list."""


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("paths", {}, ["GET /v1/a is gone", "POST /v1/a is gone"]),
        (GET, GONE, ["GET /v1/a is gone"]),
        (
            f"{GET}|parameters",
            [],
            [
                "GET /v1/a has lost the query parameter `q`",
                "GET /v1/a has lost the query parameter `size`",
            ],
        ),
        (
            f"{GET}|parameters|+",
            {"in": "header", "name": "If-Match", "required": True},
            ["GET /v1/a: the header parameter `If-Match` is now required"],
        ),
        (
            f"{GET}|parameters|0|required",
            True,
            ["GET /v1/a: the query parameter `q` is now required"],
        ),
        (
            f"{GET}|parameters|0|schema|enum",
            ["x"],
            ["GET /v1/a: the query parameter `q` no longer takes the value `y`"],
        ),
        (
            f"{GET}|parameters|1|schema|enum",
            [1],
            ["GET /v1/a: the query parameter `size` takes listed values only"],
        ),
        (
            f"{GET}|parameters|1|schema|maximum",
            200,
            ["GET /v1/a: the query parameter `size` has a tighter maximum: 200"],
        ),
        (f"{GET}|security", [{"oauth2": ["a:read", "b"]}], ["GET /v1/a now needs the scope `b`"]),
        (f"{POST}|responses", {"202": {}}, ["POST /v1/a no longer answers 201"]),
        (
            f"{GET}|responses|200|content",
            {"text/csv": {}},
            [f"GET /v1/a: the answer 200 is no longer offered as {JSON}"],
        ),
        (f"{POST}|requestBody|content|text/csv", GONE, ["POST /v1/a no longer takes text/csv"]),
        (f"{POST}|requestBody", GONE, ["POST /v1/a no longer takes a body"]),
        (f"{POST}|requestBody|required", True, ["POST /v1/a now requires a body"]),
        (
            f"{SENT}|properties|name|minLength",
            1,
            ["`New` sent.name has a tighter minLength: 1"],
        ),
        (f"{SENT}|properties|name|pattern", "^a", ["`New` sent.name has another pattern"]),
        (f"{SENT}|properties|name|format", "uuid", ["`New` sent.name must now be a uuid"]),
        (f"{SENT}|required|+", "more", ["`New` sent now requires `more`"]),
        (f"{SENT}|properties|more", GONE, ["`New` sent has lost `more`"]),
        (
            f"{SENT}|properties|more|type",
            "integer",
            ["`New` sent.more no longer takes number"],
        ),
        (f"{SENT}|properties|child", NEW, ["`New` sent.child no longer takes null"]),
        (
            f"{SENT}|properties|kinds|items",
            {"const": "z"},
            ["`New` sent.kinds[] no longer takes the value `x`"],
        ),
        (f"{TOLD}|properties|name", GONE, ["`Read` has lost `name`"]),
        (f"{TOLD}|required", [], ["`Read` may now come without `id`"]),
        (
            f"{TOLD}|properties|id|type",
            ["integer", "null"],
            ["`Read`.id may now be null"],
        ),
        (f"{TOLD}|properties|id|type", "number", ["`Read`.id may now be number"]),
        (f"{TOLD}|properties|id", {}, ["`Read`.id may now be any type"]),
        (f"{TOLD}|properties|of|oneOf|+", {"type": "array"}, ["`Read`.of may now be array"]),
    ],
)
def test_what_breaks_a_caller_is_said_in_words(place: Place, value: Any, said: list[str]) -> None:
    after = base()
    put(after, place, value)
    assert breaking(base(), after, TODAY) == said


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("paths|/v1/b", {"get": {"responses": {}}}),
        (f"{GET}|parameters|+", {"in": "query", "name": "new"}),
        (f"{GET}|parameters|0|schema|enum|+", "z"),
        (f"{GET}|responses|404", GONE),
        (f"{GET}|security", []),
        (f"{TOLD}|properties|new", {}),
        (f"{TOLD}|properties|id|minimum", 1),
        (f"{TOLD}|required|+", "name"),
        (f"{TOLD}|properties|of|oneOf", [{"type": "string"}]),
        (f"{SENT}|properties|new", {}),
        (f"{SENT}|properties|name|type", ["string", "null"]),
        (f"{SENT}|properties|name|maxLength", 10),
        (f"{SENT}|properties|kinds|items", {"enum": ["x", "z"]}),
    ],
)
def test_what_breaks_nobody_is_not_said(place: Place, value: Any) -> None:
    after = base()
    put(after, place, value)
    assert after != base()
    assert breaking(base(), after, TODAY) == []


@pytest.mark.parametrize(("today", "goes"), [(date(2027, 1, 1), True), (TODAY, False)])
def test_an_operation_may_go_on_the_day_that_was_announced(today: date, *, goes: bool) -> None:
    before, after = base(), base()
    put(before, f"{GET}|x-deprecation", {"sunset": "2027-01-01"})
    put(after, GET, GONE)
    assert breaking(before, after, today) == ([] if goes else ["GET /v1/a is gone"])


def put(document: Any, place: Place, value: Any) -> None:
    *steps, last = place.split("|")
    for step in steps:
        document = document[int(step) if isinstance(document, list) else step]
    if last == "+":
        document.append(value)
    elif value is GONE:
        del document[last]
    else:
        document[last] = value
