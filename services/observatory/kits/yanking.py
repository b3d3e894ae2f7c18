"""Lists of versions that must not be installed any more, signed by their publisher."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kits import keys, queries, signing
from observatory.kits.schemas import Yanks
from observatory.kits.service import PublisherUntrusted, YanksRefused
from observatory.kits.signing import KeyNotPinned, SignatureWrong
from observatory.settings import Settings
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.reads import ReadPool

_WRONG = Text(
    "La signature n’est pas celle de cette liste.", "The signature is not that of this list."
)


async def told(reads: ReadPool, settings: Settings) -> bytes:
    """Write what was yanked of this installation's kit, signed."""
    rows = await reads.fetch("kit yanks", queries.YANKS, settings.agency)
    document = {
        "document": "vigie-kit-yanks/1",
        "agency": settings.agency,
        "yanked": [
            {"version": row["version"], "reason": orjson.loads(row["reason"])} for row in rows
        ],
    }
    return signing.canonical(signing.sign(document, keys.own(settings)))


async def learn(
    session: AsyncSession, settings: Settings, sent: Mapping[str, Any], read: Yanks
) -> None:
    """Remember what a publisher has yanked; what it yanked before stays so.

    `sent` is the list as it was signed. Raises PublisherUntrusted or YanksRefused.
    """
    try:
        signing.verify(sent, keys.publishers(settings, read.agency))
    except KeyNotPinned as stranger:
        raise PublisherUntrusted(key=stranger) from stranger
    except SignatureWrong as wrong:
        raise YanksRefused([Fault("/signature", "signature-wrong", _WRONG)]) from wrong
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    for each in read.yanked:
        why = orjson.dumps(each.reason.model_dump()).decode()
        await raw.execute(queries.YANK, read.agency, each.version, why)
