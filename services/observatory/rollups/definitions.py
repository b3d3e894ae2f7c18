"""The rules of a definition: what it may roll up, of which areas, into which dataflow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.nodes.telling import tell
from observatory.rollups import queries
from observatory.rollups.figures import Expected
from observatory.rollups.problems import AverageOfAverages, RollUpInvalid, RollUpUnknown
from observatory.rollups.schemas import RollUpWrite
from observatory.structures import library
from observatory.structures.catalogue import Catalogue, Flow
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

_TOTALS: Final = {"NUMERATOR", "DENOMINATOR"}
_CORE: Final = ("dataflow", "source", "dimension", "method", "method_version")
"""What figures that were read before must have been read for."""

_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of the node of an area, and what its figures must be."""

    major: int
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    expected: Expected


def ratios(flow: Flow) -> tuple[str, frozenset[str]]:
    """Return the dimension and the codes that roll up, or raise AverageOfAverages.

    Invariant 9: a mean whose numerator and denominator are not stored cannot be rolled up.
    """
    named = [(name, codes) for name, codes in flow.ratios.items() if codes]
    stored = {each.id for each in flow.attributes if each.level == "observation"}
    if len(named) != 1 or not stored >= _TOTALS:
        raise AverageOfAverages(dataflow=flow.id)
    return named[0]


async def terms(
    source: Any,  # noqa: ANN401  # a ReadPool or asyncpg's connection
    structures: Catalogue,
    rollup: Mapping[str, Any],
    area: str,
) -> Terms:
    """Return what to ask for an area."""
    flow = structures.flow(rollup["dataflow"])
    assert flow is not None  # noqa: S101  # judged when it was defined; structures stay
    name, codes = ratios(flow)
    lists: dict[str, Any] = {}
    for each in flow.dimensions:
        known = await library.codes(source, structures, each.codelist)
        lists[each.id] = codes if each.id == name else known.keys()
    return Terms(
        flow.artefact.version.major,
        ((rollup["dimension"], (area,)), (name, tuple(sorted(codes)))),
        Expected(lists, rollup["dimension"], area, rollup["method"], rollup["method_version"]),
    )


async def define(
    session: AsyncSession,
    structures: Catalogue,
    who: Principal,
    name: str,
    if_match: str,
    given: RollUpWrite,
) -> Mapping[str, Any]:
    """Define a roll-up (`If-Match: "0"`), or change it; what was read for another one is dropped.

    Raises RollUpInvalid with all faults, AverageOfAverages, RollUpUnknown or Stale.
    """
    raw = await driver(session)
    flow = structures.flow(given.dataflow)
    faults = list(await _faults(raw, structures, flow, given))
    if faults:
        raise RollUpInvalid(faults)
    assert flow is not None  # noqa: S101  # a fault otherwise
    ratios(flow)
    await raw.execute(queries.ALONE)
    before = await raw.fetchrow(queries.HOLD, name)
    if before is not None and before["tenant"] != who.tenant:
        raise RollUpUnknown(id=name)
    etags.match(if_match, etags.of_version(before["version"] if before else 0))
    told = given.model_dump(mode="json")
    version = await raw.fetchval(queries.WRITE, name, who.tenant, orjson.dumps(told).decode())
    is_other = before is not None and any(before[each] != told[each] for each in _CORE)
    parts = [(each.area, each.agency) for each in given.parts if each.agency is not None]
    columns = [list(each) for each in zip(*parts, strict=True)] or [[], []]
    await raw.execute(queries.DROP_SOURCES, name, *columns, is_other)
    await raw.execute(queries.ADD_SOURCES, name, *columns)
    await raw.execute(queries.DROP_FIGURES, name, timeout=_SECONDS)
    await tell(session, who, "define", "rollup", name, version=version, told=told)
    return await raw.fetchrow(queries.ONE, name)  # type: ignore[no-any-return]  # asyncpg's record


async def _faults(
    raw: Any,  # noqa: ANN401  # asyncpg's connection
    structures: Catalogue,
    flow: Flow | None,
    given: RollUpWrite,
) -> Iterator[Fault]:
    if flow is None:
        sentence = Text(
            f"Notre agence n’a pas de flux {given.dataflow}.",
            f"Our agency has no dataflow {given.dataflow}.",
        )
        return iter([Fault("/dataflow", "dataflow-unknown", sentence)])
    dimension = flow.dimension(given.dimension)
    if dimension is None:
        sentence = Text(
            f"{given.dimension} n’est pas une dimension du flux.",
            f"{given.dimension} is no dimension of the dataflow.",
        )
        return iter([Fault("/dimension", "dimension-unknown", sentence)])
    known = await library.codes(raw, structures, dimension.codelist)
    areas = [("/area", given.area)]
    areas += [(f"/parts/{place}/area", each.area) for place, each in enumerate(given.parts)]
    return _of_areas(areas, known)


def _of_areas(areas: list[tuple[str, str]], known: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with codes of areas: each is known, and there once."""
    seen: set[str] = set()
    for pointer, code in areas:
        if code not in known:
            sentence = Text(f"{code} n’est pas dans la liste.", f"{code} is not in the list.")
            yield Fault(pointer, "code-unknown", sentence)
        elif code in seen:
            sentence = Text(f"{code} est donné deux fois.", f"{code} is given twice.")
            yield Fault(pointer, "area-twice", sentence)
        seen.add(code)
