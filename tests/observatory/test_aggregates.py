"""Aggregates: what they are of, who computes them, what they refuse, and what they never tell."""

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from typing import Any

import duckdb
import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from observatory.aggregates import engine, service
from observatory.aggregates.engine import AggregatesBusy, AggregateTooHeavy, Engine
from observatory.bulk import building
from tests.observatory.publishing import AREAS, SECTORS, Publisher, structures, table
from tests.observatory.test_disclosure import Discloser, discloser, sums, world
from tests.observatory.test_disclosure import lines as units_of

__all__ = ["discloser"]

PERIODS = ("2018", "2019", "2020-Q1", "2020", "2021-03")
ROWS = [
    (area, sector, period, *(("", "M") if place % 13 == 0 else (place * 7 % 23 + 0.5, "A")))
    for place, (area, sector, period) in enumerate(
        (a, s, p) for a in AREAS for s in SECTORS for p in PERIODS
    )
    if place % 11
]
FUNCTIONS: dict[str, Callable[[list[float]], float]] = {
    "mean": fmean,
    "sum": sum,
    "min": min,
    "max": max,
    "count": len,
}


def data(rows: list[tuple[Any, ...]]) -> bytes:
    return table(rows, "OBS_STATUS")


@contextmanager
def by_duckdb() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(service, "MOST_ROWS", -1)
        yield


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = await publisher.flow()
    await publisher.release(made, data(ROWS[:40]))
    await publisher.release(made, data(ROWS))
    return made


async def asked(publisher: Publisher, flow: str, suffix: str = "json", **more: Any) -> Any:
    return await publisher.client.get(f"/v1/indicators/{flow}/aggregate.{suffix}", params=more)


async def both(publisher: Publisher, flow: str, **more: Any) -> list[dict[str, Any]]:
    """Return the groups, which are the same from PostgreSQL and from DuckDB."""
    answer = await asked(publisher, flow, **more)
    assert answer.status_code == 200, answer.text
    with by_duckdb():
        other = await asked(publisher, flow, **more)
    assert other.json() == answer.json()
    groups: list[dict[str, Any]] = answer.json()["groups"]
    return groups


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    found: str = answer.json()["code"]
    return found


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_an_aggregate_is_that_of_the_rows(
    publisher: Publisher, flow: str, function: str
) -> None:
    expected: dict[str, list[float]] = defaultdict(list)
    for _, sector, _, value, _ in ROWS:
        if value != "":
            expected[sector].append(float(value))
    groups = await both(publisher, flow, function=function, by="SECTOR")
    assert [each["key"]["SECTOR"] for each in groups] == sorted(expected)
    for each in groups:
        values = expected[each["key"]["SECTOR"]]
        assert each["value"] == pytest.approx(FUNCTIONS[function](values), rel=1e-11)
        cells = [row for row in ROWS if row[1] == each["key"]["SECTOR"]]
        assert (each["n"], each["missing"]) == (len(values), len(cells) - len(values))
        assert each["suppressed"] == 0


async def test_without_groups_there_is_one_and_it_may_be_of_nothing(
    publisher: Publisher, flow: str
) -> None:
    (whole,) = await both(publisher, flow, function="count")
    assert (whole["key"], whole["value"]) == ({}, sum(row[3] != "" for row in ROWS))
    (nothing,) = await both(publisher, flow, function="mean", **{"c[REF_AREA]": "NOWHERE"})
    assert nothing == {"key": {}, "value": None, "n": 0, "missing": 0, "suppressed": 0}
    assert await both(publisher, flow, function="sum", by="SECTOR", startPeriod="2050") == []


def _one_of(name: str, values: list[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values)})


SELECTIONS = st.tuples(
    _one_of("c[REF_AREA]", ["2A,75", "ne:R32", "sw:D", "nc:3", "ew:2,FR", "gt:75", "co:0+ne:D02"]),
    _one_of("c[SECTOR]", ["A", "A,J"]),
    _one_of("c[TIME_PERIOD]", ["2020", "co:Q", "ne:2018", "gt:2019"]),
    _one_of("startPeriod", ["2019", "2020-02"]),
    _one_of("endPeriod", ["2020", "2020-06"]),
    _one_of("c[OBS_VALUE]", ["gt:9", "lt:5,ge:12", "ne:0.5"]),
    _one_of("c[OBS_STATUS]", ["A", "ne:A"]),
    st.sampled_from([{}, {"firstN": "1"}, {"lastN": "2"}, {"firstN": "1", "lastN": "1"}]),
    st.sampled_from([{}, {}, {"mrnev": "1", "firstN": None, "lastN": None}]),
    _one_of("by", ["REF_AREA", "SECTOR,TIME_PERIOD", "TIME_PERIOD", "REF_AREA,SECTOR"]),
    st.sampled_from([{"function": each} for each in FUNCTIONS]),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=SELECTIONS)
@example(parts=({"function": "sum", "lastN": "2"},))
@example(parts=({"function": "sum", "firstN": "1", "lastN": "1", "startPeriod": "2019"},))
@example(parts=({"function": "sum", "mrnev": "1", "by": "REF_AREA"},))
@example(parts=({"function": "sum", "c[COLOUR]": "RED"},))
@example(parts=({"function": "sum", "c[OBS_VALUE]": "many"},))
@example(parts=({"function": "count", "c[OBS_STATUS]": "M", "by": "SECTOR"},))
async def test_postgresql_and_duckdb_give_the_same_answer(
    publisher: Publisher, flow: str, parts: tuple[dict[str, str | None], ...]
) -> None:
    query = {key: value for each in parts for key, value in each.items()}
    query = {key: value for key, value in query.items() if value is not None}
    await both(publisher, flow, **query)


async def test_an_aggregate_is_of_the_release_that_is_asked_for(
    publisher: Publisher, flow: str
) -> None:
    releases = (await publisher.client.get("/v1/releases", params={"dataflow": flow})).json()
    first = releases["items"][-1]["published_at"]
    (then,) = await both(publisher, flow, function="count", asOf=first)
    assert then["n"] + then["missing"] == 40
    (never,) = (await asked(publisher, flow, function="max", asOf="2001-01-01")).json()["groups"]
    assert (never["value"], never["n"]) == (None, 0)


async def test_a_copy_that_is_still_right_is_not_computed_again(
    publisher: Publisher, flow: str
) -> None:
    question = {"function": "mean", "by": "SECTOR"}
    answer = await asked(publisher, flow, **question)
    path = f"/v1/indicators/{flow}/aggregate.json"
    kept = {"if-none-match": answer.headers["etag"]}
    again = await publisher.client.get(path, params=question, headers=kept)
    assert (again.status_code, again.content) == (304, b"")
    for other in ({"function": "max"}, {"by": "REF_AREA"}, {"lang": "en"}, {"lastN": "1"}):
        differs = await publisher.client.get(path, params=question | other, headers=kept)
        assert differs.status_code == 200, other


async def test_an_aggregate_says_what_it_is_of_in_the_language_asked(
    publisher: Publisher, flow: str
) -> None:
    french = (await asked(publisher, flow, function="mean")).json()
    assert (french["name"], french["unit"], french["release"]["ordinal"]) == (
        "Emplois", "emplois", 2,
    )  # fmt: skip
    assert "secret statistique" in french["note"]
    assert "pondération" in french["note"]
    english = (await asked(publisher, flow, function="sum", lang="en")).json()
    assert "disclosure control" in english["note"]
    assert "unweighted" not in english["note"]
    lines = await asked(publisher, flow, "csv", function="sum", by="SECTOR")
    assert lines.headers["content-type"].startswith("text/csv")
    assert [
        (row["SECTOR"], float(row["SUM"]), int(row["N"]))
        for row in csv.DictReader(io.StringIO(lines.text))
    ] == [
        (each["key"]["SECTOR"], each["value"], each["n"])
        for each in (await asked(publisher, flow, function="sum", by="SECTOR")).json()["groups"]
    ]


async def test_d_no_difference_of_aggregates_tells_a_hidden_cell(discloser: Discloser) -> None:
    """§7 D, invariant 6: hidden in every vintage and by whichever engine, so in no aggregate."""
    publisher = discloser.publisher
    flow = await discloser.flow()
    start = world()
    first = await discloser.released(flow, start)
    jobs = {"c[FIGURE]": "EMP", "c[SECTOR]": "A", "c[REF_AREA]": "D02,D59,D60,D62,D80"}
    (before,) = await both(publisher, flow, function="sum", **jobs)
    areas = ("D02", "D59", "D60", "D62", "D80")
    assert before["value"] == sum(sums(start)[area, "A"] for area in areas)
    now = {**start, ("D02", "A"): [10, 11]}
    second = await discloser.loaded(flow, now, "2026")
    assert await discloser.disclose(second, units_of(now, "2026")) == 0
    publisher.known(await publisher.act(second, "publish"))
    for more in ({}, {"asOf": first["published_at"]}):
        year = "2026" if not more else "2025"
        this_year = jobs | more | {"startPeriod": year, "endPeriod": year}
        shown = {
            row["REF_AREA"]: row["OBS_VALUE"]
            for row in (await publisher.data(flow, "json", **this_year)).json()["observations"]
        }
        hidden = [area for area, value in shown.items() if value is None]
        if not more:
            assert "D02" in hidden
            assert len(hidden) > 1, "and a second one, or the total of the sector would tell it"
        for function in ("sum", "mean", "min", "max", "count"):
            (all_,) = await both(publisher, flow, function=function, **this_year)
            rest = ",".join(area for area in areas if area not in hidden)
            (without,) = await both(
                publisher, flow, function=function, **(this_year | {"c[REF_AREA]": rest})
            )
            assert all_["value"] == without["value"], function
            assert all_["suppressed"] == len(hidden)
            assert (all_["n"], without["suppressed"]) == (without["n"], 0)
        for area in hidden:
            (alone,) = await both(
                publisher, flow, function="sum", **(this_year | {"c[REF_AREA]": area})
            )
            assert (alone["value"], alone["n"], alone["suppressed"]) == (None, 0, 1)
        tests = {"c[OBS_VALUE]": f"le:{1e9}"}
        (found,) = await both(publisher, flow, function="count", **this_year, **tests)
        assert found["suppressed"] == 0, "no test of a value finds what is hidden"


async def test_the_values_of_a_withdrawn_release_leave_the_aggregates(
    publisher: Publisher,
) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table([("2A", "A", "2020", 1.0)]))
    second = await publisher.release(flow, table([("2A", "C", "2020", 5.0)]), "partial")
    assert (await both(publisher, flow, function="sum"))[0]["value"] == 6.0
    await publisher.act(second, "withdraw", {"reason": {"fr": "erreur", "en": "error"}})
    (left,) = await both(publisher, flow, function="sum")
    assert (left["value"], left["n"], left["missing"]) == (1.0, 1, 1)


MALFORMED: dict[str, dict[str, Any]] = {
    "component-unknown": {"by": "REF_AREA,COLOUR"},
    "component-twice": {"by": "REF_AREA,REF_AREA"},
    "not-for-aggregates": {"includeHistory": "true"},
    "attribute-untold": {"c[SE]": "gt:1"},
    "period-malformed": {"startPeriod": "20-20"},
}


async def test_a_result_beyond_the_largest_number_is_told(publisher: Publisher) -> None:
    flow = await publisher.flow()
    largest = [("R32", "A", "2020", 1.7e308, "A"), ("R32", "J", "2020", 1.7e308, "A")]
    await publisher.release(flow, data(largest))
    assert refusal(await asked(publisher, flow, function="mean")) == "aggregate-out-of-range"
    with by_duckdb():
        assert refusal(await asked(publisher, flow, function="sum")) == "aggregate-out-of-range"


@pytest.mark.parametrize("code", MALFORMED)
async def test_what_no_aggregate_takes_is_told(publisher: Publisher, flow: str, code: str) -> None:
    answer = await asked(publisher, flow, function="mean", **MALFORMED[code])
    assert refusal(answer) == "selection-invalid"
    assert [each["code"] for each in answer.json()["errors"]] == [code]


async def test_everything_that_an_aggregate_does_not_take_is_told_at_once(
    publisher: Publisher, flow: str
) -> None:
    more = {"initial": "true", "limit": "5", "labels": "both", "by": ""}
    answer = await asked(publisher, flow, function="mean", **more)
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/initial", "/limit", "/labels", "/by",
    }  # fmt: skip
    assert (await asked(publisher, flow)).status_code == 422
    assert (await asked(publisher, flow, function="median")).status_code == 422
    assert (await asked(publisher, flow, function="mean", colour="red")).status_code == 400
    unknown = await asked(publisher, "NOTHING", function="mean")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "indicator-unknown")


@pytest.mark.parametrize(
    ("french", "english"), [("%", "%"), ("fraction, de 0 à 1", "share"), ("taux", "rate")]
)
async def test_a_relative_unit_has_no_sum(publisher: Publisher, french: str, english: str) -> None:
    made = structures("T")["indicators"][0]
    flow = await publisher.flow()
    relative = {**made, "id": f"{flow}_R", "dataflow": f"{flow}(1.0.0)"}
    relative["unit"] = {"fr": french, "en": english}
    assert (await publisher.publish({"indicators": [relative]})).status_code == 200
    await publisher.release(flow, data(ROWS[:5]))
    refused = await asked(publisher, f"{flow}_R", function="sum")
    assert refusal(refused) == "not-additive"
    assert french in refused.json()["detail"]
    for function in ("mean", "min", "max", "count"):
        assert (await asked(publisher, f"{flow}_R", function=function)).status_code == 200
    assert (await asked(publisher, flow, function="sum")).status_code == 200


async def test_a_ratio_has_no_sum_and_a_whole_is_not_added_to_its_parts(
    discloser: Discloser,
) -> None:
    publisher = discloser.publisher
    flow = await discloser.flow()
    await discloser.released(flow, world())
    refused = await asked(publisher, flow, function="sum", by="REF_AREA,SECTOR,FIGURE")
    assert refusal(refused) == "not-additive"
    assert "FIGURE=MEAN" in refused.json()["detail"]
    jobs = {"c[FIGURE]": "EMP", "function": "sum"}
    twice = await asked(publisher, flow, by="SECTOR", **jobs)
    assert refusal(twice) == "not-additive"
    assert "R32" in twice.json()["detail"]
    assert len(await both(publisher, flow, by="REF_AREA,SECTOR", **jobs)) == 30
    parts = {"c[REF_AREA]": "ne:R32", "c[SECTOR]": "T"}
    (total,) = await both(publisher, flow, **jobs, **parts)
    assert total["value"] == sums(world())["R32", "T"]


async def test_too_many_groups_are_told(
    publisher: Publisher, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_GROUPS", 2)
    answer = await asked(publisher, flow, function="mean", by="SECTOR")
    assert refusal(answer) == "groups-too-many"


async def test_a_file_that_is_not_there_yet_is_waited_for_elsewhere(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, data(ROWS[:9]))
    with by_duckdb():
        with monkeypatch.context() as impatient:
            impatient.setattr(building, "PATIENCE_SECONDS", 0.0)
            pending = await asked(publisher, flow, function="mean")
        assert (pending.status_code, pending.json()["code"]) == (503, "bulk-file-pending")
        assert (await asked(publisher, flow, function="mean")).status_code == 200


LONG = "SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range % 7 = b.range"

LARGE = "SELECT count(DISTINCT range) FROM range(50000000)"


async def no_pieces() -> AsyncIterator[bytes]:
    yield b"no parquet"


@pytest.fixture
async def duck() -> AsyncIterator[Engine]:
    made = Engine()
    yield made
    await made.close()


async def test_a_question_that_takes_too_long_or_too_much_is_ended(
    duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(engine, "SECONDS", 0.05)
        with pytest.raises(AggregateTooHeavy):
            await duck.rows("a", no_pieces, f"{LONG} AND $1 <> ''", [None])
    with pytest.raises(AggregateTooHeavy):
        await duck.rows(
            "a",
            no_pieces,
            "SELECT count(DISTINCT range) FROM range(50000000) WHERE $1 <> ''",
            [None],
        )
    assert await duck.rows("a", no_pieces, "SELECT 1 WHERE $1 <> ''", [None]) == [(1,)]


async def test_who_leaves_ends_their_question_and_no_more_wait_than_may(
    duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAITING", 1)
    left = asyncio.create_task(duck.rows("a", no_pieces, f"{LONG} AND $1 <> ''", [None]))
    await asyncio.sleep(0)
    with pytest.raises(AggregatesBusy):
        await duck.rows("a", no_pieces, "SELECT 1", [None])
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    assert await duck.rows("a", no_pieces, "SELECT 1 WHERE $1 <> ''", [None]) == [(1,)]


async def test_duckdb_sees_no_other_file_and_keeps_few(
    duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sql in (
        "SELECT * FROM read_csv('/etc/passwd') WHERE $1 <> ''",
        "SELECT * FROM glob('/etc/*') WHERE $1 <> ''",
        "SELECT * FROM read_parquet('https://example.org/x.parquet') WHERE $1 <> ''",
    ):
        with pytest.raises(duckdb.Error):
            await duck.rows("a", no_pieces, sql, [None])
    monkeypatch.setattr(engine, "KEPT_BYTES", 15)
    ((first,),) = await duck.rows("a", no_pieces, "SELECT $1", [None])
    ((second,),) = await duck.rows("b", no_pieces, "SELECT $1", [None])
    text = "SELECT content::text FROM read_blob($1)"
    assert await duck.rows("b", no_pieces, text, [None]) == [("no parquet",)]
    assert second != first
    assert not await asyncio.to_thread(Path(first).exists)
    await duck.close()
    assert not await asyncio.to_thread(Path(second).exists)
