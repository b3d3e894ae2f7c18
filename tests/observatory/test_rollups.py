"""The national roll-up: two regions on platforms of their own, pulled over HTTP (B5, formula 9)."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from math import fsum, sqrt
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import httpx
import pytest
from pysdmx.api.gds import AsyncGdsClient

from observatory.rollups.asking import Asker, Question
from tests.gateway.doors import served
from tests.harness import Database, anonymous
from tests.observatory.regions import FLOW, SECTORS, Country, Door, country, hidden, mean, rollup

PARTS = (("R32", "HDF", 2_200_000.0), ("R84", "ARA", 3_300_000.0), ("R94", "COR", 140_000.0))


def units(seed: int, count: int) -> list[tuple[str, int, float]]:
    """Make raw data: sector, persons and exposure of each family of jobs."""
    return [
        (SECTORS[(n * seed) % 4], 1_000 + n * seed * 37 % 9_000, (n * seed * 13 % 97) / 97)
        for n in range(1, count)
    ]


@pytest.fixture(scope="module")
async def hdf_units(observatory: httpx.AsyncClient) -> list[tuple[str, int, float]]:
    """Take the persons employed in Hauts-de-France, by family (census 2017, DARES)."""
    answer = await observatory.get(
        "/v1/indicators/EMPLOYMENT/data.csv", params={"c[REF_AREA]": "R32"}
    )
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) > 60
    return [
        (SECTORS[place % 4], int(float(row["OBS_VALUE"])), (place * 31 % 89) / 89)
        for place, row in enumerate(rows)
    ]


@pytest.fixture(scope="module")
async def nation(database: Database) -> AsyncIterator[Country]:
    async with country(database, "HDF", "ARA") as opened:
        for agency, region in (("HDF", "32"), ("ARA", "84")):
            assert (await opened.register(agency, region)).status_code == 200
            assert (await opened.certify(agency, region)).status_code == 200
        yield opened


def totals(raw: list[tuple[str, int, float]], sector: str) -> tuple[float, float]:
    mine = [(persons, score) for one, persons, score in raw if one == sector]
    return fsum(p * s for p, s in mine), float(sum(p for p, _ in mine))


SES = {"R32": 0.004, "R84": 0.003}


async def test_the_national_figure_is_the_pooled_one_with_coverage_and_combined_uncertainty(
    nation: Country, hdf_units: list[tuple[str, int, float]]
) -> None:
    raw = {"R32": hdf_units, "R84": units(7, 90)}
    for area, agency in (("R32", "HDF"), ("R84", "ARA")):
        rows = [mean(area, each, totals(raw[area], each), SES[area]) for each in SECTORS]
        rows += [mean("FR", "A", (1.0, 2.0))]  # another's area: it is not asked for
        await nation.publishes(agency, rows)
    body = rollup(PARTS[:2])
    await nation.defined("WHOLE", body)
    assert await nation.pull("WHOLE", "R32", "R84") == {"R32": "current", "R84": "current"}

    made = await nation.post("/rollups/WHOLE/runs")
    assert made.status_code == 201, made.text
    assert made.json()["coverage"] == 1
    assert made.json()["missing"] == []
    assert made.json()["counts"] == {"shown": 4}
    found = await nation.national()
    together = raw["R32"] + raw["R84"]
    for sector in SECTORS:
        row, (numerator, denominator) = found[sector], totals(together, sector)
        assert row["REF_AREA"] == "FR"
        assert float(row["OBS_VALUE"]) == pytest.approx(numerator / denominator, rel=1e-12)
        assert float(row["DENOMINATOR"]) == denominator
        weights = {area: totals(raw[area], sector)[1] / denominator for area in raw}
        se = sqrt(fsum((weights[area] * SES[area]) ** 2 for area in raw))
        assert float(row["SE"]) == pytest.approx(se, rel=1e-6)
        assert (row["OBS_STATUS"], row["METHOD_VERSION"]) == ("A", "ilo-2025/1.0")
    assert (await nation.post("/rollups/WHOLE/runs")).status_code == 204, "nothing differs"


_turns = iter(range(1, 1000))


def shares(area: str, *sectors: str) -> list[Any]:
    """Make lines that no test has published, with a standard error."""
    turn = next(_turns)
    return [mean(area, each, (10.0 * turn, 1_000.0 + turn), 0.01) for each in sectors]


async def both(nation: Country, name: str, *sectors: str, **changed: Any) -> None:
    """Have both regions publish, define a roll-up of them, and read them."""
    await nation.publishes("HDF", shares("R32", *sectors))
    await nation.publishes("ARA", shares("R84", *sectors))
    await nation.defined(name, rollup(PARTS, **changed))
    states = await nation.pull(name, "R32", "R84")
    assert states == {"R32": "current", "R84": "current", "R94": "unregistered"}


async def test_a_region_without_a_node_lowers_the_coverage(nation: Country) -> None:
    await both(nation, "PARTIAL", "A", "C", errors="shared")
    made = (await nation.post("/rollups/PARTIAL/runs")).json()
    assert made["coverage"] == pytest.approx(5_500_000 / 5_640_000)
    assert made["missing"] == ["R94"]
    row = (await nation.national())["A"]
    assert row["OBS_STATUS"] == "P"
    assert float(row["SE"]) == pytest.approx(0.01), "errors that are shared do not cancel out"
    release = await nation.get(f"/releases/{made['release']}")
    assert "0.9752. Missing: R94" in release["notes"]["en"]
    assert [each["producer"] for each in release["origins"]] == ["HDF", "ARA"]
    used = made["sources"][0]
    assert release["origins"][0]["files"][0]["sha256"] == used["certificate"]
    assert (used["kit"], used["vintage"]) == ("HDF/1.0.0", release["origins"][0]["vintage"])
    assert (await nation.get("/rollups/PARTIAL/runs"))["items"][0] == made


async def test_a_region_that_falls_silent_counts_no_more_and_too_little_is_not_national(
    nation: Country,
) -> None:
    await both(nation, "SILENT", "A")
    door = nation.regions["ARA"].door
    assert door is not None
    door.is_open = False
    states = await nation.pull("SILENT", "R84")
    assert states["R84"] == "current", "for a while the last figures count"
    read = await nation.get("/rollups/SILENT")
    assert read["sources"][1]["failure"] == "status-503"
    assert (await nation.get("/nodes/ARA"))["answered"] == 503
    admin = await asyncpg.connect(nation.platform.database.admin_dsn)
    await admin.execute(
        "UPDATE observatory.rollup_source SET current_at = now() - interval '73 hours'"
        " WHERE rollup = 'SILENT' AND area = 'R84'"
    )
    await admin.close()
    before = await nation.national()
    refused = await nation.post("/rollups/SILENT/runs")
    assert (refused.status_code, refused.json()["code"]) == (409, "rollup-uncovered")
    assert "0.3901" in refused.json()["detail"]
    assert "R84, R94" in refused.json()["detail"]
    assert await nation.national() == before
    door.is_open = True
    assert (await nation.pull("SILENT", "R84"))["R84"] == "current"
    assert (await nation.post("/rollups/SILENT/runs")).status_code == 201


async def test_a_total_of_which_one_region_is_hidden_is_hidden_in_every_vintage(
    nation: Country,
) -> None:
    await both(nation, "HIDING", "A", "C", "J")
    first = (await nation.post("/rollups/HIDING/runs")).json()
    shown = await nation.national()
    as_of = (await nation.get(f"/releases/{first['release']}"))["published_at"]
    await nation.publishes("HDF", [hidden("R32", "A"), hidden("R32", "J"), *shares("R32", "C")])
    await nation.publishes("ARA", [hidden("R84", "J"), *shares("R84", "A", "C")])
    await nation.pull("HIDING", "R32", "R84")
    cells = {each["key"]["SECTOR"]: each for each in await _cells(nation, "HIDING")}
    assert cells["A"]["outcome"] == "hidden"
    assert cells["A"]["value"] is cells["A"]["denominator"] is None
    assert [each["state"] for each in cells["A"]["areas"]] == ["hidden", "shown"]
    made = (await nation.post("/rollups/HIDING/runs")).json()
    assert made["counts"] == {"hidden": 1, "shown": 1, "withheld": 1}
    assert shown["A"]["OBS_VALUE"]
    for asked in ({}, {"asOf": as_of}):
        row = (await nation.national(**asked))["A"]
        told = {row[name] for name in ("OBS_VALUE", "NUMERATOR", "DENOMINATOR", "SE")}
        assert (told, row["OBS_STATUS"], row["CONF_STATUS"]) == ({""}, "Q", "C")
    assert "J" not in await nation.national(), "too little of it is seen"
    assert (await nation.national())["C"]["OBS_VALUE"]


async def _cells(nation: Country, name: str) -> list[Any]:
    """Read all cells, two a page."""
    found, after = [], ""
    while True:
        page = await nation.get(f"/rollups/{name}/cells?limit=2{after}")
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


async def test_only_what_has_changed_is_read_again(nation: Country) -> None:
    await both(nation, "CHANGES", "A", "C")
    door = nation.regions["HDF"].door
    assert door is not None
    door.asked.clear()
    await nation.pull("CHANGES", "R32")
    assert len(door.asked) == 1, "the tag still holds"
    rows = shares("R32", "C", "J")
    await nation.publishes("HDF", rows)
    door.asked.clear()
    await nation.pull("CHANGES", "R32")
    assert len(door.asked) == 2
    assert "updatedAfter=" in door.asked[1]
    cells = {each["key"]["SECTOR"]: each for each in await _cells(nation, "CHANGES")}
    assert [each["area"] for each in cells["A"]["areas"]] == ["R84"], "it was deleted"
    (theirs,) = (each for each in cells["C"]["areas"] if each["area"] == "R32")
    assert theirs["numerator"] == rows[0]["NUMERATOR"]
    assert cells["J"]["coverage"] == pytest.approx(2_200_000 / 5_640_000)


async def test_figures_that_a_region_withdraws_count_no_more(nation: Country) -> None:
    await both(nation, "WITHDRAWN", "A")
    publisher = nation.regions["ARA"].publisher
    told = await publisher.client.get("/v1/releases?limit=1", headers=publisher.headers)
    one = f"/v1/releases/{told.json()['items'][0]['id']}"
    release = publisher.known(await publisher.client.get(one, headers=publisher.headers))
    why = {"reason": {"fr": "Erreur", "en": "Error"}}
    assert (await publisher.act(release, "withdraw", why)).status_code == 200
    await nation.pull("WITHDRAWN", "R84")
    (cell,) = await _cells(nation, "WITHDRAWN")
    assert [each["area"] for each in cell["areas"]] == ["R32"]
    assert cell["outcome"] == "withheld"


class _Killed(BaseException):
    """As a kill -9: nothing of the program comes after it."""


class _Dying(Asker):
    """Answers one page and dies."""

    pages = 0

    async def page(self, question: Question, as_of: str, since: str | None, place: int) -> bytes:
        self.pages += 1
        if self.pages > 1:
            raise _Killed
        return await super().page(question, as_of, since, place)


async def test_a_round_that_was_killed_goes_on_where_it_was(nation: Country) -> None:
    await nation.publishes("HDF", shares("R32", *SECTORS))
    await nation.defined("KILLED", rollup(PARTS[:1], least_coverage=0.9))
    async with _Dying(nation.platform.app.state.settings, lines=2) as dying:
        with pytest.raises(_Killed):
            await replace(nation.puller, asker=dying).pull("KILLED", "R32")
    assert (await nation.get("/rollups/KILLED"))["sources"][0]["state"] == "reading"
    waiting = await nation.post("/rollups/KILLED/runs")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "rollup-being-read")
    door = nation.regions["HDF"].door
    assert door is not None
    door.asked.clear()
    async with Asker(nation.platform.app.state.settings, lines=2) as asker:
        await replace(nation.puller, asker=asker).pull("KILLED", "R32")
    places = [parse_qs(each.partition("?")[2])["offset"] for each in door.asked]
    assert places == [["2"], ["4"]], "the first page is not read again"
    made = (await nation.post("/rollups/KILLED/runs")).json()
    assert made["counts"] == {"shown": 4}


async def test_pysdmx_discovers_the_nodes_and_where_their_artefacts_are(nation: Country) -> None:
    base = nation.regions["ARA"].url
    async with served(Door(nation.platform.app), lifespan="off") as url:
        client = AsyncGdsClient(f"{url}/sdmx/gds")
        assert [each.id for each in await client.get_agencies("*")] == ["ARA", "HDF"]
        (service,) = await client.get_services("ARA")
        assert (service.base, service.endpoints[1].url) == (f"{base}/sdmx", "/v2")
        (catalog,) = await client.get_catalogs("FR")
        assert catalog.services is not None
        assert [each.id for each in catalog.services] == ["ARA", "HDF"]
        assert [each.release for each in await client.get_sdmx_apis("2.2.2")] == ["2.2.2"]
        urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=ARA:{FLOW}(1.0.0)"
        found = await client.get_urn_resolver(urn)
    door = nation.regions["ARA"].door
    assert door is not None
    assert [each.status_code for each in found.resolver_results] == [200, 200]
    async with httpx.AsyncClient() as http:
        for each in found.resolver_results:
            assert each.query.startswith(base)
            answer = await http.get(each.query)
            assert answer.status_code == 200, each.query
            assert FLOW in answer.text
    unknown = await nation.client.get(
        "/sdmx/gds/urn_resolver/urn:other", headers=anonymous("observatory")
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "urn-unresolved")
