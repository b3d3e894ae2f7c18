"""The sessions of a cohort's week."""

import asyncio
import itertools
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.cohorts.timetable import STEPS, timetable
from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults, siren
from tests.diagnostic.weeks import PARIS, added, at, hours, listed, seated, sessions_of

NOWHERE = "00000000-0000-4000-8000-000000000000"


@given(monday=st.dates(date(2020, 1, 6), date(2090, 1, 1)), length=st.integers(2, 5))
def test_a_week_begins_with_five_sessions_in_order_on_its_days(monday: date, length: int) -> None:
    starts_on = monday - timedelta(days=monday.weekday())
    slots = list(timetable(starts_on, starts_on + timedelta(days=length - 1), PARIS))
    assert [one.kind for one in slots] == list(STEPS)
    assert {(one.starts_at.date() - starts_on).days for one in slots} == set(range(length))
    for one, following in itertools.pairwise(slots):
        assert one.starts_at < one.ends_at <= following.starts_at
    assert all(one.starts_at.hour >= 9 and one.ends_at.hour < 18 for one in slots)


@pytest.mark.parametrize(
    ("monday", "utc"), [("2031-10-20", 7), ("2031-10-27", 8), ("2031-03-24", 8), ("2031-03-31", 7)]
)
async def test_hours_are_those_of_paris_on_both_sides_of_daylight_saving(
    acting: Acting, monday: str, utc: int
) -> None:
    first = date.fromisoformat(monday)
    cohort = await acting.cohort(starts_on=monday, ends_on=str(first + timedelta(days=4)))
    sessions = await listed(acting, cohort)
    assert [one["kind"] for one in sessions] == list(STEPS)
    assert sessions[0]["starts_at"] == f"{monday}T{utc:02d}:00:00Z"
    assert {one["timezone"] for one in sessions} == {"Europe/Paris"}
    assert [one["title"] for one in sessions][2] == "Restitution"
    english = await acting.get(sessions_of(cohort), **{"accept-language": "en"})
    assert english.json()["items"][2]["title"] == "Feedback"


async def test_a_session_is_added_moved_and_called_off(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    day = cohort["starts_on"]
    made = await added(
        acting, cohort, title="Dîner", place="Lille", online_url="https://visio.example/a?b=1"
    )
    assert (made["kind"], made["title"], made["version"]) == ("other", "Dîner", 1)
    one = f"{sessions_of(cohort)}/{made['id']}"
    moved = await acting.send("PATCH", one, {"ends_at": at(day, 20), "place": None}, '"1"')
    assert (moved.status_code, moved.headers["etag"]) == (200, '"2"')
    assert moved.json()["place"] is None
    assert moved.json()["online_url"] == made["online_url"], "what is left out stays"
    again = await acting.send("PATCH", one, {"ends_at": at(day, 20)}, '"2"')
    assert again.json() == moved.json(), "the same again changes nothing"
    gone = await acting.post(f"{one}/cancel", **{"if-match": '"2"'})
    assert (gone.json()["status"], gone.json()["version"]) == ("cancelled", 3)
    assert (await acting.get(one)).json() == gone.json()
    for answer in (
        await acting.post(f"{one}/cancel", **{"if-match": '"3"'}),
        await acting.send("PATCH", one, {"title": "Non"}, '"3"'),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "session-cancelled")
    await added(acting, cohort)  # its hours are free again
    told = await sql.fetch(
        "SELECT kind, version, payload::text FROM diagnostic.change WHERE entity = 'cohort_session'"
        " AND entity_id = $1 ORDER BY seq",
        made["id"],
    )
    assert [(row["kind"], row["version"]) for row in told] == [
        ("created", 1),
        ("updated", 2),
        ("updated", 3),
    ]
    assert all("visio" not in row["payload"] and "Lille" not in row["payload"] for row in told)
    deeds = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1 ORDER BY id", made["id"]
    )
    assert [row["action"] for row in deeds] == ["add", "change", "cancel"]


async def test_a_session_stays_within_the_days_and_beside_the_others(acting: Acting) -> None:
    cohort = await acting.cohort()
    first, last = (date.fromisoformat(cohort[name]) for name in ("starts_on", "ends_on"))
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        answer = await acting.post(sessions_of(cohort), hours(day, 9, 10))
        assert (answer.status_code, answer.json()["code"]) == (409, "session-outside-week")
        assert cohort["starts_on"] in answer.json()["detail"]
    early = {"starts_at": at(first, 0, 30), "ends_at": at(first, 1)}  # the day before, in UTC
    assert (await acting.post(sessions_of(cohort), early)).status_code == 201
    over = await acting.post(
        sessions_of(cohort), {"starts_at": at(first, 12, 29), "ends_at": at(first, 13)}
    )
    assert (over.status_code, over.json()["code"]) == (409, "session-overlaps")
    kickoff = (await listed(acting, cohort))[1]
    assert kickoff["id"] in over.json()["detail"]
    evening = await added(acting, cohort)
    one = f"{sessions_of(cohort)}/{evening['id']}"
    noon = hours(first, 12, 13)
    moved = await acting.send("PATCH", one, noon, '"1"')
    assert (moved.status_code, moved.json()["code"]) == (409, "session-overlaps")
    noon = {"starts_at": at(first, 12, 30), "ends_at": at(first, 14)}
    assert (await acting.send("PATCH", one, noon, '"1"')).status_code == 200, "one after another"


async def test_two_sessions_at_once_never_come_to_overlap(acting: Acting) -> None:
    cohort = await acting.cohort()
    day = cohort["starts_on"]
    body = hours(day, 18, 19)
    answers = await asyncio.gather(*(acting.post(sessions_of(cohort), body) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] + 5 * [409]


async def test_what_is_no_session_is_named_fault_by_fault(acting: Acting) -> None:
    cohort = await acting.cohort()
    day = cohort["starts_on"]
    answer = await acting.post(
        sessions_of(cohort),
        {
            "kind": "party",
            "title": " ",
            "starts_at": at(day, 18),
            "ends_at": at(day, 17),
            "place": "a\x07",
            "online_url": "http://visio.example",
            "room": 1,
        },
    )
    assert faults(answer) == {
        "/kind": "enum",
        "/title": "text-padded",
        "/ends_at": "ends-too-soon",
        "/place": "text-unseen",
        "/online_url": "link-unfit",
        "/room": "extra-forbidden",
    }
    for link in (
        "https://a:b@c.example/",
        "https://",
        "https://x.example/é",
        "https://[",
        "x" * 501,
    ):
        refused = await acting.post(
            sessions_of(cohort),
            {**hours(day, 18, 19), "online_url": link},
        )
        assert list(faults(refused)) == ["/online_url"], link
    late = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    night = await acting.post(
        sessions_of(cohort), {"starts_at": at(day, 23), "ends_at": at(late, 1)}
    )
    assert faults(night) == {"/ends_at": "not-one-day"}
    evening = await added(acting, cohort)
    one = f"{sessions_of(cohort)}/{evening['id']}"
    for body, told in (
        ({"ends_at": at(day, 17)}, {"/ends_at": "ends-too-soon"}),
        ({"starts_at": None}, {"/starts_at": "datetime-parsing"}),
        ({"status": "cancelled"}, {"/status": "extra-forbidden"}),
    ):
        assert faults(await acting.send("PATCH", one, body, '"1"')) == told
    assert (await acting.get(one)).json() == evening, "nothing was stored"


async def test_a_week_that_is_called_off_changes_no_more(acting: Acting) -> None:
    cohort = await acting.cohort()
    kickoff = (await listed(acting, cohort))[0]
    assert (await acting.post(f"/v1/cohorts/{cohort['id']}/cancel")).status_code == 200
    assert {one["status"] for one in await listed(acting, cohort)} == {"cancelled"}
    one = f"{sessions_of(cohort)}/{kickoff['id']}"
    answer = await acting.send("PATCH", one, {"title": "Trop tard"}, '"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "week-over")


async def test_a_cohort_has_a_bounded_number_of_sessions(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    await sql.execute(
        "INSERT INTO diagnostic.cohort_session (id, cohort_id, kind, starts_at, ends_at, status,"
        " version) SELECT gen_random_uuid(), $1::uuid, 'other', now(), now() + interval '1 hour',"
        " 'cancelled', 1 FROM generate_series(1, 35)",
        cohort["id"],
    )
    day = cohort["starts_on"]
    answer = await acting.post(sessions_of(cohort), hours(day, 18, 19))
    assert (answer.status_code, answer.json()["code"]) == (409, "sessions-too-many")
    first = (await acting.get(f"{sessions_of(cohort)}?limit=30&count=true")).json()
    rest = (await acting.get(f"{sessions_of(cohort)}?limit=30&after={first['next']}")).json()
    assert (first["total"], len(first["items"]), len(rest["items"])) == (40, 30, 10)


async def test_only_who_takes_part_reads_a_week_and_only_its_facilitator_changes_it(
    acting: Acting, stranger: Acting, onlooker: Acting, as_client: AsClient
) -> None:
    cohort = await acting.cohort()
    kickoff = (await listed(acting, cohort))[0]
    one = f"{sessions_of(cohort)}/{kickoff['id']}"
    for address, code in ((sessions_of(cohort), "cohort-unknown"), (one, "session-unknown")):
        for reader in (stranger, onlooker):  # nobody of theirs has a seat, nor do they facilitate
            answer = await reader.get(address)
            assert (answer.status_code, answer.json()["code"]) == (404, code)
    company = await stranger.organisation()
    seat = {"organisation_id": company["id"]}
    await stranger.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)
    assert (await stranger.get(one)).json() == kickoff
    assert len((await stranger.get(sessions_of(cohort))).json()["items"]) == 5
    day = cohort["starts_on"]
    body = hours(day, 18, 19)
    for reader, status in ((stranger, 404), (onlooker, 403), (Acting(acting.http, {}), 401)):
        for answer in (
            await reader.post(sessions_of(cohort), body),
            await reader.send("PATCH", one, {"title": "À nous"}, '"1"'),
            await reader.post(f"{one}/cancel", **{"if-match": '"1"'}),
        ):
            assert answer.status_code == status, answer.text
    other = await acting.cohort()
    missing = await acting.send(
        "PATCH", f"{sessions_of(other)}/{kickoff['id']}", {"title": "X"}, '"1"'
    )
    assert (missing.status_code, missing.json()["code"]) == (404, "session-unknown")
    assert (await acting.get(f"{sessions_of(cohort)}/{NOWHERE}")).status_code == 404


async def test_who_waits_for_a_seat_does_not_take_part(acting: Acting, stranger: Acting) -> None:
    cohort = await acting.cohort(capacity=1)
    await seated(acting, cohort)
    await seated(stranger, cohort)  # on the waiting list
    hidden = await stranger.get(sessions_of(cohort))
    assert (hidden.status_code, hidden.json()["code"]) == (404, "cohort-unknown")


async def test_a_session_changes_for_who_has_seen_it_and_a_key_acts_once(acting: Acting) -> None:
    cohort = await acting.cohort()
    day = cohort["starts_on"]
    body = hours(day, 18, 19)
    key = {"idempotency-key": siren()}
    first, second = [await acting.post(sessions_of(cohort), body, **key) for _ in range(2)]
    assert (second.status_code, second.json()) == (201, first.json())
    one = f"{sessions_of(cohort)}/{first.json()['id']}"
    for answer, status in (
        (await acting.send("PATCH", one, {"title": "X"}), 428),
        (await acting.send("PATCH", one, {"title": "X"}, '"0"'), 412),
        (await acting.post(f"{one}/cancel"), 428),
        (await acting.post(f"{one}/cancel", **{"if-match": '"0"'}), 412),
    ):
        assert answer.status_code == status
    once = {"if-match": '"1"', "idempotency-key": siren()}
    gone, replayed = [await acting.post(f"{one}/cancel", **once) for _ in range(2)]
    assert (gone.status_code, replayed.content) == (200, gone.content)
    assert gone.json()["version"] == 2
