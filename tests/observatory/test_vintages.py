"""Figures as they were known: asOf, includeHistory, updatedAfter, on one release ordinal."""

import csv
import io
import random
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.observatory.publishing import AREAS, SECTORS, Publisher, lines, name, table

Cell = tuple[str, str, str]


def archived(cells: dict[Cell, float], order: dict[tuple[str, str], int]) -> bytes:
    """Write the file of a release as an archive would have it, without asking the service."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    told = ["OBS_STATUS", "METHOD_VERSION", "UNIT_MEASURE"]
    writer.writerow(["REF_AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE", *told])
    for cell in sorted(cells, key=lambda cell: (order[cell[:2]], cell[2])):
        value = repr(cells[cell]).removesuffix(".0")
        writer.writerow([*cell, value, "A", "count/1.0.0", "JOBS"])
    return text.getvalue().encode()


def cell(row: dict[str, str]) -> Cell:
    return row["REF_AREA"], row["SECTOR"], row["TIME_PERIOD"]


class Story:
    """Five releases of one flow, with the file of each."""

    def __init__(self, flow: str) -> None:
        self.flow = flow
        self.releases: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        self.cells: list[dict[Cell, float]] = []


@pytest.fixture(scope="module")
async def story(publisher: Publisher) -> Story:
    """Publish R1 to R5: insertions, revisions, deletions, and a cell that comes back."""
    chance = random.Random(5)  # noqa: S311  # a reproducible story
    told = Story(await publisher.flow())
    grid = [(a, s, str(y)) for a in AREAS for s in SECTORS for y in range(2019, 2023)]
    cells = {cell: round(chance.random() * 1000, 2) for cell in grid[::2]}
    order: dict[tuple[str, str], int] = {}
    for number in range(5):
        if number:
            for cell in chance.sample(sorted(cells), 6):
                cells[cell] = round(chance.random() * 1000, 2)
            for cell in chance.sample(sorted(cells), 4):
                del cells[cell]
            for cell in chance.sample(grid, 8):
                cells.setdefault(cell, round(chance.random() * 1000, 2))
        for key in sorted({cell[:2] for cell in cells}):
            order.setdefault(key, len(order))
        rows = [(*cell, value) for cell, value in cells.items()]
        chance.shuffle(rows)
        told.releases.append(await publisher.release(told.flow, table(rows)))
        told.files.append(archived(cells, order))
        told.cells.append(dict(cells))
    return told


async def test_t1_as_of_a_release_is_its_archived_file_byte_for_byte(
    publisher: Publisher, story: Story
) -> None:
    for release, file in zip(story.releases, story.files, strict=True):
        answer = await publisher.data(story.flow, asOf=release["published_at"])
        assert answer.content == file
    assert (await publisher.data(story.flow)).content == story.files[-1]


async def test_between_two_releases_the_older_is_what_was_known(
    publisher: Publisher, story: Story
) -> None:
    second, third = (story.releases[n]["published_at"] for n in (1, 2))
    between = (datetime.fromisoformat(third) - timedelta(microseconds=1)).isoformat()
    assert datetime.fromisoformat(second) < datetime.fromisoformat(between)
    assert (await publisher.data(story.flow, asOf=between)).content == story.files[1]
    before = (await publisher.data(story.flow, asOf="2020-01-01")).text
    assert before.count("\n") == 1, "nothing was known"
    today = (await publisher.data(story.flow, asOf="9999-12-31")).content
    assert today == story.files[-1]


async def test_t3_history_tells_every_version_with_its_interval(
    publisher: Publisher, story: Story
) -> None:
    """Half-open intervals: no two versions of a cell overlap, and replaying them gives each Rn."""
    rows = lines(await publisher.data(story.flow, includeHistory="true"))
    assert {row["ACTION"] for row in rows} == {"R", "D"}
    assert all((row["OBS_VALUE"] == "") == (row["ACTION"] == "D") for row in rows)
    for release, cells in zip(story.releases, story.cells, strict=True):
        instant = datetime.fromisoformat(release["published_at"])
        live = {
            cell(row): float(row["OBS_VALUE"])
            for row in rows
            if row["ACTION"] == "R"
            and datetime.fromisoformat(row["VALID_FROM"]) <= instant
            and (not row["VALID_TO"] or instant < datetime.fromisoformat(row["VALID_TO"]))
        }
        assert live == cells
    ends: dict[Cell, str] = {}
    for row in rows:
        assert ends.setdefault(cell(row), row["VALID_FROM"]) == row["VALID_FROM"], "no overlap"
        ends[cell(row)] = row["VALID_TO"]
    assert set(ends.values()) == {""}, "one live version of each cell"


@pytest.mark.parametrize("more", [{}, {"c[SECTOR]": "C"}, {"updatedAfter": "2020-01-01"}])
async def test_t3_a_history_is_read_in_pages_too(
    publisher: Publisher, story: Story, more: dict[str, str]
) -> None:
    """A page may end between two versions of one cell."""
    asked: dict[str, Any] = {"includeHistory": "true", **more}
    whole = lines(await publisher.data(story.flow, **asked))
    found: list[dict[str, str]] = []
    answer = await publisher.data(story.flow, **asked, limit=7)
    while True:
        page = lines(answer)
        found += page
        if "next" not in answer.links:
            break
        assert len(page) == 7
        cursor = httpx.QueryParams(answer.links["next"]["url"][1:])
        answer = await publisher.data(story.flow, **dict(cursor))
    assert found == whole
    assert len(whole) > 7
    mixed = await publisher.data(story.flow, limit=7, after=cursor["after"])
    assert (mixed.status_code, mixed.json()["code"]) == (400, "cursor-refused")


async def test_s11_the_initial_view_gives_each_value_as_it_first_appeared(
    publisher: Publisher, story: Story
) -> None:
    """As ALFRED's output_type 4; what was known only later is not in it."""
    first: dict[Cell, tuple[float, str]] = {}
    for release, cells in zip(story.releases, story.cells, strict=True):
        for key, value in cells.items():
            first.setdefault(key, (value, release["published_at"]))
    for parameters, until in (
        ({}, story.releases[-1]["published_at"]),
        ({"asOf": story.releases[1]["published_at"]}, story.releases[1]["published_at"]),
    ):
        rows = lines(await publisher.data(story.flow, initial="true", **parameters))
        assert {cell(row): float(row["OBS_VALUE"]) for row in rows} == {
            key: value for key, (value, at) in first.items() if at <= until
        }
        for row in rows:
            told, known = row["VALID_FROM"], first[cell(row)][1]
            assert datetime.fromisoformat(told) == datetime.fromisoformat(known)
    whole = lines(await publisher.data(story.flow, "csv", initial="true"))
    page = await publisher.data(story.flow, initial="true", limit=len(whole) - 1)
    after = dict(httpx.QueryParams(page.links["next"]["url"][1:]))
    assert lines(page) + lines(await publisher.data(story.flow, **after)) == whole


async def test_s10_the_most_recent_values_skip_periods_without_one(publisher: Publisher) -> None:
    flow = await publisher.flow()
    rows = [
        *(("R32", "A", str(year), float(year), "A") for year in (2018, 2019, 2020)),
        *(("R32", "A", str(year), "", "M") for year in (2021, 2022)),
        ("FR", "A", "2021", "", "M"),
    ]
    await publisher.release(flow, table(rows, "OBS_STATUS"))
    found = lines(await publisher.data(flow, mrnev=2))
    assert [(row["REF_AREA"], row["TIME_PERIOD"]) for row in found] == [
        ("R32", "2019"),
        ("R32", "2020"),
    ]
    last = lines(await publisher.data(flow, lastN=1))
    assert {row["TIME_PERIOD"] for row in last} == {"2022", "2021"}, "lastN counts empty ones"
    filled = {
        (row["REF_AREA"], row["TIME_PERIOD"]): (row["OBS_VALUE"], row["FILLED_FROM"])
        for row in lines(await publisher.data(flow, gapfill="true", lastN=3))
    }
    assert filled == {
        ("R32", "2020"): ("2020", ""),
        ("R32", "2021"): ("2020", "2020"),
        ("R32", "2022"): ("2020", "2020"),
        ("FR", "2021"): ("", ""),
    }
    with_json = await publisher.data(flow, "json", mrnev=1, endPeriod="2019")
    assert [each["TIME_PERIOD"] for each in with_json.json()["observations"]] == ["2019"]


async def test_what_changed_since_a_release_makes_its_file_the_newest(
    publisher: Publisher, story: Story
) -> None:
    """Invariant 4: by publication, and deletions appear."""
    for release, cells in zip(story.releases, story.cells, strict=True):
        since = release["published_at"]
        rows = lines(await publisher.data(story.flow, updatedAfter=since))
        updated = dict(cells)
        for row in rows:
            if row["ACTION"] == "D":
                del updated[cell(row)]
            else:
                assert updated.get(cell(row)) != float(row["OBS_VALUE"]), "it did change"
                updated[cell(row)] = float(row["OBS_VALUE"])
        assert updated == story.cells[-1]


async def test_the_difference_of_each_release_is_counted(story: Story) -> None:
    before: dict[Cell, float] = {}
    for release, cells in zip(story.releases, story.cells, strict=True):
        both = before.keys() & cells.keys()
        moved = [abs(cells[each] - before[each]) for each in both if cells[each] != before[each]]
        assert release["diff"] == {
            "added": len(cells.keys() - before.keys()),
            "revised": len(moved),
            "deleted": len(before.keys() - cells.keys()),
            "max_delta": pytest.approx(max(moved)) if moved else None,
        }
        assert release["observations"] == len(cells)
        assert release["series"] == len({each[:2] for each in cells})
        before = cells


async def test_a_withdrawn_release_shows_its_reason_and_none_of_its_values(
    publisher: Publisher,
) -> None:
    flow = await publisher.flow()
    first = [("R32", "A", "2020", 1.0), ("R32", "C", "2020", 2.0)]
    await publisher.release(flow, table(first))
    second = await publisher.release(flow, table([("R32", "A", "2020", 9.0), first[1]]))
    before = await publisher.data(flow)
    hidden = await publisher.act(second, "withdraw", {"reason": {"fr": "erreur", "en": "error"}})
    assert hidden.json()["state"] == "withdrawn"
    assert hidden.json()["outcome"]["en"] == "error"
    after = await publisher.data(flow)
    assert [(row["OBS_VALUE"], row["OBS_STATUS"]) for row in lines(after)] == [
        ("", "O"),
        ("2", "A"),
    ]
    assert after.headers["etag"] != before.headers["etag"]
    history = lines(await publisher.data(flow, includeHistory="true"))
    assert [row["OBS_VALUE"] for row in history] == ["1", "", "2"]
    greedy = await publisher.data(flow, **{"c[OBS_VALUE]": "gt:5"})
    assert lines(greedy) == [], "a hidden value cannot be searched for"
    again = await publisher.act(publisher.known(hidden), "withdraw", {"reason": name("x")})
    assert (again.status_code, again.json()["code"]) == (409, "release-settled")


async def test_a_value_of_another_method_is_another_version(publisher: Publisher) -> None:
    """Invariant 10: a change of method is told apart, also where the figure stays."""
    flow = await publisher.flow()
    rows = table([("R32", "A", "2020", 1.0)])
    await publisher.release(flow, rows)
    moved = await publisher.release(flow, rows, method="count/2.0.0", reason="method")
    assert (moved["diff"]["revised"], moved["diff"]["max_delta"]) == (1, 0.0)
    versions = lines(await publisher.data(flow, includeHistory="true"))
    assert [row["METHOD_VERSION"] for row in versions] == ["count/1.0.0", "count/2.0.0"]
