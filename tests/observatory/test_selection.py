"""Reading a slice: what is asked, how it is planned, what a copy that is still right costs."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import asyncpg
import httpx
import pytest

from observatory.observations import queries, statements
from observatory.observations.selection import Comparison, Condition, Selection
from observatory.observations.vintages import Vintage, Vintages
from observatory.structures import library
from tests.conftest import OpenApp
from tests.harness import Database, anonymous
from tests.observatory.publishing import AREAS, SECTORS, Publisher, codes, lines, structures, table

YEARS = range(2010, 2022)


class Row(NamedTuple):
    area: str
    sector: str
    period: str
    value: float


ROWS = [
    Row(area, sector, str(year), round(place * 7.5 + year / 10, 1))
    for place, (area, sector) in enumerate((a, s) for a in sorted(AREAS) for s in SECTORS)
    for year in YEARS
]


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = await publisher.flow()
    await publisher.release(made, table(ROWS))
    return made


def told(answer: httpx.Response) -> list[Row]:
    return [
        Row(row["REF_AREA"], row["SECTOR"], row["TIME_PERIOD"], float(row["OBS_VALUE"]))
        for row in lines(answer)
    ]


SLICES: dict[str, tuple[dict[str, Any], Any]] = {
    "one code": ({"c[REF_AREA]": "2A"}, lambda r: r.area == "2A"),
    "two codes": ({"c[REF_AREA]": "2A,75"}, lambda r: r.area in ("2A", "75")),
    "two dimensions": (
        {"c[REF_AREA]": "R32", "c[SECTOR]": "C"},
        lambda r: (r.area, r.sector) == ("R32", "C"),
    ),
    "not": ({"c[SECTOR]": "ne:A"}, lambda r: r.sector != "A"),
    "begins": ({"c[REF_AREA]": "sw:D"}, lambda r: r.area[0] == "D"),
    "ends": ({"c[REF_AREA]": "ew:2"}, lambda r: r.area[-1] == "2"),
    "contains": ({"c[REF_AREA]": "co:3"}, lambda r: "3" in r.area),
    "contains not": ({"c[REF_AREA]": "nc:3"}, lambda r: "3" not in r.area),
    "from": ({"startPeriod": "2019"}, lambda r: r.period >= "2019"),
    "until the end of a month": ({"endPeriod": "2012-12"}, lambda r: r.period <= "2012"),
    "until within a year": ({"endPeriod": "2012-11"}, lambda r: r.period <= "2011"),
    "after": ({"c[TIME_PERIOD]": "gt:2019"}, lambda r: r.period > "2019"),
    "before": ({"c[TIME_PERIOD]": "lt:2012"}, lambda r: r.period < "2012"),
    "a range": (
        {"c[TIME_PERIOD]": "ge:2012+le:2014"},
        lambda r: "2012" <= r.period <= "2014",
    ),
    "one period": ({"c[TIME_PERIOD]": "2012"}, lambda r: r.period == "2012"),
    "by value": ({"c[OBS_VALUE]": "gt:300"}, lambda r: r.value > 300),
    "by an attribute": ({"c[OBS_STATUS]": "A"}, lambda r: r.value > 0),
    "last": ({"lastN": 2}, lambda r: r.period >= "2020"),
    "first and last": ({"firstN": 1, "lastN": 1}, lambda r: r.period in ("2010", "2021")),
}


@pytest.mark.parametrize("name", SLICES)
async def test_a_slice_is_what_the_rows_say(publisher: Publisher, flow: str, name: str) -> None:
    parameters, fits = SLICES[name]
    expected = [row for row in ROWS if fits(row)]
    assert expected
    assert told(await publisher.data(flow, **parameters)) == expected
    rows = (await publisher.data(flow, "json", **parameters)).json()["observations"]
    assert [each["OBS_VALUE"] for each in rows] == [row[3] for row in expected]


@pytest.mark.parametrize(
    "parameters",
    [
        {"c[REF_AREA]": "NOWHERE"},
        {"c[COLOUR]": "RED"},
        {"c[OBS_VALUE]": "many"},
        {"startPeriod": "2050"},
        {"c[REF_AREA]": "2A' OR '1'='1".replace(" ", "\t")},
    ],
)
async def test_k6_what_no_data_have_selects_nothing(
    publisher: Publisher, flow: str, parameters: dict[str, str]
) -> None:
    assert lines(await publisher.data(flow, **parameters)) == []
    assert (await publisher.data(flow, "json", **parameters)).json()["observations"] == []


MALFORMED: dict[str, dict[str, Any]] = {
    "operator-unknown": {"c[REF_AREA]": "xx:1"},
    "value-empty": {"c[REF_AREA]": "2A,,75"},
    "period-malformed": {"startPeriod": "20-20"},
    "range-inverted": {"startPeriod": "2020", "endPeriod": "2019"},
    "instant-malformed": {"asOf": "yesterday"},
    "as-of-before-updated-after": {"asOf": "2020-01-01", "updatedAfter": "2021-01-01"},
    "n-unpaged": {"lastN": 1, "limit": 5},
    "initial-with-history": {"initial": "true", "includeHistory": "true"},
    "gapfill-with-others": {"gapfill": "true", "includeHistory": "true"},
    "mrnev-with-others": {"mrnev": 1, "lastN": 1},
    "too-many-values": {"c[REF_AREA]": ",".join(["A"] * 2001)},
}


@pytest.mark.parametrize("code", MALFORMED)
async def test_a_malformed_question_is_refused_with_its_fault(
    publisher: Publisher, flow: str, code: str
) -> None:
    refused = await publisher.data(flow, **MALFORMED[code])
    assert refused.status_code == 422, refused.text
    assert refused.json()["code"] == "selection-invalid"
    assert {each["code"] for each in refused.json()["errors"]} == {code}


async def test_parameters_that_are_no_component_are_unknown(
    publisher: Publisher, flow: str
) -> None:
    for wrong in ("d[REF_AREA]", "c[]", "REF_AREA"):
        assert (await publisher.data(flow, **{wrong: "2A"})).status_code == 400
    assert (await publisher.data("NONE")).json()["code"] == "indicator-unknown"
    assert (await publisher.data(flow, "xls")).status_code == 422


async def test_pages_by_the_link_are_the_whole(publisher: Publisher, flow: str) -> None:
    found: list[Row] = []
    parameters: dict[str, Any] = {"limit": 50, "c[SECTOR]": "A,C"}
    pages = 0
    while True:
        answer = await publisher.data(flow, **parameters)
        found += told(answer)
        pages += 1
        if "next" not in answer.links:
            break
        parameters = dict(httpx.QueryParams(answer.links["next"]["url"][1:]))
    assert found == [row for row in ROWS if row[1] in "AC"]
    assert pages == 3
    forged = await publisher.data(flow, limit=50, after="forged")
    assert (forged.status_code, forged.json()["code"]) == (400, "cursor-refused")


async def test_names_of_codes_are_in_the_language_asked(publisher: Publisher, flow: str) -> None:
    for language in ("fr", "en"):
        answer = await publisher.client.get(
            f"/v1/indicators/{flow}/data.csv",
            params={"labels": "both", "c[REF_AREA]": "2A", "lastN": 1},
            headers={"accept-language": language},
        )
        assert lines(answer)[0]["REF_AREA"] == f"2A: 2A {language}"
    named = await publisher.data(flow, labels="name", lastN=1)
    assert lines(named)[0]["SECTOR"] == "A fr"


async def test_k4_a_tag_changes_with_its_release_question_form_and_language_only(
    publisher: Publisher, flow: str
) -> None:
    tags = {}
    for suffix in ("csv", "json"):
        for language in ("fr", "en"):
            for area in ("2A", "75"):
                path, headers = (
                    f"/v1/indicators/{flow}/data.{suffix}",
                    {"accept-language": language},
                )
                answer = await publisher.client.get(
                    path, params={"c[REF_AREA]": area}, headers=headers
                )
                tags[suffix, language, area] = answer.headers["etag"]
                for asked in ({"c[REF_AREA]": area}, {"c[REF_AREA]": f"eq:{area}"}):
                    again = await publisher.client.get(
                        path,
                        params=asked,
                        headers={**headers, "if-none-match": answer.headers["etag"]},
                    )
                    assert again.status_code == 304, "the same question, however it is written"
                    assert again.headers["etag"] == answer.headers["etag"]
                    assert again.headers["vary"] == "Accept-Language, Accept-Encoding"
    assert len(set(tags.values())) == len(tags)
    other = await publisher.flow()
    await publisher.release(other, table(ROWS[:1]))
    same = await publisher.data(flow, **{"c[REF_AREA]": "2A"})
    assert same.headers["etag"] == tags["csv", "fr", "2A"], "an unrelated release"
    assert same.headers["last-modified"].endswith("GMT")


async def test_a_304_and_a_size_do_not_touch_the_observations(
    publisher: Publisher, flow: str, database: Database
) -> None:
    answer = await publisher.data(flow)
    admin = await asyncpg.connect(database.admin_dsn)
    await admin.execute("REVOKE SELECT ON observatory.obs FROM observatory_app")
    try:
        kept = await publisher.client.get(
            f"/v1/indicators/{flow}/data.csv",
            headers={"if-none-match": answer.headers["etag"]},
        )
        assert kept.status_code == 304
        described = (await publisher.client.get(f"/v1/dataflows/{flow}")).json()
        assert described["observations"] == len(ROWS)
        unread = await publisher.data(flow)
        assert unread.status_code == 500, "the rows themselves do"
    finally:
        await admin.execute("GRANT SELECT ON observatory.obs TO observatory_app")
        await admin.close()


@pytest.fixture(scope="module")
async def large(publisher: Publisher) -> str:
    """Publish 40 areas, 30 sectors, 20 years, and a revision of one year."""
    areas, sectors = [f"A{n:02}" for n in range(40)], [f"S{n:02}" for n in range(30)]
    made = structures("LARGE")
    made["codelists"][0]["codes"], made["codelists"][1]["codes"] = codes(*areas), codes(*sectors)
    assert (await publisher.publish(made)).status_code == 200
    rows = [(a, s, str(y), 1.0) for a in areas for s in sectors for y in range(2000, 2020)]
    await publisher.release("LARGE", table(rows))
    await publisher.release("LARGE", table([(*row[:3], 2.0) for row in rows[::20]]), "partial")
    return "LARGE"


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "Relation Name" in plan:
        yield plan["Node Type"], plan["Relation Name"]
    for child in plan.get("Plans", ()):
        yield from scans(child)


@pytest.fixture(scope="module")
async def planner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        database.dsn("observatory"), server_settings={**queries.PLANNED, "jit": "off"}
    )
    yield connection
    await connection.close()


ASKED: dict[str, dict[str, Any]] = {
    "a key": {"conditions": ("REF_AREA", "SECTOR")},
    "a slice": {"conditions": ("REF_AREA",)},
    "another dimension": {"conditions": ("SECTOR",)},
    "as of the first": {"conditions": ("REF_AREA",), "as_of": 1},
    "what changed": {"updated_after": 1},
    "the history of a key": {"conditions": ("REF_AREA", "SECTOR"), "include_history": True},
    "the last ones": {"conditions": ("REF_AREA",), "last_n": 1},
    "a page": {"limit": 100, "after": (1, 1)},
    "everything": {},
}


async def planned(
    planner: asyncpg.Connection, dataflow: str, asked: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """Plan how a selection is read; return the plan and the name of the flow's partition."""
    flow = (await library.load(planner, "HDF")).flow(dataflow)
    assert flow is not None
    rows = await planner.fetch(queries.VINTAGES, flow.number)
    known = Vintages(flow.number, 0, [Vintage(*tuple(row)[1:-1]) for row in rows])
    tests = {"REF_AREA": Comparison("eq", "A07"), "SECTOR": Comparison("eq", "S07")}
    told = {"as_of": 2, **asked}
    told["conditions"] = tuple(Condition(c, (tests[c],)) for c in asked.get("conditions", ()))
    statement = statements.observations(Selection(flow, **told), known, "fr")
    explained = await planner.fetchval(
        "EXPLAIN (FORMAT JSON) " + statement.sql, *statement.arguments
    )
    return json.loads(explained)[0]["Plan"], f"obs_p{flow.number}"


async def test_statistics_of_all_observations_are_gathered_by_which_joins_are_planned(
    large: str, database: Database
) -> None:
    admin = await asyncpg.connect(database.admin_dsn)
    known = await admin.fetch(
        "SELECT attname FROM pg_stats WHERE schemaname = 'observatory' AND tablename = 'obs'"
        " AND inherited AND attname IN ('series_id', 'period_id')"
    )
    await admin.close()
    assert len(known) == 2


@pytest.mark.parametrize("name", ASKED)
async def test_p2_no_plan_scans_a_partition_of_observations(
    publisher: Publisher, large: str, planner: asyncpg.Connection, name: str
) -> None:
    plan, partition = await planned(planner, large, ASKED[name])
    found = list(scans(plan))
    partitions = [kind for kind, relation in found if relation == partition]
    assert partitions
    assert not any("Seq" in kind for kind in partitions), found


async def test_the_size_is_estimated_before_the_work(
    database: Database, open_app: OpenApp, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from observatory.observations import formats  # noqa: PLC0415  # to shrink a limit of it

    small = replace(formats.FORMATS["json"], most=1_000)
    monkeypatch.setitem(formats.FORMATS, "json", small)
    async with open_app("observatory") as client:
        client.headers.update(anonymous("observatory"))
        path = f"/v1/indicators/{large}/data.json"
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (413, "extraction-too-large")
        assert "24000" in refused.json()["detail"]
        assert "1000" in refused.json()["detail"]
        cases: tuple[tuple[dict[str, Any], int], ...] = (
            ({"c[REF_AREA]": "A01"}, 600),
            ({"limit": 500}, 500),
            ({"c[REF_AREA]": "A01,A02", "startPeriod": "2015"}, 300),
            ({"c[SECTOR]": "S01", "lastN": 1}, 40),
            ({"c[REF_AREA]": "A01", "includeHistory": "true"}, 630),
        )
        for parameters, rows in cases:
            answer = await client.get(path, params=parameters)
            assert (answer.status_code, len(answer.json()["observations"])) == (200, rows)
        changed = await client.get(path, params={"updatedAfter": "2020-01-01"})
        assert changed.status_code == 413, "25,200 changes in two releases"
