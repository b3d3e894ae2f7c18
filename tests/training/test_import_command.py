"""`vigie import`: the same engine in the foreground."""

import asyncio
import json
from pathlib import Path

import pytest

from platformkit import commands
from tests.training.importing import Importer, fiche, flux
from tests.training.listing import ACTIVITY, OF_SIRET, dotted, lowered, provider
from tests.training.offering import SIRET, formation, lheo

GOOD = flux(fiche("RS94001"), fiche("RS94002"))


@pytest.fixture
def database_told(partner: Importer, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setenv("TRAINING_DATABASE_URL", partner.database.dsn("training"))
    return partner


async def vigie(tmp_path: Path, data: bytes, *options: str, form: str = "rncp") -> int:
    """Run the command as a person does, in an event loop of its own."""
    path = tmp_path / "file.xml"
    path.write_bytes(data)
    return await asyncio.to_thread(commands.main, ["import", form, str(path), *options])


async def test_progress_is_told_and_the_certificate_printed(
    database_told: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await vigie(tmp_path, GOOD, "--dry-run") == 0
    tried = json.loads(capsys.readouterr().out)
    assert (tried["applied"], tried["changes"]["created"]["count"]) == (False, 2)
    assert await vigie(tmp_path, GOOD, "--dated-on", "2026-11-26") == 0
    said = capsys.readouterr()
    assert "schema: 2 records, 0 errors, 0 warnings" in said.err
    made = json.loads(said.out)
    assert (made["applied"], made["file"]["dated_on"]) == (True, "2026-11-26")
    assert await vigie(tmp_path, GOOD) == 0
    assert json.loads(capsys.readouterr().out)["changes"]["unchanged"]["count"] == 2
    read = await database_told.client.get("/v1/certifications/RS94001")
    assert read.json()["source"]["dated_on"] == "2026-11-26"
    assert (await database_told.client.get("/v1/imports")).json()["items"] == []  # of operators


async def test_offers_are_read_the_same_way(
    database_told: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = lheo(formation("F1"))
    assert await vigie(tmp_path, data, form="lheo") == 0
    assert json.loads(capsys.readouterr().out)["changes"]["created"]["first"] == [f"{SIRET}/F1"]
    assert len((await database_told.client.get("/v1/formations")).json()["items"]) == 1


async def test_providers_are_read_the_same_way(
    database_told: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await vigie(tmp_path, dotted(provider()), form="providers") == 0
    assert json.loads(capsys.readouterr().out)["changes"]["created"]["first"] == [ACTIVITY]
    assert await vigie(tmp_path, lowered(provider()), form="providers") == 0
    assert json.loads(capsys.readouterr().out)["changes"]["unchanged"]["count"] == 1
    assert (await database_told.client.get(f"/v1/providers/{OF_SIRET}")).status_code == 200


async def test_the_edition_of_a_table_is_read_from_the_name_of_its_file(
    database_told: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "unix_referentiel_code_rome_v460_utf8.csv"
    table.write_text('"code_rome","libelle_rome"\n"M1805","Développeur / Développeuse web"\n')
    command = ["import", "rome", str(table), "--dated-on", "2025-09-18", "--extract"]
    assert await asyncio.to_thread(commands.main, command) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["format_version"], made["file"]["parts"]) == ("460", [table.name])
    versions = (await database_told.client.get("/v1/references")).json()["items"]
    assert [one["version"] for one in versions if one["scheme"] == "rome"] == ["460"]


async def test_the_code_says_how_it_ended(
    database_told: Importer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = flux(fiche("RS94001"), fiche("nonsense"))
    assert await vigie(tmp_path, wrong) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "failed"
    assert await vigie(tmp_path, wrong, "--partial") == 0
    assert await vigie(tmp_path, b"<!DOCTYPE x>\n<FICHES/>") == 1
    assert "DOCTYPE" in capsys.readouterr().err
    await database_told.send(flux(*(fiche(f"RS94{number}") for number in range(100, 120))))
    assert await vigie(tmp_path, GOOD) == 3
    assert json.loads(capsys.readouterr().out)["state"] == "halted"
    assert await vigie(tmp_path, GOOD, "--extract") == 0
    assert await vigie(tmp_path, GOOD, "--force") == 0


def test_a_wrong_command_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main([]) == 2
    assert commands.main(["export"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert all(line.startswith("usage: vigie {") and "import" in line for line in told)
    there = tmp_path / "there.xml"
    there.write_bytes(GOOD)
    monkeypatch.delenv("TRAINING_DATABASE_URL", raising=False)
    assert commands.main(["import", "rncp", str(there)]) == 2
    assert "TRAINING_DATABASE_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("TRAINING_DATABASE_URL", "postgresql://x@127.0.0.1:1/x")
    assert commands.main(["import", "rncp", str(tmp_path / "missing.xml")]) == 2
    assert "missing.xml: No such file" in capsys.readouterr().err
    assert commands.main(["import", "rncp", str(there)]) == 2
    assert "the database cannot be reached" in capsys.readouterr().err
    with pytest.raises(SystemExit) as refused:
        commands.main(["import", "nope", str(there)])
    assert refused.value.code == 2
