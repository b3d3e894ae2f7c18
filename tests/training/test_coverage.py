"""What the open offer covers of the exposed jobs, with the real observatory beside it."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from platformkit import deadlines
from tests import harness
from tests.conftest import OpenApp
from tests.harness import Database
from tests.observatory.publishing import Publisher
from tests.observatory.sdmx_reading import CSV, rows
from tests.training.covering import (
    AUDIENCES,
    DEVELOPER,
    PLACES,
    SECRETARY,
    SOON,
    TELEPHONIST,
    WELDER,
    Made,
    Region,
    beside,
    by_chance,
    directory,
    offers,
)
from tests.training.importing import fresh_copy, importer
from tests.training.proposing import ACCEPTED, CERTIFICATION, proposed
from tests.training.proposing import offer as proposal
from tests.training.searching import Finder, offer
from training.coverage.exposure import Exposures

EXPOSED = {"gradient_1", "gradient_2", "gradient_3", "gradient_4"}
MADE = list(by_chance())


@pytest.fixture(scope="module")
async def observatory(open_app: OpenApp) -> AsyncIterator[httpx.AsyncClient]:
    async with open_app("observatory") as client:
        yield client


@pytest.fixture(scope="module")
async def region(template: Database, observatory: httpx.AsyncClient) -> AsyncIterator[Region]:
    own = Database(template.cluster, template.passwords, "covered")
    app = harness.application(own, "training", import_worker=False)
    async with importer(app, await fresh_copy(template, own)) as partner:
        app.state.clients["observatory"] = beside(observatory)
        sent = await partner.send(directory(), extract=True)
        assert sent.state == "done", sent.anomalies
        finder = Finder(partner)
        await finder.import_(*offers(), *(one.written() for one in MADE))
        yield Region(app, finder)


async def test_a_job_is_answered_by_offers_that_lead_to_it_or_maintain_it(region: Region) -> None:
    jobs = await region.jobs()
    secretary = jobs[SECRETARY]
    assert (secretary["exposure"]["class"], secretary["covered"]) == ("gradient_3", True)
    assert secretary["label"] == "Secrétariat"  # that of ROME v3, whose employment it is
    told = secretary["offers"]
    assert (told["offers"], told["leads"], told["maintains"]) == (1, 0, 1)
    assert told["audiences"] == {"at_work": 1, "young": 0, "job_seeker": 1}  # one by its funder
    assert (told["hours"], told["hours_stated"], told["hours_mean"]) == (14, 1, 14.0)
    assert (told["seats"], told["seats_stated"], told["sessions"]) == (12, 1, 1)
    developer = jobs[DEVELOPER]
    told = developer["offers"]
    leading = sum(one.leads for one in MADE)
    assert (told["offers"], told["leads"], told["maintains"]) == (2 + leading, 2 + leading, 0)
    assert told["levels"]["5"] == told["offers"]
    assert told["sessions"] == told["offers"] + 1
    assert developer["certifications"]["active"] > 0
    assert "1 sur" not in secretary["reading"]
    assert "pour le métier « Secrétariat » : 1" in secretary["reading"]


async def test_what_one_cannot_enrol_in_covers_nothing(region: Region) -> None:
    told = (await region.jobs())[TELEPHONIST]
    assert (told["covered"], told["offers"]["offers"]) == (False, 0)


async def test_the_jobs_are_the_exposed_and_the_emerging_ones(region: Region) -> None:
    jobs = await region.jobs()
    assert WELDER not in jobs
    for one in jobs.values():
        if one["kind"] == "existing":
            assert one["exposure"]["class"] in EXPOSED
            assert one["employment"] >= 0
        else:
            assert one["employment"] is None
    assert sum(one["kind"] == "emerging" for one in jobs.values()) == 146
    grade = await region.jobs(class_="gradient_4", kind="existing")
    assert {one["exposure"]["class"] for one in grade.values()} == {"gradient_4"}


async def test_pages_hold_each_job_once(region: Region) -> None:
    pages = [one["code"] for one in await region.every("coverage", limit=30, kind="existing")]
    assert pages == sorted(set(pages))
    assert len(pages) == (await region.read("coverage", count=True, kind="existing"))["total"]


@pytest.mark.parametrize("territory", ["R32", "D59", "ZE3216", "ZE3202"])
@pytest.mark.parametrize("audience", [None, "at_work", "young"])
async def test_counts_are_those_of_a_plain_loop(
    region: Region, territory: str, audience: str | None
) -> None:
    asked = {"territory": territory} | ({"audience": audience} if audience else {})
    jobs = await region.jobs(**asked)

    def counted(code: str) -> list[Made]:
        return [
            one
            for one in MADE
            if code in one.rome.split()
            and territory in ("R32", *PLACES[one.commune])
            and audience in (None, AUDIENCES[one.audience])
        ]

    for code in ("M1203", "K2111"):
        expected, told = counted(code), jobs[code]["offers"]
        assert told["offers"] == told["maintains"] == len(expected)
        assert told["hours"] == sum(one.hours for one in expected)


def _parts(kind: Any) -> list[Any]:
    return [kind["covered"], kind["missing"]["offer"], kind["missing"]["certification"]]


@pytest.mark.parametrize(
    "asked",
    [{}, {"territory": "ZE3216"}, {"audience": "young"}, {"level": "5"}, {"origin": "new"}],
)
async def test_the_parts_add_up_to_the_whole(region: Region, asked: dict[str, str]) -> None:
    told = await region.read("coverage/summary", **asked)
    for name in ("existing", "emerging"):
        kind = told[name]
        for parts in (_parts(kind), list(kind["by_origin"].values())):
            assert sum(one["jobs"] for one in parts) == kind["jobs"]
            if name == "existing":
                employed = sum(one["employment"] for one in parts)
                assert employed == pytest.approx(kind["employment"], abs=0.01)
                assert sum(one["employment_share"] for one in parts) == pytest.approx(1, abs=3e-4)
    grades = told["by_class"]
    assert sum(one["of_jobs"] for one in grades) == told["existing"]["jobs"]
    assert sum(one["jobs"] for one in grades) == told["existing"]["covered"]["jobs"]
    assert sum(one["of_employment"] for one in grades) == pytest.approx(
        told["existing"]["employment"], abs=0.01
    )
    jobs = await region.jobs(**asked)
    assert sum(one["covered"] for one in jobs.values()) == (
        told["existing"]["covered"]["jobs"] + told["emerging"]["covered"]["jobs"]
    )
    for counts in (
        told["offers"],
        told["whole_offer"],
        told["existing"]["offers"],
        *(one["offers"] for one in jobs.values()),
    ):
        assert counts["inherited"] + counts["new"] == counts["offers"]
        assert sum(counts["levels"].values()) == counts["offers"]
        assert sum(counts["modes"].values()) == counts["offers"]
        if "leads" in counts:
            assert counts["leads"] + counts["maintains"] == counts["offers"]


async def test_no_offer_of_several_jobs_counts_twice(region: Region) -> None:
    told = await region.read("coverage/summary")
    jobs = (await region.jobs()).values()
    answering = {one.key for one in MADE if one.leads or {"M1203", "K2111"} & {*one.rome.split()}}
    assert told["offers"]["offers"] == len(answering) + 3
    assert sum(one["offers"]["offers"] for one in jobs) > told["offers"]["offers"]
    assert told["whole_offer"]["offers"] == len(MADE) + 4  # the welder's too


async def test_a_share_is_a_ratio_of_totals(region: Region) -> None:
    covered = (await region.read("coverage/summary"))["existing"]
    part, whole = covered["covered"]["employment"], covered["employment"]
    assert covered["covered"]["employment_share"] == round(part / whole, 4)
    jobs = (await region.jobs(kind="existing")).values()
    assert whole == pytest.approx(sum(one["employment"] for one in jobs), abs=0.01)


async def test_gaps_are_ranked_by_the_employment_that_goes_without(region: Region) -> None:
    gaps = await region.every("coverage/gaps", limit=70)
    assert [one["rank"] for one in gaps] == list(range(1, len(gaps) + 1))
    existing = [one for one in gaps if one["kind"] == "existing"]
    assert gaps[: len(existing)] == existing
    weights = [one["employment"] for one in existing]
    assert weights == sorted(weights, reverse=True)
    jobs = await region.jobs()
    assert {one["code"] for one in gaps} == {
        code for code, one in jobs.items() if not one["covered"]
    }
    for one in gaps:
        lacks = "offer" if one["certifications"]["active"] else "certification"
        assert one["missing"] == lacks


async def test_a_gap_of_a_zone_tells_what_there_is_elsewhere(region: Region) -> None:
    gaps = {one["code"]: one for one in await region.every("coverage/gaps", territory="ZE3202")}
    assert (gaps[SECRETARY]["elsewhere"], gaps[SECRETARY]["missing"]) == (1, "certification")
    assert "(Amiens)" in gaps[SECRETARY]["reading"]


async def test_statistics_of_zones_count_an_offer_where_it_takes_place(region: Region) -> None:
    page = await region.read("statistics/territories", limit=200)
    zones = {one["territory"]["id"]: one for one in page["items"]}
    assert len(zones) == 24
    for zone in ("ZE3216", "ZE3218", "ZE3202"):
        made = [one for one in MADE if zone in PLACES[one.commune]]
        examples = {"ZE3216": 2, "ZE3218": 0, "ZE3202": 2}[zone]
        assert zones[zone]["offers"]["offers"] == len(made) + examples
    assert page["whole"]["offers"] == page["located"] == len(MADE) + 4
    assert sum(one["offers"]["offers"] for one in zones.values()) == page["located"]
    assert page["in_several"] == 0
    told = await region.read("statistics/territories", kind="department", limit=200)
    assert [one["territory"]["code"] for one in told["items"]] == ["02", "59", "60", "62", "80"]
    assert len(await region.every("statistics/territories", kind="epci", limit=50)) == 92


async def test_a_territory_has_its_identifier_or_its_official_code(region: Region) -> None:
    for given in ("59", "D59", "d59"):
        told = await region.read("coverage", territory=given, limit=1)
        assert told["territory"]["id"] == "D59"
    refused = await region.get("coverage", territory="ZE9999")
    assert (refused.status_code, refused.json()["code"]) == (422, "territory-unknown")
    assert refused.json()["errors"][0]["pointer"] == "/territory"
    for unknown in ({"zone": "ZE3216"}, {"on": "2026-01-01"}):
        assert (await region.get("coverage/summary", **unknown)).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "coverage",
        "coverage.csv",
        "coverage/summary",
        "coverage/gaps",
        "coverage/gaps.csv",
        "coverage/structures",
        "coverage/figures/coverage.csv",
        "coverage/figures/gaps.csv",
        "statistics/territories",
        "statistics/territories.csv",
    ],
)
async def test_who_holds_an_answer_is_told_that_it_is_still_right(
    region: Region, path: str
) -> None:
    first = await region.get(path)
    assert first.status_code == 200
    again = await region.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_sentences_are_in_the_language_that_was_asked(region: Region) -> None:
    told = await region.get("coverage/summary", headers={"accept-language": "en"})
    assert told.headers["content-language"] == "en"
    assert told.json()["existing"]["covered"]["reading"].startswith("Reading: on ")
    asked = {"territory": "59", "audience": "young", "origin": "new", "level": "5"}
    (gap,) = (await region.read("coverage/gaps", limit=1, **asked))["items"]
    assert "(Nord, jeunes, offre nouvelle du programme, niveau 5)" in gap["reading"]


async def test_tables_say_what_the_lists_say(region: Region) -> None:
    jobs, rows = await region.jobs(), await region.table("coverage.csv")
    assert [row["code"] for row in rows] == sorted(jobs)
    for row in rows:
        told = jobs[row["code"]]
        assert row["reading"] == told["reading"]
        assert int(row["offers"]) == told["offers"]["offers"]
        assert int(row["offers_young"]) == told["offers"]["audiences"]["young"]
        assert row["covered"] == ("yes" if told["covered"] else "no")
    gaps = await region.every("coverage/gaps")
    found = await region.table("coverage/gaps.csv")
    assert [(row["rank"], row["code"]) for row in found] == [
        (str(one["rank"]), one["code"]) for one in gaps
    ]
    zones = await region.table("statistics/territories.csv")
    told = await region.every("statistics/territories")
    assert [float(row["covered_share"]) for row in zones] == [
        one["covered"]["employment_share"] for one in told
    ]


def _assistant(offer: Any) -> None:
    offer["domain"]["rome"] = ["M1604"]
    offer["provider"]["siret"] = "11004301500012"  # nobody else holds its offers
    offer["actions"][0]["sessions"][0]["period"] = {"start": "2099-10-01", "end": "2099-11-30"}


async def test_what_is_published_counts_at_once_and_as_new(region: Region) -> None:
    partner = region.finder.partner
    before = (await region.jobs())["M1604"]
    assert (before["covered"], before["certifications"]["active"]) == (False, 0)
    await proposed(partner, proposal(_assistant), *ACCEPTED, "publish")
    certificate = {**CERTIFICATION, "rome": ["M1604"], "offered_until": "2099-08-31"}
    await proposed(partner, certificate, *ACCEPTED, "publish", kind="certification")
    told = (await region.jobs())["M1604"]
    assert told["offers"]["seats_stated"] == told["offers"]["inherited"] == 0
    assert (told["offers"]["offers"], told["offers"]["new"]) == (1, 1)
    assert (told["certifications"]["active"], told["certifications"]["new"]) == (1, 1)
    await region.finder.import_(offer("assistant", rome="M1604", **SOON), extract=True)
    told = (await region.jobs())["M1604"]["offers"]
    assert (told["offers"], told["inherited"], told["new"]) == (2, 1, 1)
    origins = (await region.read("coverage/summary"))["existing"]["by_origin"]
    assert (origins["both"]["jobs"], origins["new_only"]["jobs"]) == (1, 0)
    assert [*(await region.jobs(origin="new", covered=True))] == ["M1604"]
    asked = {"territory": "ZE3216", "origin": "inherited"}
    assert (await region.jobs(**asked))["M1604"]["offers"]["offers"] == 1


async def test_without_the_observatory_the_offer_is_told_and_the_rest_said_to_be_missing(
    region: Region, observatory: httpx.AsyncClient
) -> None:
    kept = Exposures(fresh_seconds=0)
    await kept.now(beside(observatory))
    region.app.state.clients["observatory"] = beside(None)
    region.app.state.exposures = Exposures()
    try:
        answer = await region.get("coverage", limit=200)
        told = answer.json()
        assert answer.headers["cache-control"] == "public, no-cache"
        assert told["exposure"] is None
        assert told["unavailable"] == [{"part": "exposure", "reason": "not configured"}]
        jobs = await region.jobs()
        assert jobs[SECRETARY]["offers"]["offers"] == 1
        assert (jobs[SECRETARY]["employment"], jobs[SECRETARY]["exposure"]) == (None, None)
        assert WELDER in jobs  # nobody knows which are exposed
        part = (await region.read("coverage/summary"))["existing"]["covered"]
        assert (part["employment"], part["employment_share"]) == (None, None)
        for flow in ("coverage", "gaps"):
            refused = await region.get(f"coverage/figures/{flow}.csv")
            assert (refused.status_code, refused.json()["code"]) == (503, "exposure-unavailable")
        region.app.state.exposures = kept
        told = await region.read("coverage", limit=1)
        assert told["exposure"]["release"]
        assert told["unavailable"] == [{"part": "exposure", "reason": "not configured"}]
    finally:
        region.app.state.clients["observatory"] = beside(observatory)
        region.app.state.exposures = Exposures()
    assert (await region.read("coverage", limit=1))["unavailable"] == []


async def test_a_caller_in_a_hurry_does_not_tell_others_that_the_observatory_is_away(
    observatory: httpx.AsyncClient,
) -> None:
    exposures = Exposures()
    with deadlines.within(0):
        assert await exposures.now(beside(observatory)) == (None, "deadline")
    told, reason = await exposures.now(beside(observatory))
    assert told is not None
    assert reason is None


async def test_the_figures_are_a_release_of_the_observatory(
    region: Region, observatory: httpx.AsyncClient
) -> None:
    publisher = Publisher(observatory, harness.as_client("observatory"))
    structures = await region.read("coverage/structures")
    for outcome in ("created", "unchanged"):  # published once, they are recognised
        answer = await publisher.publish(structures)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()[outcome]) == 10
    flows = {"coverage": "DF_TRAINING_COVERAGE", "gaps": "DF_TRAINING_GAPS"}
    for name, flow in flows.items():
        file = (await region.get(f"coverage/figures/{name}.csv")).content
        release = await publisher.release(flow, file, method="coverage/1.0.0")
        assert release["state"] == "published"
    told = (await region.read("coverage/summary"))["existing"]
    month = (await region.read("coverage", limit=1))["on"][:7]

    async def read(flow: str, key: str) -> dict[str, str]:
        """Read a figure as SDMX-CSV."""
        answer = await observatory.get(
            f"/sdmx/v2/data/dataflow/HDF/{flow}/1.0.0/{key}",
            params={"c[TIME_PERIOD]": month},
            headers={**harness.anonymous("observatory"), "accept": CSV},
        )
        (row,) = rows(answer)
        return row

    share = await read(flows["coverage"], "M.R32._T._T.COVERED_SHARE")
    assert float(share["OBS_VALUE"]) == told["covered"]["employment_share"]
    assert float(share["NUMERATOR"]) == pytest.approx(told["covered"]["employment"], abs=0.001)
    assert float(share["DENOMINATOR"]) == pytest.approx(told["employment"], abs=0.001)
    without = await read(flows["coverage"], "M.R32._T._T.GAP_EMPLOYMENT")
    assert float(without["OBS_VALUE"]) == pytest.approx(
        told["employment"] - told["covered"]["employment"], abs=0.01
    )
    first = (await region.read("coverage/gaps", limit=1))["items"][0]
    gap = await read(flows["gaps"], f"M.R32.{first['code']}.GAP_EMPLOYMENT")
    assert float(gap["OBS_VALUE"]) == first["employment"]
    read_back = await observatory.get(
        "/v1/indicators/TRAINING_GAP/data.csv", headers=harness.anonymous("observatory")
    )
    figures = [one["OBS_VALUE"] for one in csv.DictReader(io.StringIO(read_back.text))]
    assert sum(map(float, figures)) == pytest.approx(float(without["OBS_VALUE"]), abs=0.01)


async def test_i4_members_are_chosen_and_unknown_ones_refused(region: Region) -> None:
    for path, names in {
        "coverage": "code,offers",
        "coverage/gaps": "rank,reading",
        "statistics/territories": "territory,covered",
    }.items():
        page = await region.read(path, fields=names, limit=3)
        assert [",".join(item) for item in page["items"]] == [names] * 3
        assert page["next"]
    whole = await region.read("coverage/summary")
    told = await region.read("coverage/summary", exclude="existing,emerging")
    assert told == {k: v for k, v in whole.items() if k not in {"existing", "emerging"}}
    for path in ("coverage", "coverage/gaps", "coverage/summary", "statistics/territories"):
        refused = await region.get(path, fields="secret")
        assert (refused.status_code, refused.json()["code"]) == (400, "field-unknown")
