"""Files of releases: written once, read in ranges, and never one that shows what is hidden."""

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import duckdb
import httpx
import pyarrow.parquet as pq
import pytest

from observatory.bulk import building, queries, ranges
from observatory.bulk.ranges import Unsatisfiable
from observatory.observations import columnar, formats
from tests.conftest import OpenApp
from tests.harness import Database, anonymous
from tests.observatory.publishing import Publisher, lines, table
from tests.observatory.test_disclosure import Discloser, discloser, world
from tests.observatory.test_disclosure import lines as units_of

__all__ = ["discloser"]

FIRST = [("2A", "C", "2020", 3.0), ("R32", "A", "2019", 1.5), ("R32", "A", "2020", 2.5)]
SECOND = [*FIRST[1:], ("2A", "C", "2020", 4.0), ("D02", "C", "2020", 5.0)]


def address(release: dict[str, Any]) -> str:
    return f"/v1/{release['bulk']}"


def rows(answer: httpx.Response) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200, answer.text
    read = pq.read_table(io.BytesIO(answer.content)).to_pylist()
    names = ("REF_AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE")
    return [tuple(row[each] for each in names) for row in read]


@pytest.fixture(scope="module")
async def releases(publisher: Publisher) -> list[dict[str, Any]]:
    flow = await publisher.flow()
    return [await publisher.release(flow, table(each)) for each in (FIRST, SECOND)]


async def kept(database: Database, release: dict[str, Any]) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        return list(
            await connection.fetch(
                "SELECT * FROM observatory.bulk_file WHERE release = $1", release["id"]
            )
        )
    finally:
        await connection.close()


async def test_s9_each_release_has_a_file_of_the_whole_dataflow(
    publisher: Publisher, releases: list[dict[str, Any]]
) -> None:
    first, second = [await publisher.client.get(address(each)) for each in releases]
    assert rows(first) == FIRST
    assert sorted(rows(second)) == sorted(SECOND)
    assert first.headers["content-type"] == "application/vnd.apache.parquet"
    sha256 = hashlib.sha256(first.content)
    assert first.headers["etag"] == f'"{sha256.hexdigest()}"'
    digest = base64.b64encode(sha256.digest()).decode()
    assert first.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert first.headers["content-length"] == str(len(first.content))
    assert first.headers["content-disposition"].endswith('.parquet"')
    assert "_r1_" in first.headers["content-disposition"]
    told = pq.ParquetFile(io.BytesIO(second.content)).schema_arrow.metadata
    assert (told[b"release"], told[b"licence"]) == (b"2", b"Licence Ouverte 2.0")
    (found,) = (
        duckdb.from_arrow(pq.read_table(io.BytesIO(second.content))).sum("OBS_VALUE").fetchall()
    )
    assert found == (13.0,)


async def test_a_dataflow_tells_its_newest_file_once_it_was_made(publisher: Publisher) -> None:
    flow = await publisher.flow()
    assert (await publisher.client.get(f"/v1/dataflows/{flow}")).json()["bulk"] is None
    draft = publisher.known(await publisher.load(await publisher.draft(flow), table(FIRST)))
    assert draft["bulk"] is None
    release = publisher.known(await publisher.act(draft, "publish"))
    before = (await publisher.client.get(f"/v1/dataflows/{flow}")).json()["bulk"]
    assert before == {"path": release["bulk"], "sha256": None, "bytes": None}
    file = await publisher.client.get(address(release))
    after = (await publisher.client.get(f"/v1/dataflows/{flow}")).json()["bulk"]
    assert after["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert after["bytes"] == len(file.content)
    listed = (await publisher.client.get("/v1/releases", params={"dataflow": flow})).json()
    assert [each["bulk"] for each in listed["items"]] == [release["bulk"]]


async def test_a_file_is_written_once_however_many_ask(
    publisher: Publisher, database: Database
) -> None:
    flow = await publisher.flow()
    release = await publisher.release(flow, table(FIRST))
    answers = await asyncio.gather(*(publisher.client.get(address(release)) for _ in range(5)))
    assert {each.content for each in answers} == {answers[0].content}
    (row,) = await kept(database, release)
    await publisher.client.get(address(release))
    assert [each["number"] for each in await kept(database, release)] == [row["number"]]
    again = await publisher.client.get(
        address(release), headers={"if-none-match": answers[0].headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    head = await publisher.client.head(address(release))
    assert head.headers["content-length"] == str(len(answers[0].content))
    assert head.content == b""


async def test_a_file_is_read_in_ranges_across_its_pieces(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PIECE", 100)
    flow = await publisher.flow()
    path = address(await publisher.release(flow, table(FIRST)))
    whole = (await publisher.client.get(path)).content
    assert rows(await publisher.client.get(path)) == FIRST
    size = len(whole)
    for asked, start, stop in (
        ("bytes=0-3", 0, 4),
        ("bytes=90-310", 90, 311),
        ("bytes=100-199", 100, 200),
        ("bytes=250-", 250, size),
        ("bytes=-8", size - 8, size),
        (f"bytes=-{size * 2}", 0, size),
        (f"bytes=10-{size * 2}", 10, size),
    ):
        answer = await publisher.client.get(path, headers={"range": asked})
        assert answer.status_code == 206, asked
        assert answer.content == whole[start:stop], asked
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert answer.headers["content-length"] == str(stop - start)
    behind = await publisher.client.get(path, headers={"range": f"bytes={size}-"})
    assert (behind.status_code, behind.json()["code"]) == (416, "range-unsatisfiable")
    assert behind.headers["content-range"] == f"bytes */{size}"
    tag = (await publisher.client.head(path)).headers["etag"]
    for condition, status in ((tag, 206), ("*", 206), ('"another"', 412)):
        part = await publisher.client.get(
            path, headers={"range": "bytes=0-3", "if-match": condition}
        )
        assert part.status_code == status, "bytes of two files are never joined"
    for condition, status in ((tag, 206), ('"another"', 200), (f"W/{tag}", 200)):
        part = await publisher.client.get(
            path, headers={"range": "bytes=0-3", "if-range": condition}
        )
        assert part.status_code == status, condition


@pytest.mark.parametrize(
    ("header", "size", "found"),
    [
        (None, 10, None),
        ("bytes=0-0", 10, range(1)),
        ("bytes=3-1", 10, None),
        ("bytes=-", 10, None),
        ("bytes=0-1,4-5", 10, None),
        ("lines=0-1", 10, None),
        ("bytes=+1-2", 10, None),
        ("bytes=9-", 10, range(9, 10)),
        ("bytes=" + "9" * 30 + "-", 10, None),
    ],
)
def test_a_range_is_read_as_rfc_9110_says(
    header: str | None, size: int, found: range | None
) -> None:
    assert ranges.asked(header, size) == found


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=-5", 0)])
def test_a_range_behind_the_end_is_told(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        ranges.asked(header, size)


async def test_what_is_too_large_names_the_file_and_the_estimate(
    publisher: Publisher, releases: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """M7: 413 with the estimate, the cap, and the file of the release that was asked for."""
    monkeypatch.setitem(formats.FORMATS, "json", replace(formats.FORMATS["json"], most=1))
    first, second = releases
    for release, asked in ((second, {}), (first, {"asOf": first["published_at"]})):
        refused = await publisher.data(release["dataflow"], "json", **asked)
        assert refused.status_code == 413
        assert release["bulk"] in refused.json()["detail"]
        assert str(release["observations"]) in refused.json()["detail"]
        told = refused.links["alternate"]
        assert told["url"] == address(release)
        assert told["type"] == "application/vnd.apache.parquet"


async def test_d3_a_cell_that_is_hidden_later_vanishes_from_earlier_files(
    discloser: Discloser, database: Database
) -> None:
    """At the instant of the release that hides it, not before; no stale file is kept or served."""
    client = discloser.publisher.client
    flow = await discloser.flow()
    start = world(D59_J=[10, 12])
    first = await discloser.released(flow, start)
    before = await client.get(address(first))

    def shown(answer: httpx.Response) -> dict[tuple[str, ...], float | None]:
        read = pq.read_table(io.BytesIO(answer.content)).to_pylist()
        return {
            (row["REF_AREA"], row["SECTOR"]): row["OBS_VALUE"]
            for row in read
            if row["FIGURE"] == "EMP"
        }

    assert shown(before)["D02", "A"] == sum(start["D02", "A"])
    now = {**start, ("D02", "A"): [10, 11], ("D80", "M"): [20 + place for place in range(10)]}
    second = await discloser.loaded(flow, now)
    assert await discloser.disclose(second, units_of(now)) == 0
    second = discloser.publisher.known(
        await discloser.publisher.act(second, "publish", {"at": "2099-01-01T00:00:00Z"})
    )
    assert (await client.get(f"/v1/releases/{second['id']}/data.parquet")).status_code == 404
    embargoed = await client.get(address(first))
    assert embargoed.headers["etag"] == before.headers["etag"]
    second = discloser.publisher.known(await discloser.publisher.act(second, "publish"))
    assert await kept(database, first) == [], "it is forgotten, asked for or not"
    after = await client.get(address(first), headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert shown(after)["D02", "A"] is None
    assert shown(await client.get(address(second)))["D02", "A"] is None
    resumed = await client.get(
        address(first), headers={"range": "bytes=0-3", "if-range": before.headers["etag"]}
    )
    assert (resumed.status_code, resumed.content) == (200, after.content)


async def test_a_stale_file_is_not_served_even_where_it_is_still_kept(
    publisher: Publisher, database: Database
) -> None:
    flow = await publisher.flow()
    release = await publisher.release(flow, table(FIRST))
    before = await publisher.client.get(address(release))
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute(
        "UPDATE observatory.bulk_file SET state = 'of yesterday', sha256 = 'x' WHERE release = $1",
        release["id"],
    )
    await connection.close()
    after = await publisher.client.get(address(release))
    assert after.headers["etag"] == before.headers["etag"]
    (row,) = await kept(database, release)
    assert row["state"] != "of yesterday"


async def test_the_values_of_a_withdrawn_release_go_from_the_files_of_later_ones(
    publisher: Publisher, database: Database
) -> None:
    flow = await publisher.flow()
    first = await publisher.release(flow, table(FIRST))
    second = await publisher.release(flow, table(SECOND))
    third = await publisher.release(flow, table([*SECOND, ("75", "J", "2020", 6.0)]))
    for release in (first, second, third):
        assert (await publisher.client.get(address(release))).status_code == 200
    second = publisher.known(await publisher.client.get(f"/v1/releases/{second['id']}"))
    hidden = await publisher.act(second, "withdraw", {"reason": {"fr": "erreur", "en": "error"}})
    assert hidden.json()["bulk"] == second["bulk"]
    assert [len(await kept(database, each)) for each in (first, second, third)] == [1, 0, 0]
    values = {row[:3]: row[3] for row in rows(await publisher.client.get(address(third)))}
    assert values["2A", "C", "2020"] is None
    assert values["75", "J", "2020"] == 6.0
    assert rows(await publisher.client.get(address(first))) == FIRST


async def test_a_file_that_is_not_there_in_time_is_told_and_made_all_the_same(
    publisher: Publisher, database: Database, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await publisher.flow()
    release = await publisher.release(flow, table(FIRST))
    connection = await asyncpg.connect(database.admin_dsn)
    number = await connection.fetchval("SELECT number FROM observatory.flow WHERE id = $1", flow)
    async with connection.transaction():  # another instance is at it
        assert await connection.fetchval(queries.ALONE, number)
        pending = await publisher.client.get(address(release))
    await connection.close()
    assert (pending.status_code, pending.json()["code"]) == (503, "bulk-file-pending")
    assert int(pending.headers["retry-after"]) > 0
    async with open_app("observatory") as client:
        client.headers.update(anonymous("observatory"))
        with monkeypatch.context() as impatient:
            impatient.setattr(building, "PATIENCE_SECONDS", 0.0)
            assert (await client.get(address(release))).status_code == 503
        answer = await client.get(address(release))
        assert rows(answer) == FIRST


async def test_what_fails_in_the_middle_leaves_nothing(
    publisher: Publisher, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> AsyncIterator[bytes]:
        yield b"PAR1" * queries.PIECE
        raise OSError

    release = await publisher.release(await publisher.flow(), table(FIRST))
    with monkeypatch.context() as failing:
        failing.setattr(columnar, "parquet_of", broken)
        assert (await publisher.client.get(address(release))).status_code == 500
    assert await kept(database, release) == []
    assert rows(await publisher.client.get(address(release))) == FIRST


async def test_a_file_holds_what_the_csv_of_that_day_holds(
    publisher: Publisher, releases: list[dict[str, Any]]
) -> None:
    for release in releases:
        read = lines(await publisher.data(release["dataflow"], asOf=release["published_at"]))
        file = await publisher.client.get(address(release))
        assert rows(file) == [
            (row["REF_AREA"], row["SECTOR"], row["TIME_PERIOD"], float(row["OBS_VALUE"]))
            for row in read
        ]


async def test_no_release_no_file(publisher: Publisher) -> None:
    unknown = "/v1/releases/00000000-0000-4000-8000-000000000000/data.parquet"
    answer = await publisher.client.get(unknown)
    assert (answer.status_code, answer.json()["code"]) == (404, "vintage-unknown")
