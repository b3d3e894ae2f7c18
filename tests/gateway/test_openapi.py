"""One document of all services, and what in a change of it would break a caller."""

import copy
import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from deploy import openapi
from gateway.proxy.table import read


@pytest.fixture(scope="module")
def merged() -> dict[str, Any]:
    """Merge the real documents once."""
    names = (*openapi.SERVICES, "gateway")
    return openapi.merged({name: openapi.service_document(name) for name in names})


@pytest.mark.no_cover  # the validator walks the document, our code is not in it
def test_the_merged_document_is_sound_openapi(merged: dict[str, Any]) -> None:
    assert merged["openapi"] == "3.1.0"
    validate(merged)


def test_every_reference_leads_somewhere_and_operations_have_names_of_their_own(
    merged: dict[str, Any],
) -> None:
    named = set(openapi._references(merged["paths"])) | set(
        openapi._references(merged["components"])
    )
    assert named <= merged["components"]["schemas"].keys()
    ids = [
        operation["operationId"]
        for entry in merged["paths"].values()
        for operation in openapi._operations(entry)
    ]
    assert len(ids) == len(set(ids))


def test_the_gateway_can_route_by_it(merged: dict[str, Any]) -> None:
    routes = {(route.method, route.template): route for route in read(merged)}
    exposure = routes["GET", "/v1/observatory/exposure/jobs/{rome}"]
    assert (exposure.service, exposure.public) == ("observatory", True)
    create = routes["POST", "/v1/diagnostic/organisations"]
    assert create.scopes == {"diagnostic:write"}
    assert ("GET", "/v1/overviews/organisations/{organisation_id}") in routes
    assert ("GET", "/v1/changes") not in routes


def test_it_is_written_the_same_every_time(merged: dict[str, Any]) -> None:
    shuffled = json.loads(json.dumps(dict(reversed(list(merged.items())))))
    assert openapi.render(shuffled) == openapi.render(merged)


BASE: dict[str, Any] = {
    "paths": {
        "/v1/a": {
            "get": {
                "parameters": [{"in": "query", "name": "q"}],
                "responses": {"200": {}},
                "security": [{"oauth2": ["a:read"]}],
            },
            "post": {
                "requestBody": {"schema": {"$ref": "#/components/schemas/New"}},
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "New": {"properties": {"name": {}, "more": {}}, "required": ["name"]},
            "Read": {"properties": {"id": {}, "name": {}}},
        }
    },
}


def _without_path(document: dict[str, Any]) -> None:
    document["paths"] = {"/v1/b": {}}


def _without_method(document: dict[str, Any]) -> None:
    del document["paths"]["/v1/a"]["get"]


def _without_parameter(document: dict[str, Any]) -> None:
    document["paths"]["/v1/a"]["get"]["parameters"] = []


def _new_parameter(document: dict[str, Any]) -> None:
    document["paths"]["/v1/a"]["get"]["parameters"].append(
        {"in": "header", "name": "If-Match", "required": True}
    )


def _new_scope(document: dict[str, Any]) -> None:
    document["paths"]["/v1/a"]["get"]["security"] = [{"oauth2": ["a:read", "a:more"]}]


def _new_field(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["New"]["required"].append("more")


def _lost_field(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["Read"]["properties"]["name"]


def _other_status(document: dict[str, Any]) -> None:
    document["paths"]["/v1/a"]["post"]["responses"] = {"202": {}}


def _harmless(document: dict[str, Any]) -> None:
    document["paths"]["/v1/b"] = {"get": {"responses": {}}}
    document["components"]["schemas"]["Read"]["properties"]["new"] = {}
    document["components"]["schemas"]["New"]["properties"]["new"] = {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without_path, ["/v1/a is gone"]),
        (_without_method, ["GET /v1/a is gone"]),
        (_without_parameter, ["GET /v1/a has lost the query parameter `q`"]),
        (_new_parameter, ["GET /v1/a now requires the header parameter `If-Match`"]),
        (_new_scope, ["GET /v1/a now needs the scope `a:more`"]),
        (_new_field, ["New now requires `more`"]),
        (_lost_field, ["Read has lost `name`"]),
        (_other_status, ["POST /v1/a no longer answers 201"]),
        (_harmless, []),
    ],
)
def test_what_breaks_a_caller_is_said_in_words(change: Any, said: list[str]) -> None:
    after = copy.deepcopy(BASE)
    change(after)
    assert openapi.breaking(BASE, after) == said


def test_an_undecided_or_doubled_route_cannot_be_merged() -> None:
    undecided = {"paths": {"/v1/a": {"get": {"operationId": "a", "responses": {}}}}}
    with pytest.raises(openapi.MergeError):
        openapi.merged({"training": undecided})
    public = {
        "paths": {
            "/sdmx/v2": {"get": {"operationId": "a", "responses": {}, "x-public": True}},
        }
    }
    with pytest.raises(openapi.MergeError):
        openapi.merged({"training": public, "observatory": public})


def test_the_check_fails_when_the_committed_file_differs(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(openapi, "SERVICES", ("observatory",))  # one is enough to differ
    monkeypatch.setattr(openapi, "ROOT", tmp_path)
    monkeypatch.setattr(openapi, "TARGET", tmp_path / "docs" / "openapi.json")
    monkeypatch.setattr(openapi, "committed", lambda: BASE)
    assert openapi.main(["--check"]) == 1
    assert openapi.main([]) == 0
    assert openapi.main(["--check"]) == 0
    openapi.TARGET.write_text("{}")
    assert openapi.main(["--check"]) == 1
    assert "breaking: /v1/a is gone" in capsys.readouterr().err
