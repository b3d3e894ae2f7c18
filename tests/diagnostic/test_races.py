"""What happens when everybody comes at once, on real connections."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from tests.diagnostic.acting import BASE, Acting, siren

pytestmark = pytest.mark.usefixtures("mini_ia")


async def test_sixty_companies_at_once_get_fifteen_seats_and_forty_five_ranks(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()  # K1
    companies = [await acting.organisation() for _ in range(60)]
    path = f"/v1/cohorts/{cohort['id']}/enrolments"

    answers = await asyncio.gather(
        *(acting.post(path, {"organisation_id": one["id"]}) for one in companies)
    )

    assert {one.status_code for one in answers} == {201}
    places = [one.json() for one in answers]
    assert Counter(one["status"] for one in places) == {"confirmed": 15, "waitlisted": 45}
    seats = sorted(one["seat_no"] for one in places if one["seat_no"])
    ranks = sorted(one["rank"] for one in places if one["rank"])
    assert (seats, ranks) == (list(range(1, 16)), list(range(1, 46)))
    seen = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
    assert (seen["seats_taken"], seen["waitlisted"], seen["version"]) == (15, 45, 61)
    stored = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.enrolment"
        " WHERE cohort_id = $1::uuid AND status = 'confirmed'",
        cohort["id"],
    )
    assert stored == 15


@pytest.mark.parametrize("same_key", [True, False])
async def test_ten_simultaneous_enrolments_of_one_company_take_one_seat(
    acting: Acting, *, same_key: bool
) -> None:
    cohort = await acting.cohort()  # K2
    body = {"organisation_id": (await acting.organisation())["id"]}
    keys = [siren()] * 10 if same_key else [siren() for _ in range(10)]

    answers = await asyncio.gather(
        *(
            acting.post(f"/v1/cohorts/{cohort['id']}/enrolments", body, **{"idempotency-key": key})
            for key in keys
        )
    )

    given = [one for one in answers if one.status_code == 201]
    refused = {one.json()["code"] for one in answers if one.status_code != 201}
    assert {one.json()["id"] for one in given} == {given[0].json()["id"]}
    if same_key:
        assert refused <= {"idempotency-key-in-flight"}
    else:
        assert (len(given), refused) == (1, {"already-enrolled"})
    seen = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
    assert (seen["seats_taken"], seen["waitlisted"]) == (1, 0)


async def test_a_company_racing_for_two_overlapping_cohorts_gets_one(acting: Acting) -> None:
    programme = await acting.programme()
    first = await acting.cohort(programme=programme)
    days = {"starts_on": first["starts_on"], "ends_on": first["ends_on"]}
    second = await acting.cohort(programme=programme, **days)
    body = {"organisation_id": (await acting.organisation())["id"]}

    answers = await asyncio.gather(
        *(acting.post(f"/v1/cohorts/{one['id']}/enrolments", body) for one in [first, second] * 4)
    )

    assert Counter(one.status_code for one in answers) == {201: 1, 409: 7}


async def test_two_people_on_two_questions_both_save(acting: Acting) -> None:
    started = await acting.assessment()  # V8
    answers = await asyncio.gather(
        *(
            acting.answer(started["id"], question, {"state": "answered", "value": value})
            for question, value in BASE.items()
        )
    )
    assert {one.status_code for one in answers} == {200}
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert state["progress"]["answered"] == 6


async def test_two_people_on_one_question_are_told_apart(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    for tag in ('"0"', '"1"'):
        answers = await asyncio.gather(
            *(
                acting.answer(started["id"], "Q1", {"state": "answered", "value": f"o{n % 4}"}, tag)
                for n in range(8)
            )
        )
        assert Counter(one.status_code for one in answers) == {200: 1, 412: 7}
        current = f'"{int(tag[1]) + 1}"'
        assert {one.headers["etag"] for one in answers} == {current}
    events = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.answer_event WHERE assessment_id = $1::uuid",
        started["id"],
    )
    assert events == 2


async def test_an_answer_racing_with_the_submission_is_in_the_score_or_refused(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    await acting.answer_all(started["id"], BASE)
    better = {"state": "answered", "value": "o3"}

    saved, *submissions = await asyncio.gather(
        acting.answer(started["id"], "Q1", better, '"1"'),
        *(acting.post(f"/v1/assessments/{started['id']}/submit") for _ in range(4)),
    )

    assert Counter(one.status_code for one in submissions) == {200: 1, 409: 3}
    score = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    assert saved.status_code in {200, 409}
    assert score["score"] == (84.6 if saved.status_code == 200 else 72.1)


async def test_simultaneous_starts_make_one_diagnostic(acting: Acting) -> None:
    body = {
        "organisation_id": (await acting.organisation())["id"],
        "questionnaire": "MINI-IA",
    }
    answers = await asyncio.gather(*(acting.post("/v1/assessments", body) for _ in range(8)))
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 7}
