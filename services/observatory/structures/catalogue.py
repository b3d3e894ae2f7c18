"""The structures as they are held for reading: artefacts by name and version, and dataflows.

`Flow` is what a reader of data needs of a dataflow; it is resolved from the dataflow, its data
structure and the number under which its data are stored.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from observatory.structures import versions
from observatory.structures.versions import Version
from platformkit.i18n import Text

_CLASSES: Final = {
    "codelist": "codelist.Codelist",
    "concept_scheme": "conceptscheme.ConceptScheme",
    "code_map": "structuremapping.RepresentationMap",
    "data_structure": "datastructure.DataStructure",
    "dataflow": "datastructure.Dataflow",
    "indicator": "x-vigie.Indicator",
    "reading_key": "x-vigie.ReadingKey",
    "grid": "x-vigie.Grid",
    "sheet": "x-vigie.IndicatorSheet",
}
_REFERENCE: Final = re.compile(r"(?:(?P<agency>[^:]+):)?(?P<id>[^(]+)\((?P<version>[^)]+)\)")

PLACES: Final = ("REF_AREA", "GEO")
"""Dimensions whose codes are territories."""

TIME: Final = "TIME_PERIOD"
MEASURE: Final = "OBS_VALUE"
OBSERVED: Final = {
    "OBS_STATUS": "status",
    "CONF_STATUS": "conf",
    "CI_LOW": "ci_low",
    "CI_HIGH": "ci_high",
    "SE": "se",
    "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator",
}
"""Attributes of observations that the store knows, and their columns."""

OF_RELEASE: Final = {"METHOD_VERSION": "method", "SOURCE": "source"}
"""Attributes of observations that are those of the release which brought the version."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when a stable artefact should not be used, why, and the reference of another."""

    at: datetime
    reason: Text
    replacement: str | None


@dataclass(frozen=True, slots=True)
class Artefact:
    """One version of a structure; `content` is its wire form, without the codes of a list.

    `sha256` is that of the whole, codes too; one that is being published has none yet.
    """

    number: int
    kind: str
    agency: str
    id: str
    version: Version
    content: Mapping[str, Any]
    sha256: str = ""
    published_at: datetime | None = None
    deprecation: Deprecation | None = None

    @property
    def reference(self) -> str:
        """Write `HDF:CL_AREA(1.0.0)`."""
        return f"{self.agency}:{self.id}({self.version})"

    @property
    def urn(self) -> str:
        """Write the URN of SDMX."""
        return f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[self.kind]}={self.reference}"

    @property
    def name(self) -> Text:
        """Its name in both languages."""
        return text(self.content["name"])


def text(names: Mapping[str, str]) -> Text:
    """Read a text of the wire form."""
    return Text(names["fr"], names["en"])


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list."""

    id: str
    name: Text
    parent: str | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of a flow: where its codes are stored, and the list that they are of."""

    id: str
    name: Text
    column: str
    codelist: Artefact


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a flow; `values` by code of `dimension`, or under the empty key."""

    id: str
    name: Text
    level: str
    dimension: str | None
    values: Mapping[str, str]
    codelist: Artefact | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow with its structure, and the number under which its data are stored."""

    number: int
    artefact: Artefact
    structure: Artefact
    dimensions: tuple[Dimension, ...]
    measure: Text
    attributes: tuple[Attribute, ...]
    ratios: Mapping[str, frozenset[str]]

    @property
    def id(self) -> str:
        """Its id within the agency."""
        return self.artefact.id

    def dimension(self, name: str) -> Dimension | None:
        """Find a dimension by its id."""
        return next((each for each in self.dimensions if each.id == name), None)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure to read: a flow with some dimensions fixed to a code."""

    artefact: Artefact
    flow: Flow
    key: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All structures at one revision."""

    revision: int
    agency: str
    artefacts: Mapping[tuple[str, str, str], tuple[Artefact, ...]]
    numbers: Mapping[tuple[str, str, int], int]
    codes: dict[int, Mapping[str, Code]] = field(default_factory=dict, compare=False)
    """Codes of the lists that somebody has asked for, by the number of the list."""

    agencies: Mapping[str, Text] = field(default_factory=dict)
    _flows: dict[int, Flow] = field(default_factory=dict, compare=False)

    def find(
        self, kind: str, name: str, version: str = "+", agency: str | None = None
    ) -> Artefact | None:
        """Return the newest version that is asked for (`versions.choose`), or None."""
        return next(iter(self.matching(kind, agency or self.agency, name, version)), None)

    def matching(self, kind: str, agency: str, name: str, version: str) -> list[Artefact]:
        """Return the versions of an artefact that are asked for, the newest first."""
        known = {each.version: each for each in self.artefacts.get((kind, agency, name), ())}
        return [known[each] for each in versions.choose(version, list(known))]

    def listed(
        self, kind: str, agency: str = "*", name: str = "*", version: str = "+"
    ) -> Iterable[Artefact]:
        """Yield the artefacts of a kind, by agency and id; `*` is any."""
        for key in sorted(self.artefacts):
            if key[0] == kind and agency in ("*", key[1]) and name in ("*", key[2]):
                yield from self.matching(*key, version)

    def resolve(self, kind: str, reference: str, agency: str | None = None) -> Artefact | None:
        """Return what `AGENCY:ID(1.0.0)` means.

        The agency, where it is left out, is that of the artefact that refers, else our own.
        """
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            return None
        return self.find(kind, found["id"], found["version"], found["agency"] or agency)

    def flow(self, name: str, version: str = "+", agency: str | None = None) -> Flow | None:
        """Return a dataflow with its structure."""
        artefact = self.find("dataflow", name, version, agency)
        return None if artefact is None else self.flow_of(artefact)

    def flow_of(self, artefact: Artefact) -> Flow:
        """Resolve a dataflow, once."""
        if artefact.number not in self._flows:
            self._flows[artefact.number] = self._resolved(artefact)
        return self._flows[artefact.number]

    def _resolved(self, artefact: Artefact) -> Flow:
        structure = self._must("data_structure", artefact.content["structure"], artefact.agency)
        content = structure.content
        return Flow(
            number=self.numbers[artefact.agency, artefact.id, artefact.version.major],
            artefact=artefact,
            structure=structure,
            dimensions=tuple(
                Dimension(
                    each["id"],
                    text(each["name"]),
                    f"d{place}",
                    self._must("codelist", each["codelist"], structure.agency),
                )
                for place, each in enumerate(content["dimensions"], start=1)
            ),
            measure=text(content["measure"]),
            attributes=tuple(
                Attribute(
                    each["id"],
                    text(each["name"]),
                    each["level"],
                    each["dimension"],
                    each["values"],
                    self._must("codelist", each["codelist"], structure.agency)
                    if each["codelist"]
                    else None,
                )
                for each in content["attributes"]
            ),
            ratios={name: frozenset(codes) for name, codes in content["ratios"].items()},
        )

    def _must(self, kind: str, reference: str, agency: str) -> Artefact:
        found = self.resolve(kind, reference, agency)
        if found is None:  # publishing refuses what does not resolve
            raise LookupError(reference)
        return found

    def indicator(self, name: str, version: str = "+") -> Indicator | None:
        """Return an indicator with its flow."""
        artefact = self.find("indicator", name, version)
        return None if artefact is None else self.indicator_of(artefact)

    def indicator_of(self, artefact: Artefact) -> Indicator:
        """Resolve an indicator."""
        flow = self.flow_of(self._must("dataflow", artefact.content["dataflow"], artefact.agency))
        return Indicator(artefact, flow, artefact.content["key"])
