"""A gateway's deliveries alone, in a process that a test can kill: the address of the database."""

import asyncio
import sys
from datetime import timedelta

from gateway.settings import Settings
from gateway.webhooks.dispatcher import Dispatcher
from gateway.webhooks.sealing import Seal
from gateway.webhooks.sending import Sender
from gateway.webhooks.work import Work
from platformkit.reads import ReadPool, WritePool


async def main(dsn: str) -> None:
    """Deliver until killed; leases are short, so that the test is."""
    settings = Settings(
        database_url=dsn, secret_key="test", webhooks_local=True, read_connections=2
    )
    pool = WritePool(settings, "gateway")
    work = Work(pool, Seal(settings.sealing), settings.issuer, lease=timedelta(seconds=1))
    async with Sender(settings) as sender:
        dispatcher = Dispatcher(work, sender, ReadPool(settings, "gateway"))
        print("ready", flush=True)  # noqa: T201  # to the test
        await dispatcher.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
