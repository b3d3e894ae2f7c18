"""The formats of an indicator's figures, each opened again by what people open it with."""

import csv
import gc
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb
import httpx
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest
from pyjstat import pyjstat

from observatory.observations import columnar, workbook
from observatory.observations.describing import Reading
from observatory.observations.formats import FORMATS
from observatory.settings import Settings
from tests.observatory.publishing import Publisher, lines, structures, table

FLOW = "FORMATS"
ROWS: list[tuple[Any, ...]] = [
    (area, sector, str(year), round(place * 7.5 + year / 10, 1), "A")
    for place, (area, sector) in enumerate((a, s) for a in ("02", "2A", "R32") for s in ("A", "C"))
    for year in (2019, 2020, 2021)
]
ROWS[4] = (*ROWS[4][:3], "", "M")
NAMES = {"02": "Aisne, « nord »", "2A": "Corse;du\nSud", "R32": '=HYPERLINK("http://x")'}

reads_cubes = pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")
"""pyjstat calls its own deprecated function."""


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    """Publish codes, names and attributes that are hard for spreadsheets."""
    made = structures(FLOW)
    made["codelists"][0]["codes"] = [
        {"id": code, "name": {"fr": text, "en": f"{code} en"}} for code, text in NAMES.items()
    ]
    made["indicators"][0] |= {
        "decimals": 1,
        "definition": {"fr": "Emplois au lieu de travail", "en": "Jobs at the place of work"},
    }
    answer = await publisher.publish(made)
    assert answer.status_code == 200, answer.text
    await publisher.release(FLOW, table(ROWS, "OBS_STATUS"), source="INSEE, recensement")
    return FLOW


def values(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(*row[:3], None if row[3] == "" else row[3], row[4]) for row in rows]


def opened(answer: httpx.Response) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def test_c10_a_workbook_has_typed_cells_codes_as_text_and_names_beside_them(
    publisher: Publisher, flow: str
) -> None:
    answer = await publisher.data(flow, "xlsx")
    assert answer.headers["content-type"] == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{flow}_r1_2')
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = opened(answer)
    assert book.sheetnames == ["Données", "Notes", "Légende"]
    sheet = book["Données"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:J{len(ROWS) + 1}")
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:6] == (
        *("Territoire", "Territoire (libellé)", "Secteur", "Secteur (libellé)", "Période"),
        "jobs",
    )
    assert [(row[0], row[2], row[4], row[5], row[6]) for row in rows] == values(ROWS)
    assert rows[-1][1] == NAMES["R32"], "text, not a formula"
    assert sheet["B19"].data_type == "s"
    assert sheet["A2"].value == "02"
    assert (sheet["F2"].data_type, sheet["F2"].number_format) == ("n", "0.0")


async def test_a_workbook_says_what_its_figures_are_and_how_to_read_one(
    publisher: Publisher, flow: str
) -> None:
    book = opened(await publisher.data(flow, "xlsx"))
    notes = dict(row[:2] for row in book["Notes"].iter_rows(values_only=True))
    said = list(notes.values())
    assert notes["Définition"] == "Emplois au lieu de travail"
    assert (notes["Unité"], notes["Livraison"]) == ("emplois", "1")
    assert notes["Source de la livraison"] == "INSEE, recensement"
    assert notes["Licence"] == "Licence Ouverte 2.0"
    assert notes["unit"] == "JOBS", "what is the same everywhere has no column"
    sentence = "Lecture : Emplois, Aisne, « nord », A fr, 2019 : 201,9 (emplois)."
    assert sentence in said
    assert book["Données"]["J1"].value == "Lecture"
    assert book["Données"]["J2"].value == sentence
    legend = {row[1]: row[2] for row in book["Légende"].iter_rows(values_only=True)}
    assert legend["Q"] == "Manquante : secret statistique"


@pytest.mark.parametrize("how", [{"lang": "en"}, {}])
async def test_a_workbook_is_english_for_whom_asks(
    publisher: Publisher, flow: str, how: dict[str, str]
) -> None:
    accepted = {} if how else {"accept-language": "en"}
    answer = await publisher.client.get(
        f"/v1/indicators/{flow}/data.xlsx", params=how, headers=accepted
    )
    assert answer.headers["content-language"] == "en"
    book = opened(answer)
    assert book.sheetnames == ["Data", "Notes", "Legend"]
    assert book["Data"]["B1"].value == "Area (label)"
    assert book["Data"]["B2"].value == "02 en"
    said = [row[1] for row in book["Notes"].iter_rows(values_only=True)]
    assert "Reading: Jobs, 02 en, A en, 2019: 201.9 (jobs)." in said


async def test_labels_of_a_workbook_may_be_chosen(publisher: Publisher, flow: str) -> None:
    book = opened(await publisher.data(flow, "xlsx", labels="name", limit=1))
    assert [cell.value for cell in book["Données"][2]][:2] == [NAMES["02"], "A fr"]


async def test_c10_csv_of_the_excel_profile_opens_in_a_french_excel(
    publisher: Publisher, flow: str
) -> None:
    """A mark, semicolons, decimal commas, CRLF, French whatever the client speaks."""
    answer = await publisher.client.get(
        f"/v1/indicators/{flow}/data.csv",
        params={"profile": "excel-fr"},
        headers={"accept-language": "en"},
    )
    assert answer.content.startswith("\ufeff".encode())
    assert answer.headers["content-language"] == "fr"
    assert answer.headers["content-disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert head[:4] == ["Territoire", "Secteur", "Période", "jobs"]
    assert [row[3] for row in rows] == [
        f"{row[3]:g}".replace(".", ",") if row[3] else "" for row in ROWS
    ]
    assert rows[0][0] == "02: Aisne, « nord »", "a code alone would be the number 2"
    frame = pd.read_csv(io.BytesIO(answer.content), sep=";", decimal=",", encoding="utf-8-sig")
    assert frame["jobs"].sum() == pytest.approx(sum(row[3] or 0 for row in ROWS))


async def test_no_text_of_the_excel_profile_is_computed(publisher: Publisher, flow: str) -> None:
    answer = await publisher.data(flow, "csv", profile="excel-fr", labels="name")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[-1][0] == "'" + NAMES["R32"]
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r") and cell]


async def test_a_profile_is_of_csv_only(publisher: Publisher, flow: str) -> None:
    refused = await publisher.data(flow, "xlsx", profile="excel-fr")
    assert refused.status_code == 422
    assert [each["code"] for each in refused.json()["errors"]] == ["profile-of-csv"]
    assert (await publisher.data(flow, "csv", profile="excel-de")).status_code == 422


async def test_c7_parquet_is_read_by_arrow_duckdb_and_pandas(
    publisher: Publisher, flow: str, tmp_path: Any
) -> None:
    answer = await publisher.data(flow, "parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    file = pa.parquet.ParquetFile(io.BytesIO(answer.content))
    told = {key.decode(): value.decode() for key, value in file.schema_arrow.metadata.items()}
    assert told["licence"] == "Licence Ouverte 2.0"
    assert told["release_source"] == "INSEE, recensement"
    assert (told["release"], told["unit"]) == ("1", "emplois")
    read = file.read()
    assert read.schema.field("REF_AREA").type == pa.dictionary(pa.int32(), pa.string())
    names = ["REF_AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    assert [tuple(row[each] for each in names) for row in read.to_pylist()] == values(ROWS)
    path = tmp_path / "figures.parquet"
    path.write_bytes(answer.content)
    (found,) = duckdb.execute(
        f"SELECT sum(OBS_VALUE), count(*), count(OBS_VALUE) FROM '{path}'"
    ).fetchall()
    assert found == (pytest.approx(sum(row[3] or 0 for row in ROWS)), len(ROWS), len(ROWS) - 1)
    assert pd.read_parquet(path)["REF_AREA"].unique().tolist() == list(NAMES)


async def test_c7_an_arrow_stream_is_read_by_arrow_and_duckdb(
    publisher: Publisher, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups are cut by rows: the same question gives the same bytes."""
    monkeypatch.setattr(columnar, "GROUP", 5)
    answer = await publisher.data(flow, "arrow", labels="split")
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    with pa.ipc.open_stream(answer.content) as stream:
        batches = list(stream)
    assert [each.num_rows for each in batches] == [5, 5, 5, 3]
    figures = pa.Table.from_batches(batches)
    assert figures["REF_AREA_NAME"].to_pylist() == [NAMES[row[0]] for row in ROWS]
    (found,) = duckdb.execute("SELECT count(DISTINCT REF_AREA) FROM figures").fetchall()
    assert found == (3,)
    assert (await publisher.data(flow, "arrow", labels="split")).content == answer.content
    monkeypatch.setattr(columnar, "_BATCH", 1)
    assert (await publisher.data(flow, "arrow", labels="split")).content == answer.content


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
async def test_nothing_is_a_table_without_rows(
    publisher: Publisher, flow: str, suffix: str
) -> None:
    answer = await publisher.data(flow, suffix, **{"c[REF_AREA]": "NOWHERE"})
    if suffix == "parquet":
        read = pa.parquet.read_table(io.BytesIO(answer.content))
    else:
        read = pa.ipc.open_stream(answer.content).read_all()
    assert (read.num_rows, read.column_names[0]) == (0, "REF_AREA")


async def test_columns_tell_instants_of_a_history(publisher: Publisher) -> None:
    flow = await publisher.flow()
    first = await publisher.release(flow, table([("R32", "A", "2020", 1.0)]))
    second = await publisher.release(flow, table([("R32", "A", "2020", 2.5)]))
    answer = await publisher.data(flow, "parquet", includeHistory="true")
    rows = pa.parquet.read_table(io.BytesIO(answer.content)).to_pylist()
    shown = [pd.Timestamp(each["published_at"]) for each in (first, second)]
    assert [(each["OBS_VALUE"], each["VALID_FROM"], each["VALID_TO"]) for each in rows] == [
        (1.0, shown[0], shown[1]),
        (2.5, shown[1], None),
    ]


async def test_uncertainty_is_single_and_values_are_double(publisher: Publisher) -> None:
    answer = await publisher.data("EXPOSURE_TERRITORY", "parquet", **{"c[REF_AREA]": "R32"})
    read = pa.parquet.read_table(io.BytesIO(answer.content))
    (row,) = lines(await publisher.data("EXPOSURE_TERRITORY", **{"c[REF_AREA]": "R32"}))
    (told,) = read.to_pylist()
    assert read.schema.field("CI_LOW").type == pa.float32()
    assert read.schema.field("OBS_VALUE").type == pa.float64()
    for name_ in ("OBS_VALUE", "NUMERATOR"):
        assert told[name_] == float(row[name_])
    assert told["CI_LOW"] == pytest.approx(float(row["CI_LOW"]), abs=1e-7)


@reads_cubes
async def test_a_json_stat_cube_is_read_by_pyjstat(publisher: Publisher, flow: str) -> None:
    answer = await publisher.data(flow, "jsonstat")
    cube = answer.json()
    assert (cube["version"], cube["class"], cube["size"]) == ("2.0", "dataset", [3, 2, 3])
    assert cube["role"] == {"time": ["TIME_PERIOD"], "geo": ["REF_AREA"]}
    assert cube["dimension"]["REF_AREA"]["category"]["label"]["02"] == NAMES["02"]
    assert cube["value"] == [row[3] for row in values(ROWS)]
    assert cube["status"]["4"] == "M"
    assert cube["extension"]["release"] == "1"
    assert cube["extension"]["status"]["label"]["M"] == "Manquante : ne peut exister"
    frame = pyjstat.Dataset.read(answer.text).write("dataframe", naming="id")
    assert [tuple(row) for row in frame[["REF_AREA", "SECTOR", "TIME_PERIOD"]].to_numpy()] == [
        row[:3] for row in ROWS
    ]
    assert frame["value"].sum() == pytest.approx(sum(row[3] or 0 for row in ROWS))


@reads_cubes
async def test_a_thin_cube_is_sparse(publisher: Publisher) -> None:
    flow = await publisher.flow()
    rows = [("R32", "A", "2019", 1.0), ("FR", "C", "2020-Q1", 2.0), ("75", "J", "2019-12", 3.0)]
    await publisher.release(flow, table(rows))
    answer = await publisher.data(flow, "jsonstat")
    cube = answer.json()
    assert cube["dimension"]["TIME_PERIOD"]["category"]["index"] == ["2019", "2019-12", "2020-Q1"]
    assert cube["size"] == [3, 3, 3]
    assert sorted(cube["value"].values()) == [1.0, 2.0, 3.0]
    frame = pyjstat.Dataset.read(answer.text).write("dataframe", naming="id")
    found = frame[frame["value"].notna()]
    assert {tuple(row) for row in found.to_numpy()} == set(rows)


async def test_a_cube_has_one_version_per_cell(publisher: Publisher, flow: str) -> None:
    for asked in ({"includeHistory": "true"}, {"updatedAfter": "2020-01-01"}):
        refused = await publisher.data(flow, "jsonstat", **asked)
        assert refused.status_code == 422
        assert [each["code"] for each in refused.json()["errors"]] == ["versions-in-a-cube"]


async def test_an_empty_cube_is_still_one(publisher: Publisher, flow: str) -> None:
    cube = (await publisher.data(flow, "jsonstat", **{"c[REF_AREA]": "NOWHERE"})).json()
    assert (cube["size"], cube["value"]) == ([0, 0, 0], [])


@pytest.mark.parametrize("suffix", ["xlsx", "json", "jsonstat"])
async def test_what_a_format_cannot_hold_is_refused_before_any_work(
    publisher: Publisher, flow: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K3, M7: with the estimate, the cap and what to take instead."""
    small = replace(FORMATS[suffix], most=3)
    monkeypatch.setitem(FORMATS, suffix, small)
    refused = await publisher.data(flow, suffix)
    assert (refused.status_code, refused.json()["code"]) == (413, "extraction-too-large")
    for told in (str(len(ROWS)), "3", "data.csv", "data.parquet"):
        assert told in refused.json()["detail"]
    assert (await publisher.data(flow, suffix, limit=3)).status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("suffix", [*FORMATS, "csv?profile=excel-fr"])
async def test_k4_each_format_has_a_strong_tag_and_a_304(
    publisher: Publisher, flow: str, suffix: str, language: str
) -> None:
    url = f"/v1/indicators/{flow}/data.{suffix}"
    asked = {"accept-language": language}
    first = await publisher.client.get(url, headers=asked)
    again = await publisher.client.get(url, headers=asked)
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]
    kept = await publisher.client.get(
        url, headers={**asked, "if-none-match": first.headers["etag"]}
    )
    assert (kept.status_code, kept.content) == (304, b"")
    head = await publisher.client.head(url, headers=asked)
    assert (head.status_code, head.content) == (200, b"")
    for told in ("etag", "content-type", "content-disposition", "content-language"):
        assert head.headers[told] == first.headers[told]


async def test_a_head_does_not_stream_what_nobody_reads(
    publisher: Publisher, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(_: Reading) -> AsyncIterator[bytes]:
        while True:
            yield b"0,1\n"

    monkeypatch.setitem(FORMATS, "csv", replace(FORMATS["csv"], write=endless))
    head = await publisher.client.head(f"/v1/indicators/{flow}/data.csv")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == FORMATS["csv"].media_type


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage: what is let go must be let go by hand."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("suffix", FORMATS)
async def test_a_head_gives_back_the_connection_of_its_stream_at_once(
    publisher: Publisher, flow: str, suffix: str
) -> None:
    path = f"/v1/indicators/{flow}/data.{suffix}"
    with uncollected():
        for _ in range(Settings.model_fields["data_connections"].default + 1):
            assert (await publisher.client.head(path)).status_code == 200
        whole = await publisher.client.get(path, headers={"x-request-deadline": "5000"})
    assert whole.status_code == 200, whole.text


async def test_no_two_formats_or_languages_have_one_tag(publisher: Publisher, flow: str) -> None:
    tags = {
        (await publisher.data(flow, suffix, lang=language)).headers["etag"]
        for suffix in FORMATS
        for language in ("fr", "en")
    }
    assert len(tags) == 2 * len(FORMATS)


async def test_a_code_keeps_its_zero_in_pandas(publisher: Publisher, flow: str) -> None:
    """C6."""
    answer = await publisher.data(flow)
    frame = pd.read_csv(io.BytesIO(answer.content), dtype=str)
    assert frame["REF_AREA"].unique().tolist() == ["02", "2A", "R32"]


def test_a_workbook_is_bounded_by_the_time_it_takes_not_only_by_a_sheet() -> None:
    assert FORMATS["xlsx"].most == workbook.MOST_ROWS < 1_048_576
