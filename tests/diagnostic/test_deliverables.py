"""What a cohort's week left, in one archive."""

import csv
import hashlib
import io
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import icalendar
import orjson
import pytest

from diagnostic.deliverables.archive import Archive
from diagnostic.deliverables.service import AT_ONCE, TURNS
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.weeks import by_kind, noted, seated

COMMON = ["calendar.ics", "attendance.csv", "heat-map.html"]
PARTS = ["report.pdf", "report.xlsx", "roadmap.json"]


@dataclass(frozen=True)
class Week:
    """A cohort with a company of its facilitator's, one of a stranger's, and one not delivered."""

    cohort: dict[str, Any]
    mine: dict[str, Any]
    theirs: dict[str, Any]


async def deliver(who: Acting, facilitator: Acting, company: str, cohort: str) -> None:
    done = await who.submitted(BASE, organisation_id=company, cohort_id=cohort, milestone="T0")
    path = f"/v1/assessments/{done['id']}"
    assert (await who.post(f"{path}/roadmap")).status_code == 201
    own = {"title": "Former l’atelier", "effort": "M", "impact": 4}
    assert (await who.post(f"{path}/roadmap/actions", own)).status_code == 201
    for step in ("start-review", "validate", "deliver"):
        answer = await facilitator.post(f"{path}/{step}")
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
async def week(acting: Acting, stranger: Acting, mini_ia: dict[str, Any]) -> Week:
    cohort = await acting.cohort()
    mine = await seated(acting, cohort, name="=1+1 Dupont")
    theirs = await seated(stranger, cohort, name="Ateliers Ève")
    await seated(acting, cohort)
    await deliver(acting, acting, mine["id"], cohort["id"])
    await deliver(stranger, acting, theirs["id"], cohort["id"])
    closing = (await by_kind(acting, cohort))["closing"]
    await noted(acting, closing, {mine["id"]: "present", theirs["id"]: "excused"})
    return Week(cohort, mine, theirs)


async def downloaded(who: Acting, cohort: dict[str, Any], **headers: str) -> zipfile.ZipFile:
    answer = await who.get(f"/v1/cohorts/{cohort['id']}/deliverables.zip", **headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith(f'"cohorte-{cohort["code"]}.zip"')
    return zipfile.ZipFile(io.BytesIO(answer.content))


def files_of(archive: zipfile.ZipFile, seat: int) -> list[str]:
    return [name for name in archive.namelist() if name.startswith(f"seat-{seat:02d}/")]


async def test_a_facilitator_gets_what_every_company_was_delivered(
    acting: Acting, week: Week
) -> None:
    archive = await downloaded(acting, week.cohort)
    assert archive.testzip() is None
    own = [f"seat-0{seat}/{part}" for seat in (1, 2) for part in PARTS]
    assert archive.namelist() == [*COMMON, *own, "manifest.json"]
    manifest = orjson.loads(archive.read("manifest.json"))
    assert [one["name"] for one in manifest["files"]] == archive.namelist()[:-1]
    for one in manifest["files"]:
        content = archive.read(one["name"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert [one["files"] for one in manifest["companies"]] == [own[:3], own[3:], []]
    assert manifest["companies"][0]["organisation_id"] == week.mine["id"]
    assert archive.read("seat-01/report.pdf").startswith(b"%PDF-")
    roadmap = orjson.loads(archive.read("seat-02/roadmap.json"))
    [action] = [one for one in roadmap["actions"] if one["title"] == {"fr": "Former l’atelier"}]
    assert action["status"] == "proposed"
    assert {"progress", "due_on", "effort"} <= action.keys()
    assert not {"note", "owner_id", "reason"} & action.keys()
    assert len(icalendar.Calendar.from_ical(archive.read("calendar.ics")).walk("VEVENT")) == 5
    assert b"<table>" not in archive.read("heat-map.html"), "two companies are too few"


async def test_attendance_is_a_sheet_in_which_no_name_is_a_formula(
    acting: Acting, week: Week
) -> None:
    text = (await downloaded(acting, week.cohort)).read("attendance.csv").decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    assert head[:3] == ["place", "entreprise", "identifiant"]
    assert head[3].startswith(f"kickoff {week.cohort['starts_on']} 09:00")
    assert [line[:3] for line in lines[:2]] == [
        ["1", "'=1+1 Dupont", week.mine["id"]],
        ["2", "Ateliers Ève", week.theirs["id"]],
    ]
    assert [line[3:] for line in lines] == [
        ["", "", "", "", "présente"],
        ["", "", "", "", "excusée"],
        ["", "", "", "", ""],
    ]
    english = await downloaded(acting, week.cohort, **{"accept-language": "en"})
    assert b"present" in english.read("attendance.csv")


async def test_the_same_state_gives_the_same_bytes(acting: Acting, week: Week) -> None:
    path = f"/v1/cohorts/{week.cohort['id']}/deliverables.zip"
    first, second = [(await acting.get(path)).content for _ in range(2)]
    assert first == second


async def test_a_company_gets_its_own_part_only(
    stranger: Acting, onlooker: Acting, week: Week
) -> None:
    for who, seat, other, company in (
        (stranger, 2, 1, week.theirs),
        (onlooker, 1, 2, week.mine),  # of the facilitator's tenant, without the scope
    ):
        archive = await downloaded(who, week.cohort)
        assert len(files_of(archive, seat)) == len(PARTS)
        assert files_of(archive, other) == []
        text = archive.read("attendance.csv").decode()
        others = {week.mine["id"], week.theirs["id"]} - {company["id"]}
        assert company["id"] in text
        assert not any(one in text for one in others)


async def test_only_who_takes_part_gets_an_archive_and_it_is_audited(
    acting: Acting, stranger: Acting, week: Week, sql: asyncpg.Connection
) -> None:
    other = await acting.cohort()
    path = f"/v1/cohorts/{other['id']}/deliverables.zip"
    hidden = await stranger.get(path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "cohort-unknown")
    assert (await Acting(acting.http, {}).get(path)).status_code == 401
    empty = await downloaded(acting, other)
    assert empty.namelist() == [*COMMON, "manifest.json"]
    deeds = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.audit_event WHERE action = 'download_deliverables'"
        " AND entity_id = $1",
        other["id"],
    )
    assert deeds == 1


async def test_what_a_facilitator_may_no_longer_read_is_left_out(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    cohort = await acting.cohort()
    company = await seated(acting, cohort)
    await deliver(acting, acting, company["id"], cohort["id"])
    path = f"/v1/cohorts/{cohort['id']}"
    assert files_of(await downloaded(acting, cohort), 1)
    found = (await acting.get(f"/v1/assessments?cohort_id={cohort['id']}")).json()["items"][0]
    wrong = await acting.post(f"/v1/assessments/{found['id']}/enter-in-error", {"reason": "essai"})
    assert wrong.status_code == 200, wrong.text
    assert files_of(await downloaded(acting, cohort), 1) == []
    assert (await acting.get(f"{path}/milestones")).json()["companies"][0]["assessment_id"] is None


async def test_a_roadmap_of_before_an_amendment_is_not_delivered_with_what_follows_it(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    cohort = await acting.cohort()
    company = await seated(acting, cohort)
    await deliver(acting, acting, company["id"], cohort["id"])
    found = (await acting.get(f"/v1/assessments?cohort_id={cohort['id']}")).json()["items"][0]
    path = f"/v1/assessments/{found['id']}"
    assert (await acting.post(f"{path}/amend", {"reason": "erreur"})).status_code == 200
    for step in ("submit", "start-review", "validate", "deliver"):
        answer = await acting.send("POST", f"{path}/{step}", None, "*")
        assert answer.status_code == 200, answer.text
    assert (await acting.get(f"{path}/roadmap")).status_code == 404
    told = files_of(await downloaded(acting, cohort), 1)
    assert told == [f"seat-01/{part}" for part in PARTS[:2]]


async def test_a_diagnostic_that_was_closed_to_its_facilitator_meanwhile_is_left_out(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection, mini_ia: dict[str, Any]
) -> None:
    cohort = await acting.cohort()
    company = await seated(stranger, cohort)
    await deliver(stranger, acting, company["id"], cohort["id"])
    await sql.execute(  # as when it is called off while the archive is on its way
        "UPDATE diagnostic.cohort SET status = 'cancelled' WHERE id = $1::uuid", cohort["id"]
    )
    assert files_of(await downloaded(acting, cohort), 1) == []
    assert len(files_of(await downloaded(stranger, cohort), 1)) == len(PARTS), "still its own"


async def test_few_archives_are_made_at_once_and_the_others_are_told(
    acting: Acting, week: Week
) -> None:
    path = f"/v1/cohorts/{week.cohort['id']}/deliverables.zip"
    with ExitStack() as making:
        for _ in range(AT_ONCE):
            making.enter_context(TURNS.one())
        busy = await acting.get(path)
        assert (busy.status_code, busy.json()["code"]) == (503, "deliverables-busy")
        assert "retry-after" in busy.headers
    assert (await acting.get(path)).status_code == 200


def test_an_archive_gives_each_file_out_as_it_is_added() -> None:
    archive = Archive(date(2026, 12, 4))
    contents = [bytes([one]) * 100_000 for one in range(3)] + [b""]
    given = [archive.add(f"{at}.txt", one) for at, one in enumerate(contents)]
    assert all(given)
    whole = zipfile.ZipFile(io.BytesIO(b"".join(given) + archive.close()))
    assert [whole.read(one) for one in whole.namelist()] == contents
    assert {one.date_time for one in whole.infolist()} == {(2026, 12, 4, 12, 0, 0)}
    assert archive.close() == b""


@pytest.mark.parametrize(
    ("day", "told"), [("1969-07-20", 1980), ("2026-12-04", 2026), ("9999-12-31", 2107)]
)
def test_a_day_that_no_zip_can_tell_is_the_nearest_it_can(day: str, told: int) -> None:
    archive = Archive(date.fromisoformat(day))
    content = archive.add("a.txt", b"a") + archive.close()
    assert zipfile.ZipFile(io.BytesIO(content)).getinfo("a.txt").date_time[0] == told
