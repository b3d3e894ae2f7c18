"""The Open Education API 6.0: its contract, its objects, its pages (S1, I2, I3, I7)."""

import json
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from jsonschema import (  # type: ignore[import-untyped]  # no types shipped
    Draft202012Validator,
    FormatChecker,
)

from tests import harness
from tests.contract import tried
from tests.gateway.doors import served
from tests.harness import Database
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, fresh_copy, importer
from tests.training.listing import dotted, provider
from tests.training.offering import SIRET, formation, lheo
from training.oeapi import identities
from training.oeapi.metadata import SERVED
from training.oeapi.pages import MOST_SKIPPED
from training.oeapi.replies import top_level
from training.offers.lheo import identity

CONTRACT = SAMPLES / "ooapi" / "oeapi-6.0-release.json"
API = "/v1/oeapi"
FUTURE = "<debut>20990105</debut><fin>20990206</fin>"
RICH = {
    "period": FUTURE,
    "certifications": "<certification><code-RNCP>37873</code-RNCP></certification>"
    "<certification><code-RS>7423</code-RS></certification>",
    "after_sessions": "<langue-formation>FR</langue-formation>"
    "<prix-total-TTC>1200,00</prix-total-TTC><nombre-heures-total>70</nombre-heures-total>",
    "session": "<periode-inscription><periode><debut>20980901</debut><fin>20980930</fin></periode>"
    "</periode-inscription><etat-recrutement>1</etat-recrutement>",
}
MINISTRY = "11000007200014"
F1 = UUID(identity(SIRET, "F1"))
OWNER = f"/organisations/{identities.organisation_id(SIRET)}"


@pytest.fixture(scope="module")
async def views(template: Database) -> AsyncIterator[Importer]:
    """Open the service on a catalogue with 14 offers of one provider, one of them rich."""
    own = Database(template.cluster, template.passwords, "oeapi")
    app = harness.application(own, "training", import_worker=False)
    async with importer(app, await fresh_copy(template, own)) as opened:
        many = [formation(f"G{n}", title=f"Même titre {n % 2}", period=FUTURE) for n in range(12)]
        past = formation("F2", title="Passée")
        sent = await opened.send(lheo(formation("F1", **RICH), past, *many), form="lheo")
        assert (sent.state, sent.run["errors"]) == ("done", 0)
        opened.client.headers.update(harness.anonymous("training"))
        yield opened


async def told(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(API + path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@lru_cache(maxsize=1)
def contract() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text())
    for schema in _schemas(document["components"]):
        if known := schema.pop("x-ooapi-extensible-enum", None):
            schema["anyOf"] = [{"enum": known}, {"pattern": "^x-"}]
    return document


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for one in node.values():
            yield from _schemas(one)
    elif isinstance(node, list):
        for one in node:
            yield from _schemas(one)


def faults(path: str, body: Any, status: str = "200") -> list[str]:
    """Hold an answer to the contract, its extensible enumerations to their extensions."""
    document = contract()
    answer = document["paths"][path]["get"]["responses"][status]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    (content,) = answer["content"].values()
    schema = {**content["schema"], "components": document["components"]}
    return [
        f"{one.json_path}: {one.message[:200]}"
        for one in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(body)
    ]


def known(schema: dict[str, Any]) -> set[str]:
    """Name the members that the contract gives an object."""
    if "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found = set(schema.get("properties", {}))
    for one in schema.get("allOf", ()):
        found |= known(one)
    return found


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    """Find something of each kind."""
    programmes = (await told(client, "/programmes", primaryCode="RNCP37873"))["items"]
    offering = (await told(client, f"/courses/{F1}/course-offerings"))["items"][0]
    return {
        "courseId": str(F1),
        "programmeId": programmes[0]["programmeId"],
        "organisationId": str(identities.organisation_id(SIRET)),
        "learningOutcomeId": programmes[0]["learningOutcomeIds"][0],
        "courseOfferingId": offering["courseOfferingId"],
        "programmeOfferingId": offering["programmeOfferingIds"][0],
    }


@needs_samples
async def test_i7_every_operation_answers_as_the_contract_has_it(views: Importer) -> None:
    found = await ids(views.client)
    for path in SERVED:
        asked: dict[str, Any] = {}
        parameters = contract()["paths"][path]["get"].get("parameters", [])
        expand = next((one for one in parameters if one.get("name") == "expand"), None)
        if expand is not None:
            asked["expand"] = ",".join(expand["schema"]["items"]["enum"])
        if path.endswith("/programmes"):  # of who certifies: the others of who gives training
            found["organisationId"] = str(identities.organisation_id(MINISTRY))
        body = await told(views.client, path.format(**found), **asked)
        found["organisationId"] = str(identities.organisation_id(SIRET))
        assert faults(path, body) == [], path
        assert body.get("items", [True]), path
    broken = {**body, "courseOfferingId": "x", "primaryCode": None}
    assert len(faults(path, broken)) == 2  # the contract does look at it


@needs_samples
async def test_no_object_has_a_member_that_the_contract_does_not_know(views: Importer) -> None:
    found = await ids(views.client)
    for path, kind in (
        ("/programmes/{programmeId}", "ProgrammeExpanded"),
        ("/courses/{courseId}", "CourseExpanded"),
        ("/organisations/{organisationId}", "Organisation"),
        ("/learning-outcomes/{learningOutcomeId}", "LearningOutcome"),
        ("/course-offerings/{courseOfferingId}", "CourseOffering"),
        ("/programme-offerings/{programmeOfferingId}", "ProgrammeOffering"),
        ("/", "Service"),
    ):
        asked = {"returnTimelineOverrides": "true"} if kind.endswith("Expanded") else {}
        body = await told(views.client, path.format(**found), **asked)
        assert set(body) <= known({"$ref": kind}), path


@needs_samples
async def test_i3_schemathesis_finds_nothing_against_the_contract(
    views: Importer, tmp_path: Path
) -> None:
    found = await ids(views.client)
    document = json.loads(CONTRACT.read_text())
    document["paths"] = {path: {"get": document["paths"][path]["get"]} for path in SERVED}
    del document["components"]["parameters"]["fields"]["examples"]  # one of them is enough
    for item in document["paths"].values():
        for one in item["get"].get("parameters", ()):
            if one.get("in") == "path":
                one["example"] = found[one["name"]]
    app = harness.application(views.database, "training", import_worker=False)
    async with served(app) as url:
        peers = {one: harness.anonymous("training") for one in ("anybody", "everybody")}
        told_ = await tried(tmp_path, document, url + API, peers, phases="examples,fuzzing")
        assert told_ == []


async def test_a_certification_is_a_programme_in_both_languages(views: Importer) -> None:
    (body,) = (await told(views.client, "/programmes", primaryCode="rncp 37873"))["items"]
    assert body["primaryCode"] == {"codeType": "programme_code", "code": "RNCP37873"}
    assert body["name"] == [
        {"language": "fr", "value": "Concepteur développeur d'applications"},
        {"language": "en", "value": "Application designer and developer"},
    ]
    assert body["levelOfQualification"] == "eqf_6"
    assert body["fieldsOfStudy"] == "0688"
    assert {"codeType": "x-rome", "code": "M1805"} in body["otherCodes"]
    assert (body["validFrom"], body["validTo"]) == (
        "2023-12-18T00:00:00+01:00",
        "2028-12-19T00:00:00+01:00",
    )
    assert body["consumer"]["consumerKey"] == "x-vigie"
    assert body["consumer"]["state"] == "active"
    assert "organisation" not in body
    address = f"/programmes/{body['programmeId']}"
    whole = await told(views.client, address, expand="organisation,parent")
    assert whole["organisation"]["organisationId"] == body["organisationId"]
    assert whole["organisation"]["primaryCode"]["code"] == "11000007200014"
    assert len(body["learningOutcomeIds"]) == 3
    outcome = await told(views.client, f"/learning-outcomes/{body['learningOutcomeIds'][0]}")
    assert outcome["primaryCode"]["code"] == "RNCP37873/RNCP37873BC01"
    assert outcome["validTo"] == body["validTo"]


async def test_a_session_is_an_offering_of_its_formation_and_of_each_certification(
    views: Importer,
) -> None:
    course = await told(views.client, f"/courses/{F1}", expand="programmes,organisation")
    assert course["studyLoad"] == [{"studyLoadUnit": "hour", "value": 70}]
    assert course["modesOfDelivery"] == ["blended"]
    assert [one["programmeId"] for one in course["programmes"]] == course["programmeIds"]
    assert course["organisation"]["name"] == [{"language": "fr", "value": "Université Exemple"}]
    (offering,) = (await told(views.client, f"/courses/{F1}/course-offerings"))["items"]
    assert offering["startDateTime"] == "2099-01-05T00:00:00+01:00"
    assert offering["endDateTime"] == "2099-02-06T23:59:59+01:00"
    assert offering["priceInformation"] == [
        {"costType": "total_costs", "amount": "1200.00", "currency": "EUR"}
    ]
    assert offering["enrolmentPeriods"][0]["endDateTime"] == "2098-09-30T23:59:59+02:00"
    assert offering["addresses"][0]["city"] == "LILLE"
    assert offering["state"] == "active"
    found = []
    for number, address in zip(
        ("RNCP37873", "RS7423"), offering["programmeOfferingIds"], strict=True
    ):
        one = await told(views.client, f"/programme-offerings/{address}", expand="programme")
        assert one["programme"]["primaryCode"]["code"] == number
        found.append(one["programmeId"])
        listed = await told(views.client, f"/programmes/{found[-1]}/programme-offerings")
        assert address in {each["programmeOfferingId"] for each in listed["items"]}
    assert found == course["programmeIds"]
    again = await told(
        views.client, f"/course-offerings/{offering['courseOfferingId']}", expand="course"
    )
    assert again.pop("course")["courseId"] == str(F1)
    assert again == offering


@pytest.mark.parametrize(
    ("path", "asked", "count"),
    [
        ("/courses", {"q": "MÊME TITRE 1"}, 6),
        ("/courses", {"q": "100%"}, 0),
        ("/courses", {"primaryCode": "G3"}, 1),
        ("/courses", {"teachingLanguage": "fr"}, 1),
        ("/courses", {"modeOfDelivery": "blended", "primaryCode": "F1"}, 1),
        ("/courses", {"modeOfDelivery": "coil"}, 0),
        ("/programmes", {"primaryCode": "nonsense"}, 0),
        ("/programmes", {"levelOfQualification": "nlqf_4plus"}, 0),
        ("/programmes", {"programmeType": "minor"}, 0),
        ("/programmes", {"primaryCode": "RS7423", "programmeType": "programme"}, 1),
        ("/programmes", {"primaryCode": "RNCP37873", "levelOfQualification": "eqf_6"}, 1),
        ("/programmes", {"primaryCode": "RNCP37873", "levelOfQualification": "eqf_7"}, 0),
        ("/learning-outcomes", {"q": "sécurisée organisée en couches"}, 1),
        ("/organisations", {"primaryCode": SIRET}, 1),
        ("/organisations", {"primaryCode": SIRET, "organisationType": "branch"}, 0),
        (f"/courses/{F1}/course-offerings", {"since": "2100-01-01T00:00:00Z"}, 0),
        (f"/courses/{F1}/course-offerings", {"until": "2099-02-05T23:00:00Z"}, 1),
        (f"/courses/{F1}/course-offerings", {"until": "2099-02-05T12:00:00Z"}, 0),
        (f"/courses/{F1}/course-offerings", {"state": "inactive"}, 0),
        (f"/courses/{F1}/course-offerings", {"state": "concept"}, 0),
        (f"/courses/{F1}/course-offerings", {"modeOfDelivery": "online"}, 0),
        (f"/courses/{identity(SIRET, 'F2')}/course-offerings", {}, 0),
        (
            f"/courses/{identity(SIRET, 'F2')}/course-offerings",
            {"since": "2026-10-05T10:00:00Z"},
            1,
        ),
        (f"/programmes/{F1}/courses", {}, 0),
        (f"/organisations/{F1}/courses", {}, 0),
    ],
)
async def test_each_filter_narrows_its_list(
    views: Importer, path: str, asked: dict[str, str], count: int
) -> None:
    assert len((await told(views.client, path, **asked))["items"]) == count


async def test_what_belongs_to_an_organisation_is_below_it(views: Importer) -> None:
    for below, count in (("courses", 14), ("course-offerings", 13), ("programme-offerings", 14)):
        page = await told(views.client, f"{OWNER}/{below}", pageSize=20)
        assert len(page["items"]) == count
    ministry = f"/organisations/{identities.organisation_id(MINISTRY)}"
    found = (await told(views.client, f"{ministry}/programmes", pageSize=250))["items"]
    assert "RNCP37873" in {one["primaryCode"]["code"] for one in found}


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/courses", "courseId"),
        ("/programmes", "programmeId"),
        ("/learning-outcomes", "learningOutcomeId"),
        ("/organisations", "organisationId"),
        (
            f"/organisations/{identities.organisation_id(SIRET)}/course-offerings",
            "courseOfferingId",
        ),
        (
            f"/organisations/{identities.organisation_id(SIRET)}/programme-offerings",
            "programmeOfferingId",
        ),
    ],
)
async def test_pages_by_number_and_by_link_are_the_same_and_miss_nothing(
    views: Importer, path: str, key: str
) -> None:
    every = [one[key] for one in (await told(views.client, path, pageSize=250))["items"]]
    by_number: list[str] = []
    by_link: list[str] = []
    number, url = 1, API + path
    while True:
        page = await told(views.client, path, pageNumber=number)
        linked = await views.client.get(url)
        assert linked.json() == page
        assert (page["pageSize"], page["pageNumber"]) == (10, number)
        assert page["hasPreviousPage"] == (number > 1)
        by_number += [one[key] for one in page["items"]]
        by_link += [one[key] for one in linked.json()["items"]]
        if not page["hasNextPage"]:
            assert "link" not in linked.headers
            break
        number += 1
        url = API + path + linked.headers["link"].partition("<")[2].partition(">")[0]
    assert number > 1
    assert by_number == by_link == every
    assert len(set(every)) == len(every)


async def test_a_page_that_would_read_all_before_it_is_refused_and_says_how_to_go_on(
    views: Importer,
) -> None:
    last = MOST_SKIPPED // 250 + 1
    assert (await told(views.client, "/courses", pageSize=250, pageNumber=last))["items"] == []
    answer = await views.client.get(API + f"/courses?pageSize=250&pageNumber={last + 1}")
    assert (answer.status_code, answer.json()["code"]) == (400, "oeapi-page-too-deep")
    assert "Link" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/courses?pageSize=11", "oeapi-parameter-refused"),
        ("/courses?pageNumber=0", "oeapi-parameter-refused"),
        ("/courses?pageNumber=x&pageSize=7", "oeapi-parameter-refused"),
        ("/courses?after=x", "cursor-refused"),
        ("/courses?q=%00", "oeapi-parameter-refused"),
        ("/courses?filter_query[name][in]=x", "unknown-parameter"),
        ("/courses?consumer=rio", "oeapi-consumer-unknown"),
        ("/courses/x", "oeapi-parameter-refused"),
        (f"/courses/{F1}?expand=teacher", "oeapi-parameter-refused"),
        (f"/courses/{F1}/course-offerings?since=yesterday", "oeapi-parameter-refused"),
    ],
)
async def test_what_is_not_of_its_form_is_a_400_of_the_contract(
    views: Importer, path: str, code: str
) -> None:
    answer = await views.client.get(API + path)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"
    if code == "oeapi-parameter-refused":
        assert len(body["errors"]) == path.count("=x&") + 1  # all at once


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/{id}",
        "/courses/{id}",
        "/organisations/{id}",
        "/learning-outcomes/{id}",
        "/course-offerings/{id}",
        "/programme-offerings/{id}",
        f"/organisations/{identities.organisation_id('99999999999999')}",
        f"/learning-outcomes/{identities.outcome_id('RNCP37873', 'none')}",
        f"/programme-offerings/{identities.offering_id(F1, 'RS7423')}",
    ],
)
async def test_nothing_of_that_id_is_a_404(views: Importer, path: str) -> None:
    answer = await views.client.get(API + path.format(id=UUID(int=1)))
    assert (answer.status_code, answer.json()["code"]) == (404, "oeapi-item-unknown")


async def test_what_was_withdrawn_leaves_the_lists_and_says_where_it_is_told(
    partner: Importer,
) -> None:
    rich = formation("F1", **RICH)
    await partner.send(lheo(rich, formation("F2")), form="lheo")
    offering = (await told(partner.client, f"/courses/{F1}/course-offerings"))["items"][0]
    (programme,) = (await told(partner.client, "/programmes", primaryCode="RNCP37873"))["items"]
    await partner.send(lheo(formation("F2")), form="lheo", force=True)
    await partner.rows(
        "UPDATE training.certification SET withdrawn_on = '2026-11-01', withdrawn_reason = 'x'"
        " WHERE code = 'RNCP37873'"
    )
    for path in (
        f"/courses/{F1}",
        f"/course-offerings/{offering['courseOfferingId']}",
        f"/programme-offerings/{offering['programmeOfferingIds'][1]}",
        f"/programmes/{programme['programmeId']}",
        f"/learning-outcomes/{programme['learningOutcomeIds'][0]}",
    ):
        answer = await partner.client.get(API + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "oeapi-item-withdrawn"), path
        assert "/v1/training/" in answer.json()["detail"]
    for path in ("/courses?primaryCode=F1", "/programmes?primaryCode=RNCP37873"):
        assert (await partner.client.get(API + path)).json()["items"] == []


async def test_a_declared_provider_is_an_organisation_with_what_qualiopi_says(
    partner: Importer,
) -> None:
    sent = await partner.send(dotted(provider("32590000000")), form="providers")
    assert sent.state == "done", sent.rules
    page = await told(partner.client, "/organisations", pageSize=250)
    named = [
        one
        for one in page["items"]
        if {"codeType": "x-nda", "code": "32590000000"} in one["otherCodes"]
    ]
    assert len(named) == 1
    assert named[0]["consumer"]["qualiopi"]
    assert named[0]["organisationType"] == "root"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/vnd.oeapi+json", "application/vnd.oeapi+json;version=6.0"),
        ("application/vnd.oeapi+json;version=6.0", "application/vnd.oeapi+json;version=6.0"),
        ("application/vnd.oeapi+json; version=6.1", "application/vnd.oeapi+json;version=6.0"),
        (
            "application/vnd.oeapi+json;version=6.0;consumer=x-vigie;consumer-version=1.4",
            "application/vnd.oeapi+json;version=6.0;consumer=x-vigie;consumer-version=1.0",
        ),
    ],
)
async def test_i2_the_answer_says_its_version_to_whoever_asked_for_one(
    views: Importer, accept: str, answered: str
) -> None:
    answer = await views.client.get(API + "/courses", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, answered)
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "requested", "supported", "consumer"),
    [
        ("version=5.0", "5.0", ["6.0"], None),
        ("version=7.1", "7.1", ["6.0"], None),
        ("version=6.0;consumer=x-vigie;consumer-version=2.0", "2.0", ["1.0"], "x-vigie"),
        ("version=6.0;consumer=rio;consumer-version=1.0", "1.0", [], "rio"),
    ],
)
async def test_i2_another_major_version_is_refused_and_says_which_there_are(
    views: Importer, accept: str, requested: str, supported: list[str], consumer: str | None
) -> None:
    header = {"accept": f"application/vnd.oeapi+json;{accept}"}
    answer = await views.client.get(API + "/courses", headers=header)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (406, "oeapi-version-not-acceptable")
    assert (body["requestedVersion"], body["supportedVersions"]) == (requested, supported)
    assert body.get("consumer") == (consumer and {"consumerKey": consumer})
    if CONTRACT.exists():
        assert faults("/courses", body, "406") == []


async def test_i4_fields_keeps_what_is_named_and_what_is_mandatory(views: Importer) -> None:
    whole = await told(views.client, f"/courses/{F1}")
    few = await told(views.client, f"/courses/{F1}", fields="(link,studyLoad,organisation(name))")
    assert few["studyLoad"] == whole["studyLoad"]
    assert {"courseId", "name", "primaryCode"} <= set(few)
    assert "firstStartDate" in whole
    assert "firstStartDate" not in few
    listed = await told(views.client, "/courses", fields="(x)")
    assert all("firstStartDate" not in one for one in listed["items"])


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("(id,title,programme(code),campus(city))", {"id", "title", "programme", "campus"}),
        ("name, link", {"name", "link"}),
        ("((((", set()),
        ("", set()),
    ],
)
def test_nested_fields_come_whole(fields: str, names: set[str]) -> None:
    assert top_level(fields) == names


async def test_an_answer_is_kept_and_asked_for_again_by_its_tag(views: Importer) -> None:
    for path in ("/", "/programmes", f"/courses/{F1}"):
        answer = await views.client.get(API + path)
        assert answer.headers["cache-control"].startswith("public, max-age=")
        again = await views.client.get(
            API + path, headers={"if-none-match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        english = b'"language":"en"' in answer.content
        assert answer.headers["content-language"] == ("fr, en" if english else "fr")


def test_identities_are_read_back_and_nothing_else_is_taken_for_one() -> None:
    siret, session = "13002612300013", F1
    organisation = identities.organisation_id(siret)
    assert (organisation.version, identities.siret_of(organisation)) == (8, siret)
    assert identities.siret_of(session) is None
    outcome = identities.outcome_id("RS7423", "01")
    assert (outcome.version, outcome.variant) == (8, organisation.variant)
    assert identities.certification_of_outcome(outcome) == "RS7423"
    assert identities.outcome_id("RS7423", "02") != outcome
    offering = identities.offering_id(session, "RNCP37873")
    found = identities.sessions_of(offering)
    assert found is not None
    assert found[0] <= session <= found[1]
    assert found[2] == "RNCP37873"
    assert identities.sessions_of(UUID(int=0)) is None
