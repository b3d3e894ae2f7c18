"""Writes SDMX-ML 2.1 data messages in one pass: generic, and structure-specific.

The order of elements and attributes is that of the official schemas (SDMXDataGeneric.xsd,
SDMXDataStructureSpecific.xsd); the structure-specific types are those that `schemas` writes.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from observatory.sdmx.layout import Layout
from observatory.sdmx.message import Dataset, Head
from observatory.structures.catalogue import MEASURE

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_ACTIONS: Final = {"R": "Replace", "D": "Delete", "I": "Information"}


class XmlMessage:
    """A message in the making: `begin`, `feed` with rows in their order, `end`."""

    root: str
    prefix: str
    space: str

    def __init__(self, layout: Layout, head: Head) -> None:
        self._layout, self._head = layout, head
        self._dataset: Dataset | None = None
        self._group: Sequence[str | None] | None = None
        self._quoted: dict[str, str] = {}

    def begin(self) -> bytes:
        """Write the header."""
        flow = self._layout.flow.artefact
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:{self.root} xmlns:mes="{_BASE}/message" xmlns:com="{_BASE}/common" \
xmlns:{self.prefix}="{_BASE}/data/{self.space}" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{self._spaces()}>
<mes:Header><mes:ID>{self._head.id}</mes:ID><mes:Test>false</mes:Test>\
<mes:Prepared>{self._head.prepared}</mes:Prepared><mes:Sender id="{self._head.sender}"/>\
<mes:Structure structureID="{flow.id}"{self._named()} dimensionAtObservation="{self._layout.at}">\
<com:StructureUsage><Ref agencyID="{flow.agency}" id="{flow.id}" version="{flow.version}" \
class="Dataflow"/></com:StructureUsage></mes:Structure></mes:Header>
""".encode()

    def feed(self, rows: Iterable[Sequence[str | None]]) -> bytes:
        """Write rows: a dataset begins where action or validity change, a group where its key."""
        out: list[str] = []
        layout = self._layout
        groups = 2 + len(layout.series)
        first = groups + len(layout.of_series)
        value = first + len(layout.observation)
        last = value + layout.has_measure
        for row in rows:
            told = self._dataset
            if told is None or told.action != row[0] or told.since != row[1]:
                self._close(out)
                self._dataset, self._group = Dataset(row[0] or "", row[1]), None
                out.append(self._opened(self._dataset))
            if layout.series and (self._group is None or self._group != row[2:groups]):
                self._close_group(out)
                self._group = tuple(row[2:groups])
                out.append(self._grouped(row[2:groups], row[groups:first]))
            if not layout.keys_only:
                cell = row[value] if layout.has_measure else None
                out.append(self._observed(row[first:value], cell, row[last:]))
        return "".join(out).encode()

    def end(self) -> bytes:
        """Close the message."""
        out: list[str] = []
        self._close(out)
        return ("".join(out) + f"</mes:{self.root}>\n").encode()

    def _close(self, out: list[str]) -> None:
        if self._dataset is not None:
            self._close_group(out)
            out.append("</mes:DataSet>\n")

    def _close_group(self, out: list[str]) -> None:
        if self._group is not None:
            out.append(self._ungrouped)

    def _quote(self, text: str) -> str:
        """Quote a value; there are few different ones besides numbers."""
        found = self._quoted.get(text)
        if found is None:
            found = quoteattr(text)
            if len(self._quoted) < 100_000:  # noqa: PLR2004  # flat memory, whatever comes
                self._quoted[text] = found
        return found

    def _validity(self, dataset: Dataset, prefix: str) -> str:
        told = [("action", _ACTIONS[self._head.action(dataset)])]
        told += [(f"valid{way}Date", at) for way, at in self._head.validity(dataset).items()]
        return "".join(f' {prefix}{name}="{value}"' for name, value in told)

    def _spaces(self) -> str:
        return ""

    def _named(self) -> str:
        return ""

    _ungrouped: str

    def _opened(self, dataset: Dataset) -> str:
        raise NotImplementedError

    def _grouped(self, key: Sequence[str | None], attributes: Sequence[str | None]) -> str:
        raise NotImplementedError

    def _observed(
        self, key: Sequence[str | None], value: str | None, attributes: Sequence[str | None]
    ) -> str:
        raise NotImplementedError


class GenericMessage(XmlMessage):
    """Every component is an element with its id: any reader understands it, without the DSD."""

    root, prefix, space = "GenericData", "gen", "generic"
    _ungrouped = "</gen:Series>\n"

    def _opened(self, dataset: Dataset) -> str:
        named = [(each.id, each.values[""]) for each in self._layout.of_dataset]
        return (
            f'<mes:DataSet structureRef="{self._layout.flow.id}"{self._validity(dataset, "")}>'
            f"{self._values('Attributes', named)}\n"
        )

    def _grouped(self, key: Sequence[str | None], attributes: Sequence[str | None]) -> str:
        layout = self._layout
        told = [each.id for each in layout.of_series]
        return (
            f"<gen:Series>{self._values('SeriesKey', zip(layout.series, key, strict=True))}"
            f"{self._values('Attributes', zip(told, attributes, strict=True))}\n"
        )

    def _observed(
        self, key: Sequence[str | None], value: str | None, attributes: Sequence[str | None]
    ) -> str:
        layout = self._layout
        if layout.series:
            dimension = f"<gen:ObsDimension value={self._quote(key[0] or '')}/>"
        else:
            dimension = self._values("ObsKey", zip(layout.observation, key, strict=True))
        shown = "" if value is None else f'<gen:ObsValue value="{value}"/>'
        told = [each.id for each in layout.of_observation]
        more = self._values("Attributes", zip(told, attributes, strict=True))
        return f"<gen:Obs>{dimension}{shown}{more}</gen:Obs>\n"

    def _values(self, name: str, pairs: Iterable[tuple[str, str | None]]) -> str:
        inside = "".join(
            f'<gen:Value id="{each}" value={self._quote(value)}/>'
            for each, value in pairs
            if value is not None
        )
        return f"<gen:{name}>{inside}</gen:{name}>" if inside else ""


class SpecificMessage(XmlMessage):
    """Every component is an XML attribute: a quarter of the size, for who knows the DSD."""

    root, prefix, space = "StructureSpecificData", "ss", "structurespecific"
    _ungrouped = "</Series>\n"

    def _spaces(self) -> str:
        return f' xmlns:ns1="{namespace(self._layout)}"'

    def _named(self) -> str:
        return f' namespace="{namespace(self._layout)}"'

    def _opened(self, dataset: Dataset) -> str:
        named = [(each.id, each.values[""]) for each in self._layout.of_dataset]
        return (
            f'<mes:DataSet ss:structureRef="{self._layout.flow.id}" ss:dataScope="Dataflow"'
            f' xsi:type="ns1:DataSetType"{self._validity(dataset, "ss:")}'
            f"{self._written(named)}>\n"
        )

    def _grouped(self, key: Sequence[str | None], attributes: Sequence[str | None]) -> str:
        layout = self._layout
        told = [*layout.series, *(each.id for each in layout.of_series)]
        return f"<Series{self._written(zip(told, (*key, *attributes), strict=True))}>\n"

    def _observed(
        self, key: Sequence[str | None], value: str | None, attributes: Sequence[str | None]
    ) -> str:
        layout = self._layout
        told = [*layout.observation, MEASURE, *(each.id for each in layout.of_observation)]
        return f"<Obs{self._written(zip(told, (*key, value, *attributes), strict=True))}/>\n"

    def _written(self, pairs: Iterable[tuple[str, str | None]]) -> str:
        return "".join(
            f" {name}={self._quote(value)}" for name, value in pairs if value is not None
        )


def namespace(layout: Layout) -> str:
    """Name of the structure-specific types of a dataflow (SDMX-ML 2.1, schema generation)."""
    return f"{layout.flow.artefact.urn}:ObsLevelDim:{layout.at}"
