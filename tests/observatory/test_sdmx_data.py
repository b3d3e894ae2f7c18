"""SDMX data messages: every format and layout the same figures, and nothing of what is hidden."""

import io
import itertools
import re
from collections.abc import Mapping
from typing import Any

import asyncpg
import httpx
import pyarrow.parquet as pq
import pytest

from observatory.sdmx import data_service
from tests.harness import Database
from tests.observatory import sdmx_reading as reading
from tests.observatory.publishing import AREAS, SECTORS, Publisher, name, structures, table
from tests.observatory.sdmx_reading import (
    CSV,
    CSV_1,
    GENERIC,
    JSON,
    SPECIFIC,
    cells,
    datasets,
    rows,
)

FORMATS = {"json": JSON, "csv": CSV, "csv-1": CSV_1, "generic": GENERIC, "specific": SPECIFIC}
LAYOUTS = (None, "TIME_PERIOD", "AllDimensions", "SECTOR", "REF_AREA")
_numbers = itertools.count(1)
Cell = tuple[str, str, str]


def described(flow: str) -> dict[str, Any]:
    """Make a flow that has attributes at every level, a number and codes among them."""
    made = structures(flow)
    made["data_structures"][0]["attributes"] += [
        {"id": "CI_LOW", "name": name("low"), "level": "observation"},
        {
            "id": "MAP_YEAR",
            "name": name("year of the map"),
            "level": "dimension",
            "dimension": "REF_AREA",
            "values": {"R32": "2016", "FR": "1958 & after"},
        },
    ]
    return made


class Shelf:
    """A flow with two releases, what they hold, and how to ask for it."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.flow = f"SD{next(_numbers)}"
        self.releases: list[dict[str, Any]] = []
        self.figures: list[dict[Cell, float]] = []

    async def publish(self, figures: Mapping[Cell, float]) -> None:
        lines = [(*cell, value, "A", value / 3) for cell, value in figures.items()]
        data = table(lines, "OBS_STATUS", "CI_LOW")
        self.releases.append(await self.publisher.release(self.flow, data))
        self.figures.append(dict(figures))

    async def get(self, path: str = "", accept: str = JSON, **query: Any) -> httpx.Response:
        return await self.publisher.client.get(
            f"/sdmx/v2/data/dataflow/HDF/{self.flow}/1.0.0{path}",
            params=query,
            headers={"accept": accept},
        )

    async def get_v1(self, path: str = "", accept: str = GENERIC, **query: Any) -> httpx.Response:
        return await self.publisher.client.get(
            f"/sdmx/v1/data/HDF,{self.flow},1.0.0{path}", params=query, headers={"accept": accept}
        )


def filled(cell: Cell) -> dict[str, str]:
    """Attributes that every figure of the flow has."""
    years = {"R32": "2016", "FR": "1958 & after"}
    known = {"OBS_STATUS": "A", "METHOD_VERSION": "count/1.0.0", "UNIT_MEASURE": "JOBS"}
    return known | ({"MAP_YEAR": years[cell[0]]} if cell[0] in years else {})


@pytest.fixture(scope="module")
async def shelf(publisher: Publisher) -> Shelf:
    """Two releases of 6 areas × 3 sectors × 4 years: the second revises, deletes and adds."""
    made = Shelf(publisher)
    answer = await publisher.publish(described(made.flow))
    assert answer.status_code == 200, answer.text
    grid = [(a, s, str(y)) for a in AREAS for s in SECTORS for y in range(2019, 2023)]
    first = {cell: number + 0.1 for number, cell in enumerate(grid[:-3])}
    await made.publish(first)
    second = {cell: value for cell, value in first.items() if cell != ("R32", "A", "2019")}
    second |= {("R32", "A", "2020"): 1000.5, grid[-1]: 7.0}
    await made.publish(second)
    return made


@pytest.mark.parametrize("at", LAYOUTS)
@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_and_layout_gives_the_same_figures(
    shelf: Shelf, form: str, at: str | None
) -> None:
    query = {} if at is None else {"dimensionAtObservation": at}
    answer = await shelf.get(accept=FORMATS[form], **query)
    found = cells(rows(answer))
    assert {key: float(row["OBS_VALUE"]) for key, row in found.items()} == shelf.figures[-1]
    for key, row in found.items():
        low = shelf.figures[-1][key] / 3  # type: ignore[index]
        assert float(row["CI_LOW"]) == pytest.approx(low, rel=1e-6)
        assert len(row["CI_LOW"]) < 10  # as it is stored, not as a longer float shows it
        told = {each: row[each] for each in row.keys() - {"OBS_VALUE", "CI_LOW"}}
        assert told == filled(key)  # type: ignore[arg-type]


async def test_keys_and_filters_of_both_versions_select_the_same(shelf: Shelf) -> None:
    wanted = {
        key: value
        for key, value in shelf.figures[-1].items()
        if key[0] in {"R32", "FR"} and key[1] == "C" and key[2] in {"2020", "2021"}
    }
    times = {"c[TIME_PERIOD]": "ge:2020+le:2021"}
    answers = [
        await shelf.get("/R32.C,FR.C", **times),
        await shelf.get("/R32+FR.C", **times),
        await shelf.get("/*.C", **times, **{"c[REF_AREA]": "R32,FR,NOWHERE"}),
        await shelf.get("/*.*", CSV, **times, **{"c[REF_AREA]": "sw:R+ew:32,FR", "c[SECTOR]": "C"}),
        await shelf.get_v1("/R32+FR.C", startPeriod="2020", endPeriod="2021-12"),
        await shelf.get_v1("/FR+R32.C/HDF", SPECIFIC, startPeriod="2020-01-01", endPeriod="2021"),
    ]
    for answer in answers:
        found = cells(rows(answer))
        assert {key: float(row["OBS_VALUE"]) for key, row in found.items()} == wanted
    first = await shelf.get("/R32.C", JSON, **{"c[OBS_VALUE]": "gt:0"})
    tags = {(await shelf.get(key)).headers["etag"] for key in ("/*.C", "/.C", "/all.C")}
    assert len(tags) == 1, "a key has one meaning however it is written"
    assert first.headers["etag"] not in tags


async def test_what_is_left_out_of_an_address_is_any(shelf: Shelf) -> None:
    client, whole = shelf.publisher.client, await shelf.get(accept=CSV)
    for path in (
        f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}",
        f"/sdmx/v2/data/*/*/{shelf.flow}/+",
        f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}/1.0+.0/*",
        f"/sdmx/v2/data/datastructure/HDF/DSD_{shelf.flow}/1.0.0",
    ):
        answer = await client.get(path, headers={"accept": CSV})
        assert answer.content == whole.content
        assert answer.headers["etag"] == whole.headers["etag"]
    several = await client.get("/sdmx/v2/data", headers={"accept": CSV})
    assert (several.status_code, several.json()["code"]) == (501, "sdmx-several-dataflows")
    for path in (
        "/sdmx/v2/data/dataflow/HDF/NOTHING",
        f"/sdmx/v2/data/dataflow/INSEE/{shelf.flow}",
        f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}/2.0.0",
        f"/sdmx/v2/data/provisionagreement/HDF/{shelf.flow}",
        f"/sdmx/v1/data/HDF,{shelf.flow},9.0.0",
        "/sdmx/v1/data/NOTHING/all",
    ):
        unknown = await client.get(path)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "sdmx-dataflow-unknown")


async def test_the_media_type_is_negotiated_with_its_version(shelf: Shelf) -> None:
    for accept, kind in (
        ("*/*", JSON),
        ("application/vnd.sdmx.data+csv", CSV),
        ("application/vnd.sdmx.data+csv;version=1.0.0;q=0.5, text/html", CSV_1),
        ("application/vnd.sdmx.data+json;version=2.0.0+", JSON),
        (SPECIFIC, SPECIFIC),
    ):
        answer = await shelf.get("/R32.C", accept)
        assert answer.headers["content-type"] == kind
        assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
        assert answer.headers["last-modified"].endswith("GMT")
    for accept, kind in (("*/*", GENERIC), (SPECIFIC, SPECIFIC), (CSV_1, CSV_1)):
        assert (await shelf.get_v1("/R32.C", accept)).headers["content-type"] == kind
    for answer in (
        await shelf.get("", "application/vnd.sdmx.data+json;version=7.0.0"),
        await shelf.get("", CSV + ";labels=everything"),
        await shelf.get("", CSV + ";keys=all"),
        await shelf.get_v1("", CSV),
    ):
        assert (answer.status_code, answer.json()["code"]) == (406, "sdmx-not-acceptable")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"c[TIME_PERIOD]": "ge:x"}, "period-malformed"),
        ({"c[REF_AREA]": "zz:R32"}, "operator-unknown"),
        ({"c[REF_AREA]": "R32,"}, "value-empty"),
        ({"c[REF_AREA]": ",".join(["A+B"] * 20)}, "too-many-values"),
        ({"asOf": "yesterday"}, "instant-malformed"),
        ({"asOf": "2020-01-01", "updatedAfter": "2021-01-01"}, "as-of-before-updated-after"),
        ({"dimensionAtObservation": "AGE"}, "dimensionatobservation-unknown"),
        ({"attributes": "obs,COLOUR"}, "attributes-unknown"),
        ({"measures": "OTHER"}, "measures-unknown"),
        ({"sort": "series_key:up"}, "sort-unknown"),
        ({"sort": "COLOUR"}, "sort-unknown"),
        ({"reportingYearStartDay": "--07-01"}, "reporting-year-unknown"),
    ],
)
async def test_a_query_that_does_not_comply_is_refused_with_its_fault(
    shelf: Shelf, query: dict[str, str], code: str
) -> None:
    answer = await shelf.get("", JSON, **query)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "sdmx-query-malformed")
    assert [each["code"] for each in problem["errors"]] == [code]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["A.B.C", "R32.%C3%A9", "R32.C*", ",".join(["A.B"] * 2_000)])
async def test_a_malformed_key_is_refused_at_its_place(shelf: Shelf, key: str) -> None:
    for answer in (await shelf.get(f"/{key}"), await shelf.get_v1(f"/{key}")):
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert (fault["in"], fault["pointer"]) == ("path", "/key")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"offset": -1}, {"firstNObservations": 0}, {"includeHistory": "maybe"}]
)
async def test_a_number_out_of_its_bounds_is_refused(shelf: Shelf, query: dict[str, Any]) -> None:
    assert (await shelf.get("", JSON, **query)).status_code == 422
    assert (await shelf.get("", JSON, lang="fr")).json()["code"] == "unknown-parameter"


async def test_c12_nothing_is_204_for_json_and_xml_and_404_where_clients_need_it(
    shelf: Shelf,
) -> None:
    for accept in (JSON, GENERIC, SPECIFIC):
        answer = await shelf.get("/NOWHERE.C", accept)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["etag"]
    for answer in (
        await shelf.get("/NOWHERE.C", CSV),
        await shelf.get("/NOWHERE.C", CSV_1),
        await shelf.get("", CSV, asOf="2001-01-01"),
        await shelf.get_v1("/NOWHERE.C", GENERIC),
        await shelf.get_v1("/NOWHERE.C", SPECIFIC),
        await shelf.get_v1("/all/INSEE"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "sdmx-no-data")


async def test_first_and_last_observations_count_by_series(shelf: Shelf) -> None:
    last = cells(rows(await shelf.get("/R32+2A.*", lastNObservations=1)))
    assert {key[2] for key in last} == {"2022"}
    both = cells(rows(await shelf.get("/R32.A", firstNObservations=1, lastNObservations=1)))
    assert [key[2] for key in both] == ["2020", "2022"]
    v1 = cells(rows(await shelf.get_v1("/R32.A", firstNObservations=2)))
    assert [key[2] for key in v1] == ["2020", "2021"]


async def test_slices_in_an_order_are_the_whole_in_that_order(shelf: Shelf) -> None:
    asked = {"sort": "OBS_VALUE:desc", "dimensionAtObservation": "AllDimensions"}
    whole = rows(await shelf.get("", CSV, **asked))
    values = [float(row["OBS_VALUE"]) for row in whole]
    assert values == sorted(values, reverse=True)
    sliced: list[dict[str, str]] = []
    for offset in range(0, len(whole), 25):
        sliced += rows(await shelf.get("", JSON, offset=offset, limit=25, **asked))
    assert [row["OBS_VALUE"] for row in sliced] == [row["OBS_VALUE"] for row in whole]
    assert (await shelf.get("", CSV, offset=len(whole))).status_code == 404
    series = rows(await shelf.get("", GENERIC, sort="SECTOR:desc+TIME_PERIOD:desc"))
    keys = [(row["SECTOR"], row["REF_AREA"], row["TIME_PERIOD"]) for row in series]
    assert [key[0] for key in keys] == sorted((key[0] for key in keys), reverse=True)
    years = [key[2] for key in keys if key[:2] == ("C", "R32")]
    assert years == ["2022", "2021", "2020", "2019"]


async def test_components_are_chosen_and_the_message_says_that_it_is_a_part(shelf: Shelf) -> None:
    ((action, found),) = datasets(await shelf.get("/R32.C", attributes="OBS_STATUS,dataset"))
    assert action == "Information"
    assert found[0].keys() == {*reading.KEY, "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE"}
    ((action, found),) = datasets(await shelf.get("/R32.C", CSV, attributes="none"))
    assert action == "Information"
    assert set(found[0]) == {*reading.KEY, "OBS_VALUE"}
    without = rows(await shelf.get("/R32.C", JSON, measures="none"))
    assert "OBS_VALUE" not in without[0]
    assert without[0]["OBS_STATUS"] == "A"
    keys = await shelf.get("/R32.*", JSON, attributes="none", measures="none")
    assert rows(keys) == [{"REF_AREA": "R32", "SECTOR": sector} for sector in SECTORS]
    table_of_keys = await shelf.get("/R32.*", CSV, attributes="none", measures="none", limit=2)
    assert len(rows(table_of_keys)) == 2
    assert rows(table_of_keys)[0] == {"REF_AREA": "R32", "SECTOR": "A"}


@pytest.mark.parametrize("accept", [GENERIC, SPECIFIC])
async def test_the_details_of_version_1_leave_out_what_they_say(shelf: Shelf, accept: str) -> None:
    def shown(answer: httpx.Response) -> set[str]:
        return set(rows(answer)[0])

    every = {"OBS_VALUE", *filled(("R32", "", "")), "CI_LOW"}
    assert shown(await shelf.get_v1("/R32.C", accept, detail="full")) == {*reading.KEY, *every}
    data = await shelf.get_v1("/R32.C", accept, detail="dataonly")
    assert shown(data) == {*reading.KEY, "OBS_VALUE"}
    keys = await shelf.get_v1("/R32.C", accept, detail="serieskeysonly")
    assert rows(keys) == [{"REF_AREA": "R32", "SECTOR": "C"}]
    nothing = await shelf.get_v1("/R32.C", accept, detail="nodata")
    assert shown(nothing) == {"REF_AREA", "SECTOR", "UNIT_MEASURE", "MAP_YEAR"}
    assert (await shelf.get_v1("", accept, detail="some")).status_code == 400


async def test_csv_names_its_codes_as_its_media_type_asks(shelf: Shelf) -> None:
    async def line(parameters: str, language: str = "fr", version: str = CSV) -> list[list[str]]:
        answer = await shelf.publisher.client.get(
            f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}/1.0.0/R32.C",
            params={"c[TIME_PERIOD]": "2020", "attributes": "MAP_YEAR"},
            headers={"accept": version + parameters, "accept-language": language},
        )
        assert answer.headers["content-language"] == language
        return [each.split(",") for each in answer.text.splitlines()]

    reference = f"HDF:{shelf.flow}(1.0.0)"
    head, first = await line(";labels=both", "en")
    assert head[3:7] == ["REF_AREA: Area", "SECTOR: Sector", "TIME_PERIOD: Time period", head[6]]
    assert first[:2] == ["dataflow", f"{reference}: Flow {shelf.flow}"]
    assert first[3:6] == ["R32: R32 en", "C: C en", "2020"]
    head, first = await line(";labels=name;keys=both;timeFormat=normalized")
    assert head[:6] == [
        *("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY")
    ]
    assert head[6:10] == ["REF_AREA", "Territoire", "SECTOR", "Secteur"]
    assert first[2:6] == [f"Flux {shelf.flow}", "I", "R32.C", "R32.C.2020-01-01"]
    assert first[6:11] == ["R32", "R32 fr", "C", "C fr", "2020-01-01"]
    head, first = await line(";labels=both", "fr", CSV_1)
    assert head[:3] == ["DATAFLOW", "REF_AREA: Territoire", "SECTOR: Secteur"]
    assert first[:3] == [f"{reference}: Flux {shelf.flow}", "R32: R32 fr", "C: C fr"]


@pytest.mark.parametrize("form", FORMATS)
async def test_t1_as_of_a_release_is_what_was_known_then(shelf: Shelf, form: str) -> None:
    then = shelf.releases[0]["published_at"]
    answer = await shelf.get("", FORMATS[form], asOf=then)
    found = cells(rows(answer))
    assert {key: float(row["OBS_VALUE"]) for key, row in found.items()} == shelf.figures[0]


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "SECTOR"])
@pytest.mark.parametrize("form", FORMATS)
async def test_what_changed_since_a_release_makes_its_copy_the_newest(
    shelf: Shelf, form: str, at: str
) -> None:
    then = shelf.releases[0]["published_at"]
    found = dict(
        datasets(await shelf.get("", FORMATS[form], updatedAfter=then, dimensionAtObservation=at))
    )
    copy = dict(shelf.figures[0])
    for key, row in cells(found["Delete"]).items():
        assert row == {}, "a deletion with a value or an attribute would be of that alone"
        del copy[key]  # type: ignore[arg-type]
    changed = cells(found["Replace"])
    copy |= {key: float(row["OBS_VALUE"]) for key, row in changed.items()}  # type: ignore[misc]
    assert copy == shelf.figures[1]
    assert len(changed) == 2


@pytest.mark.parametrize("form", ["json", "generic", "specific"])
async def test_t3_a_history_is_a_dataset_for_each_dissemination(shelf: Shelf, form: str) -> None:
    answer = await shelf.get("", FORMATS[form], includeHistory=True)
    found = datasets(answer)
    assert [action for action, _ in found] == ["Replace", "Delete", "Replace"]
    state: dict[tuple[str, ...], float] = {}
    for action, told in found:
        for key, row in cells(told).items():
            if action == "Delete":
                del state[key]
            else:
                state[key] = float(row["OBS_VALUE"])
    assert state == shelf.figures[-1]
    for release in shelf.releases:
        assert release["published_at"].removesuffix("Z")[:19] in answer.text
    ends = re.findall(r"valid(From|To)", answer.text)
    assert ends == ["From", "To", "From"], "what is deleted held until then"


async def test_t3_a_history_is_lines_with_their_validity(shelf: Shelf) -> None:
    for accept in (CSV, CSV_1):
        (_, told), (_, deleted) = datasets(await shelf.get("/R32.A", accept, includeHistory=True))
        mine = [row for row in told if row["TIME_PERIOD"] == "2020"]
        assert [float(row["OBS_VALUE"]) for row in mine][-1] == 1000.5
        assert mine[0]["VALID_TO"] == mine[1]["VALID_FROM"]
        assert [row["TIME_PERIOD"] for row in deleted] == ["2019"]
        assert deleted[0].keys() <= {*reading.KEY, "VALID_FROM", "VALID_TO"}


async def test_k4_a_tag_is_of_one_question_form_language_and_release(shelf: Shelf) -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    client = shelf.publisher.client
    path = f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}/1.0.0/R32.C"
    for accept, language, at in itertools.product(
        [*FORMATS.values(), CSV + ";labels=both"], ("fr", "en"), ("TIME_PERIOD", "AllDimensions")
    ):
        headers = {"accept": accept, "accept-language": language}
        asked = {"dimensionAtObservation": at}
        first = await client.get(path, params=asked, headers=headers)
        tag = first.headers["etag"]
        assert tag not in seen, seen[tag]
        seen[tag] = accept, language, at
        again = await client.get(path, params=asked, headers={**headers, "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert (await client.get(path, params=asked, headers=headers)).content == first.content


async def test_a_304_does_not_touch_the_observations(shelf: Shelf, database: Database) -> None:
    answer = await shelf.get("", JSON)
    admin = await asyncpg.connect(database.admin_dsn)
    await admin.execute("REVOKE SELECT ON observatory.obs FROM observatory_app")
    try:
        path = f"/sdmx/v2/data/dataflow/HDF/{shelf.flow}/1.0.0"
        told = {"accept": JSON, "if-none-match": answer.headers["etag"]}
        kept = await shelf.publisher.client.get(path, headers=told)
        assert kept.status_code == 304
        for accept in FORMATS.values():
            unread = await shelf.get("", accept)
            assert unread.status_code == 500, "a failure before the first byte is an answer"
    finally:
        await admin.execute("GRANT SELECT ON observatory.obs TO observatory_app")
        await admin.close()


async def test_k3_too_much_is_refused_before_it_is_read_with_a_link_to_the_whole(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_service, "MOST", 20)
    whole = len(shelf.figures[-1])
    for accept in (JSON, GENERIC, SPECIFIC):
        refused = await shelf.get("", accept)
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (413, "sdmx-too-large")
        assert f"{whole} observations" in problem["detail"]
        target, _, _ = refused.headers["link"].partition(">")
        bulk = await shelf.publisher.client.get(target[1:], headers={"accept": CSV})
        assert len(rows(bulk)) == whole
        file = refused.headers["link"].rpartition("<")[2].partition(">")[0]
        release = await shelf.publisher.client.get(file.replace("/v1/observatory/", "/v1/"))
        assert pq.ParquetFile(io.BytesIO(release.content)).metadata.num_rows == whole
        assert (await shelf.get("/R32.*", accept, limit=10)).status_code == 200
    assert (await shelf.get("", CSV, sort="OBS_VALUE")).status_code == 413


async def test_a_withdrawn_release_shows_none_of_its_values_in_any_format(
    publisher: Publisher,
) -> None:
    made = Shelf(publisher)
    assert (await publisher.publish(described(made.flow))).status_code == 200
    await made.publish({("R32", "A", "2020"): 1.0, ("R32", "A", "2021"): 2.0})
    await made.publish({("R32", "A", "2020"): 1.0, ("R32", "A", "2021"): 3.0})
    reason = {"reason": name("wrong")}
    assert (await publisher.act(made.releases[1], "withdraw", reason)).is_success
    for accept in FORMATS.values():
        found = cells(rows(await made.get("", accept)))
        assert "OBS_VALUE" not in found["R32", "A", "2021"]
        assert "CI_LOW" not in found["R32", "A", "2021"]
        assert found["R32", "A", "2021"]["OBS_STATUS"] == "O"
        assert float(found["R32", "A", "2020"]["OBS_VALUE"]) == 1.0
