"""Review, comments, validation, delivery and amendment over HTTP, and who may do which."""

import asyncio
import json
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting, faults, siren

pytestmark = pytest.mark.usefixtures("mini_ia")

WHY = {"reason": "L’effectif a été mal renseigné."}
BY_FACILITATOR = ("start-review", "request-changes", "validate", "deliver", "enter-in-error")
BY_COMPANY = ("amend", "abandon")


@pytest.fixture
def company(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as the front-end of companies, which facilitates nothing."""
    scopes = {"diagnostic:read", "diagnostic:write"}
    return Acting(service, as_client("diagnostic", tenant="sme-hub", scopes=scopes, client="sme"))


async def stepped(acting: Acting, assessment_id: str, *verbs: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for verb in verbs:
        response = await acting.post(f"/v1/assessments/{assessment_id}/{verb}", WHY)
        assert response.status_code == 200, response.text
        shown = response.json()
    return shown


async def seated(company: Acting, facilitator: Acting) -> tuple[str, str]:
    """Submit the diagnostic of a company within the facilitator's cohort; gives its seat too."""
    cohort = await facilitator.cohort()
    organisation_id = (await company.organisation())["id"]
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    seat = (await company.post(path, {"organisation_id": organisation_id})).json()
    started = await company.submitted(BASE, organisation_id=organisation_id, cohort_id=cohort["id"])
    return started["id"], seat["id"]


async def changes(
    sql: asyncpg.Connection, assessment_id: str, entity: str = "assessment"
) -> list[dict[str, Any]]:
    rows = await sql.fetch(
        "SELECT c.kind, c.version, c.payload::text AS payload FROM diagnostic.change c"
        " JOIN diagnostic.assessment a ON a.pseudonym::text = c.entity_id"
        " WHERE a.id = $1::uuid AND c.entity = $2 ORDER BY c.seq",
        assessment_id,
        entity,
    )
    return [{**dict(one), "payload": json.loads(one["payload"])} for one in rows]


async def test_a_diagnostic_is_reviewed_validated_and_delivered(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.submitted(BASE)

    shown = await stepped(acting, started["id"], "start-review", "validate", "deliver")

    assert (shown["status"], shown["revision"]) == ("delivered", 1)
    told = await changes(sql, started["id"])
    assert [(one["kind"], one["payload"]["status"]) for one in told] == [
        ("created", "submitted"),
        ("updated", "in_review"),
        ("updated", "validated"),
        ("updated", "delivered"),
    ]
    assert [one["version"] for one in told] == [2, 3, 4, 5]
    counted = await changes(sql, started["id"], "contribution")
    assert [one["version"] for one in counted] == [2, 3, 4, 5]
    assert {one["payload"]["level"] for one in counted} == {"moderately_advanced"}
    assert started["id"] not in json.dumps(told)
    audited = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1 ORDER BY id", started["id"]
    )
    deeds = ["start", "submit", "start-review", "validate", "deliver"]
    assert [one["action"] for one in audited] == deeds


async def test_an_amendment_opens_the_next_revision_and_freezes_its_own_score(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    await stepped(acting, started["id"], "start-review", "validate")

    amended = await stepped(acting, started["id"], "amend")
    open_score = (await acting.get(f"{path}/score")).json()
    changed = await acting.answer(started["id"], "Q1", {"state": "answered", "value": "o3"}, '"1"')
    again = await acting.post(f"{path}/submit")

    assert (amended["status"], amended["revision"]) == ("amended", 2)
    assert (open_score["score"], open_score["computed_at"]) == (72.1, None)
    assert (changed.status_code, again.status_code) == (200, 200)
    assert again.json()["score"] == 84.6
    told = await changes(sql, started["id"])
    assert [(one["kind"], one["payload"]["revision"]) for one in told[-2:]] == [
        ("updated", 1),
        ("updated", 2),
    ]
    counted = await changes(sql, started["id"], "contribution")
    assert [one["payload"]["level"] for one in counted[-2:]] == ["moderately_advanced", "advanced"]


@pytest.mark.parametrize("verb", ["abandon", "enter-in-error"])
async def test_what_was_told_and_is_void_is_withdrawn_and_stays_readable(
    acting: Acting, sql: asyncpg.Connection, verb: str
) -> None:
    organisation_id = (await acting.organisation())["id"]
    started = await acting.submitted(BASE, organisation_id=organisation_id)
    path = f"/v1/assessments/{started['id']}"

    shown = await stepped(acting, started["id"], "amend", verb)

    for entity in ("assessment", "contribution"):
        told = (await changes(sql, started["id"], entity))[-1]
        assert (told["kind"], told["payload"]) == ("deleted", {"reason": shown["status"]})
    assert (await acting.get(path)).json()["status"] == shown["status"]
    late = await acting.answer(started["id"], "Q1", {"state": "answered", "value": "o3"}, '"1"')
    remark = await acting.post(f"{path}/comments", {"text": "Trop tard ?"})
    assert {late.json()["code"], remark.json()["code"]} == {"assessment-closed"}
    assert {late.status_code, remark.status_code} == {409}
    await acting.assessment(organisation_id=organisation_id)  # its milestone is free again


async def test_what_was_never_submitted_is_told_to_nobody(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    await stepped(acting, started["id"], "abandon")
    assert await changes(sql, started["id"]) == []


async def test_open_comments_keep_a_diagnostic_from_being_validated(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    await stepped(acting, started["id"], "start-review")
    made = [
        (await acting.post(f"{path}/comments", body)).json()
        for body in (
            {"question": "Q1", "text": "Quel document ?\nEt de quand ?"},
            {"dimension": "DATA", "text": "Où sont les données ?"},
            {"text": "Merci."},
        )
    ]

    refused = await acting.post(f"{path}/validate")
    for one in made:
        resolved = await acting.post(f"/v1/comments/{one['id']}/resolve")
        assert (resolved.status_code, resolved.json()["resolved_by"]) == (200, "demo")
    twice = await acting.post(f"/v1/comments/{made[0]['id']}/resolve")
    validated = await acting.post(f"{path}/validate")

    assert (refused.status_code, refused.json()["code"]) == (409, "comments-open")
    assert faults(refused) == {f"/comments/{one['id']}": "comment-open" for one in made}
    assert (twice.status_code, twice.json()["code"]) == (409, "comment-resolved")
    assert validated.json()["status"] == "validated"


async def test_comments_are_listed_in_pages_and_by_state(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/comments"
    made = [(await acting.post(path, {"text": f"Point {n}."})).json()["id"] for n in range(3)]
    await acting.post(f"/v1/comments/{made[1]}/resolve")

    first = (await acting.get(f"{path}?limit=2&count=true")).json()
    second = (await acting.get(f"{path}?limit=2&after={first['next']}")).json()
    waiting = (await acting.get(f"{path}?resolved=false&count=true")).json()
    closed = (await acting.get(f"{path}?resolved=true")).json()

    assert [one["id"] for one in first["items"] + second["items"]] == made
    assert first["total"] == 3
    assert ([one["id"] for one in waiting["items"]], waiting["total"]) == ([made[0], made[2]], 2)
    assert [one["id"] for one in closed["items"]] == [made[1]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/text": "missing"}),
        ({"text": " "}, {"/text": "text-padded"}),
        ({"text": "x" * 2001}, {"/text": "string-too-long"}),
        ({"text": "a\u200bb"}, {"/text": "text-unseen"}),
        ({"text": "a\x00"}, {"/text": "text-not-storable"}),
        (
            {"question": "Q1", "dimension": "STR", "text": "?"},
            {"/dimension": "question-or-dimension"},
        ),
        ({"question": "Q99", "text": "?"}, {"/question": "question-unknown"}),
        ({"dimension": "NONE", "text": "?"}, {"/dimension": "dimension-unknown"}),
        (
            {"respondent_id": "00000000-0000-4000-8000-000000000000", "text": "?"},
            {"/respondent_id": "respondent-unknown"},
        ),
        ({"text": "?", "resolved": True}, {"/resolved": "extra-forbidden"}),
    ],
)
async def test_a_comment_that_says_nothing_or_of_nothing_is_refused(
    acting: Acting, body: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/comments"
    response = await acting.post(path, body)
    assert (response.status_code, faults(response)) == (422, expected)
    assert (await acting.get(path)).json()["items"] == []


@pytest.mark.parametrize("verb", ["request-changes", "amend", "abandon", "enter-in-error"])
async def test_a_step_out_of_the_way_says_why(acting: Acting, verb: str) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    for body, code in (
        ({}, "missing"),
        ({"reason": ""}, "string-too-short"),
        ({"reason": 3}, "string-type"),
    ):
        response = await acting.post(f"{path}/{verb}", body)
        assert (response.status_code, faults(response)) == (422, {"/reason": code})
    assert (await acting.get(path)).json()["status"] == "submitted"


async def test_a_step_may_be_bound_to_what_was_read(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    seen = (await acting.get(path)).headers["etag"]
    unchanged = await acting.get(path, **{"if-none-match": seen})
    reviewed = await acting.post(f"{path}/start-review", **{"if-match": seen})

    stale = await acting.post(f"{path}/validate", **{"if-match": seen})
    fresh = await acting.post(f"{path}/validate", **{"if-match": reviewed.headers["etag"]})

    assert unchanged.status_code == 304
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert stale.headers["etag"] == reviewed.headers["etag"]
    assert fresh.status_code == 200
    assert fresh.headers["etag"] == (await acting.get(path)).headers["etag"]


async def test_two_who_validate_at_once_validate_once(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.submitted(BASE)
    await stepped(acting, started["id"], "start-review")
    path = f"/v1/assessments/{started['id']}/validate"

    answers = await asyncio.gather(*(acting.post(path) for _ in range(6)))

    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409, 409]
    assert len(await changes(sql, started["id"])) == 3


async def test_the_same_key_takes_a_step_once(acting: Acting, sql: asyncpg.Connection) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/amend"
    key = {"idempotency-key": siren()}
    first, again = [await acting.post(path, WHY, **key) for _ in range(2)]
    other = await acting.post(path, {"reason": "Autre chose."}, **key)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert first.headers["etag"] == again.headers["etag"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    steps = await sql.fetch(
        "SELECT verb, reason FROM diagnostic.assessment_step"
        " WHERE assessment_id = $1::uuid ORDER BY id",
        started["id"],
    )
    assert [tuple(one) for one in steps] == [("submit", None), ("amend", WHY["reason"])]


async def test_the_facilitator_of_its_cohort_reviews_a_companys_diagnostic(
    acting: Acting, company: Acting
) -> None:
    assessment_id, _ = await seated(company, acting)
    path = f"/v1/assessments/{assessment_id}"

    assert (await acting.get(path)).status_code == 200
    assert (await acting.get(f"{path}/score")).json()["score"] == 72.1
    remark = await acting.post(f"{path}/comments", {"question": "Q1", "text": "Et demain ?"})
    seen = (await company.get(f"{path}/comments")).json()["items"]
    cohort = (await acting.get(path)).json()["cohort_id"]
    found = (await acting.get(f"/v1/assessments?cohort_id={cohort}&count=true")).json()
    await company.post(f"/v1/comments/{remark.json()['id']}/resolve")
    shown = await stepped(acting, assessment_id, "start-review", "validate", "deliver")

    assert [one["text"] for one in seen] == ["Et demain ?"]
    assert ([one["id"] for one in found["items"]], found["total"]) == ([assessment_id], 1)
    query = f"/v1/assessments?cohort_id={cohort}"
    assert (await acting.get(f"{query}&status=in_progress")).json()["items"] == []
    assert len((await company.get(query)).json()["items"]) == 1
    assert shown["status"] == "delivered"
    refused = [await acting.post(f"{path}/{verb}", WHY) for verb in BY_COMPANY]
    refused.append(
        await acting.answer(assessment_id, "Q1", {"state": "answered", "value": "o3"}, '"1"')
    )
    assert {one.status_code for one in refused} == {404}


async def test_a_facilitator_whose_company_left_sees_it_no_more(
    acting: Acting, company: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    assessment_id, seat = await seated(company, acting)  # K8
    neighbour, _ = await seated(company, stranger)
    path = f"/v1/assessments/{assessment_id}"
    remark = (await acting.post(f"{path}/comments", {"text": "Avant le départ."})).json()["id"]
    assert (await acting.get(f"/v1/assessments/{neighbour}")).status_code == 404
    assert (await stranger.get(path)).status_code == 404

    await sql.execute(
        "UPDATE diagnostic.enrolment SET status = 'cancelled', seat_no = NULL WHERE id = $1::uuid",
        seat,
    )

    answers = [
        await acting.get(path),
        await acting.get(f"{path}/score"),
        await acting.get(f"{path}/comments"),
        await acting.get(f"{path}/report.pdf"),
        await acting.get(f"{path}/roadmap"),
        await acting.post(f"{path}/comments", {"text": "?"}),
        *[await acting.post(f"{path}/{verb}", WHY) for verb in (*BY_FACILITATOR, *BY_COMPANY)],
    ]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {
        (404, "assessment-unknown")
    }
    gone = await acting.post(f"/v1/comments/{remark}/resolve")
    assert (gone.status_code, gone.json()["code"]) == (404, "comment-unknown")
    assert (await company.get(path)).status_code == 200
    cohort = (await company.get(path)).json()["cohort_id"]
    for other in (acting, stranger):
        body = (await other.get(f"/v1/assessments?cohort_id={cohort}&count=true")).json()
        assert (body["items"], body["total"]) == ([], 0)


async def test_only_with_its_scope_does_a_caller_see_its_cohort(
    acting: Acting, company: Acting, onlooker: Acting
) -> None:
    assessment_id, _ = await seated(company, acting)
    assert (await onlooker.get(f"/v1/assessments/{assessment_id}")).status_code == 404


async def test_each_step_needs_its_scope_and_a_caller(
    acting: Acting, company: Acting, onlooker: Acting, stranger: Acting
) -> None:
    own = (await company.submitted(BASE))["id"]
    nobody = Acting(acting.http, {})
    for verb in BY_FACILITATOR:
        response = await company.post(f"/v1/assessments/{own}/{verb}", WHY)
        assert (response.status_code, response.json()["code"]) == (403, "scope-missing")
    for verb in (*BY_FACILITATOR, *BY_COMPANY, "comments"):
        path = f"/v1/assessments/{own}/{verb}"
        body = {"text": "?"} if verb == "comments" else WHY
        assert (await nobody.post(path, body)).status_code == 401
        assert (await onlooker.post(path, body)).status_code == 403
        assert (await stranger.post(path, body)).status_code == 404
    assert (await nobody.get(f"/v1/assessments/{own}/comments")).status_code == 401
    nothing = "/v1/comments/00000000-0000-4000-8000-000000000000/resolve"
    assert (await nobody.post(nothing)).status_code == 401
    assert (await onlooker.post(nothing)).status_code == 403
    assert (await acting.post(nothing)).status_code == 404


async def test_a_diagnostic_carries_at_most_a_hundred_open_comments(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    await sql.execute(
        "INSERT INTO diagnostic.review_comment (id, assessment_id, revision, text, author)"
        " SELECT gen_random_uuid(), $1::uuid, 1, 'x', 'demo' FROM generate_series(1, 100)",
        started["id"],
    )
    response = await acting.post(f"/v1/assessments/{started['id']}/comments", {"text": "?"})
    assert (response.status_code, response.json()["code"]) == (409, "comments-too-many")
