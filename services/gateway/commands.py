"""`vigie clients …`: the programs that may call, their secrets and their API keys.

Answers are JSON, a line each; a secret or a key is shown once. The code is 0 for done, 1 for a
refusal, 2 when the command itself was wrong.
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.api_keys import queries as key_queries
from gateway.api_keys import service as keys
from gateway.audit.service import Actor
from gateway.clients import administration, queries
from gateway.clients.administration import FORMER_DAYS, ClientUnknown, NewClient
from gateway.limits import administration as limits
from gateway.proxy import table
from gateway.settings import Settings
from platformkit.db import driver, transaction
from platformkit.errors import ProblemError

_MOST: Final = 1_000
"""Keys shown of a client."""

_SHOWN: Final = timedelta(days=92)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do one deed, in one transaction."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = Settings()
        new = _described(chosen) if chosen.deed == "create" else None
    except (OSError, orjson.JSONDecodeError) as failure:
        return _complain(f"{chosen.jwks}: {failure}", 2)
    except ValidationError as fault:
        places = ", ".join(".".join(map(str, one["loc"])) for one in fault.errors())
        return _complain(f"not right: {places}", 2)
    try:
        for line in asyncio.run(_do(Deed(settings, chosen, new))):
            print(orjson.dumps(line, default=str).decode())  # noqa: T201  # a command's answer
    except ProblemError as problem:
        detail = problem.detail.en.format(**problem.facts) if problem.detail else problem.title.en
        faults = [f"{each.pointer}: {each.detail.en}" for each in problem.faults]
        return _complain("; ".join([detail, *faults]), 1)
    return 0


def _described(chosen: argparse.Namespace) -> NewClient:
    return NewClient(
        client_id=chosen.client,
        tenant=chosen.tenant,
        name=chosen.name,
        scopes=chosen.scope,
        roles=chosen.role,
        expires_at=chosen.expires_at,
        jwks=orjson.loads(chosen.jwks.read_bytes()) if chosen.jwks else None,
        jwks_uri=chosen.jwks_uri,
        return_urls=chosen.return_to,
        is_public=chosen.public,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vigie clients", description=__doc__)
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("list", help="all clients")
    for deed, told in (
        ("create", "register a client and show its secret"),
        ("rotate", "give a new secret; the former one stays good for a while"),
        ("disable", "refuse its secrets, keys and tokens within seconds"),
        ("enable", "let it in again"),
        ("keys", "list its API keys"),
        ("set-plan", "say what it may ask; a quota not given is the plan's"),
        ("use", "list its requests of each day, for 92 days"),
        ("add-key", "make an API key: publishable with --origin, else secret"),
    ):
        one = deeds.add_parser(deed, help=told)
        one.add_argument("client")
        if deed == "create":
            one.add_argument("--tenant", required=True, help="the organisation it acts for")
            one.add_argument("--name", required=True)
            one.add_argument("--scope", action="append", default=[])
            one.add_argument("--role", action="append", default=[])
            one.add_argument("--return-to", action="append", default=[], metavar="URL")
            own = one.add_mutually_exclusive_group()
            own.add_argument("--jwks", type=Path, help="file with its public keys: no secret")
            own.add_argument("--public", action="store_true", help="runs in a browser: no secret")
            own.add_argument("--jwks-uri", help="where it publishes them: no secret")
        if deed == "rotate":
            one.add_argument("--former-days", type=int, choices=range(91), default=FORMER_DAYS)
        if deed == "set-plan":
            one.add_argument("plan")
            one.add_argument("--per-day", type=int, help="requests, Europe/Paris days")
            one.add_argument("--per-month", type=int)
        if deed == "add-key":
            one.add_argument("--origin", action="append", default=[])
        if deed in {"create", "add-key"}:
            one.add_argument("--expires-at", type=_instant)
    deeds.add_parser("revoke-key", help="end an API key").add_argument("key", type=UUID)
    return parser


def _instant(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError("needs its offset: 2027-08-31T23:59:59+02:00")
    return read


def _complain(sentence: str, code: int) -> int:
    print(f"vigie clients: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


@dataclass(frozen=True, slots=True)
class Deed:
    """What was asked, and by whom."""

    settings: Settings
    chosen: argparse.Namespace
    new: NewClient | None
    actor: Actor = field(default_factory=lambda: Actor(f"operator:{getpass.getuser()}"))


Lines = Sequence[Mapping[str, object]]


async def _do(deed: Deed) -> Lines:
    async with transaction(deed.settings, "gateway") as session:
        return await _DEEDS[deed.chosen.deed](session, deed)


async def _list(session: AsyncSession, deed: Deed) -> Lines:
    return [dict(row) for row in await queries.all_of(session)]


async def _create(session: AsyncSession, deed: Deed) -> Lines:
    assert deed.new is not None  # noqa: S101  # `main` described it
    document = orjson.loads(deed.settings.openapi_path.read_bytes())
    known = {scope for route in table.read(document) for scope in route.scopes}
    pepper = deed.settings.peppered
    secret = await administration.create(session, deed.actor, deed.new, known, pepper)
    return [{"client_id": deed.new.client_id, "client_secret": secret}]


async def _rotate(session: AsyncSession, deed: Deed) -> Lines:
    client, pepper = deed.chosen.client, deed.settings.peppered
    former = timedelta(days=deed.chosen.former_days)
    secret = await administration.rotate(session, deed.actor, client, pepper, former)
    return [{"client_id": client, "client_secret": secret}]


async def _disable(session: AsyncSession, deed: Deed) -> Lines:
    await administration.disable(session, deed.actor, deed.chosen.client)
    return [{"client_id": deed.chosen.client, "disabled": True}]


async def _enable(session: AsyncSession, deed: Deed) -> Lines:
    await administration.enable(session, deed.actor, deed.chosen.client)
    return [{"client_id": deed.chosen.client, "disabled": False}]


async def _set_plan(session: AsyncSession, deed: Deed) -> Lines:
    chosen = deed.chosen
    quotas = {"per_day": chosen.per_day, "per_month": chosen.per_month}
    plans = deed.settings.plans
    await limits.set_plan(session, deed.actor, chosen.client, chosen.plan, plans, **quotas)
    return [{"client_id": chosen.client, "plan": chosen.plan, **quotas}]


async def _use(session: AsyncSession, deed: Deed) -> Lines:
    since = datetime.now(UTC).date() - _SHOWN
    return await limits.use(session, deed.chosen.client, since)


async def _keys(session: AsyncSession, deed: Deed) -> Lines:
    if await queries.locked(session, deed.chosen.client) is None:
        raise ClientUnknown(client=deed.chosen.client)
    connection = await driver(session)
    rows = await connection.fetch(key_queries.LIST, deed.chosen.client, None, None, _MOST)
    return [dict(row) for row in rows]


async def _add_key(session: AsyncSession, deed: Deed) -> Lines:
    made = await keys.add(
        session,
        deed.actor,
        deed.chosen.client,
        deed.settings.peppered,
        origins=deed.chosen.origin,
        expires_at=deed.chosen.expires_at,
    )
    return [{"id": made.id, "key": made.key}]


async def _revoke_key(session: AsyncSession, deed: Deed) -> Lines:
    await keys.revoke(session, deed.actor, deed.chosen.key, None)
    return [{"id": deed.chosen.key, "revoked": True}]


_DEEDS: Final = {
    "list": _list,
    "create": _create,
    "rotate": _rotate,
    "disable": _disable,
    "enable": _enable,
    "set-plan": _set_plan,
    "use": _use,
    "keys": _keys,
    "add-key": _add_key,
    "revoke-key": _revoke_key,
}
