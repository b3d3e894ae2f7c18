"""Jobs, sectors, territories and the provenance of each table."""

import csv
import json
from importlib import resources
from pathlib import Path

import httpx
import pytest

from observatory.reference import build, loading

SHIPPED = resources.files("observatory").joinpath("reference")
DATA = Path(__file__).parents[3] / "shared" / "data"


async def test_a_job_carries_its_occupation(observatory: httpx.AsyncClient) -> None:
    response = await observatory.get("/v1/jobs/m1889")
    assert response.json() == {
        "code": "M1889",
        "label": "Ingénieur / Ingénieure en Intelligence Artificielle (IA)",
        "basis": "M1805",
        "occupation": "2519",
        "occupation_label": response.json()["occupation_label"],
    }


async def test_lists_are_searched_without_accents(observatory: httpx.AsyncClient) -> None:
    found = (await observatory.get("/v1/territories?q=bethune&kind=employment_zone")).json()
    assert [item["id"] for item in found["items"]] == ["ZE3205"]
    found = (await observatory.get("/v1/sectors?q=programmation%20informatique")).json()
    assert [item["code"] for item in found["items"]] == ["62", "62.01Z"]
    found = (await observatory.get("/v1/jobs?q=data%20engineer")).json()
    assert [item["code"] for item in found["items"]] == ["M1811"]


async def test_lists_are_filtered_by_kind(observatory: httpx.AsyncClient) -> None:
    counts = {}
    for kind in ("country", "region", "department", "employment_zone", "epci"):
        query = {"kind": kind, "count": "true"}
        counts[kind] = (await observatory.get("/v1/territories", params=query)).json()["total"]
    assert counts == {
        "country": 2,
        "region": 18,
        "department": 5,
        "employment_zone": 24,
        "epci": 92,
    }
    sections = (await observatory.get("/v1/sectors?level=section&count=true")).json()
    assert sections["total"] == 21
    subclasses = (await observatory.get("/v1/sectors?level=subclass&limit=1")).json()
    assert subclasses["items"][0] == {
        "code": "01.11Z",
        "level": "subclass",
        "label": subclasses["items"][0]["label"],
        "parent": "01",
    }


async def test_every_table_says_where_it_is_from(observatory: httpx.AsyncClient) -> None:
    items = (await observatory.get("/v1/datasets?limit=200")).json()["items"]
    assert {item["table"] for item in items} == set(loading.shipped())
    assert set(json.loads(SHIPPED.joinpath("sources.json").read_text())) == set(loading.TABLES)
    for item in items:
        lines = SHIPPED.joinpath(f"{item['table']}.csv").read_text().splitlines()
        assert item["rows"] == len(lines) - 1
        assert all(item[name] for name in ("producer", "vintage", "licence", "citation", "derived"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/jobs/M9999", 404),
        ("/v1/jobs/secretaire", 422),
        ("/v1/sectors/04", 404),
        ("/v1/sectors/zz", 422),
        ("/v1/territories/R99", 404),
        ("/v1/territories/Lille", 422),
        ("/v1/territories?kind=planet", 422),
        ("/v1/jobs?limit=201", 422),
    ],
)
async def test_wrong_codes_and_filters_are_refused(
    observatory: httpx.AsyncClient, path: str, status: int
) -> None:
    assert (await observatory.get(path)).status_code == status


def test_every_unit_group_has_a_label_in_both_languages() -> None:
    with SHIPPED.joinpath("occupations.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 433
    assert all(row["label_fr"] and row["label_en"] for row in rows)


def test_the_page_of_sources_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil_copy(tmp_path)
    monkeypatch.setattr(build, "HERE", tmp_path)
    build.document()
    shipped = SHIPPED.joinpath("SOURCES.md").read_text(encoding="utf-8")
    assert (tmp_path / "SOURCES.md").read_text(encoding="utf-8") == shipped


def shutil_copy(folder: Path) -> None:
    """Give the build script the hand-written files that it reads."""
    for name in ("sources.json", "own_labels.csv"):
        (folder / name).write_bytes(SHIPPED.joinpath(name).read_bytes())


@pytest.mark.skipif(not DATA.is_dir(), reason="the public source files are not on this machine")
def test_a_rebuild_from_the_sources_gives_the_shipped_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil_copy(tmp_path)
    monkeypatch.setattr(build, "HERE", tmp_path)
    build.main(DATA)
    built = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert set(built) == {path.name for path in SHIPPED.iterdir() if path.name.endswith(".csv")}
    for name, content in built.items():
        assert content == SHIPPED.joinpath(name).read_bytes(), name
    shipped = SHIPPED.joinpath("constants.json").read_bytes()
    assert (tmp_path / "constants.json").read_bytes() == shipped


@pytest.mark.parametrize(
    "path", ["jobs/M１607", "sectors/٦٢", "sectors/ſ", "territories/３2", "territories/٥٩"]
)
async def test_a_code_is_written_in_ascii(observatory: httpx.AsyncClient, path: str) -> None:
    for place in (f"/v1/{path}", f"/v1/exposure/{path}"):
        answer = await observatory.get(place)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "code-malformed")
