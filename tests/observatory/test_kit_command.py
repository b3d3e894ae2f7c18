"""`vigie kit export|verify|install`: the same from the command line."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path

import asyncpg
import pytest

from platformkit import commands
from tests.harness import Database, environment, variables
from tests.observatory import kits
from tests.observatory.kits import KEY, PARAMETERS
from tests.observatory.publishing import Publisher, structures

MAKER, KILLED = "PIC", "KIL"
WAITING = """
SELECT count(*) FROM pg_locks WHERE relation = 'observatory.artefact'::regclass AND NOT granted
"""
VIGIE = (sys.executable, "-m", "platformkit.commands")
NAMED = ("--name-fr", "n", "--name-en", "n", "--notes-fr", "n", "--notes-en", "n")


async def test_a_kit_is_exported_verified_and_installed(
    publisher: Publisher, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = await publisher.flow()
    pinned = {"OBSERVATORY_KIT_PUBLISHERS": json.dumps({MAKER: [KEY.public.x]})}

    async def run(*arguments: str | Path) -> tuple[int, str, str]:
        with environment(**variables(database, "observatory"), **pinned):
            code = await asyncio.to_thread(commands.main, ["kit", *map(str, arguments)])
        return code, *capsys.readouterr()

    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        code, out, _ = await run("export", "50.0.0", *NAMED, "--dataflow", flow, "--to", folder)
        assert (code, json.loads(out)["version"]) == (0, "50.0.0")
    name = "kit-HDF-50.0.0.zip"
    assert (first / name).read_bytes() == (second / name).read_bytes()  # X3

    code, out, _ = await run("verify", first / name)
    assert (code, json.loads(out)["agency"]) == (0, "HDF")
    key = (await publisher.client.get("/v1/kit-key")).json()["x"]
    assert (await run("verify", first / name, "--key", key))[0] == 0
    code, _, err = await run("verify", first / name, "--key", KEY.public.x)
    assert (code, "Untrusted publisher" in err) == (1, True)
    wrong = bytearray((first / name).read_bytes())
    wrong[wrong.index(b"Structures, metadata")] ^= 1
    (second / name).write_bytes(wrong)
    code, _, err = await run("verify", second / name)
    assert (code, "LICENCE: This is not the file that was signed." in err) == (1, True)
    assert (await run("install", first / name, "--dry-run"))[:2] == (1, "")  # one's own

    theirs, told = tmp_path / "theirs.zip", tmp_path / "local.json"
    theirs.write_bytes(kits.made("1.0.0", structures(f"{flow}_K"), agency=MAKER))
    told.write_text(json.dumps(PARAMETERS))
    code, out, _ = await run("install", theirs, "--dry-run")
    assert (code, json.loads(out)["state"]) == (0, "dry_run")
    for _ in range(2):
        code, out, _ = await run("install", theirs, "--parameters", told)
        assert (code, json.loads(out)["state"]) == (0, "certified")
    unmet = kits.VECTORS.replace("_4", "_3")
    theirs.write_bytes(kits.made("1.0.1", structures(f"{flow}_K"), unmet, MAKER))
    assert (await run("install", theirs, "--parameters", told))[0] == 1
    told.write_text("{}")
    for misused in (
        ("install", theirs),
        ("install", theirs, "--parameters", told),
        ("install", tmp_path / "none.zip", "--dry-run"),
        ("verify", first / name, "--key", "short"),
    ):
        assert (await run(*misused))[0] == 2
    assert (await run("export", "51.0.0", *NAMED, "--dataflow", "DF_NONE"))[0] == 1


async def test_a_killed_install_has_installed_nothing_and_the_next_one_installs_it(
    publisher: Publisher, database: Database, tmp_path: Path
) -> None:
    flow, version = await publisher.flow(), "70.0.0"
    file, told = tmp_path / "kit.zip", tmp_path / "local.json"
    file.write_bytes(kits.made(version, structures(f"{flow}_K"), agency=KILLED))
    told.write_text(json.dumps(PARAMETERS))
    pinned = {"OBSERVATORY_KIT_PUBLISHERS": json.dumps({KILLED: [KEY.public.x]})}
    given = ("kit", "install", str(file), "--parameters", str(told))
    path = f"/v1/kit-installations/{KILLED}/{version}"

    blocker = await asyncpg.connect(database.admin_dsn)
    try:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE observatory.artefact IN SHARE MODE")
            with environment(**variables(database, "observatory"), **pinned):
                victim = await asyncio.create_subprocess_exec(*VIGIE, *given, stdout=DEVNULL)
            async with asyncio.timeout(30):
                # it has kept the kit, and comes to the structures: nobody tells of that
                while not await blocker.fetchval(WAITING):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
    finally:
        await blocker.close()
    assert (await publisher.client.get(path)).status_code == 404
    with environment(**variables(database, "observatory"), **pinned):
        assert await asyncio.to_thread(commands.main, given) == 0
    assert (await publisher.client.get(path)).json()["state"] == "certified"
