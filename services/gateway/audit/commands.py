"""`vigie audit verify [HEAD]`: check the chain of the gateway's audit trail.

The end of the chain, `number:digest`, goes to stdout: keep it elsewhere, and give it the next time
to learn whether anything was cut off since. The code is 0 for a sound chain, 1 for a broken one, 2
when the command itself was wrong.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from gateway.audit import service as audit
from gateway.audit.chain import ChainBroken, Head
from gateway.settings import Settings
from platformkit.db import driver, transaction


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and verify."""
    parser = argparse.ArgumentParser(prog="vigie audit", description=__doc__)
    parser.add_argument("deed", choices=["verify"])
    parser.add_argument("head", nargs="?", type=_head, help="what an earlier run printed")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as fault:
        return _complain(f"{fault.error_count()} settings are not right", 2)
    try:
        head = asyncio.run(_verify(settings, chosen.head))
    except ChainBroken as broken:
        return _complain(str(broken), 1)
    print(head)  # noqa: T201  # a command's answer
    return 0


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    return Head(int(number), bytes.fromhex(digest))


def _complain(sentence: str, code: int) -> int:
    print(f"vigie audit: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


async def _verify(settings: Settings, kept: Head | None) -> Head:
    async with transaction(settings, "gateway") as session:
        return await audit.verify(await driver(session), kept)
