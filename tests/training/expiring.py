"""What the tests of expiries share: a catalogue with certifications that end, and their work."""

from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from tests.harness import Database
from tests.training.importing import Importer, fiche, flux
from tests.training.offering import formation, lheo
from training.expiries import telling


def certified(*numbers: str) -> str:
    """Write the certifications of a formation, `RNCP1` or `RS1`."""
    codes = (number.partition("CP" if number.startswith("RNCP") else "RS") for number in numbers)
    return "".join(
        f"<certification><code-{head}{kind}>{digits}</code-{head}{kind}></certification>"
        for head, kind, digits in codes
    )


def period(start: str, end: str) -> str:
    """Write a period of two days as ISO writes them."""
    return f"<debut>{start.replace('-', '')}</debut><fin>{end.replace('-', '')}</fin>"


def enrolling(start: str, end: str) -> str:
    """Write when one may enrol."""
    whole = f"<periode>{period(start, end)}</periode>"
    return f"<periode-inscription>{whole}</periode-inscription>"


def session(
    number: str, start: str, end: str, enrolment: tuple[str, str] | None = None, state: str = ""
) -> str:
    """Write one more session of the action of `offering.formation`."""
    enrols = enrolling(*enrolment) if enrolment else ""
    recruits = f"<etat-recrutement>{state}</etat-recrutement>" if state else ""
    return (
        f'<session numero="{number}"><periode>{period(start, end)}</periode>'
        "<adresse-inscription><adresse><ligne>1 rue X</ligne><codepostal>59000</codepostal>"
        f"<ville>LILLE</ville></adresse></adresse-inscription>{enrols}{recruits}</session>"
    )


async def certify(importer: Importer, number: str, end: str, **more: str) -> None:
    """Import a certification that ends on that day."""
    day = f"{date.fromisoformat(end):%d/%m/%Y}"
    one = fiche(number, f"Titre {number}", **{"DATE_FIN_ENREGISTREMENT": day, **more})
    done = await importer.send(flux(one), extract=True)
    assert done.state == "done", done.anomalies


async def offer(importer: Importer, *formations: str) -> None:
    """Import offers beside those that there are."""
    done = await importer.send(lheo(*formations), form="lheo", extract=True)
    assert done.state == "done", done.anomalies


async def offered(importer: Importer, number: str, certification: str, **more: str) -> None:
    """Import one offer that leads to a certification."""
    await offer(importer, formation(number, certifications=certified(certification), **more))


async def work(database: Database, now: str) -> bool:
    """Do the hourly work as the service does, with its own role and in one transaction."""
    dsn = database.dsn("training").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    try:
        async with AsyncSession(engine, info={"schema": "training"}) as opened, opened.begin():
            return await telling.tell(opened, datetime.fromisoformat(now))
    finally:
        await engine.dispose()


async def notices(importer: Importer, certification: str) -> list[dict[str, Any]]:
    """Return what was published of the ends of a certification, the oldest first."""
    found = [
        {**row, "payload": orjson.loads(row["payload"])}
        for row in await importer.changes("expiry-notice")
    ]
    return [one for one in found if one["payload"]["certification"] == certification]


async def told(importer: Importer, certification: str) -> list[tuple[str, str]]:
    """Return the last day and the stage of each."""
    return [
        (one["payload"]["ends_on"], one["payload"]["stage"])
        for one in await notices(importer, certification)
    ]
