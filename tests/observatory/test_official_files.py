"""The full official files give the figures of the shipped tables, and those that are not shipped.

Skipped where the folder of public files is absent: they are not copied into the project.
"""

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from observatory import bootstrap, commands
from observatory.exposure.classes import classify
from observatory.reference import files
from observatory.reference.build import OFFICIAL, UNSHIPPED
from observatory.settings import Settings
from platformkit.commands import main as vigie
from tests import harness
from tests.conftest import OpenApp
from tests.harness import Database, anonymous

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public source files are not on this machine"
)


@pytest.fixture(scope="module")
async def settings(database: Database) -> Settings:
    found: Settings = harness.settings(database, "observatory")
    return found


@pytest.fixture(scope="module")
async def complete(
    database: Database, settings: Settings, open_app: OpenApp
) -> AsyncIterator[httpx.AsyncClient]:
    """Read an observatory where the unshipped indices are loaded; afterwards they are not."""
    for kind, place in UNSHIPPED.items():
        await commands.load(settings, kind, DATA / place)
    async with open_app("observatory") as client:
        client.headers.update(anonymous("observatory"))
        yield client
    connection = await asyncpg.connect(database.dsn("observatory"))
    for table in ("index_score", "industry_score"):
        await connection.execute(f"DELETE FROM observatory.{table} WHERE dataset LIKE 'felten%'")
    await connection.execute("DELETE FROM observatory.dataset WHERE name LIKE 'felten%'")
    await connection.close()
    await bootstrap.run(settings)


async def read(client: httpx.AsyncClient, path: str) -> Any:
    response = await client.get(f"/v1/exposure/{path}")
    assert response.status_code == 200, response.text
    return response.json()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_n1_the_classes_of_the_ilo_are_427_of_427() -> None:
    rows = files.ilo(DATA / OFFICIAL["ilo"])["scores"]
    right = [row for row in rows if classify(row[2], row[3]) == row[5]]  # type: ignore[arg-type]
    assert (len(right), len(list(rows))) == (427, 427)


@pytest.mark.parametrize("kind", sorted(OFFICIAL))
async def test_an_official_file_says_what_the_shipped_table_says(
    settings: Settings, kind: str
) -> None:
    assert await commands.load(settings, kind, DATA / OFFICIAL[kind]) == []


async def test_the_figures_of_the_programme_come_from_the_files(
    complete: httpx.AsyncClient,
) -> None:
    region = await read(complete, "territories/32")
    assert round(region["mean"], 3) == 0.303
    assert round(region["exposed_share"], 3) == 0.292


async def test_the_scores_carried_to_isco_are_those_of_the_analysis(
    complete: httpx.AsyncClient,
) -> None:
    columns = {
        "aioe": "felten-aioe",
        "lm": "felten-language",
        "human_rating_beta": "eloundou-beta",
        "dv_rating_beta": "eloundou-beta-gpt4",
        "ms": "microsoft-2025",
    }
    rows = {row["rome"]: row for row in table(DATA / "_analysis/rome_v3_exposure.csv")}
    for code in ("A1101", "M1607", "M1203", "H1206"):
        body = await read(complete, f"jobs/{code}/range")
        native = {each["method"]["id"]: each["native"] for each in body["methods"]}
        for column, name in columns.items():
            if rows[code][column]:
                assert native[name] == pytest.approx(float(rows[code][column]), abs=6e-4), name


async def test_the_two_routes_to_a_sector_agree_at_079(complete: httpx.AsyncClient) -> None:
    body = await read(complete, "sector-routes?limit=200")
    assert round(body["spearman"], 2) == 0.79
    both = [item for item in body["items"] if item["industry"]]
    assert len(both) == body["divisions"] > 80
    analysis = {row["div"]: row for row in table(DATA / "_analysis/naf_division_aiie_2017.csv")}
    hires = {row["n2"]: row["0"] for row in table(DATA / "_analysis/naf_division_ilo_lbb.csv")}
    for item in both:
        expected = float(analysis[item["code"]]["mean"])
        assert item["industry"]["value"] == pytest.approx(expected, abs=6e-4), item["code"]
        assert item["hires"]["mean"] == pytest.approx(float(hires[item["code"]]), abs=6e-4)
        assert "0,79" in item["reading"]


async def test_the_range_then_has_four_headlines(complete: httpx.AsyncClient) -> None:
    body = await read(complete, "territories/32/range")
    assert body["agreement"]["of"] == 4
    felten = next(each for each in body["methods"] if each["method"]["id"] == "felten-aioe")
    assert felten["coverage"] > 0.9
    assert felten["scale"] == "écarts-types, sans bornes"
    replayed = await read(complete, "methods/felten-aioe/latest/replay?kind=territories&code=R32")
    assert replayed["agrees"] is True


async def test_a_newer_file_replaces_the_shipped_table_and_no_bootstrap_undoes_it(
    settings: Settings, tmp_path: Path, open_app: OpenApp
) -> None:
    text = (DATA / OFFICIAL["microsoft"]).read_text()
    newer = tmp_path / "soc_ai_applicability_scores.csv"
    newer.write_text(text.replace("11-1011,Chief Executives,0.155", "11-1011,Chief Executives,0.9"))
    loaded = await commands.load(settings, "microsoft", newer, "2026")
    follow = ["DF_EXPOSURE_PLACE", "DF_PLACE_SECTOR", "DF_PLACE_JOB"]
    assert loaded == ["microsoft", *follow], "the figures follow"
    try:
        assert await commands.load(settings, "microsoft", newer, "2026") == []
        assert await bootstrap.run(settings) == []
        async with open_app("observatory") as client:
            client.headers.update(anonymous("observatory"))
            (dataset,) = [
                each
                for each in (await client.get("/v1/datasets?limit=200")).json()["items"]
                if each["table"] == "microsoft"
            ]
        assert dataset["vintage"] == "2026"
    finally:
        await commands.load(settings, "microsoft", DATA / OFFICIAL["microsoft"])


def test_the_command_says_what_it_loaded_and_what_it_refuses(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = DATA / OFFICIAL["microsoft"]
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    unknown = tmp_path / "rome.csv"
    unknown.write_text("code_rome,libelle_rome,code_rome_parent\nM1607,Secrétaire,M9999\n")
    with harness.environment(**harness.variables(database, "observatory")):
        assert vigie(["load", "microsoft", str(file)]) == 0
        assert capsys.readouterr().out == "nothing loaded\n"
        assert vigie(["load", "ilo", str(file)]) == 1
        assert vigie(["load", "eloundou", str(file)]) == 1
        assert vigie(["load", "felten", str(broken)]) == 1
        assert vigie(["load", "rome", str(unknown)]) == 1
        assert vigie(["load", "ilo", str(tmp_path / "absent")]) == 2
        assert "not a file of the kind" in capsys.readouterr().err
    assert vigie(["load", "microsoft", str(file)]) == 2
