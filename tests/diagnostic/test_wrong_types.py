"""Every field of every body takes the JSON type that it documents, and no other.

All fields of a body are wrong at once, each in turn in all its ways: every fault must be told.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from tests.diagnostic.acting import Acting, company, faults, siren
from tests.diagnostic.files import attached
from tests.diagnostic.test_funders import call
from tests.diagnostic.weeks import hours, listed

WRONG: Mapping[str, list[Any]] = {
    "string": [7, 1.5, True, ["x"], {"x": "y"}],
    "integer": ["42", True, 4.0, 4.5, [4], {}],
    "number": ["42", True, [4], {}],
    "boolean": ["true", "yes", 1, 0, [True]],
    "array": ["x", 7, True, {}],
    "object": ["x", 7, True, ["x"]],
    "date": [1803859200, 0, 0.5, True, "1803859200", "2027-03-01T00:00:00Z", "20270301", ["x"]],
    "date-time": [1800000000, 0.5, True, "1800000000", "2027-02-28", "2027-02-28T12:00:00"],
}
"""What each documented type must not take."""

BODIES = {
    "POST /v1/organisations",
    "PATCH /v1/organisations/{organisation_id}",
    "POST /v1/programmes",
    "POST /v1/questionnaires/validate",
    "POST /v1/questionnaires/{code}/versions",
    "PUT /v1/questionnaires/{code}/versions/{version}",
    "POST /v1/cohorts",
    "PATCH /v1/cohorts/{cohort_id}",
    "POST /v1/cohorts/{cohort_id}/invitations",
    "POST /v1/invitations/{token}/accept",
    "POST /v1/invitations/{token}/decline",
    "POST /v1/cohorts/{cohort_id}/enrolments",
    "POST /v1/cohorts/{cohort_id}/sessions",
    "PATCH /v1/cohorts/{cohort_id}/sessions/{session_id}",
    "PUT /v1/cohorts/{cohort_id}/sessions/{session_id}/attendance",
    "PUT /v1/cohorts/{cohort_id}/pooling/{organisation_id}",
    "POST /v1/opportunities",
    "PUT /v1/opportunities/{code}/content",
    "POST /v1/assessments",
    "PUT /v1/assessments/{assessment_id}/answers/{question}",
    "POST /v1/assessments/{assessment_id}/request-changes",
    "POST /v1/assessments/{assessment_id}/amend",
    "POST /v1/assessments/{assessment_id}/abandon",
    "POST /v1/assessments/{assessment_id}/enter-in-error",
    "POST /v1/assessments/{assessment_id}/comments",
    "POST /v1/assessments/{assessment_id}/share-links",
    "PUT /v1/assessments/{assessment_id}/targets",
    "POST /v1/assessments/{assessment_id}/what-if",
    "POST /v1/assessments/{assessment_id}/roadmap/plan",
    "POST /v1/assessments/{assessment_id}/roadmap/actions",
    "PATCH /v1/assessments/{assessment_id}/roadmap/actions/{action_id}",
    "POST /v1/assessments/{assessment_id}/respondents",
    "PATCH /v1/assessments/{assessment_id}/respondents/{respondent_id}",
    "PUT /v1/assessments/{assessment_id}/respondents/{respondent_id}/answers/{question}",
    "POST /v1/assessments/{assessment_id}/consolidate",
    "PATCH /v1/evidence/{evidence_id}",
}
"""Every route of the service that reads a body."""

FILES = ("/v1/questionnaires/imports/", "/v1/assessments/{assessment_id}/evidence")
"""Routes whose body is a file, tried in test_exchanges.py and test_evidence.py."""

Field = tuple[str, list[str], Any]


def fields(document: Mapping[str, Any], schema: Mapping[str, Any], at: str = "") -> Iterator[Field]:
    """Give each field's pointer, the types that it documents, and a wrong value for it."""
    for name, raw in resolved(document, schema)["properties"].items():
        kinds = [resolved(document, one) for one in raw.get("anyOf", [raw])]
        types = {str(one.get("type")) for one in kinds} - {"null"}
        formats = {str(one.get("format")) for one in kinds} & WRONG.keys()
        if types == {"None"}:  # the value of an answer: any JSON, judged by its question
            continue
        [documented] = formats or types
        nullable = {"type": "null"} in kinds
        for wrong in WRONG[documented] if nullable else [None, *WRONG[documented]]:
            yield f"{at}/{name}", [name], wrong
        for one in kinds:
            if "properties" in one:
                for pointer, path, wrong in fields(document, one, f"{at}/{name}"):
                    yield pointer, [name, *path], wrong


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return found


def together(found: Iterable[Field]) -> list[dict[str, Field]]:
    """Share the wrong values out so that no field of one body is twice in it or inside another."""
    shared: list[dict[str, Field]] = []
    for field in found:
        at = f"{field[0]}/"
        for one in shared:
            if not any(at.startswith(f"{other}/") or other.startswith(at) for other in one):
                one[field[0]] = field
                break
        else:
            shared.append({field[0]: field})
    return shared


def spoilt(body: Mapping[str, Any], path: list[str], wrong: object) -> dict[str, Any]:
    """Copy a body with one wrong value in it."""
    first, *rest = path
    return {**body, first: spoilt(body[first], rest, wrong) if rest else wrong}


async def test_every_field_of_every_body_refuses_every_other_type(
    acting: Acting, mia: dict[str, Any]
) -> None:
    document = (await acting.get("/openapi.json")).json()
    started = await acting.assessment("MIA")
    cohort = await acting.cohort()
    organisation = await acting.organisation()
    invited = await acting.post(f"/v1/assessments/{started['id']}/respondents", {"name": "Anne"})
    places = {
        "{organisation_id}": organisation["id"],
        "{cohort_id}": cohort["id"],
        "{session_id}": (await listed(acting, cohort))[0]["id"],
        "{assessment_id}": started["id"],
        "{question}": mia["questions"][0]["code"],
        "{action_id}": started["id"],
        "{respondent_id}": invited.json()["id"],
        "{evidence_id}": (await attached(acting, started)).json()["id"],
        "{code}": "MIA",
        "{version}": "9.0.0",
        "{token}": "x",
    }
    grid = mia | {"description": {"fr": "x"}, "profile": mia["profile"] | {"evidence": {}}}
    week = {name: cohort[name] for name in ("starts_on", "ends_on", "enrol_closes_at")}
    an_answer = {"state": "answered", "value": "o1"}
    sound: Mapping[str, dict[str, Any]] = {
        "/v1/organisations": company(),
        "/v1/programmes": {"code": "P-TYPES", "title": {"fr": "x", "en": "x"}},
        "/v1/questionnaires/validate": grid,
        "/v1/questionnaires/{code}/versions": grid,
        "/v1/questionnaires/{code}/versions/{version}": grid,
        "/v1/cohorts": {"programme": "P-1", "code": "C-1", "title": "t", "facilitator": "f"} | week,
        "/v1/cohorts/{cohort_id}/enrolments": {},
        "/v1/cohorts/{cohort_id}/pooling/{organisation_id}": {"terms": "1"},
        "/v1/opportunities": call(note={"fr": "x"}),
        "/v1/opportunities/{code}/content": call(note={"fr": "x"}),
        "/v1/assessments/{assessment_id}/roadmap/actions": {
            "title": "t",
            "effort": "M",
            "impact": 4,
        },
        "/v1/cohorts/{cohort_id}/sessions": hours(cohort["starts_on"], 18, 19),
        "/v1/cohorts/{cohort_id}/invitations": {"sirens": [siren()]},
        "/v1/assessments": {"organisation_id": organisation["id"], "questionnaire": "MIA"},
        "/v1/assessments/{assessment_id}/answers/{question}": an_answer,
        "/v1/assessments/{assessment_id}/respondents/{respondent_id}/answers/{question}": an_answer,
        "/v1/assessments/{assessment_id}/comments": {"text": "?"},
        "/v1/assessments/{assessment_id}/roadmap/plan": {
            "target": {"score": 50.0},
            "capacity": [4],
            "efforts": {},
        },
        "/v1/assessments/{assessment_id}/respondents": {"name": "Anne"},
    }
    seen = set()
    for template, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" not in operation or template.startswith(FILES):
                continue
            seen.add(f"{method.upper()} {template}")
            path = template
            for variable, place in places.items():
                path = path.replace(variable, place)
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            for wrongs in together(fields(document, schema)):
                body = sound.get(template, {})
                for _, names, wrong in wrongs.values():
                    body = spoilt(body, names, wrong)
                answer = await acting.send(method.upper(), path, body, '"0"')
                assert answer.status_code == 422, (wrongs, method, path)
                assert set(faults(answer)) == wrongs.keys(), (method, path, body, answer.text)
    assert seen == BODIES


@pytest.mark.parametrize(
    "name",
    ["", "   ", " x", "a\u0001b", "\ufeffx", "a\u200db", "\u202eabc", "\ue000", "\x7f", "a\u2028"],
)
async def test_a_name_is_visible_text_wherever_it_is_asked(acting: Acting, name: str) -> None:
    refused = {
        "/v1/organisations": (company(name=name, postcode="00000"), {"/name", "/postcode"}),
        "/v1/programmes": (
            {"code": "p", "title": {"fr": name, "en": name}},
            {"/code", "/title/fr", "/title/en"},
        ),
        "/v1/cohorts": (
            {
                "programme": "P-1",
                "code": "C-1",
                "title": name,
                "facilitator": name,
                "starts_on": 1803859200,
                "ends_on": "2027-03-05",
            },
            {"/title", "/facilitator", "/starts_on"},
        ),
    }
    for path, (body, pointers) in refused.items():
        answer = await acting.post(path, body)
        assert (answer.status_code, set(faults(answer))) == (422, pointers), answer.text
    found = await acting.organisation()
    changed = await acting.send("PATCH", f"/v1/organisations/{found['id']}", {"name": name}, "*")
    assert (changed.status_code, set(faults(changed))) == (422, {"/name"})


@pytest.mark.parametrize("name", ["Nova 🚀", "漢字", "Œuvre & Fils", "العربية", "cafe\u0301"])
async def test_a_name_in_any_script_is_kept(acting: Acting, name: str) -> None:
    assert (await acting.organisation(name=name))["name"] == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("siren", "000000000"),
        ("siren", "٧٣٢٨٢٩٣٢٠"),
        ("naf_code", "٢٥.62B"),
        ("naf_code", "25.6２B"),
        ("postcode", "00000"),
        ("postcode", "00100"),
        ("postcode", "99000"),
        ("postcode", "5900０"),
        ("region_code", "３2"),
    ],
)
async def test_a_code_is_written_in_ascii_digits_and_can_exist(
    acting: Acting, field: str, value: str
) -> None:
    answer = await acting.post("/v1/organisations", company(**{field: value}))
    assert (answer.status_code, set(faults(answer))) == (422, {f"/{field}"})


async def test_the_siret_of_nobody_is_refused(acting: Acting) -> None:
    body = company(siren="000000000", siret="00000000000000")
    answer = await acting.post("/v1/organisations", body)
    assert set(faults(answer)) == {"/siren", "/siret"}


@pytest.mark.parametrize("postcode", ["01000", "20000", "62217", "97400", "98000", "98800"])
async def test_every_kind_of_french_postcode_is_taken(acting: Acting, postcode: str) -> None:
    body = company(siren=siren(), postcode=postcode)
    assert (await acting.post("/v1/organisations", body)).status_code == 201
