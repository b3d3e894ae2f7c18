"""`vigie publish`: a release from the command line."""

import asyncio
import json
from pathlib import Path

import pytest

from platformkit import commands
from tests.harness import Database, environment, variables
from tests.observatory.publishing import Publisher, lines, table

ROWS = [("R32", "A", "2020", 1.0), ("2A", "J", "2021", 3.0)]
TOLD = ["--method", "m/1", "--source", "s", "--notes-fr", "n", "--notes-en", "n"]


async def test_a_file_is_published_once(
    publisher: Publisher, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = await publisher.flow()
    file = tmp_path / "figures.csv"
    file.write_bytes(table(ROWS))

    async def run(*arguments: str) -> tuple[int, str, str]:
        with environment(**variables(database, "observatory")):
            code = await asyncio.to_thread(commands.main, ["publish", *arguments])
        return code, *capsys.readouterr()

    origins = tmp_path / "origins.json"
    title = {"fr": "Recensement", "en": "Census"}
    origin = {"title": title, "producer": "INSEE", "vintage": "2022", "licence": "Etalab 2.0"}
    origins.write_text(json.dumps([origin]))
    formula = ("--formula-fr", "comptage", "--formula-en", "count")
    code, out, _ = await run(flow, str(file), *TOLD, *formula, "--origins", str(origins))
    release = json.loads(out)
    assert (code, release["state"]) == (0, "published")
    assert release["origins"][0].items() >= origin.items()
    assert release["formula"] == {"fr": "comptage", "en": "count"}
    assert len(lines(await publisher.data(flow))) == 2
    assert (await run(flow, str(file), *TOLD))[:2] == (0, "unchanged\n")
    file.write_bytes(table([("R99", "A", "2020", 1.0), ("R32", "A", "soon", 1.0)]))
    code, _, err = await run(flow, str(file), *TOLD)
    assert code == 1
    assert "line 2: R99" in err
    assert "line 3: soon" in err
    file.write_bytes(table([("R32", "A", "2020", 2.0)]))
    late = ("--at", "2020-01-01T00:00:00+00:00", "--partial")
    assert (await run(flow, str(file), *TOLD, *late))[0] == 1
    code, out, _ = await run(flow, str(file), *TOLD, "--at", "2999-01-01T00:00:00+00:00")
    assert (code, json.loads(out)["state"]) == (0, "embargoed")
    for wrong in (
        (flow, str(tmp_path / "none.csv"), *TOLD),
        ("no flow", str(file), *TOLD),
        (flow, str(file), *TOLD, "--at", "2999-01-01"),
        (flow, str(file), *TOLD, "--origins", str(tmp_path / "none.json")),
        (flow, str(file), *TOLD, "--origins", str(file)),
        (flow, str(file), *TOLD, "--formula-fr", "one language"),
    ):
        assert (await run(*wrong))[0] == 2
    assert (await run("UNKNOWN", str(file), *TOLD))[0] == 1
    listed = (await publisher.client.get("/v1/releases", params={"dataflow": flow})).json()
    assert [each["ordinal"] for each in listed["items"]] == [1], "nothing refused is left"
