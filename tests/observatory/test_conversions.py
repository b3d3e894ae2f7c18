"""B8: figures as they were known at an instant, in the vintage of a classification asked for."""

from collections import defaultdict
from math import fsum, isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.conversions import arithmetic
from observatory.conversions.arithmetic import Cell
from tests.observatory.publishing import Publisher, codes, name, table
from tests.observatory.test_disclosure import Discloser, discloser, world

__all__ = ["discloser"]

LINKS = {"A": [("N", 1.0)], "B": [("N", 1.0)], "C": [("C1", 0.25), ("C2", 0.75)]}


def cell(code: str, value: float | None, status: str | None = "A", **terms: float) -> Cell:
    return Cell(code, value, status, **terms)


def told(cells: list[Cell], *, is_ratio: bool = False) -> dict[str, Any]:
    return {
        each.code: (each.value, each.status, each.is_estimated, list(each.missing))
        for each in arithmetic.convert(cells, LINKS, is_ratio=is_ratio)
    }


def test_what_is_merged_adds_up_and_what_is_split_is_an_estimate() -> None:
    assert told([cell("A", 1), cell("B", 2), cell("C", 4)]) == {
        "N": (3, "A", False, []),
        "C1": (1, "E", True, []),
        "C2": (3, "E", True, []),
    }


def test_a_part_without_a_figure_is_told_and_makes_an_estimate() -> None:
    assert told([cell("A", 1)]) == {"N": (1, "E", True, ["B"])}


@pytest.mark.parametrize("status", ["Q", "O", None])
def test_a_part_that_is_hidden_hides_what_contains_it_and_nothing_else(status: str) -> None:
    found = told([cell("A", None, status), cell("B", 2), cell("C", 4)])
    assert found["N"][0] is None
    assert found["N"][1] == (status or "A")
    assert (found["C1"][0], found["C2"][0]) == (1, 3)


def test_the_gravest_status_of_the_parts_is_that_of_the_whole() -> None:
    assert told([cell("A", 1, "P"), cell("B", 2)])["N"][1] == "P"
    assert told([cell("A", 1, "X"), cell("B", 2, "Y")])["N"][1] == "X"
    assert told([cell("A", 1, None), cell("B", 2, None)])["N"][1] is None


def test_a_ratio_is_that_of_the_sums_and_never_a_mean_of_ratios() -> None:
    some = cell("A", 0.5, numerator=1, denominator=2)
    more = cell("B", 0.1, numerator=1, denominator=10)
    assert told([some, more], is_ratio=True)["N"][0] == pytest.approx(2 / 12)
    hidden = cell("A", None, "Q", numerator=1, denominator=2)
    assert told([hidden, more], is_ratio=True)["N"][0] is None
    nothing = cell("A", 0, numerator=0, denominator=0)
    assert told([nothing, cell("B", 0, numerator=0, denominator=0)], is_ratio=True)["N"][0] is None


def test_a_code_that_the_table_does_not_know_is_named() -> None:
    assert arithmetic.unknown([cell("Z", 1), cell("A", 1)], LINKS) == ["Z"]


_NUMBERS = st.floats(-1e12, 1e12)
_SHARES = st.lists(st.integers(1, 1000), min_size=1, max_size=6)


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.tuples(_NUMBERS, _SHARES), min_size=1))
def test_totals_are_kept_to_1e_9(given_: dict[str, tuple[float, list[int]]]) -> None:
    links = {
        code: [(f"T{place}", share / sum(shares)) for place, share in enumerate(shares)]
        for code, (_, shares) in given_.items()
    }
    cells = [cell(code, value) for code, (value, _) in given_.items()]
    found = arithmetic.convert(cells, links, is_ratio=False)
    before = fsum(value for value, _ in given_.values())
    after = fsum(each.value for each in found if each.value is not None)
    size = fsum(abs(value) for value, _ in given_.values())
    assert isclose(before, after, rel_tol=1e-9, abs_tol=1e-9 * size)


OLD = [("R32", "A", "2020", 10.0), ("D02", "A", "2020", 4.0), ("D59", "A", "2020", 2.0)]
NEW = [("R32", "A", "2020", 11.0), *OLD[1:], ("2A", "A", "2020", 8.0), ("75", "C", "2020", 1.0)]
MAPPED = [
    ("R32", "HDF", 1.0),
    ("D02", "HDF", 1.0),
    ("D59", "EAST", 0.25),
    ("D59", "WEST", 0.75),
    ("2A", "2A", 1.0),
]


def to(flow: str, version: str = "2.0.0") -> str:
    return f"CL_{flow}_AREA({version})"


async def tabled(publisher: Publisher, flow: str, mapped: list[tuple[str, str, float]]) -> None:
    """Publish the next vintage of the areas, and the table that leads to it."""
    targets = dict.fromkeys(target for _, target, _ in mapped)
    listed = {"id": f"CL_{flow}_AREA", "version": "2.0.0", "name": name("areas, later")}
    answer = await publisher.publish(
        {
            "codelists": [{**listed, "codes": codes(*targets)}],
            "code_maps": [
                {
                    "id": f"CM_{flow}",
                    "name": name("table"),
                    "source": to(flow, "1.0.0"),
                    "target": to(flow),
                    "basis": "population of 2020",
                    "mappings": [
                        {"source": source, "target": target, "weight": weight}
                        for source, target, weight in mapped
                    ],
                }
            ],
        }
    )
    assert answer.status_code == 200, answer.text


async def converted(publisher: Publisher, indicator: str, **asked: Any) -> dict[str, Any]:
    answer = await publisher.client.get(f"/v1/indicators/{indicator}/converted", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    flow = await publisher.flow()
    await tabled(publisher, flow, MAPPED)
    for rows in (OLD, NEW):
        await publisher.release(flow, table(rows))
    return flow


async def test_b8_figures_are_read_in_two_times_with_the_weights_of_the_table(
    publisher: Publisher, flow: str
) -> None:
    asked = {"to": to(flow), "c[SECTOR]": "A"}
    now = await converted(publisher, flow, **asked)
    releases = (await publisher.client.get(f"/v1/releases?dataflow={flow}")).json()["items"]
    then = await converted(publisher, flow, **asked, asOf=releases[1]["published_at"])
    values = [
        {each["key"]["REF_AREA"]: each["value"] for each in body["observations"]}
        for body in (then, now)
    ]
    assert values == [
        {"HDF": 14.0, "EAST": 0.5, "WEST": 1.5},
        {"HDF": 15.0, "EAST": 0.5, "WEST": 1.5, "2A": 8.0},
    ]
    assert [body["release"]["ordinal"] for body in (then, now)] == [1, 2]
    assert now["conversion"] == {
        "table": f"urn:sdmx:org.sdmx.infomodel.structuremapping.RepresentationMap=HDF:CM_{flow}"
        "(1.0.0)",
        "basis": "population of 2020",
        "dimension": "REF_AREA",
        "source": f"HDF:{to(flow, '1.0.0')}",
        "target": f"HDF:{to(flow)}",
        "estimated": 2,
        "hidden": 0,
    }
    (east,) = [each for each in now["observations"] if each["key"]["REF_AREA"] == "EAST"]
    assert east["parts"] == [{"code": "D59", "weight": 0.25, "value": 2.0}]
    assert (east["estimated"], east["status"], east["period"]) == (True, "E", "2020")
    less = await converted(publisher, flow, **asked, **{"c[REF_AREA]": "D02"})
    (left,) = less["observations"]
    assert (left["value"], left["estimated"], left["missing"]) == (4.0, True, ["R32"])


async def test_the_tag_is_of_the_release_and_the_table(publisher: Publisher, flow: str) -> None:
    address = f"/v1/indicators/{flow}/converted"
    asked = {"to": to(flow), "c[SECTOR]": "A"}
    first = await publisher.client.get(address, params=asked)
    again = await publisher.client.get(
        address, params=asked, headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    figures = await publisher.data(flow, "json", **{"c[SECTOR]": "A"})
    assert figures.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, None),
        ({"to": "CL_NAF(2.1.0)"}, 404, "conversion-unknown"),
        ({"to": "nonsense"}, 404, "conversion-unknown"),
        ({"to": "CL_{flow}_AREA(1.0.0)"}, 404, "conversion-unknown"),
        ({"to": "CL_{flow}_AREA(2.0.0)"}, 409, "conversion-incomplete"),
        *(
            ({"to": "CL_{flow}_AREA(2.0.0)", **cut}, 422, "selection-invalid")
            for cut in (
                {"c[OBS_VALUE]": "gt:1"},
                {"lastN": "1"},
                {"initial": "true"},
                {"includeHistory": "true"},
                {"labels": "name"},
            )
        ),
    ],
)
async def test_what_has_no_table_or_would_lose_figures_is_refused(
    publisher: Publisher, flow: str, asked: dict[str, str], status: int, code: str | None
) -> None:
    parameters = {name: value.format(flow=flow) for name, value in asked.items()}
    answer = await publisher.client.get(f"/v1/indicators/{flow}/converted", params=parameters)
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code
    if code == "conversion-incomplete":
        assert "75" in answer.json()["detail"]


async def test_a_hidden_cell_hides_what_contains_it_in_every_vintage(
    discloser: Discloser,
) -> None:
    flow, publisher = await discloser.flow(), discloser.publisher
    kept = [("R32", "R32", 1.0), ("D60", "D60", 1.0), ("D62", "D62", 0.5), ("D62", "62B", 0.5)]
    mapped = [("D02", "N", 1.0), ("D59", "N", 1.0), ("D80", "D80", 1.0), *kept]
    lists = {"id": f"CL_{flow}_REF_AREA", "version": "2.0.0", "name": name("later")}
    answer = await publisher.publish(
        {
            "codelists": [{**lists, "codes": codes("R32", "N", "D60", "D62", "62B", "D80")}],
            "code_maps": [
                {
                    "id": f"CM_{flow}",
                    "name": name("table"),
                    "source": f"CL_{flow}_REF_AREA(1.0.0)",
                    "target": f"CL_{flow}_REF_AREA(2.0.0)",
                    "mappings": [
                        {"source": source, "target": target, "weight": weight}
                        for source, target, weight in mapped
                    ],
                }
            ],
        }
    )
    assert answer.status_code == 200, answer.text
    units = world(D02_A=[10, 14])
    await discloser.released(flow, units)
    hidden = await discloser.hidden(flow)
    assert ("D02", "A") in hidden
    body = await converted(publisher, flow, to=f"CL_{flow}_REF_AREA(2.0.0)")
    targets: dict[str, set[str]] = defaultdict(set)
    for source, target, _ in mapped:
        targets[source].add(target)
    wanted = {(target, sector) for area, sector in hidden for target in targets[area]}
    jobs = [each for each in body["observations"] if each["key"]["FIGURE"] == "EMP"]
    found = {
        (each["key"]["REF_AREA"], each["key"]["SECTOR"]) for each in jobs if each["value"] is None
    }
    assert found == wanted
    assert {each["status"] for each in jobs if each["value"] is None} == {"Q"}
    for each in body["observations"]:  # a mean is that of the sums, and hidden with them
        if each["key"]["FIGURE"] == "MEAN":
            place = (each["key"]["REF_AREA"], each["key"]["SECTOR"])
            assert each["value"] == (None if place in wanted else pytest.approx(0.5))


async def test_shipped_tables_convert_employment_by_families_to_jobs_and_keep_its_total(
    publisher: Publisher,
) -> None:
    indicator = "EMPLOYMENT"
    region = {"c[REF_AREA]": "R32", "c[FAMILY]": "ne:X0Z"}  # which has no job
    families = (await publisher.data(indicator, "json", **region)).json()["observations"]
    body = await converted(publisher, indicator, to="CL_ROME3(1.0.0)", **region)
    jobs = body["observations"]
    before = fsum(each["OBS_VALUE"] for each in families)
    assert isclose(fsum(each["value"] for each in jobs), before, rel_tol=1e-9)
    assert {each["status"] for each in jobs if each["estimated"]} == {"E"}
    assert all(
        fsum(p["weight"] * p["value"] for p in each["parts"]) == each["value"] for each in jobs
    )


async def test_a_score_has_no_sum_and_is_not_converted(publisher: Publisher) -> None:
    indicator = "EXPOSURE_JOB"
    answer = await publisher.client.get(
        f"/v1/indicators/{indicator}/converted", params={"to": "CL_ROME3(1.0.0)"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "not-additive")
