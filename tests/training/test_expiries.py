"""The end of a registration is told once for each stage, and what it hits is shown and closed."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from tests.harness import Database, anonymous, as_client
from tests.training.expiring import (
    certified,
    certify,
    enrolling,
    notices,
    offer,
    offered,
    period,
    session,
    told,
    work,
)
from tests.training.importing import Importer, catalogue_of, fresh_copy, importer, until
from tests.training.offering import SIRET, formation
from training.expiries.schemas import ExpiryNoticeRead, ExpiryRead
from training.offers.lheo import identity

YEAR = datetime.now(UTC).year + 1
"""What ends then is among the expiries of the coming 730 days."""

NEXT = YEAR + 1

LATER = period(f"{NEXT}-01-10", f"{NEXT}-03-10")


@pytest.fixture(scope="module")
async def catalogue(template: Database, importing: FastAPI) -> AsyncIterator[Importer]:
    """Open one catalogue for all: each test has certifications of its own."""
    async with importer(importing, await fresh_copy(template, catalogue_of(template))) as opened:
        yield opened


async def listed(importer: Importer, certification: str, **asked: str) -> list[Any]:
    asked = {"within": "730", "certification": certification, **asked}
    answer = await importer.client.get("/v1/expiries", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    for one in items:
        assert ExpiryRead.model_validate(one).model_dump(mode="json") == one
    return items


@pytest.mark.parametrize(
    ("number", "end", "days"),
    [
        (
            "RS81001",
            "2027-03-28",  # the clocks go forward: a day of 23 hours
            [
                ("2026-12-27T22:59:59Z", None),
                ("2026-12-27T23:00:00Z", "days_90"),
                ("2027-02-25T22:59:59Z", None),
                ("2027-03-28T21:59:59Z", "days_7"),
                ("2027-03-28T22:00:00Z", "ended"),
                ("2027-03-28T22:00:00Z", None),
            ],
        ),
        (
            "RS81002",
            "2027-10-31",  # the clocks go back: a day of 25 hours
            [
                ("2027-09-30T22:00:00Z", "days_30"),
                ("2027-10-23T21:59:59Z", None),
                ("2027-10-23T22:00:00Z", "days_7"),
                ("2027-10-31T22:59:59Z", None),
                ("2027-10-31T23:00:00Z", "ended"),
            ],
        ),
    ],
)
async def test_an_end_is_told_by_the_days_of_paris_each_stage_once(
    catalogue: Importer, number: str, end: str, days: list[tuple[str, str | None]]
) -> None:
    await certify(catalogue, number, end)
    await offered(catalogue, number, number, period=LATER)
    expected: list[tuple[str, str]] = []
    for instant, stage in days:
        assert await work(catalogue.database, instant)
        expected += [(end, stage)] if stage else []
        assert await told(catalogue, number) == expected, instant


async def test_whoever_slept_for_weeks_tells_the_present_stage_and_no_stale_one(
    catalogue: Importer,
) -> None:
    await certify(catalogue, "RS81003", "2027-08-31")
    await offered(catalogue, "RS81003", "RS81003", period=LATER)
    await work(catalogue.database, "2027-06-05T12:00:00Z")
    await work(catalogue.database, "2027-08-26T12:00:00Z")
    await work(catalogue.database, "2027-11-26T12:00:00Z")
    stages = [("2027-08-31", one) for one in ("days_90", "days_7", "ended")]
    assert await told(catalogue, "RS81003") == stages
    await work(catalogue.database, "2027-08-10T12:00:00Z")  # a clock that was wrong
    await work(catalogue.database, "2027-08-26T12:00:00Z")
    assert await told(catalogue, "RS81003") == [*stages, ("2027-08-31", "days_30")]


async def test_another_last_day_is_told_anew_and_the_former_one_not_again(
    catalogue: Importer,
) -> None:
    await offered(catalogue, "RS81004", "RS81004", period=LATER)
    for end in ("2027-08-31", "2027-09-02", "2027-08-31"):
        await certify(catalogue, "RS81004", end)
        await work(catalogue.database, "2027-08-30T12:00:00Z")
    assert await told(catalogue, "RS81004") == [
        ("2027-08-31", "days_7"),
        ("2027-09-02", "days_7"),
    ]
    held = []
    for one in await notices(catalogue, "RS81004"):
        answer = await catalogue.client.get(f"/v1/expiry-notices/{one['entity_id']}")
        held.append(answer.json()["still_holds"])
    assert held == [True, False]


async def test_nobody_is_told_of_an_end_that_hits_nothing(catalogue: Importer) -> None:
    await certify(catalogue, "RS81005", "2027-08-31")
    await offered(catalogue, "RS81005", "RS81005", period=period("2027-05-03", "2027-06-04"))
    await certify(catalogue, "RS81006", "2027-08-31")
    await work(catalogue.database, "2027-08-01T12:00:00Z")
    for number in ("RS81005", "RS81006"):
        assert await told(catalogue, number) == []


async def test_several_processes_at_once_tell_it_once(catalogue: Importer) -> None:
    await certify(catalogue, "RS81007", "2027-08-31")
    await offered(catalogue, "RS81007", "RS81007", period=LATER)
    done = await asyncio.gather(
        *(work(catalogue.database, "2027-08-20T12:00:00Z") for _ in range(4))
    )
    assert True in done
    assert await told(catalogue, "RS81007") == [("2027-08-31", "days_30")]


_KILLED = """
import asyncio, sys
from datetime import datetime
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from training.expiries import telling

async def main():
    engine = create_async_engine(sys.argv[1])
    async with AsyncSession(engine, info={"schema": "training"}) as session, session.begin():
        print(await telling.tell(session, datetime.fromisoformat(sys.argv[2])), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_process_has_told_nothing_and_the_next_tells_it(
    catalogue: Importer,
) -> None:
    await certify(catalogue, "RS81008", "2027-08-31")
    await offered(catalogue, "RS81008", "RS81008", period=LATER)
    day = "2027-08-20T12:00:00Z"
    dsn = catalogue.database.dsn("training").replace("postgresql://", "postgresql+asyncpg://", 1)
    killed = await create_subprocess_exec(sys.executable, "-c", _KILLED, dsn, day, stdout=PIPE)
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"True\n"
    assert await work(catalogue.database, day) is False  # the other one is at it
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    assert await told(catalogue, "RS81008") == []
    await until(lambda: work(catalogue.database, day))  # PostgreSQL has yet to see that it is gone
    assert await told(catalogue, "RS81008") == [("2027-08-31", "days_30")]


async def test_what_an_end_hits_is_each_session_that_starts_enrols_or_ends_too_late(
    catalogue: Importer,
) -> None:
    await certify(
        catalogue, "RS81010", f"{YEAR}-08-31", DATE_LIMITE_DELIVRANCE=f"31/12/{YEAR}"
    )  # fmt: skip
    sessions = (
        session("in-time", f"{YEAR}-08-31", f"{YEAR}-12-31"),
        session("late", f"{YEAR}-09-01", f"{NEXT}-02-01"),
        session("open", f"{YEAR}-08-02", f"{YEAR}-10-29", (f"{YEAR}-06-01", f"{YEAR}-09-01")),
        session(
            "closed", f"{YEAR}-08-02", f"{YEAR}-10-29", (f"{YEAR}-06-01", f"{YEAR}-09-01"), "3"
        ),
        session("too-long", f"{YEAR}-08-02", f"{NEXT}-01-01"),
        session("both", f"{YEAR}-08-02", f"{NEXT}-01-01", (f"{YEAR}-06-01", f"{YEAR}-09-01")),
        session("over", "2020-01-06", "2020-01-31"),
    )
    whole = period(f"{YEAR}-05-03", f"{YEAR}-06-04")
    await offered(catalogue, "RS81010", "RS81010", period=whole, sessions="".join(sessions))
    (item,) = await listed(catalogue, "RS81010")
    assert {one["number"]: one["hits"] for one in item["sessions"]} == {
        "late": ["starts_after_end"],
        "open": ["enrolment_open_after_end"],
        "too-long": ["ends_after_delivery"],
        "both": ["enrolment_open_after_end", "ends_after_delivery"],
    }
    assert (item["sessions_hit"], item["delivery_limit"]) == (4, f"{YEAR}-12-31")
    assert item["formation"] == {
        "id": identity(SIRET, "RS81010"),
        "number": "RS81010",
        "title": "L’IA au secrétariat",
        "provider": {"siret": SIRET, "name": "Université Exemple"},
    }


async def test_without_a_delivery_limit_delivery_ends_with_the_registration(
    catalogue: Importer,
) -> None:
    await certify(catalogue, "RS81011", f"{YEAR}-08-31")
    sessions = session("too-long", f"{YEAR}-08-02", f"{YEAR}-09-01")
    whole = period(f"{YEAR}-05-03", f"{YEAR}-08-31")
    await offered(catalogue, "RS81011", "RS81011", period=whole, sessions=sessions)
    (item,) = await listed(catalogue, "RS81011")
    assert [(one["number"], one["hits"]) for one in item["sessions"]] == [
        ("too-long", ["ends_after_delivery"])
    ]


def successors(*numbers: str) -> str:
    return "".join(
        "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>"
        f"{number}</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
        for number in numbers
    )


async def test_what_replaces_it_is_proposed_in_force_when_the_session_begins_and_why(
    catalogue: Importer,
) -> None:
    """The direct successor is over by then, so that the one after it is proposed."""
    await certify(
        catalogue, "RS81012", f"{YEAR}-08-31", NOUVELLES_CERTIFICATIONS=successors("RS81013")
    )
    await certify(
        catalogue, "RS81013", f"{YEAR}-12-31", NOUVELLES_CERTIFICATIONS=successors("RS81014")
    )
    await certify(catalogue, "RS81014", "2030-08-31")
    await offered(catalogue, "RS81012", "RS81012", period=LATER)
    (item,) = await listed(catalogue, "RS81012")
    assert item["replacement"] == {
        "number": "RS81014",
        "title": {"fr": "Titre RS81014", "en": None},
        "relation": "successor",
        "distance": 2,
        "enrolment_ends_on": "2030-08-31",
        "whole": False,
        "blocs_recognised": [],
        "blocs_left": [],
        "explanation": "Elle remplace RS81012 par une suite de 2 remplacements. On peut s’y"
        " inscrire jusqu’au 31/08/2030 inclus.",
    }
    await offered(catalogue, "RS81012", "RS81012", period=period(f"{YEAR}-10-04", f"{YEAR}-11-05"))
    (item,) = await listed(catalogue, "RS81012")
    assert (item["replacement"]["number"], item["replacement"]["distance"]) == ("RS81013", 1)


async def test_a_notice_is_open_data_that_names_what_is_hit_and_nobody(
    catalogue: Importer,
) -> None:
    await certify(
        catalogue, "RS81015", f"{YEAR}-08-31", NOUVELLES_CERTIFICATIONS=successors("RS81016")
    )
    await certify(catalogue, "RS81016", "2030-08-31")
    await offered(catalogue, "RS81015", "RS81015", period=LATER)
    since = datetime.now(UTC).isoformat()
    await work(catalogue.database, f"{YEAR}-08-20T12:00:00Z")
    feed = (await catalogue.client.get("/v1/changes", params={"updated_since": since})).json()
    (event,) = [one for one in feed["items"] if one["payload"].get("certification") == "RS81015"]
    assert (event["entity"], event["kind"]) == ("expiry-notice", "created")
    assert event["payload"] == {
        "certification": "RS81015",
        "ends_on": f"{YEAR}-08-31",
        "stage": "days_30",
        "formations": 1,
        "sessions": 1,
        "providers": [SIRET],
    }
    path = f"/v1/expiry-notices/{event['entity_id']}"
    english = {**anonymous("training"), "accept-language": "en"}
    answer = await catalogue.client.get(path, headers=english)
    body = answer.json()
    assert ExpiryNoticeRead.model_validate(body).stage == "days_30"
    assert body["replacement"]["number"] == "RS81016"
    assert body["replacement"]["explanation"].startswith("France compétences names it")
    assert answer.headers["vary"] == "Accept-Language"
    lost = await catalogue.client.get(f"/v1/expiry-notices/{identity('nothing')}")
    assert (lost.status_code, lost.json()["code"]) == (404, "expiry-notice-unknown")


async def open_today(importer: Importer, number: str) -> tuple[bool, bool]:
    """Say whether one may enrol: by the dates of the offer, and by the search."""
    path = f"/v1/formations/{identity(SIRET, number)}/openings"
    opened = (await importer.client.get(path)).json()["may_enrol"]
    asked = {"q": "secrétariat", "kind": "offer", "open": "true", "limit": "200"}
    hits = (await importer.client.get("/v1/search", params=asked)).json()["items"]
    return opened, number in [one["offer"]["formation"]["number"] for one in hits]


async def test_c10_once_it_is_over_the_offer_is_flagged_closed_and_stays(
    catalogue: Importer,
) -> None:
    always = "<debut>20260105</debut><fin>20991231</fin>"
    await certify(catalogue, "RS81017", "2099-08-31")
    await offered(
        catalogue, "RS81017", "RS81017", period=always,
        session=enrolling("2026-01-05", "2099-12-31"),
    )  # fmt: skip
    path = f"/v1/formations/{identity(SIRET, 'RS81017')}"

    async def flags() -> list[str]:
        found: list[str] = (await catalogue.client.get(path)).json()["flags"]
        return [one for one in found if one == "certification_ended"]

    assert await open_today(catalogue, "RS81017") == (True, True)
    await work(catalogue.database, "2099-08-31T21:59:59Z")
    assert await flags() == []
    await work(catalogue.database, "2099-08-31T22:00:00Z")
    assert await flags() == ["certification_ended"]
    before = (await catalogue.client.get(path)).json()
    await certify(catalogue, "RS81017", "2026-11-01")  # over today: the import flags by itself
    assert await flags() == ["certification_ended"]
    assert await open_today(catalogue, "RS81017") == (False, False)
    judged = (await catalogue.client.get(f"{path}/habilitation")).json()["flags"]
    assert "certification_ended" in [one["code"] for one in judged]
    assert (await catalogue.client.get(path)).json() == before
    await certify(catalogue, "RS81017", "2099-08-31")
    assert (await flags(), await open_today(catalogue, "RS81017")) == ([], (True, True))


async def test_ones_own_offers_only_page_by_page_the_nearest_end_first(
    catalogue: Importer,
) -> None:
    await certify(catalogue, "RS81018", f"{YEAR}-08-31")
    await certify(catalogue, "RS81019", f"{YEAR}-08-30")
    both = certified("RS81018", "RS81019")
    await offer(catalogue, formation("RS81018", certifications=both, period=LATER))
    await offered(catalogue, "RS81018b", "RS81018", period=LATER)
    query = {"within": "730", "limit": "1", "count": "true"}
    seen: list[tuple[str, str]] = []
    total, after = None, None
    while after is not None or not seen:
        asked = query | ({"after": after} if after else {})
        page = (await catalogue.client.get("/v1/expiries", params=asked)).json()
        seen += [(one["ends_on"], one["certification"]["number"]) for one in page["items"]]
        total, after = page["total"], page["next"]
    mine = [one for one in seen if one[1] in {"RS81018", "RS81019"}]
    assert (len(seen), seen) == (total, sorted(seen))
    assert mine == [(f"{YEAR}-08-30", "RS81019")] + 2 * [(f"{YEAR}-08-31", "RS81018")]
    assert len(await listed(catalogue, "RS81018", provider=SIRET, ended="false")) == 2
    assert await listed(catalogue, "RS81018", ended="true") == []
    assert await listed(catalogue, "RS81018", within="30") == []

    theirs = as_client("training", tenant="other-school")
    page = (await catalogue.client.get("/v1/expiries?within=730", headers=theirs)).json()
    assert page["items"] == []
    nobody = await catalogue.client.get("/v1/expiries", headers=anonymous("training"))
    reader = as_client("training", scopes={"training:feed"})
    denied = await catalogue.client.get("/v1/expiries", headers=reader)
    assert (nobody.status_code, denied.status_code) == (401, 403)
    bad = await catalogue.client.get("/v1/expiries?within=731&provider=1")
    assert (bad.status_code, len(bad.json()["errors"])) == (422, 2)
