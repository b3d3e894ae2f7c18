"""The receivers of docs/api/webhooks.md, run as they stand there."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.webhooks import signing
from gateway.webhooks.sending import Sender, Target
from tests.gateway.doors import settings_for
from tests.gateway.peers import PEERS, installed
from tests.ports import free_ports

GUIDE = Path(__file__).parents[2] / "docs" / "api" / "webhooks.md"
BODY = b'{"type":"training.formation.created","data":{"href":"https://vigie.example/x"}}'


def written(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    code: str = block
    return code


def command(language: str) -> Sequence[str]:
    if language == "python":
        return [sys.executable, "-W", "ignore", "-c", written("python")]
    return [installed(), "--input-type=module", "-e", written("js")]


@pytest.mark.parametrize("language", ["python", "js"])
async def test_a_receiver_of_ten_lines_takes_ours_and_refuses_what_is_forged(
    language: str, tmp_path: Path
) -> None:
    secret = signing.make()
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *command(language),
        cwd=PEERS,
        env={**os.environ, "VIGIE_SECRET": secret, "PORT": str(port)},
        stdout=-1,
        stderr=-1,
    )
    settings = settings_for(tmp_path, {}, webhooks_local=True)
    url = f"http://127.0.0.1:{port}/"
    try:
        async with Sender(settings) as sender:
            forged, status = Target(url, [signing.make()]), None
            async with asyncio.timeout(120):
                while status is None:
                    assert process.returncode is None, "it ended"
                    status = (await sender.send(forged, "evt_1", BODY)).status
                    await asyncio.sleep(0.05)
            assert status == 400
            two = Target(url, [signing.make(), secret])
            assert (await sender.send(two, "evt_1", BODY)).status == 204
        assert process.stdout is not None
        line = await process.stdout.readline()
        assert line == b"training.formation.created https://vigie.example/x\n"
    finally:
        process.kill()
        await process.communicate()
