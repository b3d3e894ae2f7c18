"""Certifications and offers in Open Badges 3.0, ELM 3 and schema.org (S2, I6, I7)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft201909Validator  # type: ignore[import-untyped]  # no types shipped
from rdflib import URIRef
from rdflib.namespace import RDF

from tests import harness
from tests.harness import Database
from tests.shapes import loq, schema_org
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, fresh_copy, importer
from tests.training.offering import SIRET, formation, lheo
from training.offers.lheo import identity

BASE = "http://127.0.0.1:8000/v1/training"
BLOC = "RNCP37873BC01"
STRANGER = "00000000-0000-0000-0000-000000000000"
WITH_ALL = {
    "after_sessions": "<acces-handicapes>Oui</acces-handicapes>"
    "<langue-formation>FR</langue-formation><langue-formation>EN</langue-formation>"
    "<prix-total-TTC>1200,00</prix-total-TTC><nombre-heures-total>70</nombre-heures-total>",
    "session": "<periode-inscription><periode><debut>20260901</debut><fin>20260930</fin></periode>"
    "</periode-inscription><etat-recrutement>1</etat-recrutement>",
}
OPEN = {"period": "<debut>00000000</debut><fin>99999999</fin>", "certifications": ""}
BOTH = {
    "certifications": "<certification><code-RNCP>37873</code-RNCP></certification>"
    "<certification><code-RS>7423</code-RS></certification>"
    "<certification><code-RS>99999</code-RS></certification>"
}


@pytest.fixture(scope="module")
async def views(template: Database) -> AsyncIterator[Importer]:
    """Open the service on a catalogue with three offers: rich, without facts, of several ends."""
    own = Database(template.cluster, template.passwords, "european_views")
    app = harness.application(own, "training", import_worker=False)
    async with importer(app, await fresh_copy(template, own)) as opened:
        offers = [formation("F1", **WITH_ALL), formation("F2", **OPEN), formation("F3", **BOTH)]
        sent = await opened.send(lheo(*offers), form="lheo")
        assert (sent.state, sent.run["errors"]) == ("done", 0)
        opened.client.headers.update(harness.anonymous("training"))
        yield opened


async def told(client: httpx.AsyncClient, path: str, **headers: str) -> Any:
    answer = await client.get(f"/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/ld+json"
    return answer.json()


def offer(number: str, view: str) -> str:
    return f"formations/{identity(SIRET, number)}/{view}"


@needs_samples
@pytest.mark.parametrize(
    "path",
    [
        "certifications/RS7423/open-badge",
        "certifications/rncp 37873/open-badge",
        f"certifications/RNCP37873/blocs/{BLOC}/open-badge",
        "certifications/RS6891/open-badge",
    ],
)
async def test_i7_an_achievement_is_valid_against_the_schema_of_open_badges(
    views: Importer, path: str
) -> None:
    schema = json.loads(
        (SAMPLES / "openbadges3" / "ob_v3p0_achievementcredential_schema.json").read_text()
    )
    alone = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/Achievement"}
    body = await told(views.client, path)
    assert [one.message for one in Draft201909Validator(alone).iter_errors(body)] == []
    assert body["id"].startswith(f"{BASE}/certifications/")
    del body["criteria"]
    assert list(Draft201909Validator(alone).iter_errors(body))  # the schema does look at it


async def test_a_badge_points_at_the_job_and_at_what_it_is_registered_as(views: Importer) -> None:
    body = await told(views.client, "certifications/RNCP37873/open-badge")
    found = {one["targetFramework"]: one for one in body["alignment"]}
    assert found["RNCP"]["targetUrl"] == "https://www.francecompetences.fr/recherche/rncp/37873/"
    assert found["ROME"]["targetUrl"].endswith("/fiche-metier/M1805")
    assert found["ESCO, ISCO-08"]["targetUrl"] == "http://data.europa.eu/esco/isco/C2519"
    assert body["fieldOfStudy"] == "0688"
    assert body["creator"]["otherIdentifier"][0]["identifier"] == "11000007200014"
    bloc = await told(views.client, f"certifications/RNCP37873/blocs/{BLOC}/open-badge")
    assert (bloc["achievementType"], bloc["humanCode"]) == ("Competency", BLOC)
    assert bloc["id"] == f"{BASE}/certifications/RNCP37873/blocs/{BLOC}/open-badge"
    assert bloc["alignment"] == body["alignment"]


@pytest.mark.parametrize("view", ["open-badge", "schema-org"])
async def test_i6_a_name_is_english_where_there_is_one_and_the_answer_says_so(
    views: Importer, view: str
) -> None:
    path = f"/v1/certifications/RNCP37873/{view}"
    for asked, language, name in (
        ("en", "en", "Application designer and developer"),
        ("fr", "fr", "Concepteur développeur d'applications"),
    ):
        answer = await views.client.get(path, headers={"accept-language": asked})
        assert (answer.headers["content-language"], answer.json()["name"]) == (language, name)
        assert answer.headers["vary"] == "Accept-Language"
    bloc = f"/v1/certifications/RNCP37873/blocs/{BLOC}/open-badge"
    answer = await views.client.get(bloc, headers={"accept-language": "en"})
    assert answer.headers["content-language"] == "fr"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("certifications/RNCP37873/elm", "Qualification"),
        ("certifications/RS7423/elm", "LearningAchievementSpecification"),
        ("certifications/RS6891/elm", "LearningAchievementSpecification"),
        (offer("F1", "elm"), "LearningOpportunity"),
        (offer("F2", "elm"), "LearningOpportunity"),
        (offer("F3", "elm"), "LearningOpportunity"),
    ],
)
async def test_i7_the_european_view_passes_the_shapes_of_its_profile(
    views: Importer, path: str, kind: str
) -> None:
    body = await told(views.client, path)
    graph = loq.graph_of(body)
    subject = URIRef(body["id"])
    assert (subject, RDF.type, loq.ELM[kind]) in graph
    assert loq.faults(graph) == []
    graph.remove((subject, loq.iri("dc:title"), None))
    wanted = f"{loq.ELM[kind]} {loq.iri('dc:title')} MinCountConstraintComponent"
    assert loq.faults(graph) == [wanted]  # the shapes do look at it


async def test_no_term_of_a_european_document_is_lost(views: Importer) -> None:
    """JSON-LD drops in silence what its context does not know."""
    for path in ("certifications/RNCP37873/elm", offer("F1", "elm"), offer("F3", "elm")):
        body = await told(views.client, path)
        context = body.pop("@context")
        names = {"@context"}
        stack: list[Any] = [body]
        while stack:
            one = stack.pop()
            if isinstance(one, dict):
                names |= set(one)
                stack += one.values()
            elif isinstance(one, list):
                stack += one
        assert names - set(context) <= {"@context", "fr", "en"}


async def test_an_offer_of_one_certification_leads_to_it_and_of_several_to_all(
    views: Importer,
) -> None:
    body = await told(views.client, offer("F1", "elm"))
    learnt = body["learningAchievementSpecification"]
    assert learnt["id"] == f"{BASE}/certifications/RNCP37873/elm"
    assert learnt["learningOutcome"][0]["title"]["fr"].startswith("Développer")
    assert body["priceDetail"][0]["amount"]["value"] == "1200.00"
    (part,) = body["hasPart"]
    assert part["applicationDeadline"] == "2026-09-30T23:59:59+02:00"
    assert part["temporal"]["startDate"] == "2026-10-05T00:00:00+02:00"
    activity = body["learningActivitySpecification"]
    assert activity["volumeOfLearning"] == "PT70H"
    assert [one["notation"] for one in activity["language"]] == ["fr", "en"]
    several = await told(views.client, offer("F3", "elm"))
    parts = several["learningAchievementSpecification"]["hasPart"]
    assert [one["id"].split("/")[-2] for one in parts] == ["RNCP37873", "RS7423"]
    none = await told(views.client, offer("F2", "elm"))
    outcome = none["learningAchievementSpecification"]["learningOutcome"][0]
    assert outcome["additionalNote"][0]["noteLiteral"] == {"fr": "Attestation"}
    assert "temporal" not in none


@pytest.mark.parametrize("number", ["F1", "F2", "F3"])
async def test_an_offer_is_a_course_as_schema_org_and_search_engines_want_it(
    views: Importer, number: str
) -> None:
    body = await told(views.client, offer(number, "schema-org"))
    assert schema_org.faults(schema_org.graph_of(body)) == []
    assert schema_org.course_faults(body) == []
    graph = schema_org.graph_of({**body, "coursePrice": "1"})
    assert schema_org.faults(graph) == ["Course.coursePrice is text, not None"]


async def test_a_session_and_a_certification_speak_schema_org(views: Importer) -> None:
    course = await told(views.client, offer("F1", "schema-org"))
    (instance,) = course["hasCourseInstance"]
    session = instance["@id"].removeprefix("urn:uuid:")
    body = await told(views.client, offer("F1", f"sessions/{session}/schema-org"))
    assert schema_org.faults(schema_org.graph_of(body)) == []
    assert body["@id"] == f"{BASE}/{offer('F1', f'sessions/{session}/schema-org')}"
    assert (body["courseMode"], body["courseWorkload"]) == ("Blended", "PT70H")
    assert (body["startDate"], body["about"]["@id"]) == ("2026-10-05", course["@id"])
    assert course["offers"] == [
        {"@type": "Offer", "category": "Paid", "price": "1200.00", "priceCurrency": "EUR"}
    ]
    credential = await told(views.client, "certifications/RNCP37873/schema-org")
    assert schema_org.faults(schema_org.graph_of(credential)) == []
    del credential["@context"]
    assert course["educationalCredentialAwarded"] == [credential]


VIEWS = [
    *(f"certifications/RNCP37873/{view}" for view in ("open-badge", "elm", "schema-org")),
    f"certifications/RNCP37873/blocs/{BLOC}/open-badge",
    offer("F1", "elm"),
    offer("F1", "schema-org"),
]


@pytest.mark.parametrize("path", VIEWS)
async def test_a_view_is_open_data_that_caches_keep(views: Importer, path: str) -> None:
    answer = await views.client.get(f"/v1/{path}")
    assert answer.headers["cache-control"].startswith("public, max-age=")
    kept = {"if-none-match": answer.headers["etag"]}
    again = await views.client.get(f"/v1/{path}", headers=kept)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("certifications/RNCP99999/elm", 404, "certification-unknown"),
        ("certifications/7423x/open-badge", 422, "certification-number-invalid"),
        ("certifications/RNCP37873/blocs/01/open-badge", 404, "bloc-unknown"),
        (f"formations/{STRANGER}/elm", 404, "formation-unknown"),
        (
            offer("F1", f"sessions/{identity(SIRET, 'F1')}/schema-org"),
            404,
            "formation-session-unknown",
        ),
        (offer("F1", "elm") + "?full=1", 400, "unknown-parameter"),
    ],
)
async def test_a_view_of_nothing_says_what_there_is_not(
    views: Importer, path: str, status: int, code: str
) -> None:
    answer = await views.client.get(f"/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_what_was_withdrawn_is_gone_from_every_view(partner: Importer) -> None:
    sent = await partner.send(lheo(formation("F1"), formation("F2")), form="lheo")
    assert sent.state == "done"
    await partner.send(lheo(formation("F2")), form="lheo", force=True)
    await partner.rows(
        "UPDATE training.certification SET withdrawn_on = '2026-11-01', withdrawn_reason = 'x'"
        " WHERE code = 'RS7423'"
    )
    for view in ("elm", "schema-org"):
        gone = await partner.client.get(f"/v1/{offer('F1', view)}")
        assert (gone.status_code, gone.json()["code"]) == (410, "formation-withdrawn")
    for view in ("elm", "schema-org", "open-badge"):
        gone = await partner.client.get(f"/v1/certifications/RS7423/{view}")
        assert (gone.status_code, gone.json()["code"]) == (410, "certification-withdrawn")
