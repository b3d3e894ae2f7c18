"""Disclosure control over HTTP: what tells of one unit is seen in no vintage and no format."""

import asyncio
import csv
import io
import itertools
import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, get_args

import asyncpg
import httpx
import pytest

import observatory as observatory_package
from observatory.disclosure import commands
from observatory.disclosure.audit import interval
from observatory.disclosure.policy import shipped
from observatory.disclosure.tables import Hierarchy, Key, additive
from observatory.structures.schemas import ProtectedSource
from tests.harness import Database, anonymous, as_client, environment
from tests.observatory.publishing import Publisher, codes, name, structures, table
from tests.observatory.sdmx_reading import CSV, CSV_1, GENERIC, JSON, SPECIFIC, datasets

AREAS = {"R32": ["D02", "D59", "D60", "D62", "D80"]}
FORMATS = (JSON, CSV, CSV_1, GENERIC, SPECIFIC)
_numbers = itertools.count(1)
SECTORS = {"T": ["A", "C", "J", "M"]}
Units = dict[tuple[str, str], list[int]]
"""Figures of the units of each département and sector; a unit is known by its place."""


def world(**changed: list[int]) -> Units:
    """Twenty cells of ten units, but for those that are given as `D02_A`."""
    return {
        (area, sector): changed.get(f"{area}_{sector}", [10 + place for place in range(10)])
        for area, sector in itertools.product(AREAS["R32"], SECTORS["T"])
    }


def sums(units: Units) -> dict[Key, float]:
    """Add units up over all levels."""
    cells: dict[Key, float] = {}
    for (area, sector), amounts in units.items():
        for key in itertools.product((area, "R32"), (sector, "T")):
            cells[key] = cells.get(key, 0.0) + sum(amounts)
    return cells


def data(units: Units, period: str = "2025") -> bytes:
    """Write the file of a release: jobs, and a mean of something that goes with them."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = ["REF_AREA", "SECTOR", "FIGURE", "TIME_PERIOD", "OBS_VALUE"]
    writer.writerow([*columns, "NUMERATOR", "DENOMINATOR", "CI_LOW", "SE"])
    for (area, sector), total in sums(units).items():
        writer.writerow([area, sector, "EMP", period, total, "", "", total - 1, 1])
        writer.writerow([area, sector, "MEAN", period, 0.5, total / 2, total, 0.4, 0.1])
    return text.getvalue().encode()


def lines(units: Units, period: str = "2025", **more: list[str]) -> str:
    """Write the contributions of units."""
    rows = ["REF_AREA,SECTOR,FIGURE,TIME_PERIOD,UNIT,AMOUNT"]
    rows += [
        f"{area},{sector},EMP,{period},{area}{sector}{place},{amount}"
        for (area, sector), amounts in units.items()
        for place, amount in enumerate(amounts)
    ]
    return "\n".join([*rows, *more.get("also", [])]) + "\n"


def _tree(levels: dict[str, list[str]]) -> list[dict[str, Any]]:
    ((total, parts),) = levels.items()
    return [*codes(total), *({**each, "parent": total} for each in codes(*parts))]


class Discloser:
    """Publishes protected dataflows, and runs the command as the producer's loader does."""

    def __init__(self, publisher: Publisher, folder: Path) -> None:
        self.publisher, self.folder = publisher, folder

    async def flow(self, **protection: Any) -> str:
        """Publish a new protected dataflow and return its id."""
        flow = f"P{next(_numbers)}"
        answer = await self.publisher.publish(
            structures(flow) | self.structures(flow, **protection)
        )
        assert answer.status_code == 200, answer.text
        return flow

    def structures(self, flow: str, **protection: Any) -> dict[str, Any]:
        made = structures(flow)
        lists = {"REF_AREA": _tree(AREAS), "SECTOR": _tree(SECTORS), "FIGURE": codes("EMP", "MEAN")}
        told = {"source": "enterprises", "figures": {"FIGURE": ["EMP"]}, **protection}
        return {
            "codelists": [
                {"id": f"CL_{flow}_{each}", "name": name(each), "codes": of}
                for each, of in lists.items()
            ],
            "data_structures": [
                {
                    **made["data_structures"][0],
                    "dimensions": [
                        {"id": each, "name": name(each), "codelist": f"CL_{flow}_{each}(1.0.0)"}
                        for each in lists
                    ],
                    "attributes": [
                        {"id": each, "name": name(each), "level": "observation"}
                        for each in (
                            "OBS_STATUS",
                            "CONF_STATUS",
                            "CI_LOW",
                            "SE",
                            "NUMERATOR",
                            "DENOMINATOR",
                        )
                    ],
                    "ratios": {"FIGURE": ["MEAN"]},
                }
            ],
            "dataflows": [{**made["dataflows"][0], "protection": told}],
        }

    async def loaded(self, flow: str, units: Units, period: str = "2025") -> dict[str, Any]:
        draft = await self.publisher.draft(flow)
        return self.publisher.known(
            await self.publisher.load(draft, data(units, period), "partial")
        )

    async def disclose(self, release: dict[str, Any], text: str) -> int:
        """Run `vigie disclose` beside the application."""
        file = self.folder / "contributions.csv"
        file.write_text(text, encoding="utf-8")
        return await asyncio.to_thread(commands.main, [str(release["id"]), str(file)])

    async def released(self, flow: str, units: Units, period: str = "2025") -> dict[str, Any]:
        """Load, judge and publish."""
        release = await self.loaded(flow, units, period)
        assert await self.disclose(release, lines(units, period)) == 0
        return self.publisher.known(await self.publisher.act(release, "publish"))

    async def rows(self, flow: str, **parameters: Any) -> dict[Key, dict[str, str]]:
        """Read the CSV that anybody may have; the last row of a cell wins."""
        answer = await self.publisher.data(flow, **parameters)
        assert answer.status_code == 200, answer.text
        read = csv.DictReader(io.StringIO(answer.text))
        return {(row["REF_AREA"], row["SECTOR"], row["FIGURE"]): row for row in read}

    async def hidden(self, flow: str, **parameters: Any) -> set[Key]:
        """Return the cells of jobs that have no value, all of which say why."""
        rows = await self.rows(flow, **parameters)
        return {key[:2] for key, row in rows.items() if key[2] == "EMP" and row["OBS_VALUE"] == ""}


@pytest.fixture(scope="module")
async def discloser(
    publisher: Publisher, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Discloser]:
    admin = await asyncpg.connect(database.admin_dsn)
    await admin.execute("ALTER ROLE observatory_confidential PASSWORD 'loader'")
    await admin.close()
    dsn = database.cluster.dsn(database.name, "observatory_confidential", "loader")
    with environment(OBSERVATORY_CONFIDENTIAL_DATABASE_URL=dsn):
        yield Discloser(publisher, tmp_path_factory.mktemp("disclosure"))


@pytest.fixture
async def admin(database: Database) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(database.admin_dsn)
    yield connection
    await connection.close()


def audited(cells: dict[Key, float], hidden: set[Key], key: Key) -> tuple[float, float]:
    """Return what an attacker can say of a hidden cell who knows all others."""
    places = [Hierarchy("areas", 0, AREAS), Hierarchy("sectors", 1, SECTORS)]
    found = interval(additive(cells, places), hidden, key)
    return round(found.low, 6), round(found.high, 6)


SMALL = world(D02_A=[10, 14], D02_C=[300, 300, 300], D59_A=[86, 7, 7], D59_C=[850, 75, 75])


async def test_d1_two_units_and_86_percent_are_hidden_three_units_and_85_percent_are_shown(
    discloser: Discloser, admin: Any
) -> None:
    flow = await discloser.flow()
    release = await discloser.released(flow, SMALL)
    hidden = await discloser.hidden(flow)
    assert {("D02", "A"), ("D59", "A")} <= hidden
    assert hidden.isdisjoint({("D02", "C"), ("D59", "C"), ("R32", "T")})
    rows = await discloser.rows(flow)
    shown = ("OBS_VALUE", "CI_LOW", "SE", "NUMERATOR", "DENOMINATOR")
    for figure in ("EMP", "MEAN"):  # invariant 6, and the mean of a hidden cell
        row = rows["D02", "A", figure]
        assert {row[each] for each in shown} == {""}
        assert (row["OBS_STATUS"], row["CONF_STATUS"]) == ("Q", "C")
    assert rows["D02", "C", "EMP"]["OBS_VALUE"] == "900"
    assert rows["D02", "C", "EMP"]["CONF_STATUS"] == "F"
    needs = {
        tuple(row["codes"][:2]): float(row["need"])
        for row in await admin.fetch(
            "SELECT d.codes, d.need FROM confidential.disclosure_decision d"
            " JOIN observatory.disclosure_run r ON r.number = d.run WHERE r.release = $1",
            release["id"],
        )
    }
    assert needs.keys() == hidden
    assert needs["D02", "A"] == 2.4
    assert needs["D59", "A"] == pytest.approx(86 / 0.85 - 100)
    for key, need in needs.items():  # D2
        low, high = audited(sums(SMALL), hidden, key)
        assert low <= sums(SMALL)[key] - need
        assert high >= sums(SMALL)[key] + need
        assert low < high
    asked = {"c[REF_AREA]": "D02", "c[SECTOR]": "A"}
    body = (await discloser.publisher.data(flow, "json", **asked)).json()
    assert [each["OBS_VALUE"] for each in body["observations"]] == [None, None]
    assert release["diff"]["max_delta"] is release["sha256"] is None  # guesses cannot be tried
    none = await discloser.publisher.data(flow, **{"c[OBS_VALUE]": "eq:24"})
    assert "D02,A" not in none.text  # nor is what is hidden found by its value


async def test_d1_tax_data_need_eleven_units(discloser: Discloser) -> None:
    flow = await discloser.flow(source="tax")
    units = {key: [5] * 12 for key in world()} | {
        ("D02", "A"): [5] * 10,
        ("D59", "A"): [500] * 11,
    }
    await discloser.released(flow, units)
    hidden = await discloser.hidden(flow)
    assert ("D02", "A") in hidden
    assert ("D59", "A") not in hidden


async def test_d1_what_is_hidden_is_told_of_its_territory_without_its_value(
    discloser: Discloser,
) -> None:
    flow = await discloser.flow()
    await discloser.released(flow, SMALL)
    client, query = discloser.publisher.client, "?limit=200"
    found: dict[str, Any] = {}
    while flow not in found:
        page = (await client.get(f"/v1/territories/D02/indicators{query}")).json()
        found |= {each["id"]: each for each in page["items"]}
        query = f"?limit=200&after={page['next']}"
    figures = {tuple(part["code"] for part in one["key"]): one for one in found[flow]["figures"]}
    data = (await client.get(f"/v1/{found[flow]['data']}")).json()["observations"]
    assert {key: one["value"] for key, one in figures.items()} == {
        (each["SECTOR"], each["FIGURE"]): each["OBS_VALUE"] for each in data
    }
    for key in (("A", "EMP"), ("A", "MEAN")):
        told = figures[key]
        assert (told["value"], told["interval"], told["hidden"]) == (None, None, True)
        assert (told["status"], told["confidentiality"]) == ("Q", "C")
        assert told["reading"].endswith("valeur couverte par le secret statistique.")
    assert (figures["C", "EMP"]["value"], figures["C", "EMP"]["hidden"]) == (900, False)


async def test_d3_what_is_hidden_today_is_hidden_in_every_vintage_and_nothing_tells_before(
    discloser: Discloser,
) -> None:
    flow = await discloser.flow()
    start = world(D59_J=[10, 12])
    first = await discloser.released(flow, start)
    one = {"c[REF_AREA]": "D02", "c[SECTOR]": "A", "c[FIGURE]": "EMP"}  # read before the route
    assert ",145,A," in (await discloser.publisher.data(flow, **one)).text
    already = await discloser.hidden(flow)
    assert ("D59", "J") in already
    assert ("D02", "A") not in already
    then = {"asOf": first["published_at"]}
    before = await discloser.publisher.data(flow, **then)
    now = {**start, ("D02", "A"): [10, 11], ("D80", "M"): [20 + place for place in range(10)]}
    second = await discloser.loaded(flow, now)
    assert await discloser.disclose(second, lines(now)) == 0
    second = discloser.publisher.known(
        await discloser.publisher.act(second, "publish", {"at": "2099-01-01T00:00:00Z"})
    )
    embargoed = await discloser.publisher.data(flow, **then)
    assert (embargoed.headers["etag"], embargoed.text) == (before.headers["etag"], before.text)
    assert await discloser.hidden(flow) == already
    discloser.publisher.known(await discloser.publisher.act(second, "publish"))
    hidden = await discloser.hidden(flow)
    assert ("D02", "A") in hidden
    (alone,) = csv.DictReader(io.StringIO((await discloser.publisher.data(flow, **one)).text))
    assert alone["OBS_VALUE"] == ""
    after = await discloser.publisher.data(flow, **then)
    assert after.headers["etag"] != before.headers["etag"]
    assert await discloser.hidden(flow, **then) == hidden
    history = (await discloser.publisher.data(flow, includeHistory=True)).text
    versions = [row for row in csv.DictReader(io.StringIO(history)) if row["FIGURE"] == "EMP"]
    mine = [row for row in versions if (row["REF_AREA"], row["SECTOR"]) == ("D02", "A")]
    assert len(mine) == 2
    assert {row["OBS_VALUE"] for row in mine} == {""}
    for view in (
        {"gapfill": "true"},
        {"mrnev": 1},
        {"initial": "true"},
        {"initial": "true", "mrnev": 1},
    ):
        shown = csv.DictReader(io.StringIO((await discloser.publisher.data(flow, **view)).text))
        seen = [row for row in shown if (row["REF_AREA"], row["SECTOR"]) == ("D02", "A")]
        assert {row["OBS_VALUE"] for row in seen if row["FIGURE"] == "EMP"} <= {""}
        assert not (seen and "mrnev" in view), "a hidden value is none"
    for accept, when in itertools.product(FORMATS, (then, {"includeHistory": "true"})):
        answer = await discloser.publisher.client.get(
            f"/sdmx/v2/data/dataflow/HDF/{flow}", params=when, headers={"accept": accept}
        )
        every = [row for _, found in datasets(answer) for row in found]
        mine = [row for row in every if (row["REF_AREA"], row["SECTOR"]) == ("D02", "A")]
        assert {row["FIGURE"] for row in mine} == {"EMP", "MEAN"}
        for row in mine:
            assert not row.keys() & {"OBS_VALUE", "CI_LOW", "SE", "NUMERATOR", "DENOMINATOR"}
    await no_chart_shows(discloser, flow, ("D02", "A"), then)
    for cells in (sums(start), sums(now)):  # D2, in both vintages
        low, high = audited(cells, hidden, ("D02", "A"))
        assert high - low >= 4.2
    told = await discloser.hidden(flow, updatedAfter=first["published_at"])
    assert hidden - already <= told  # whoever holds a copy hears of what is hidden now
    assert ("D59", "J") not in told


async def no_chart_shows(
    discloser: Discloser, flow: str, cell: Key, then: Mapping[str, str]
) -> None:
    """Neither today's chart nor that of an older vintage has the value, nor a sentence."""
    asked = {"c[REF_AREA]": cell[0], "c[SECTOR]": cell[1], "c[FIGURE]": "EMP", "lang": "en"}
    for vintage in ({}, then):
        path = f"/v1/indicators/{flow}/chart.json"
        answer = await discloser.publisher.client.get(path, params={**asked, **vintage})
        (mark,) = answer.json()["vconcat"][0]["data"]["values"]
        assert "value" not in mark
        assert "statistical confidentiality (1)" in answer.json()["description"]
        told = await discloser.publisher.client.get(
            f"/v1/indicators/{flow}/provenance",
            params={name: it for name, it in {**asked, **vintage}.items() if name != "lang"},
        )
        assert told.json()["figure"]["value"] is None
        assert told.json()["reading"].endswith("valeur couverte par le secret statistique.")


async def test_a_mean_that_comes_later_is_hidden_with_its_cell(discloser: Discloser) -> None:
    flow, publisher = await discloser.flow(), discloser.publisher
    whole = data(SMALL)
    bare = b"".join(line for line in whole.splitlines(keepends=True) if b",MEAN," not in line)
    for content in (bare, whole):
        release = publisher.known(await publisher.load(await publisher.draft(flow), content))
        assert await discloser.disclose(release, lines(SMALL)) == 0
        publisher.known(await publisher.act(release, "publish"))
    rows = await discloser.rows(flow)
    without = {key[:2]: row["OBS_VALUE"] == "" for key, row in rows.items() if key[2] == "MEAN"}
    assert {key for key, is_hidden in without.items() if is_hidden} == await discloser.hidden(flow)


async def test_a_unit_that_comes_between_two_vintages_is_not_told_by_their_difference(
    discloser: Discloser,
) -> None:
    flow = await discloser.flow()
    await discloser.released(flow, world())
    late = world(D02_A=[*range(10, 20), 400])
    await discloser.released(flow, late)
    hidden = await discloser.hidden(flow)
    assert {("D02", "A"), ("D02", "T"), ("R32", "A"), ("R32", "T")} <= hidden
    low, high = audited(sums(late), hidden, ("D02", "A"))
    assert low <= 145
    assert high >= 545 + 400 / 0.85 - 400


async def test_no_data_of_units_are_published_unjudged(discloser: Discloser) -> None:
    flow, publisher = await discloser.flow(), discloser.publisher
    release = await discloser.loaded(flow, SMALL)
    refused = await publisher.act(release, "publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "disclosure-unjudged")
    assert await discloser.disclose(release, lines(SMALL)) == 0
    again = publisher.known(await publisher.load(release, data(world())))
    refused = await publisher.act(again, "publish")  # the judgement was of other data
    assert (refused.status_code, refused.json()["code"]) == (409, "disclosure-unjudged")
    assert (await publisher.data(flow)).status_code in {200, 404}
    assert "EMP" not in (await publisher.data(flow)).text
    assert await discloser.disclose(again, lines(world())) == 0
    publisher.known(await publisher.act(again, "publish"))
    assert await discloser.hidden(flow) == set()  # the mask of the other data is gone


async def test_a_release_whose_hidden_cells_follow_from_what_others_publish_is_refused(
    discloser: Discloser, admin: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    flow, publisher = await discloser.flow(known={"REF_AREA": ["D02"]}), discloser.publisher
    release = await discloser.loaded(flow, SMALL)
    assert await discloser.disclose(release, lines(SMALL)) == 1
    told = json.loads(capfd.readouterr().out)
    assert told["state"] == "failed"
    refused = await publisher.act(release, "publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "disclosure-failed")
    runs = await publisher.client.get(
        "/v1/disclosure/runs", params={"release": release["id"]}, headers=publisher.headers
    )
    (run,) = runs.json()["items"]
    assert run["counts"]["exposed"] >= 1
    assert (run["state"], run["newly_hidden"], run["source"]) == ("failed", 0, "enterprises")
    deeds = await admin.fetch(
        "SELECT deed, client FROM observatory.release_deed WHERE release = $1 ORDER BY seq",
        release["id"],
    )
    assert [tuple(each) for each in deeds][-1] == ("refused", "vigie disclose")


async def test_runs_are_told_to_the_organisation_that_publishes_only(
    discloser: Discloser, observatory: httpx.AsyncClient
) -> None:
    flow = await discloser.flow()
    release = await discloser.released(flow, SMALL)
    asked = {"release": release["id"], "count": "true"}
    for headers, found in (
        (discloser.publisher.headers, 1),
        (as_client("observatory", tenant="another"), 0),
    ):
        page = await observatory.get("/v1/disclosure/runs", params=asked, headers=headers)
        assert page.json()["total"] == len(page.json()["items"]) == found
    mine = await observatory.get(
        "/v1/disclosure/runs", params=asked, headers=discloser.publisher.headers
    )
    counts = mine.json()["items"][0]["counts"]
    assert (counts["frequency"], counts["dominance"], counts["exposed"]) == (1, 1, 0)
    for headers, status in (
        (anonymous("observatory"), 401),
        (as_client("observatory", scopes={"observatory:feed"}), 403),
    ):
        assert (await observatory.get("/v1/disclosure/runs", headers=headers)).status_code == status


async def test_d5_the_api_reads_nothing_confidential_and_cannot_show_what_is_hidden(
    discloser: Discloser, database: Database, admin: Any
) -> None:
    flow = await discloser.flow()
    await discloser.released(flow, SMALL)
    api = await asyncpg.connect(database.dsn("observatory"))
    try:
        for attempt in (
            "SELECT * FROM confidential.contribution",
            "SELECT * FROM confidential.disclosure_decision",
            "DELETE FROM observatory.suppression",
            "UPDATE observatory.suppression SET since = 99",
            "UPDATE observatory.disclosure_run SET state = 'passed'",
            "SET ROLE observatory_confidential",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await api.execute(attempt)
    finally:
        await api.close()
    assert await admin.fetchval("SELECT count(*) FROM confidential.contribution") > 0
    await admin.execute("SET ROLE observatory_confidential")
    with pytest.raises(asyncpg.CheckViolationError):
        await admin.execute("DELETE FROM observatory.suppression")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("REF_AREA,UNIT\n", "line 1: The column SECTOR is missing."),
        (lines(SMALL, also=["D99,A,EMP,2025,x,1"]), "REF_AREA: this code is no protected figure"),
        (lines(SMALL, also=["D02,A,MEAN,2025,x,1"]), "FIGURE: this code is no protected figure"),
        (lines(SMALL, also=["D02,A,EMP,2025-13,x,1"]), "TIME_PERIOD is malformed."),
        (lines(SMALL, also=["D02,A,EMP,2025,,1"]), "UNIT is empty or long."),
        (lines(SMALL, also=["D02,A,EMP,2025,x,-1"]), "AMOUNT is a number of at least zero"),
        (lines(SMALL, also=["D02,A,EMP,2025,x,1e999"]), "AMOUNT is a number of at least zero"),
        (lines(SMALL, also=["D02,A,EMP,2025,x,NaN"]), "AMOUNT is a number of at least zero"),
        (lines(SMALL, also=["D02,A,EMP,2025,x,9"]), "D02.A.EMP.2025 is not the sum"),
        (lines(SMALL, "2024"), "The data of 2025 change: give its contributions."),
    ],
)
async def test_contributions_that_are_not_those_of_the_data_are_refused_by_their_lines(
    discloser: Discloser,
    unreleased: dict[str, Any],
    capfd: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    assert await discloser.disclose(unreleased, text) == 1
    assert said in capfd.readouterr().err


@pytest.fixture(scope="module")
async def unreleased(discloser: Discloser) -> dict[str, Any]:
    return await discloser.loaded(await discloser.flow(), SMALL)


async def test_the_command_says_what_is_wrong_with_itself(
    discloser: Discloser, unreleased: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    nobody = {"id": "00000000-0000-0000-0000-000000000000"}
    assert await discloser.disclose(nobody, lines(SMALL)) == 1
    assert "Release without data" in capfd.readouterr().err
    gone = [str(unreleased["id"]), str(discloser.folder / "gone.csv")]
    assert await asyncio.to_thread(commands.main, gone) == 2
    assert "gone.csv: No such file" in capfd.readouterr().err
    with environment(OBSERVATORY_CONFIDENTIAL_DATABASE_URL="postgresql://x@127.0.0.1:1/x"):
        assert await discloser.disclose(unreleased, lines(SMALL)) == 2
    assert "the database cannot be reached" in capfd.readouterr().err


async def test_what_becomes_protected_tells_nothing_that_guesses_could_be_tried_on(
    discloser: Discloser,
) -> None:
    """Of releases before it as well: their hash and their largest movement."""
    publisher = discloser.publisher
    flow = await publisher.flow()
    await publisher.release(flow, table([("R32", "A", "2020", 4.0)]))
    release = await publisher.release(flow, table([("R32", "A", "2020", 9.0)]))
    assert release["sha256"]
    assert release["diff"]["max_delta"] == 5
    (open_,) = structures(flow)["dataflows"]
    told = {"source": "enterprises", "figures": {}}
    later = await publisher.publish(
        {"dataflows": [{**open_, "version": "1.1.0", "protection": told}]}
    )
    assert later.status_code == 200, later.text
    found = (await publisher.client.get(f"/v1/releases/{release['id']}")).json()
    assert found["sha256"] is None
    assert found["diff"] == {**release["diff"], "max_delta": None}


async def test_a_dataflow_keeps_its_protection_within_a_major_version(
    discloser: Discloser,
) -> None:
    flow = await discloser.flow()
    (dataflow,) = structures(flow)["dataflows"]
    bare = await discloser.publisher.publish({"dataflows": [{**dataflow, "version": "1.1.0"}]})
    assert (bare.status_code, bare.json()["code"]) == (409, "version-incompatible")
    odd = {
        "source": "enterprises",
        "figures": {"GONE": ["X"]},
        "known": {"REF_AREA": ["D99"]},
        "divisions": [
            {"id": "EPCI", "dimension": "REF_AREA", "parts": {"D02": ["D59"], "D60": ["D59"]}}
        ],
    }
    refused = await discloser.publisher.publish(
        {"dataflows": [{**dataflow, "version": "1.2.0", "protection": odd}]}
    )
    assert refused.status_code == 422
    found = {each["code"] for each in refused.json()["errors"]}
    assert found == {"dimension-unknown", "code-unknown", "id-twice"}


async def test_the_policy_is_open_in_both_languages(observatory: httpx.AsyncClient) -> None:
    answer = await observatory.get("/v1/disclosure/policy")
    assert answer.headers["content-language"] == "fr"
    enterprises, tax = answer.json()["sources"]
    assert (enterprises["least_units"], enterprises["dominance_percent"]) == (3, 85)
    assert (tax["least_units"], tax["dominance_percent"]) == (11, None)
    english = await observatory.get("/v1/disclosure/policy", headers={"accept-language": "en"})
    assert english.json()["sources"][1]["name"] == "Tax data of persons (DGFiP)"
    kept = await observatory.get(
        "/v1/disclosure/policy", headers={"if-none-match": answer.headers["etag"]}
    )
    assert kept.status_code == 304


def test_every_source_that_a_dataflow_may_name_is_in_the_policy() -> None:
    assert {each.id for each in shipped().sources} == set(get_args(ProtectedSource))


def test_only_the_statement_that_masks_them_reads_observations_for_others() -> None:
    service = Path(observatory_package.__file__).parent
    found = {
        str(path.relative_to(service))
        for path in service.rglob("*.py")
        if "migrations" not in path.parts and re.search(r"observatory\.obs\b", path.read_text())
    }
    assert found == {
        "disclosure/queries.py",  # the confidential role's
        "observations/statements.py",  # every format, history and filter
        "releases/extent.py",  # which periods there are
        "releases/merging.py",  # writes
    }
