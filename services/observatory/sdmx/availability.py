"""What data there are for a query: codes by dimension, the span of time, and how much.

SDMX-REST 2.2.2, `availability.md`. Everything is read from the figures kept of each series and of
each release, nothing from the observations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from observatory.observations import queries
from observatory.observations.queries import Availability
from observatory.observations.selection import Selection
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import TIME, Code, Flow
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

_NAME: Final = Text("Données disponibles de {name}", "Available data of {name}")


@dataclass(frozen=True, slots=True)
class Region:
    """The answer: `codes` of the dimensions asked for."""

    flow: Flow
    found: Availability
    codes: Mapping[str, list[str]]
    shows_time: bool


async def region(
    reads: ReadPool,
    selection: Selection,
    known: Vintages,
    components: tuple[str, ...],
    *,
    widens: bool,
) -> Region | None:
    """Find what there is; None for nothing.

    `widens` (mode `available`) tells of each restricted dimension which codes would add or keep
    data, given what is asked of the other dimensions.
    """
    flow = selection.flow
    found = await queries.availability(reads, selection, known)
    wanted = [each.id for each in flow.dimensions if not components or each.id in components]
    codes = {name: found.codes[name] for name in wanted}
    if widens:
        for name in wanted:
            free = without(selection, name)
            if free != selection:
                codes[name] = (await queries.availability(reads, free, known)).codes[name]
    if not found.series and not any(codes.values()):
        return None
    return Region(flow, found, codes, not components or TIME in components)


def without(selection: Selection, dimension: str) -> Selection:
    """Drop what a selection asks of one dimension."""
    keys = tuple(
        {name: code for name, code in key.items() if name != dimension} for key in selection.keys
    )
    return replace(
        selection,
        conditions=tuple(each for each in selection.conditions if each.component != dimension),
        keys=() if any(not key for key in keys) else keys,
    )


def document(region: Region, class_: str = "DataConstraint") -> dict[str, Any]:
    """Write the constraint in the words of SDMX-JSON 2.0: role Actual, counts as annotations.

    Its class is DataConstraint, in SDMX-ML 2.1 ContentConstraint.
    """
    flow = region.flow.artefact
    values: list[dict[str, Any]] = [
        {"id": name, "values": [{"value": code} for code in codes]}
        for name, codes in region.codes.items()
        if codes
    ]
    found = region.found
    if region.shows_time and found.first_period is not None:
        values.append({"id": TIME, "timeRange": _range(found)})
    urn = f"urn:sdmx:org.sdmx.infomodel.registry.{class_}={flow.reference}"
    names = {
        "fr": _NAME.fr.format(name=flow.name.fr),
        "en": _NAME.en.format(name=flow.name.en),
    }
    counts = {"series_count": found.series, "obs_count": found.observations}
    return {
        "id": flow.id,
        "agencyID": flow.agency,
        "version": str(flow.version),
        "name": names[language()],
        "names": names,
        "links": [{"rel": "self", "type": "dataconstraint", "urn": urn}],
        "annotations": [
            {"id": name, "title": str(count), "type": "sdmx_metrics"}
            for name, count in counts.items()
        ],
        "role": "Actual",
        "constraintAttachment": {"dataflows": [flow.urn]},
        "cubeRegions": [{"include": True, "keyValues": values}],
    }


def document_2_1(region: Region) -> dict[str, Any]:
    """Write the constraint in the words of SDMX-JSON 2.1, which has counts of its own."""
    made = document(region)
    return {
        "constraintAttachment": {"dataflow": region.flow.artefact.urn},
        "cubeRegion": made["cubeRegions"][0],
        "seriesCount": region.found.series,
        "obsCount": region.found.observations,
    }


def with_parents(codes: list[str], known: Mapping[str, Code]) -> frozenset[str]:
    """Add the codes that stand above those of a partial list (availability.md)."""
    found = set()
    for each in codes:
        code: str | None = each
        while code is not None and code not in found and code in known:
            found.add(code)
            code = known[code].parent
    return frozenset(found)


def _range(found: Availability) -> dict[str, Any]:
    ends = {"startPeriod": found.first_period, "endPeriod": found.last_period}
    return {name: {"period": text, "isInclusive": True} for name, text in ends.items()}
