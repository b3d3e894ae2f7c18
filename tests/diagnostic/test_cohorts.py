"""Programmes, cohorts and their seats over HTTP."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from tests.diagnostic.acting import Acting, faults, siren, week


def described(programme: str, **fields: object) -> dict[str, object]:
    monday, friday = week()
    return {
        "programme": programme,
        "code": f"C-{siren()}",
        "title": "Cohorte d’essai",
        "facilitator": "Medef Hauts-de-France",
        "starts_on": monday.isoformat(),
        "ends_on": friday.isoformat(),
        **fields,
    }


async def test_a_cohort_has_fifteen_seats_and_closes_when_its_week_begins(
    acting: Acting,
) -> None:
    body = described(await acting.programme())
    response = await acting.post("/v1/cohorts", body)

    found = response.json()
    assert response.status_code == 201
    assert {name: found[name] for name in body} == body
    assert (found["capacity"], found["seats_taken"], found["waitlisted"]) == (15, 0, 0)
    assert (found["status"], found["is_open"]) == ("open", True)
    assert found["timezone"] == "Europe/Paris"
    closes = found["enrol_closes_at"]  # midnight in Paris is the evening before in UTC
    assert closes[:10] == str(date.fromisoformat(str(body["starts_on"])) - timedelta(days=1))
    read = await acting.get(response.headers["location"])
    assert (read.json(), read.headers["etag"]) == (found, '"1"')


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "good"),
    [
        ("2031-12-01", "2031-12-05", True),
        ("2031-12-02", "2031-12-05", True),  # the Monday is a holiday
        ("2031-12-05", "2031-12-01", False),
        ("2031-12-01", "2031-12-01", False),
        ("2031-12-01", "2031-12-08", False),
        ("2031-12-01", "2031-12-06", False),
        ("2031-12-04", "2031-12-09", False),
    ],
)
async def test_a_cohort_lasts_one_working_week(
    acting: Acting, starts_on: str, ends_on: str, *, good: bool
) -> None:
    body = described(await acting.programme(), starts_on=starts_on, ends_on=ends_on)
    response = await acting.post("/v1/cohorts", body)
    if good:
        assert response.status_code == 201
    else:
        assert (response.status_code, faults(response)) == (422, {"/ends_on": "not-a-week"})


async def test_every_fault_of_a_cohort_is_named_at_once(acting: Acting) -> None:
    late = "2032-12-02T00:00:00+01:00"
    response = await acting.post(
        "/v1/cohorts",
        {
            "programme": "x",
            "code": "C-OK",
            "title": "",
            "facilitator": "Medef",
            "capacity": 0,
            "starts_on": "2031-12-01",
            "ends_on": "tomorrow",
            "enrol_closes_at": late,
            "room": 3,
        },
    )
    assert faults(response) == {
        "/programme": "string-pattern-mismatch",
        "/title": "string-too-short",
        "/capacity": "greater-than-equal",
        "/ends_on": "date-parsing",
        "/enrol_closes_at": "closes-after-start",
        "/room": "extra-forbidden",
    }
    past = described(await acting.programme(), starts_on="2021-11-29", ends_on="2021-12-03")
    refused = await acting.post("/v1/cohorts", past)
    assert faults(refused) == {"/enrol_closes_at": "closes-in-the-past"}


async def test_only_a_facilitator_opens_programmes_and_cohorts(
    acting: Acting, onlooker: Acting
) -> None:
    programme = await acting.programme()
    assert (await onlooker.post("/v1/programmes", {})).status_code == 403
    assert (await onlooker.post("/v1/cohorts", described(programme))).status_code == 403
    cohort = await acting.cohort()
    assert (await onlooker.post(f"/v1/cohorts/{cohort['id']}/cancel")).status_code == 403
    assert (await onlooker.post(f"/v1/cohorts/{cohort['id']}/enrolments", {})).status_code == 403


async def test_codes_are_given_once(acting: Acting) -> None:
    programme = await acting.programme()
    title = {"fr": "Deux", "en": "Two"}
    again = await acting.post("/v1/programmes", {"code": programme, "title": title})
    body = described(programme)
    await acting.post("/v1/cohorts", body)
    second = await acting.post("/v1/cohorts", body)
    unknown = await acting.post("/v1/cohorts", described("NO-SUCH-ONE"))

    assert (again.status_code, again.json()["code"]) == (409, "programme-exists")
    assert (second.status_code, second.json()["code"]) == (409, "cohort-exists")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-unknown")


async def test_programmes_are_listed_by_code_page_by_page(acting: Acting) -> None:
    for _ in range(3):
        await acting.programme()
    everything = (await acting.get("/v1/programmes?limit=200")).json()["items"]
    codes = [one["code"] for one in everything]
    assert codes == sorted(codes)
    first = (await acting.get("/v1/programmes?limit=2")).json()
    second = (await acting.get(f"/v1/programmes?limit=2&after={first['next']}")).json()
    assert [one["code"] for one in first["items"] + second["items"]] == codes[:4]


async def test_an_enrolment_of_another_cohort_is_unknown(acting: Acting) -> None:
    cohort, other = await acting.cohort(), await acting.cohort()
    body = {"organisation_id": (await acting.organisation())["id"]}
    seat = (await acting.post(f"/v1/cohorts/{cohort['id']}/enrolments", body)).json()
    answer = await acting.get(f"/v1/cohorts/{other['id']}/enrolments/{seat['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "enrolment-unknown")


async def test_a_seat_freed_while_the_last_ones_queue_is_given(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort(capacity=1)
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    await acting.post(path, {"organisation_id": (await acting.organisation())["id"]})
    late = await acting.organisation()
    freed = sql.transaction()
    await freed.start()  # holds the cohort while the next company asks
    await sql.execute(
        "UPDATE diagnostic.enrolment SET status = 'cancelled', seat_no = NULL"
        " WHERE cohort_id = $1::uuid",
        cohort["id"],
    )
    await sql.execute(
        "UPDATE diagnostic.cohort SET seats_taken = 0 WHERE id = $1::uuid", cohort["id"]
    )
    asking = asyncio.create_task(acting.post(path, {"organisation_id": late["id"]}))
    await asyncio.sleep(0.3)
    assert not asking.done()
    await freed.commit()
    answer = (await asking).json()
    assert (answer["status"], answer["seat_no"]) == ("confirmed", 1)


async def test_the_demo_programme_has_an_open_cohort(acting: Acting) -> None:
    assert "PRIA-HDF" in {one["code"] for one in await acting.every("/v1/programmes")}
    cohorts = await acting.every("/v1/cohorts?status=open")
    demo = next(one for one in cohorts if one["programme"] == "PRIA-HDF")
    assert (demo["capacity"], demo["is_open"]) == (15, True)
    assert demo["facilitator"] == "Medef Hauts-de-France"


async def test_cohorts_are_listed_by_first_day_page_by_page(acting: Acting) -> None:
    for _ in range(3):
        await acting.cohort()
    everything = (await acting.get("/v1/cohorts?limit=200")).json()["items"]
    days = [(one["starts_on"], one["id"]) for one in everything]
    assert days == sorted(days)
    first = (await acting.get("/v1/cohorts?limit=2")).json()
    second = (await acting.get(f"/v1/cohorts?limit=2&after={first['next']}")).json()
    read = [one["id"] for one in first["items"] + second["items"]]
    assert read == [one["id"] for one in everything[:4]]
    assert (await acting.get("/v1/cohorts?status=full")).status_code == 422


async def test_a_company_gets_the_next_seat(acting: Acting, stranger: Acting) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    mine, theirs = await acting.organisation(), await stranger.organisation()

    first = await acting.post(path, {"organisation_id": mine["id"]})
    second = await stranger.post(path, {"organisation_id": theirs["id"]})

    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json()["status"], first.json()["seat_no"], first.json()["rank"]) == (
        "confirmed",
        1,
        None,
    )
    assert second.json()["seat_no"] == 2
    seen = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
    assert (seen["seats_taken"], seen["version"]) == (2, 3)
    assert (await acting.get(first.headers["location"])).json() == first.json() | {
        "company": {"name": mine["name"], "siren": mine["siren"]}
    }
    # the facilitator's tenant sees the seats of its cohort, the other only its own
    assert (await acting.get(second.headers["location"])).status_code == 200
    hidden = await stranger.get(first.headers["location"])
    assert (hidden.status_code, hidden.json()["code"]) == (404, "enrolment-unknown")


async def test_a_full_cohort_puts_the_company_on_its_waiting_list(acting: Acting) -> None:
    cohort = await acting.cohort(capacity=1)
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    places = []
    for _ in range(3):
        organisation = await acting.organisation()
        answer = (await acting.post(path, {"organisation_id": organisation["id"]})).json()
        places.append((answer["status"], answer["seat_no"], answer["rank"]))
    assert places == [("confirmed", 1, None), ("waitlisted", None, 1), ("waitlisted", None, 2)]


async def test_enrolling_twice_is_a_conflict_and_the_same_key_is_not(acting: Acting) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    body = {"organisation_id": (await acting.organisation())["id"]}
    key = {"idempotency-key": siren()}

    first = await acting.post(path, body, **key)
    same_key = await acting.post(path, body, **key)
    other_key = await acting.post(path, body)

    assert (same_key.status_code, same_key.json()) == (201, first.json())
    assert (other_key.status_code, other_key.json()["code"]) == (409, "already-enrolled")
    assert first.json()["id"] in other_key.json()["detail"]


async def test_a_cohort_that_takes_nobody_says_why(acting: Acting, sql: asyncpg.Connection) -> None:
    body = {"organisation_id": (await acting.organisation())["id"]}
    closed, cancelled = await acting.cohort(), await acting.cohort()  # K5
    await sql.execute(
        "UPDATE diagnostic.cohort SET enrol_closes_at = now() - interval '1 second'"
        " WHERE id = $1::uuid",
        closed["id"],
    )
    called_off = await acting.post(f"/v1/cohorts/{cancelled['id']}/cancel")
    again = await acting.post(f"/v1/cohorts/{cancelled['id']}/cancel")

    late = await acting.post(f"/v1/cohorts/{closed['id']}/enrolments", body)
    never = await acting.post(f"/v1/cohorts/{cancelled['id']}/enrolments", body)

    assert (called_off.json()["status"], called_off.json()["is_open"]) == ("cancelled", False)
    assert (again.status_code, again.json()["code"]) == (409, "cohort-not-open")
    assert (late.status_code, late.json()["code"]) == (409, "enrolment-closed")
    assert (never.status_code, never.json()["code"]) == (409, "cohort-not-open")
    assert (await acting.get(f"/v1/cohorts/{closed['id']}")).json()["is_open"] is False


async def test_a_company_has_a_seat_in_one_cohort_at_a_time(acting: Acting) -> None:
    programme = await acting.programme()
    first = await acting.cohort(programme=programme)
    days = {"starts_on": first["starts_on"], "ends_on": first["ends_on"]}
    same_week = await acting.cohort(programme=programme, **days)
    elsewhere = await acting.cohort(**days)
    body = {"organisation_id": (await acting.organisation())["id"]}

    assert (await acting.post(f"/v1/cohorts/{first['id']}/enrolments", body)).status_code == 201
    overlapping = await acting.post(f"/v1/cohorts/{same_week['id']}/enrolments", body)
    other_programme = await acting.post(f"/v1/cohorts/{elsewhere['id']}/enrolments", body)
    await acting.post(f"/v1/cohorts/{first['id']}/cancel")
    freed = await acting.post(f"/v1/cohorts/{same_week['id']}/enrolments", body)

    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "cohort-overlaps")
    assert first["code"] in overlapping.json()["detail"]
    assert (other_programme.status_code, freed.status_code) == (201, 201)


async def test_only_ones_own_companies_enrol_and_only_ones_own_cohorts_are_cancelled(
    acting: Acting, stranger: Acting
) -> None:
    cohort = await acting.cohort()
    body = {"organisation_id": (await acting.organisation())["id"]}
    foreign = await stranger.post(f"/v1/cohorts/{cohort['id']}/enrolments", body)
    cancelled = await stranger.post(f"/v1/cohorts/{cohort['id']}/cancel")
    nowhere = await acting.post("/v1/cohorts/00000000-0000-4000-8000-000000000000/enrolments", body)
    malformed = await acting.post(
        f"/v1/cohorts/{cohort['id']}/enrolments", {"organisation_id": 3, "seat": 1}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (404, "organisation-unknown")
    assert (cancelled.status_code, cancelled.json()["code"]) == (404, "cohort-unknown")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "cohort-unknown")
    assert faults(malformed) == {"/organisation_id": "uuid-type", "/seat": "extra-forbidden"}


async def test_the_database_itself_refuses_a_seat_too_many(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute(
            "UPDATE diagnostic.cohort SET seats_taken = 16 WHERE id = $1::uuid", cohort["id"]
        )
