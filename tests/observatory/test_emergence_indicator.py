"""How good the alerts are, and their thresholds, as indicators with releases (B7 with M12)."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import asyncpg
import pytest

from observatory.emergence.publishing import figures
from observatory.formulas.thresholds import RULES, Family
from tests.harness import Database, as_client
from tests.observatory.emerging import GROWN, STILL, counts, quarter
from tests.observatory.publishing import Publisher, lines

FLOW = "DF_EMERGENCE_BACKTEST"
GROUPS = [("ADS", "JOB"), ("ADS", "SKILL"), ("SURVEY", "JOB")]


def told(
    source: str, number: int, *alerts: int, kind: str = "skill", rule: str = "1.0.0"
) -> dict[str, Any]:
    """Make a row of the backtest: alerts, decided, lasting, emerged, recalled, led, waited."""
    names = ("alerts", "decided", "lasting", "emerged", "recalled", "led", "waited")
    some = dict(zip(names, alerts, strict=True))
    return {"source": source, "kind": kind, "rule": rule, "quarter": number, **some}


def read(rows: Iterable[dict[str, Any]], measure: str) -> list[tuple[Any, ...]]:
    return [
        (one["COUNTED"], one["EMERGING"], one["TIME_PERIOD"], one["OBS_VALUE"])
        for one in rows
        if one["MEASURE"] == measure
    ]


def test_sources_are_pooled_by_their_totals_and_one_that_is_silent_keeps_its_alerts() -> None:
    found = list(
        figures(
            [
                told("a", 8104, 10, 8, 4, 5, 4, 2, 6),
                told("b", 8104, 2, 2, 2, 0, 0, 0, 0),
                told("bmo-32", 8104, 1, 0, 0, 0, 0, 0, 0, kind="job"),
                told("a", 8105, 12, 10, 4, 5, 4, 2, 6),
            ]
        )
    )
    assert read(found, "PRECISION") == [
        ("ADS", "SKILL", "2026-Q1", 0.6),
        ("SURVEY", "JOB", "2026-Q1", None),
        ("ADS", "SKILL", "2026-Q2", 0.5),
    ], "6 of 10 and 6 of 12, never the mean of 0.5 and 1"
    assert read(found, "ALERTS")[-1][-1] == 14
    assert read(found, "LEAD")[0][-1] == 3.0
    missing = next(one for one in found if one["COUNTED"] == "SURVEY")
    assert (missing["OBS_STATUS"], missing["DENOMINATOR"]) == ("M", None), "missing, not 0"


async def test_each_file_of_counts_releases_the_backtest(
    publisher: Publisher, database: Database
) -> None:
    path = "/v1/emergence/sources/of-the-indicator/job/counts"
    headers = {**as_client("observatory"), "content-type": "text/csv"}

    async def sent(content: str) -> dict[str, Any]:
        answer = await publisher.client.put(path, content=content, headers=headers)
        assert answer.status_code == 200, answer.text
        flow: dict[str, Any] = (await publisher.client.get(f"/v1/dataflows/{FLOW}")).json()
        return flow

    grown = {"GROWN": [*GROWN, 160], "STILL": [*STILL, 100]}
    first = await sent(counts(grown))
    assert (await sent(counts(grown)))["release"] == first["release"], "nothing new, no release"
    asked = {"c[EMERGING]": "JOB", "c[COUNTED]": "ADS", "c[TIME_PERIOD]": quarter(9)}
    [precision] = lines(await publisher.data("EMERGENCE_PRECISION", **asked))
    pooled = await _pooled(database)
    assert float(precision["OBS_VALUE"]) == pytest.approx(pooled[0] / pooled[1], abs=1e-4)
    assert float(precision["NUMERATOR"]) == pooled[0] >= 1, "invariant 9"
    [recall] = lines(await publisher.data("EMERGENCE_RECALL", **asked))
    assert float(recall["DENOMINATOR"]) == pooled[2] >= 1
    [lead] = lines(await publisher.data("EMERGENCE_LEAD", **asked))
    assert float(lead["OBS_VALUE"]) >= 0
    trace = (
        await publisher.client.get("/v1/indicators/EMERGENCE_PRECISION/provenance", params=asked)
    ).json()
    assert trace["method"]["name"] == "emergence/1.0.0"
    assert trace["method"]["formula"].startswith("Précision = ")
    assert trace["definition"].startswith("Parmi les premières alertes")
    later = await sent(counts({"GROWN": [10], "STILL": [100]}, first=10))
    assert later["release"] == first["release"] + 1


async def _pooled(database: Database) -> tuple[int, int, int]:
    """Add up over all sources of jobs, each as it was known last at the quarter."""
    connection = await asyncpg.connect(database.admin_dsn)
    row = await connection.fetchrow(
        "SELECT sum(lasting), sum(decided), sum(emerged) FROM (SELECT DISTINCT ON (source) *"
        " FROM observatory.emergence_backtest WHERE kind = 'job' AND quarter <= 2024 * 4 + 9"
        " AND source NOT LIKE 'bmo-%' ORDER BY source, quarter DESC) b"
    )
    await connection.close()
    return tuple(row)


async def test_sdmx_reads_the_backtest_and_the_thresholds(publisher: Publisher) -> None:
    accept = {"accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
    path = "/sdmx/v2/data/dataflow/HDF/DF_EMERGENCE_RULE/1.0.0/Q.SURVEY.V1_0_0.*"
    answer = await publisher.client.get(path, headers=accept)
    assert answer.status_code == 200, answer.text
    found = {
        one["MEASURE"]: float(one["OBS_VALUE"]) for one in csv.DictReader(io.StringIO(answer.text))
    }
    rule = RULES[Family.SURVEY]
    assert found == {name.upper(): float(value) for name, value in rule._asdict().items()}
    sheet = f"/sdmx/v2/structure/dataflow/HDF/{FLOW}/1.0.0?references=all"
    structure = (await publisher.client.get(sheet)).json()["data"]
    [described] = structure["dataStructures"]
    dimensions = described["dataStructureComponents"]["dimensionList"]["dimensions"]
    assert [one["id"] for one in dimensions] == ["FREQ", "COUNTED", "EMERGING", "RULE", "MEASURE"]
    assert {"CL_COUNTED", "CL_BACKTEST"} <= {one["id"] for one in structure["codelists"]}
    method = (await publisher.client.get("/v1/emergence/method")).json()
    assert method["indicators"] == [
        *("EMERGENCE_PRECISION", "EMERGENCE_RECALL", "EMERGENCE_LEAD", "EMERGENCE_THRESHOLD")
    ]
    for one in method["indicators"]:
        assert (await publisher.data(one)).status_code in (200, 404)
