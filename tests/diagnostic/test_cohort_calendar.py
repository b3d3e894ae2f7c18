"""The week of a cohort in diaries, read by clients that are not ours."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from dateutil import tz  # type: ignore[import-untyped]

from diagnostic.sessions.calendar import VTIMEZONE
from tests.diagnostic.acting import Acting
from tests.diagnostic.weeks import PARIS, added, at, hours, listed, seated, sessions_of


async def events(acting: Acting, cohort: dict[str, Any], **headers: str) -> list[Any]:
    answer = await acting.get(f"/v1/cohorts/{cohort['id']}/calendar.ics", **headers)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


async def test_a_diary_follows_moves_and_cancellations_of_sessions(acting: Acting) -> None:
    cohort = await acting.cohort()
    day = cohort["starts_on"]
    link = "https://visio.example/a?b=1,2;3"
    made = await added(acting, cohort, title="Dîner, à Lille; 19 h", online_url=link, place="Lille")
    before = {one["UID"]: one for one in await events(acting, cohort)}
    assert len(before) == 6
    uid = f"{made['id']}@cohort.vigie"
    assert (before[uid]["SEQUENCE"], before[uid]["STATUS"]) == (0, "CONFIRMED")
    assert (before[uid]["SUMMARY"], before[uid]["LOCATION"]) == (made["title"], "Lille")
    assert (before[uid]["URL"], link in before[uid]["DESCRIPTION"]) == (link, True)
    assert before[uid].decoded("dtstart").isoformat() == at(day, 18)
    one = f"{sessions_of(cohort)}/{made['id']}"
    assert (await acting.send("PATCH", one, hours(day, 19, 20), '"1"')).status_code == 200
    moved = {one["UID"]: one for one in await events(acting, cohort)}
    assert moved.keys() == before.keys()
    assert (moved[uid]["SEQUENCE"], moved[uid].decoded("dtend").isoformat()) == (1, at(day, 20))
    assert moved[uid].decoded("last-modified") >= before[uid].decoded("last-modified")
    await acting.post(f"{one}/cancel", **{"if-match": '"2"'})
    gone = {one["UID"]: one for one in await events(acting, cohort)}
    assert (gone[uid]["SEQUENCE"], gone[uid]["STATUS"]) == (2, "CANCELLED")
    await acting.post(f"/v1/cohorts/{cohort['id']}/cancel")
    off = {one["UID"]: one for one in await events(acting, cohort)}
    assert {one["STATUS"] for one in off.values()} == {"CANCELLED"}
    assert all(off[each]["SEQUENCE"] > moved[each]["SEQUENCE"] for each in off)


@pytest.mark.parametrize("monday", ["2031-03-24", "2031-03-31", "2031-10-20", "2031-10-27"])
async def test_a_diary_that_knows_no_zones_has_the_right_instants(
    acting: Acting, monday: str
) -> None:
    cohort = await acting.cohort(
        starts_on=monday, ends_on=str(date.fromisoformat(monday) + timedelta(days=1))
    )
    text = (await acting.get(f"/v1/cohorts/{cohort['id']}/calendar.ics")).text
    zone = tz.tzical(io.StringIO(text.replace("\r\n", "\n"))).get("Europe/Paris")
    assert zone is not None
    instants = {
        datetime.strptime(line.partition(":")[2].strip(), "%Y%m%dT%H%M%S")
        .replace(tzinfo=zone)
        .astimezone(UTC)
        for line in text.splitlines()
        if line.startswith("DTSTART;TZID=Europe/Paris:")
    }
    told = {datetime.fromisoformat(one["starts_at"]) for one in await listed(acting, cohort)}
    assert instants == told


def test_the_zone_that_is_sent_is_that_of_the_tz_database() -> None:
    zone = tz.tzical(io.StringIO(f"BEGIN:VCALENDAR\n{VTIMEZONE.decode()}END:VCALENDAR\n")).get()
    for year in range(2020, 2038):
        for month in range(1, 13):
            for day in (1, 24, 26, 28, 31 if month in (3, 10) else 27):
                noon = datetime(year, month, day, 12, tzinfo=PARIS)
                ours = noon.replace(tzinfo=zone).utcoffset()
                assert ours == noon.utcoffset(), noon


async def test_a_calendar_is_for_who_takes_part_and_kept_while_it_is_right(
    acting: Acting, stranger: Acting
) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}/calendar.ics"
    hidden = await stranger.get(path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "cohort-unknown")
    await seated(stranger, cohort)
    first = await stranger.get(path)
    assert first.content == (await acting.get(path)).content
    kept = await stranger.get(path, **{"if-none-match": first.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    (english, *_) = await events(acting, cohort, **{"accept-language": "en"})
    assert english["SUMMARY"] == "Kick-off"
    await added(acting, cohort)
    after = await stranger.get(path, **{"if-none-match": first.headers["etag"]})
    assert after.status_code == 200
