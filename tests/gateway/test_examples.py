"""The examples of the contract obey it."""

import json
from typing import Any

import pytest
from jsonschema import (  # type: ignore[import-untyped]  # it ships none
    Draft202012Validator,
    FormatChecker,
)

from deploy import examples, openapi

RECORDED: dict[str, dict[str, Any]] = json.loads(examples.TARGET.read_text())
DOCUMENT: dict[str, Any] = json.loads(examples.CONTRACT.read_text())


def obeys(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {"components": DOCUMENT["components"], **schema}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in checker.iter_errors(value)]


@pytest.mark.no_cover
def test_every_example_obeys_its_schema_and_is_small() -> None:
    operations = {
        operation["operationId"]: operation
        for item in DOCUMENT["paths"].values()
        for operation in openapi._operations(item)
    }
    assert len(RECORDED) >= 80
    assert RECORDED.keys() <= operations.keys(), "record them anew: `python -m deploy.examples`"
    for name, recorded in RECORDED.items():
        answer = operations[name]["responses"][recorded["status"]]["content"]["application/json"]
        assert answer["example"] == recorded["answer"], "run `make openapi`"
        assert obeys(answer["schema"], recorded["answer"]) == [], name
        size = len(json.dumps(recorded["answer"], ensure_ascii=False).encode())
        assert size <= examples.LARGEST_BYTES, name
        if "body" in recorded:
            body = operations[name]["requestBody"]["content"]["application/json"]
            assert body["example"] == recorded["body"], name
            assert obeys(body["schema"], recorded["body"]) == [], name


def test_what_does_not_obey_would_be_seen() -> None:
    schema = {"$ref": "#/components/schemas/DiagnosticOrganisationRead"}
    known = RECORDED["diagnostic_read_organisation"]["answer"]
    assert obeys(schema, known) == []
    assert obeys(schema, {**known, "id": 1}) != []
    assert obeys(schema, {**known, "created_at": "yesterday"}) != []


def test_no_example_shows_a_token_or_a_key() -> None:
    text = examples.TARGET.read_text()
    assert "eyJ" not in text
    assert "vig_sk_" not in text
    assert "vig_pk_" not in text
