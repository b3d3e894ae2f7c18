"""Makes the structure, the dataflow and the indicators of what is shipped, from its short form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from observatory.shipped import lists
from observatory.shipped.concepts import CONCEPTS
from observatory.structures.catalogue import OBSERVED, OF_RELEASE
from observatory.structures.schemas import (
    Attribute,
    Dataflow,
    DataStructure,
    Dimension,
    Indicator,
    Names,
)
from platformkit.i18n import Text

VERSION: Final = "1.0.0"

Pair = tuple[str, str]
"""A text in French and English."""

SHARE: Final[Pair] = ("fraction, de 0 à 1", "fraction, from 0 to 1")
UNCERTAIN: Final = ("CI_LOW", "CI_HIGH", "SE")
"""Attributes that say how sure a figure is."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A dataflow in short: dimensions with their lists, attributes, indicators by measure."""

    id: str
    name: Pair
    dimensions: Mapping[str, str]
    observed: Sequence[str]
    constants: Mapping[str, str]
    source: str
    licence: str
    indicators: Mapping[str, tuple[str | None, str, str, Pair, int]]
    """By id: code of MEASURE, name in both languages, unit, decimals."""

    ratios: Sequence[str] = ()
    definitions: Mapping[str, Text] = field(default_factory=dict)
    """By id of indicator, where its name does not say all."""

    concepts: Mapping[str, Pair] = field(default_factory=dict)
    """Names of dimensions that no other dataflow has."""


def names(pair: Pair) -> Names:
    """Write a text in both languages."""
    return Names(fr=pair[0], en=pair[1])


def _concept(flow: Shipped, name: str) -> Names:
    return names(flow.concepts.get(name) or CONCEPTS[name])


def _definition(flow: Shipped, indicator: str, name: Pair) -> Names:
    found = flow.definitions.get(indicator)
    return names(name) if found is None else Names(fr=found.fr, en=found.en)


def _structure(flow: Shipped) -> DataStructure:
    observed = ("OBS_STATUS", "CONF_STATUS", *flow.observed, *OF_RELEASE)
    lists_of = {name: f"CL_{name}({VERSION})" for name in ("OBS_STATUS", "CONF_STATUS")}
    assert set(observed) <= {*OBSERVED, *OF_RELEASE}  # noqa: S101  # what the store knows
    return DataStructure(
        id=flow.id.replace("DF_", "DSD_"),
        version=VERSION,
        name=names(flow.name),
        measure=_concept(flow, "OBS_VALUE"),
        dimensions=[
            Dimension(id=name, name=_concept(flow, name), codelist=f"{codelist}({lists.VERSION})")
            for name, codelist in flow.dimensions.items()
        ],
        attributes=[
            *(
                Attribute(
                    id=name,
                    name=_concept(flow, name),
                    level="observation",
                    codelist=lists_of.get(name),
                )
                for name in observed
            ),
            *(
                Attribute(id=name, name=_concept(flow, name), level="dataflow", values={"": value})
                for name, value in flow.constants.items()
            ),
        ],
        ratios={"MEASURE": list(flow.ratios)} if flow.ratios else {},
    )


def parts(flows: Sequence[Shipped]) -> dict[str, list[Any]]:
    """Make what is published of some dataflows, without their code lists."""
    return {
        "data_structures": [_structure(flow) for flow in flows],
        "dataflows": [
            Dataflow(
                id=flow.id,
                version=VERSION,
                name=names(flow.name),
                structure=f"{flow.id.replace('DF_', 'DSD_')}({VERSION})",
                licence=flow.licence,
                source=flow.source,
                theme="labour",
            )
            for flow in flows
        ],
        "indicators": [
            Indicator(
                id=name,
                version=VERSION,
                name=Names(fr=fr, en=en),
                dataflow=f"{flow.id}({VERSION})",
                key={} if code is None else {"MEASURE": code},
                unit=names(unit),
                decimals=decimals,
                definition=_definition(flow, name, (fr, en)),
            )
            for flow in flows
            for name, (code, fr, en, unit, decimals) in flow.indicators.items()
        ],
    }
