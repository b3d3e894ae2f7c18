"""Receives another's kit and installs it: all of it with its certificate, or nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kits import bringing, comparing, conforming, keys, queries
from observatory.kits.manifest import Manifest
from observatory.kits.schemas import Difference, InstallationRead, Parameters
from observatory.kits.service import (
    InstallationUnknown,
    Kept,
    KitConflicting,
    KitDowngraded,
    KitForked,
    KitOwn,
    KitYanked,
    MappingInvalid,
    MappingMissing,
    keep,
    kept,
    reason,
    version_of,
)
from observatory.kits.verifying import Verified
from observatory.releases.service import Actor
from observatory.settings import Settings
from observatory.structures import library
from platformkit import etags, feed
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text


async def receive(
    session: AsyncSession, settings: Settings, who: Actor, found: Verified, archive: BinaryIO
) -> tuple[InstallationRead, int, bool]:
    """Keep a verified kit and say what installing it would change; nothing else is changed.

    The same kit again changes nothing, and returns False. Raises KitOwn, KitYanked, KitDowngraded,
    KitForked or KitRefused.
    """
    told = found.manifest
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    before = await _refuse(raw, settings, told)
    known = await raw.fetchrow(queries.KIT, told.agency, told.version)
    if known is not None and known["sha256"] != found.sha256:
        raise KitForked(agency=told.agency, version=told.version)
    if known is None:
        number = await keep(raw, archive, found, who)
        this = kept(await raw.fetchrow(queries.KIT, told.agency, told.version))
        await bringing.read(raw, this)
        await _learn(raw, told)
        changes = await _difference(raw, settings, told, before)
        await raw.execute(
            queries.RECEIVE, number, changes.model_dump_json(), who.client, who.subject
        )
        await _tell(session, told, "created", "dry_run")
    return *await reread(raw, told.agency, told.version), known is None


async def install(
    session: AsyncSession,
    settings: Settings,
    who: Actor,
    name: tuple[str, str],
    given: Parameters,
    if_match: str,
) -> tuple[InstallationRead, int]:
    """Install a received kit, run its golden vectors and sign what came out.

    A vector that is not met leaves a failed report and nothing else. Raises InstallationUnknown,
    Stale, KitYanked, KitDowngraded, KitConflicting, MappingMissing or MappingInvalid.
    """
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    now, version = await reread(raw, *name)
    etags.match(if_match, etags.of_version(version))
    this = kept(await raw.fetchrow(queries.KIT, *name))
    before = await _refuse(raw, settings, this.manifest)
    if now.state == "certified" and now.parameters == given:
        return now, version
    changes = await _difference(raw, settings, this.manifest, before)
    if changes.conflicting:
        raise KitConflicting(references=", ".join(changes.conflicting[:10]))
    _refuse_mapping(this.manifest, before, changes, given)
    results = await conforming.run(raw, this)
    report = conforming.report(
        settings.agency, this, given, results, keys.own(settings), datetime.now(UTC)
    )
    local = {}
    if report.passed:
        local = await bringing.bring(session, settings.agency, this, given, who)
    state = "certified" if report.passed else "failed"
    await raw.execute(
        queries.SETTLE,
        this.number,
        state,
        given.model_dump_json(),
        orjson.dumps(local).decode(),
        report.model_dump_json(),
        who.client,
        who.subject,
        changes.model_dump_json(),
    )
    await _tell(session, this.manifest, "updated", state)
    return await reread(raw, *name)


async def reread(raw: Any, agency: str, version: str) -> tuple[InstallationRead, int]:  # noqa: ANN401  # asyncpg's connection, untyped
    """Return an installation and its version, or raise InstallationUnknown."""
    row = await raw.fetchrow(queries.INSTALLATION, agency, version)
    if row is None:
        raise InstallationUnknown
    return installation_read(row), row["version"]


def installation_read(row: Mapping[str, Any]) -> InstallationRead:
    """Wire form of a row of `queries.INSTALLATIONS`."""
    report = orjson.loads(row["report"]) if row["report"] else {"vectors": []}
    parameters = row["parameters"]
    return InstallationRead(
        agency=row["agency"],
        version=row["kit_version"],
        sha256=row["sha256"],
        state=row["state"],
        difference=Difference.model_validate_json(row["difference"]),
        parameters=None if parameters is None else Parameters.model_validate_json(parameters),
        local=orjson.loads(row["local"]),
        failed=[each for each in report["vectors"] if not each["passed"]],
        yanked=reason(row["yanked"]),
        received_at=row["added_at"],
        changed_at=row["changed_at"],
    )


async def _refuse(raw: Any, settings: Settings, told: Manifest) -> Kept | None:  # noqa: ANN401  # likewise
    """Raise for what must not be installed; return the newest certified kit of the publisher."""
    if told.agency == settings.agency:
        raise KitOwn
    why = reason(await raw.fetchval(queries.YANKED, told.agency, told.version))
    if why is not None:
        text = Text(why.fr, why.en)
        raise KitYanked(agency=told.agency, version=told.version, reason=text())
    installed = [
        kept(await raw.fetchrow(queries.KIT, told.agency, row["version"]))
        for row in await raw.fetch(queries.INSTALLED, told.agency)
    ]
    newest = max(installed, key=lambda each: each.version.order, default=None)
    if newest is not None and newest.version.order > version_of(told.version).order:
        raise KitDowngraded(agency=told.agency, installed=newest.version, version=told.version)
    return newest


async def _learn(raw: Any, told: Manifest) -> None:  # noqa: ANN401  # likewise
    for each in told.yanked:
        why = orjson.dumps(each.reason.model_dump()).decode()
        await raw.execute(queries.YANK, told.agency, each.version, why)


async def _difference(
    raw: Any,  # noqa: ANN401  # likewise
    settings: Settings,
    told: Manifest,
    before: Kept | None,
) -> Difference:
    known = await library.load(raw, settings.agency)
    here = {
        f"{each.kind} {each.reference}": each.sha256
        for key, group in known.artefacts.items()
        if key[1] == told.agency
        for each in group
    }
    return comparing.difference(told, None if before is None else before.manifest, here)


def _refuse_mapping(
    told: Manifest, before: Kept | None, changes: Difference, given: Parameters
) -> None:
    """Raise unless a new MAJOR version has a mapping of exactly what it has no longer."""
    gone = {name.partition(" ")[2]: name for name in changes.gone}
    if before is None or (before.version.major == version_of(told.version).major and not gone):
        return
    mapping = given.mapping
    missing = [name for name in gone if mapping is None or name not in mapping]
    if mapping is None or missing:
        raise MappingMissing(
            [
                Fault(
                    f"/mapping/{name}",
                    "mapping-missing",
                    Text(f"Que devient {gone[name]} ?", f"What becomes of {gone[name]}?"),
                )
                for name in missing[:200]
            ]
        )
    there = {name.partition(" ")[2] for name in told.artefacts}
    wrong = [
        Fault(
            f"/mapping/{name}",
            "mapping-unfit",
            Text(
                f"{name} doit avoir disparu, et {target} être du kit.",
                f"{name} must be gone, and {target} of the kit.",
            ),
        )
        for name, target in mapping.items()
        if name not in gone or (target is not None and target not in there)
    ]
    if wrong:
        raise MappingInvalid(wrong[:200])


async def _tell(session: AsyncSession, told: Manifest, kind: feed.Kind, state: str) -> None:
    await feed.publish(
        session,
        entity="kit_installation",
        entity_id=f"{told.agency}/{told.version}",
        kind=kind,
        payload={"state": state},
    )
