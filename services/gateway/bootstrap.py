"""`python -m gateway.bootstrap [--demo]`: creates the demo clients from the deployment's secrets.

The gateway ships no reference data. `GATEWAY_DEMO_CLIENTS` is a JSON list of
`{client_id, secret, tenant, name, scopes, roles}`, or the path of a file that holds it.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gateway.clients import administration
from gateway.clients import service as clients
from gateway.settings import Settings
from platformkit.db import transaction

_CLIENTS = TypeAdapter(list[clients.DemoClient])


def read(given: str) -> list[clients.DemoClient]:
    """Read the list, from the text itself or from the file that it names."""
    text = given if given.lstrip().startswith("[") else Path(given).read_text()
    return _CLIENTS.validate_json(text)


async def install(settings: Settings, demo: list[clients.DemoClient]) -> None:
    """Write all of them in one transaction."""
    async with transaction(settings, "gateway") as session:
        for client in demo:
            await clients.install(session, client, settings.peppered)
        await administration.announce(session)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; running it again changes nothing."""
    parser = argparse.ArgumentParser(prog="gateway.bootstrap")
    parser.add_argument("--demo", action="store_true", help="create the demo clients")
    if not parser.parse_args(arguments).demo:
        return 0
    settings = Settings()
    if settings.demo_clients is None:
        print("GATEWAY_DEMO_CLIENTS is not set: no demo client was made.")  # noqa: T201  # a command's answer
        return 0
    try:
        demo = read(settings.demo_clients.get_secret_value())
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else _faults(error)
        print(f"GATEWAY_DEMO_CLIENTS cannot be read: {reason}", file=sys.stderr)  # noqa: T201  # likewise
        return 1
    asyncio.run(install(settings, demo))
    print(f"Demo clients: {', '.join(client.client_id for client in demo)}.")  # noqa: T201  # likewise
    return 0


def _faults(error: ValidationError) -> str:
    """Say where and what, never the value: it may be a secret."""
    return "; ".join(
        f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_context=False)
    )


if __name__ == "__main__":
    sys.exit(main())
