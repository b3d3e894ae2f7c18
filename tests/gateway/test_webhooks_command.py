"""`vigie webhooks`, as an operator types it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from platformkit import commands
from tests.gateway.hooks import Hooks, came, hooks, subject
from tests.gateway.partners import sql
from tests.harness import Database, variables


@pytest.fixture
async def world(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hooks]:
    for name, value in variables(database, "gateway").items():
        monkeypatch.setenv(name, value)
    async with hooks(database, tmp_path) as world:
        yield world


async def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run it beside our loop, since it has one of its own."""
    capsys.readouterr()
    code = await asyncio.to_thread(commands.main, ["webhooks", *words])
    return code, *capsys.readouterr()


async def test_webhooks_are_listed_with_what_waits_and_a_part_of_the_log_sent_again(
    world: Hooks, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook, secret = await world.add()
    (position,) = await world.happen(subject(), 1)
    await world.happen(subject(), 1)
    first, _ = await world.turn(webhook)
    code, out, _ = await run(capsys, "list", "--tenant", "cci-hdf")
    listed = [json.loads(line) for line in out.splitlines()]
    (shown,) = [one for one in listed if one["id"] == str(webhook)]
    assert (code, shown["waiting"], shown["dead"], shown["status"]) == (0, 2, 0, "active")
    assert secret not in out
    assert (await run(capsys, "list", "--tenant", "nobody"))[1] == ""

    await world.turn(webhook, came(first, 200))
    asked = ("replay", str(webhook), "--after", str(position - 1), "--until", str(position))
    code, out, _ = await run(capsys, *asked)
    assert (code, json.loads(out)) == (0, {"events": 1, "position": position, "more": False})
    assert await world.states(webhook) == ["pending", "pending"]
    (deed,) = await sql(
        world.database,
        "SELECT actor, tenant FROM gateway.audit_event"
        " WHERE entity_id = $1 AND action = 'replay_webhook'",
        str(webhook),
    )
    assert deed["actor"].startswith("operator:")
    assert deed["tenant"] == "cci-hdf"


async def test_what_cannot_be_done_is_said(
    world: Hooks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = str(uuid4())
    code, _, told = await run(capsys, "replay", unknown, "--after", "0")
    assert (code, unknown in told) == (1, True)
    for words in (["replay", "x"], ["replay", unknown, "--after", "-1"], ["dance"]):
        with pytest.raises(SystemExit) as ended:
            await run(capsys, *words)
        assert ended.value.code == 2
    monkeypatch.delenv("GATEWAY_DATABASE_URL")
    assert (await run(capsys, "list"))[0] == 2
