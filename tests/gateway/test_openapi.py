"""One document of all services, made by a script that compares it with what was released."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from openapi_spec_validator import validate

from deploy import openapi
from gateway.proxy.table import read
from platformkit import classes
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.openapi import install
from tests.gateway.doors import operation


@pytest.fixture(scope="module")
def merged() -> dict[str, Any]:
    """Read the real document, of which `make check` proves that it is what the code says.

    Parts that are equal are one object: the validator looks at each object once.
    """
    parts: dict[str, dict[str, Any]] = {}

    def one(part: dict[str, Any]) -> dict[str, Any]:
        return parts.setdefault(json.dumps(part), part)

    document: dict[str, Any] = json.loads(openapi.TARGET.read_bytes(), object_hook=one)
    return document


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


def test_an_undecided_or_doubled_route_cannot_be_merged() -> None:
    undecided = {"paths": {"/v1/a": {"get": {"operationId": "a", "responses": {}}}}}
    with pytest.raises(openapi.MergeError):
        openapi.merged({"training": undecided})
    twice = {
        "paths": {
            "/sdmx/v2": {"get": {"operationId": "a", **operation()}},
        }
    }
    with pytest.raises(openapi.MergeError):
        openapi.merged({"training": twice, "observatory": twice})


def test_every_operation_may_be_refused_by_a_limit(merged: dict[str, Any]) -> None:
    for entry in merged["paths"].values():
        for one in openapi._operations(entry):
            codes = one["responses"]["429"]["x-problem-codes"]
            assert codes == ["too-many-requests", "quota-spent"]


def test_a_route_whose_answers_tell_no_class_must_declare_one_to_be_merged() -> None:
    app = FastAPI()
    install(app)

    @app.get("/sdmx/a", dependencies=[public()], response_class=PlainTextResponse)
    async def read_a() -> str:
        return ""

    with pytest.raises(openapi.MergeError, match="counted_as"):
        openapi.merged({"observatory": app.openapi()})

    @app.get("/sdmx/b", dependencies=[public(), counted_as("sdmx")], response_model=None)
    async def read_b() -> Response:
        return Response()

    app.openapi_schema = None
    assert app.openapi()["paths"]["/sdmx/b"]["get"]["x-vigie-class"] == "sdmx"


@pytest.mark.parametrize(
    ("method", "given", "taken", "kind"),
    [
        ("GET", ["application/json"], [], "read"),
        ("GET", [], [], "read"),
        ("GET", ["application/json", "text/csv; charset=utf-8"], [], "bulk"),
        ("GET", ["application/octet-stream"], [], None),
        ("POST", ["application/json"], ["application/json"], "write"),
        ("DELETE", [], [], "write"),
        ("PUT", [], ["text/csv"], "bulk"),
    ],
)
def test_what_a_route_gives_and_takes_tells_its_class(
    method: str, given: list[str], taken: list[str], kind: str | None
) -> None:
    assert classes.derived(method, given, taken) == kind


def test_the_check_fails_when_the_committed_file_differs_or_callers_are_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(openapi, "SERVICES", ("observatory",))  # one is enough to differ
    monkeypatch.setattr(openapi, "service_document", functools.cache(openapi.service_document))
    monkeypatch.setattr(openapi, "ROOT", tmp_path)
    monkeypatch.setattr(openapi, "TARGET", tmp_path / "docs" / "openapi.json")
    monkeypatch.setattr(openapi, "RELEASED", tmp_path / "docs" / "released.json.gz")
    monkeypatch.setattr(openapi, "DECLARED", tmp_path / "docs" / "breaking-changes.md")
    assert openapi.main(["--check"]) == 1
    assert openapi.main(["--release"]) == 0
    assert openapi.main(["--check"]) == 0

    was = openapi.released()
    assert was is not None
    was["paths"]["/v1/a"] = {"get": {"responses": {"200": {}, "404": {}}}}
    openapi.release(was)
    capsys.readouterr()
    assert openapi.main(["--check"]) == 1
    assert "breaking: GET /v1/a is gone" in capsys.readouterr().err
    openapi.DECLARED.write_text("- GET /v1/a is gone: nobody called it.")
    assert openapi.main(["--check"]) == 0

    openapi.TARGET.write_text("{}")
    assert openapi.main(["--check"]) == 1


def test_the_contract_keeps_what_is_called_like_a_word() -> None:
    named = {"title": {"type": "string", "title": "Title", "description": "words"}}
    document = {"paths": {}, "components": {"schemas": {"title": {"properties": named}}}}
    assert openapi.contract(document)["components"]["schemas"] == {
        "title": {"properties": {"title": {"type": "string"}}}
    }
