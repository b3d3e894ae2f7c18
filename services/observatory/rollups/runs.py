"""Makes a national release of what was read of the nodes, with its provenance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.nodes import queries as nodes
from observatory.releases import service as releases
from observatory.releases.schemas import Origin, ReleaseDraft, SourceFile
from observatory.rollups import queries
from observatory.rollups.merging import Merge
from observatory.rollups.problems import RollUpBeingRead, RollUpUncovered, RollUpUnknown
from observatory.rollups.schemas import RunRead, UsedSource
from observatory.rollups.standing import Standing, standings
from observatory.structures.catalogue import Catalogue, Flow
from observatory.structures.schemas import Names
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.reads import ReadPool

_FORMULA: Final = Names(
    fr=(
        "Somme des numérateurs divisée par la somme des dénominateurs des régions, jamais une"
        " moyenne de moyennes ; erreurs types combinées ({errors})."
    ),
    en=(
        "Sum of the regions' numerators by the sum of their denominators, never a mean of means;"
        " standard errors combined ({errors})."
    ),
)


async def run(
    session: AsyncSession,
    data: ReadPool,
    structures: Catalogue,
    who: Principal,
    name: str,
) -> RunRead | None:
    """Publish what the areas come to; None where nothing differs from the last release.

    Raises RollUpUnknown, RollUpBeingRead, RollUpUncovered, or what publishing raises.
    """
    raw = await driver(session)
    held = await raw.fetchrow(queries.HOLD, name)
    if held is None or held["tenant"] != who.tenant:
        raise RollUpUnknown(id=name)
    flow = structures.flow(held["dataflow"])
    assert flow is not None  # noqa: S101  # judged when it was defined
    async with (
        data.connection("rollup") as reading,
        reading.transaction(isolation="repeatable_read", readonly=True),
    ):
        rollup = await reading.fetchrow(queries.ONE, name)
        (standing,) = await standings(reading, [rollup])
        if standing.reading:
            headers = {"retry-after": "30"}
            raise RollUpBeingRead(areas=", ".join(standing.reading), headers=headers)
        if standing.coverage < rollup["least_coverage"]:
            raise RollUpUncovered(
                coverage=f"{standing.coverage:.4f}",
                least=f"{rollup['least_coverage']:.4f}",
                missing=", ".join(standing.missing),
            )
        named = {row["agency"]: row for row in await reading.fetch(nodes.ALL)}
        counts: Counter[str] = Counter()
        draft = _draft(rollup, standing, named, _licence(structures, flow))
        pieces = Merge(flow, rollup, standing, counts).lines(reading)
        async with session.begin_nested() as attempt:
            release, _ = await releases.draft(session, structures, releases.actor(who), draft)
            acting = releases.actor(who)
            await releases.load(session, structures, acting, release, None, pieces, "complete")
            await raw.fetchval(queries.HIDE, release)
            try:
                await releases.publish(session, acting, release, None, None)
            except releases.ReleaseUnloaded:
                await attempt.rollback()
                return None
    number = await raw.fetchval(
        queries.RUN,
        *(name, release, who.client, standing.coverage),
        orjson.dumps(dict(counts)).decode(),
        rollup["item"],
        orjson.dumps([each.model_dump(mode="json") for each in standing.sources]).decode(),
    )
    told = {"release": str(release), "coverage": standing.coverage, "missing": standing.missing}
    await feed.publish(
        session,
        entity="rollup_run",
        entity_id=f"{name}/{number}",
        kind="created",
        payload={"rollup": name, **told},
    )
    return run_read(await raw.fetchrow(queries.ONE_RUN, number))


def _licence(structures: Catalogue, flow: Flow) -> str:
    licence: str = flow.artefact.content["licence"]
    return licence


def _draft(
    rollup: Mapping[str, Any],
    standing: Standing,
    named: Mapping[str, Mapping[str, Any]],
    licence: str,
) -> ReleaseDraft:
    share = f"{standing.coverage:.4f}"
    missing = ", ".join(standing.missing)
    agencies = ", ".join(sorted({str(each.agency) for each in standing.counting}))
    notes = Names(
        fr=f"Couverture {share}." + (f" Manquent : {missing}." if missing else ""),
        en=f"Coverage {share}." + (f" Missing: {missing}." if missing else ""),
    )
    formula = Names(
        fr=_FORMULA.fr.format(errors=rollup["errors"]),
        en=_FORMULA.en.format(errors=rollup["errors"]),
    )
    return ReleaseDraft(
        dataflow=rollup["dataflow"],
        notes=notes,
        method=f"{rollup['method']}/{rollup['method_version']}",
        source=f"{rollup['source']}: {agencies}"[:500],
        formula=formula,
        origins=[
            _origin(rollup, each, named[str(each.agency)], licence) for each in standing.counting
        ],
    )


def _origin(
    rollup: Mapping[str, Any], used: UsedSource, node: Mapping[str, Any], licence: str
) -> Origin:
    """Say which release of which node, and under which certificate."""
    path = f"/sdmx/v2/data/dataflow/{used.agency}/{rollup['source']}"
    return Origin(
        title=Names(fr=node["name_fr"], en=node["name_en"]),
        producer=str(used.agency),
        vintage=str(used.vintage),
        licence=licence,
        derived=f"{rollup['dimension']}={used.area}",
        url=node["base_url"] + path,
        files=[SourceFile(name=f"{used.agency}-certificate.json", sha256=str(used.certificate))],
    )


def run_read(row: Mapping[str, Any]) -> RunRead:
    """Write a run as it is read."""
    sources: Sequence[UsedSource] = [
        UsedSource.model_validate(each) for each in orjson.loads(row["sources"])
    ]
    definition = orjson.loads(row["definition"])
    return RunRead(
        number=row["number"],
        rollup=row["rollup"],
        release=str(row["release"]),
        at=row["at"],
        coverage=row["coverage"],
        missing=Standing(sources).missing,
        counts=orjson.loads(row["counts"]),
        definition={name: each for name, each in definition.items() if name not in _NOT_OF_IT},
        sources=list(sources),
    )


_NOT_OF_IT: Final = {"id", "version"}
