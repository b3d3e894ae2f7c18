"""The life of a seat over HTTP: giving it up, the line that moves up, who came."""

import asyncio
import json

import asyncpg
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting, siren
from tests.diagnostic.seating import IN_PROGRESS, enrolled, filled, line, moved, now, seats, step


async def test_a_seat_given_up_goes_to_the_first_in_line_at_once(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort(capacity=2)
    first, second, third, fourth = await filled(acting, cohort, 4)

    status, left = await moved(acting, first, "cancel", '"1"')

    assert (status, left["status"], left["reason"]) == (200, "cancelled", "withdrawn")
    assert await line(sql, cohort) == [
        ("cancelled", None, None),
        ("confirmed", 2, None),
        ("confirmed", 1, None),
        ("waitlisted", None, 1),
    ]
    assert (await now(acting, third))["reason"] == "promoted"
    shown = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
    assert (shown["seats_taken"], shown["waitlisted"]) == (2, 1)
    told = await sql.fetch(
        "SELECT kind, version, payload::text AS payload FROM diagnostic.change"
        " WHERE entity = 'enrolment' AND entity_id = $1 ORDER BY seq",
        third["id"],
    )
    statuses = [json.loads(one["payload"])["status"] for one in told]
    assert (statuses, [one["version"] for one in told]) == (["waitlisted", "confirmed"], [1, 2])
    for one in (second, fourth):  # the line moves up for those behind as well
        await moved(acting, one, "cancel")
    assert (await now(acting, fourth))["status"] == "cancelled"
    again = await acting.post(seats(cohort), {"organisation_id": first["organisation_id"]})
    assert (again.status_code, again.json()["seat_no"]) == (201, 2)


async def test_leaving_the_line_closes_its_ranks(acting: Acting, sql: asyncpg.Connection) -> None:
    cohort = await acting.cohort(capacity=1)
    _, second, _, _ = await filled(acting, cohort, 4)
    await moved(acting, second, "cancel")
    assert [(one[0], one[2]) for one in await line(sql, cohort)] == [
        ("confirmed", None),
        ("cancelled", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]


async def test_whoever_sits_elsewhere_when_its_turn_comes_is_passed_over(
    acting: Acting,
) -> None:
    programme = await acting.programme()
    wanted = await acting.cohort(programme=programme, capacity=1)
    days = {"starts_on": wanted["starts_on"], "ends_on": wanted["ends_on"]}
    other = await acting.cohort(programme=programme, **days)
    seated, hesitant, patient = await filled(acting, wanted, 3)
    await acting.post(seats(other), {"organisation_id": hesitant["organisation_id"]})

    await moved(acting, seated, "cancel")

    found = [await now(acting, one) for one in (hesitant, patient)]
    assert [(one["status"], one["reason"]) for one in found] == [
        ("expired", "seated_elsewhere"),
        ("confirmed", "promoted"),
    ]
    shown = (await acting.get(f"/v1/cohorts/{wanted['id']}")).json()
    assert (shown["seats_taken"], shown["waitlisted"]) == (1, 0)


async def test_the_line_moves_up_after_the_closing_and_no_more_once_the_week_has_begun(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort(capacity=1)
    first, second, third = await filled(acting, cohort, 3)
    await step(acting, cohort, "close")
    await moved(acting, first, "cancel")
    assert (await now(acting, second))["status"] == "confirmed"
    await sql.execute(IN_PROGRESS, cohort["id"])
    await step(acting, cohort, "start")
    status, _ = await moved(acting, second, "cancel")
    assert (status, (await now(acting, third))["status"]) == (200, "expired")
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()["seats_taken"] == 0


async def test_who_came_is_said_from_the_first_day_on_and_may_be_put_right(
    acting: Acting, sql: asyncpg.Connection, mini_ia: object
) -> None:
    cohort = await acting.cohort()
    one = await enrolled(acting, cohort)
    status, early = await moved(acting, one, "attend")
    assert (status, early["code"]) == (409, "enrolment-step-refused")
    await sql.execute(IN_PROGRESS, cohort["id"])
    await step(acting, cohort, "start")
    for verb, state in (("no-show", "no_show"), ("attend", "attended")):
        status, shown = await moved(acting, one, verb)
        assert (status, shown["status"], shown["seat_no"]) == (200, state, 1)
    assert (await moved(acting, one, "attend"))[0] == 409
    assert (await moved(acting, one, "cancel"))[0] == 409
    begun = await acting.assessment(organisation_id=one["organisation_id"], cohort_id=cohort["id"])
    assert begun["cohort_id"] == cohort["id"]


async def test_a_facilitator_sees_who_takes_part_and_what_it_does_as_long_as_it_does(
    acting: Acting, stranger: Acting, mini_ia: object
) -> None:
    cohort = await acting.cohort(capacity=1)  # K8, §3d.14
    one = await enrolled(stranger, cohort)
    begun = await stranger.submitted(
        BASE, organisation_id=one["organisation_id"], cohort_id=cohort["id"]
    )
    waiting = await enrolled(acting, cohort)
    neighbour = await enrolled(stranger, await stranger.cohort())
    path = f"/v1/assessments/{begun['id']}/score"

    listed = (await acting.get(f"{seats(cohort)}?count=true")).json()
    assert (listed["total"], [row["id"] for row in listed["items"]]) == (
        2,
        [one["id"], waiting["id"]],
    )
    assert listed["items"][0]["company"]["name"] == "Atelier Dupont"
    assert (await acting.get(path)).status_code == 200
    own = (await stranger.get(seats(cohort))).json()["items"]
    assert [row["id"] for row in own] == [one["id"]]
    elsewhere = f"/v1/cohorts/{neighbour['cohort_id']}/enrolments"
    assert (await acting.get(elsewhere)).json()["items"] == []
    assert (await acting.get(f"{elsewhere}/{neighbour['id']}")).status_code == 404
    assert (await moved(acting, neighbour, "exclude"))[0] == 404

    status, excluded = await moved(acting, one, "exclude")

    assert (status, excluded["reason"], excluded["company"]) == (200, "excluded", None)
    assert (await acting.get(path)).status_code == 404
    assert (await stranger.get(path)).status_code == 200
    confirmed = (await acting.get(f"{seats(cohort)}?status=confirmed&count=true")).json()
    assert ([row["id"] for row in confirmed["items"]], confirmed["total"]) == ([waiting["id"]], 1)


async def test_a_facilitator_taken_off_sees_nothing_from_then_on(
    acting: Acting, stranger: Acting, mini_ia: object
) -> None:
    cohort = await acting.cohort()  # K8
    one = await enrolled(acting, cohort)
    begun = await acting.submitted(
        BASE, organisation_id=one["organisation_id"], cohort_id=cohort["id"]
    )
    path = f"/v1/cohorts/{cohort['id']}"
    for tenants, seen in ([], 404), (["cci-hdf"], 200), ([], 404):
        await acting.send("PATCH", path, {"co_facilitators": tenants}, "*")
        for address in (f"/v1/assessments/{begun['id']}/score", f"{seats(cohort)}/{one['id']}"):
            assert (await stranger.get(address)).status_code == seen, address


@pytest.mark.parametrize("verb", ["cancel", "exclude", "attend", "no-show"])
async def test_a_step_wants_its_role_and_the_present_tag(
    acting: Acting, stranger: Acting, onlooker: Acting, as_client: AsClient, verb: str
) -> None:
    cohort = await acting.cohort()
    one = await enrolled(stranger if verb == "cancel" else acting, cohort)
    path = f"{seats(cohort)}/{one['id']}/{verb}"
    owner, other = (stranger, acting) if verb == "cancel" else (acting, stranger)
    nobody = Acting(acting.http, as_client("diagnostic", client="", tenant="", scopes=set()))
    asked = ((nobody, "*"), (onlooker, "*"), (other, "*"), (owner, '"9"'), (owner, None))
    statuses = [(await who.send("POST", path, None, tag)).status_code for who, tag in asked]
    assert statuses == [401, 403, 404, 412, 428]
    assert (await now(acting, one))["version"] == 1


async def test_the_same_key_gives_a_seat_up_once(acting: Acting) -> None:
    one = await enrolled(acting, await acting.cohort())
    path = f"/v1/cohorts/{one['cohort_id']}/enrolments/{one['id']}/cancel"
    key = {"idempotency-key": siren(), "if-match": '"1"'}
    answers = [await acting.post(path, **key) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_the_database_itself_refuses_two_places_at_a_time(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    programme = await acting.programme()
    first = await acting.cohort(programme=programme)
    days = {"starts_on": first["starts_on"], "ends_on": first["ends_on"]}
    second = await acting.cohort(programme=programme, **days)
    one = await enrolled(acting, first)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await sql.execute(
            "INSERT INTO diagnostic.enrolment"
            " (id, cohort_id, organisation_id, tenant, status, seat_no)"
            " VALUES (gen_random_uuid(), $1::uuid, $2::uuid, 'medef-hdf', 'confirmed', 1)",
            second["id"],
            one["organisation_id"],
        )


async def test_two_lines_that_move_up_at_once_for_the_same_companies_do_not_deadlock(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    programme = await acting.programme()
    first = await acting.cohort(programme=programme, capacity=1)
    days = {"starts_on": first["starts_on"], "ends_on": first["ends_on"]}
    second = await acting.cohort(programme=programme, capacity=1, **days)
    leaving = [await enrolled(acting, one) for one in (first, second)]
    waiting = [(await acting.organisation())["id"] for _ in range(4)]
    for one, order in ((first, waiting), (second, waiting[::-1])):
        for company in order:
            await acting.post(seats(one), {"organisation_id": company})

    answers = await asyncio.gather(*(moved(acting, one, "cancel") for one in leaving))

    assert [status for status, _ in answers] == [200, 200]
    seated = await sql.fetch(
        "SELECT organisation_id FROM diagnostic.enrolment WHERE status = 'confirmed'"
        " AND cohort_id = ANY($1::uuid[])",
        [first["id"], second["id"]],
    )
    assert len({one["organisation_id"] for one in seated}) == 2
