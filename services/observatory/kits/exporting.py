"""Publishes a version of this installation's kit: built, signed, and the same whenever rebuilt."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kits import (
    archive,
    comparing,
    conforming,
    keys,
    manifest,
    packaging,
    queries,
    verifying,
)
from observatory.kits.gathering import Gathered, gather
from observatory.kits.methods import methods
from observatory.kits.packaging import Changes
from observatory.kits.schemas import ConformanceReport, KitDraft, Place, Yank
from observatory.kits.service import (
    Kept,
    KitForked,
    KitUnknown,
    VersionUnfit,
    keep,
    kept,
    version_of,
)
from observatory.kits.signing import SigningKey
from observatory.kits.verifying import Verified
from observatory.releases.service import Actor
from observatory.settings import Settings
from observatory.structures.schemas import Names
from platformkit import feed
from platformkit.db import driver


async def publish(
    session: AsyncSession, settings: Settings, who: Actor, draft: KitDraft
) -> tuple[Kept, bool]:
    """Publish a version; an unchanged one that is there already is returned as it is, and False.

    Raises DataflowUnknown, KitForked for a version that was published with other content, or
    VersionUnfit for a step of the version that is too small for what has changed.
    """
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    earlier = [kept(row) for row in await raw.fetch(queries.PUBLISHED, settings.agency)]
    same = next((each for each in earlier if str(each.version) == draft.version), None)
    before = [each for each in earlier if same is None or each.number < same.number]
    yanked = await _yanked(raw, settings.agency) if same is None else same.manifest.yanked
    gathered = await gather(raw, settings.agency, draft.dataflows)
    key = keys.own(settings)
    with tempfile.TemporaryFile() as file:
        found = await asyncio.to_thread(
            _build, file, key, gathered, draft, _changes(before), yanked
        )
        if same is not None:
            if same.sha256 != found.sha256:
                raise KitForked(agency=settings.agency, version=draft.version)
            return same, False
        _refuse_unfit(before, found)
        await keep(raw, file, found, who)
    await feed.publish(
        session,
        entity="kit",
        entity_id=draft.version,
        kind="created",
        payload={"agency": settings.agency, "sha256": found.sha256},
    )
    return kept(await raw.fetchrow(queries.KIT, settings.agency, draft.version)), True


async def _yanked(raw: Any, agency: str) -> list[Yank]:  # noqa: ANN401  # asyncpg's connection, untyped
    return [
        Yank(version=row["version"], reason=Names.model_validate_json(row["reason"]))
        for row in await raw.fetch(queries.YANKS, agency)
    ]


def _changes(before: Sequence[Kept]) -> list[tuple[str, Names]]:
    return [(str(each.version), each.manifest.notes) for each in before]


def _build(
    file: BinaryIO,
    key: SigningKey,
    gathered: Gathered,
    draft: KitDraft,
    before: Changes,
    yanked: Sequence[Yank],
) -> Verified:
    """Write the archive, and read it as whoever gets it will."""
    agency = gathered.structures.agency
    files = packaging.files(gathered, [*before, (draft.version, draft.notes)])
    told = {
        "agency": agency,
        "name": draft.name.model_dump(),
        "version": draft.version,
        "notes": draft.notes.model_dump(),
        "methods": {each.id: each.version for each in methods().values()},
        "artefacts": packaging.artefacts(gathered.structures),
        "yanked": [each.model_dump(mode="json") for each in yanked],
    }
    raw = manifest.build(told, files, key)
    own = [(archive.MANIFEST, raw), (archive.SIGNATURE, key.sign(raw))]
    file.writelines(archive.pieces([*own, *sorted(files.items())]))
    file.seek(0)
    return verifying.verify(file, lambda _: [key.public])


def _refuse_unfit(before: Sequence[Kept], found: Verified) -> None:
    now = version_of(found.manifest.version)
    lower = [each for each in before if each.version.order < now.order]
    if not lower:
        return
    last = max(lower, key=lambda each: each.version.order)
    least, what = comparing.step(last.manifest, found.manifest)
    if not comparing.is_step(least, str(last.version), str(now)):
        raise VersionUnfit(earlier=last.version, least=least, what=", ".join(what[:10]))


async def yank(session: AsyncSession, settings: Settings, version: str, reason: Names) -> Kept:
    """Say that a version must not be installed any more; a second time changes nothing.

    Raises KitUnknown.
    """
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    agency = settings.agency
    if await raw.fetchrow(queries.KIT, agency, version) is None:
        raise KitUnknown(agency=agency, version=version)
    told = orjson.dumps(reason.model_dump()).decode()
    if await raw.fetchval(queries.YANK, agency, version, told) is not None:
        await feed.publish(
            session,
            entity="kit",
            entity_id=version,
            kind="updated",
            payload={"agency": agency, "yanked": True},
        )
    return kept(await raw.fetchrow(queries.KIT, agency, version))


async def certify(
    session: AsyncSession, settings: Settings, version: str, given: Place
) -> ConformanceReport:
    """Run the golden vectors of one's own kit, and sign what came out: its publisher is a node too.

    Raises KitUnknown.
    """
    raw = await driver(session)
    row = await raw.fetchrow(queries.KIT, settings.agency, version)
    if row is None:
        raise KitUnknown(agency=settings.agency, version=version)
    this = kept(row)
    results = await conforming.run(raw, this)
    return conforming.report(
        settings.agency, this, given, results, keys.own(settings), datetime.now(UTC)
    )
