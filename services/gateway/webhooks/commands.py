"""`vigie webhooks …`: who is told what, how that goes, and sending again.

Answers are JSON, a line each. The code is 0 for done, 1 for a refusal, 2 when the command itself
was wrong.
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from gateway.audit.service import Actor
from gateway.settings import Settings
from gateway.webhooks import queries, replaying
from gateway.webhooks import service as webhooks
from gateway.webhooks.problems import WebhookUnknown
from gateway.webhooks.schemas import Range
from platformkit.db import driver, transaction
from platformkit.errors import ProblemError

_HIGHEST: Final = 2**63 - 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do one deed, in one transaction."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as fault:
        return _complain(f"{fault.error_count()} settings are not right", 2)
    deed = _listed if chosen.deed == "list" else _replayed
    try:
        lines = asyncio.run(deed(settings, chosen))
    except ProblemError as problem:
        told = problem.detail or problem.title
        return _complain(told.en.format(**problem.facts), 1)
    for line in lines:
        print(orjson.dumps(line, default=str).decode())  # noqa: T201  # a command's answer
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vigie webhooks", description=__doc__)
    deeds = parser.add_subparsers(dest="deed", required=True)
    listing = deeds.add_parser("list", help="all webhooks, with what waits and what was given up")
    listing.add_argument("--tenant", help="of one organisation")
    again = deeds.add_parser("replay", help="send a part of the log again")
    again.add_argument("webhook", type=UUID)
    again.add_argument("--after", type=_position, required=True)
    again.add_argument("--until", type=_position)
    return parser


def _position(text: str) -> int:
    position = int(text)
    if not 0 <= position <= _HIGHEST:
        raise argparse.ArgumentTypeError("is a position in the log")
    return position


def _complain(sentence: str, code: int) -> int:
    print(f"vigie webhooks: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


Lines = Sequence[dict[str, Any]]


async def _listed(settings: Settings, chosen: argparse.Namespace) -> Lines:
    async with transaction(settings, "gateway") as session:
        rows = await (await driver(session)).fetch(queries.ALL, chosen.tenant)
        return [dict(row) for row in rows]


async def _replayed(settings: Settings, chosen: argparse.Namespace) -> Lines:
    actor = Actor(f"operator:{getpass.getuser()}")
    asked = Range(after=chosen.after, until=chosen.until)
    async with transaction(settings, "gateway") as session:
        row = await queries.locked(session, chosen.webhook, None)
        if row is None:
            raise WebhookUnknown(id=chosen.webhook)
        told = await replaying.replay(session, row, asked, settings.issuer, datetime.now(UTC))
        await webhooks.record(session, actor, "replay_webhook", row, told.said(asked.after))
    return [told.model_dump()]
