"""Writes SDMX-ML 2.1 data messages in one pass: generic, and structure-specific.

The order of elements and attributes is that of the official schemas (SDMXDataGeneric.xsd,
SDMXDataStructureSpecific.xsd); the structure-specific types are those that `schemas` writes.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from observatory.sdmx.layout import NUMBERS, Layout
from observatory.sdmx.message import Dataset, Head
from observatory.structures.catalogue import MEASURE

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_QUOTES: Final = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_Component = tuple[int, str, bool]
_ACTIONS: Final = {"R": "Replace", "D": "Delete", "I": "Information"}


class XmlMessage:
    """A message in the making: `begin`, `feed` with rows in their order, `end`."""

    root: str
    prefix: str
    space: str
    before: str
    """What is written before a value, with the `{name}` of its component, and after it."""
    after: str
    ungrouped: str

    def __init__(self, layout: Layout, head: Head) -> None:
        self._layout, self._head = layout, head
        self._dataset: Dataset | None = None
        self._group: Sequence[str | None] | None = None
        self._escaped: dict[str, str] = {}
        self._key_end = 2 + len(layout.series)
        first = self._key_end + len(layout.of_series)
        self._value = first + len(layout.observation)
        told = [each.id for each in layout.of_series]
        self._keys = self._components(layout.series, 2)
        self._of_series = self._components(told, self._key_end)
        self._observation = self._components(layout.observation, first)
        self._shown = self._components(
            [each.id for each in layout.of_observation], self._value + layout.has_measure
        )
        self._measure = self._components([MEASURE] if layout.has_measure else [], self._value)

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
        grouped, keys_only = bool(self._layout.series), self._layout.keys_only
        for row in rows:
            told = self._dataset
            if told is None or told.action != row[0] or told.since != row[1]:
                self._close(out)
                self._dataset, self._group = Dataset(row[0] or "", row[1]), None
                out.append(self._opened(self._dataset))
            if grouped and (self._group is None or self._group != row[2 : self._key_end]):
                self._close_group(out)
                self._group = row[2 : self._key_end]
                out.append(self._grouped(row))
            if not keys_only:
                out.append(self._observed(row))
        return "".join(out).encode()

    def end(self) -> bytes:
        """Close the message."""
        out: list[str] = []
        self._close(out)
        return ("".join(out) + f"</mes:{self.root}>\n").encode()

    def _components(self, names: Iterable[str], first: int) -> list[_Component]:
        """Say of components where their values stand in a row, and whether they are plain."""
        plain = {*self._layout.dimensions, MEASURE, *NUMBERS}
        return [
            (place, self.before.format(name=name), name in plain)
            for place, name in enumerate(names, first)
        ]

    def _written(self, row: Sequence[str | None], components: list[_Component]) -> str:
        """Write the values that there are."""
        after = self.after
        return "".join(
            [
                f"{before}{value if is_plain else self._escape(value)}{after}"
                for place, before, is_plain in components
                if (value := row[place]) is not None
            ]
        )

    def _of_dataset(self, dataset: Dataset) -> str:
        """Write what holds for all of a dataset; with it, a deletion would be of that alone."""
        if dataset.action == "D":
            return ""
        attributes = self._layout.of_dataset
        values = [each.values[""] for each in attributes]
        return self._written(values, self._components([each.id for each in attributes], 0))

    def _escape(self, text: str) -> str:
        """Escape the value of a text; of those there are few different ones."""
        found = self._escaped.get(text)
        if found is None:
            found = self._escaped[text] = escape(text, _QUOTES)
        return found

    def _close(self, out: list[str]) -> None:
        if self._dataset is not None:
            self._close_group(out)
            out.append("</mes:DataSet>\n")

    def _close_group(self, out: list[str]) -> None:
        if self._group is not None:
            out.append(self.ungrouped)

    def _validity(self, dataset: Dataset, prefix: str) -> str:
        told = [("action", _ACTIONS[self._head.action(dataset)])]
        told += [(f"valid{way}Date", at) for way, at in self._head.validity(dataset).items()]
        return "".join(f' {prefix}{name}="{value}"' for name, value in told)

    def _spaces(self) -> str:
        return ""

    def _named(self) -> str:
        return ""

    def _opened(self, dataset: Dataset) -> str:
        raise NotImplementedError

    def _grouped(self, row: Sequence[str | None]) -> str:
        raise NotImplementedError

    def _observed(self, row: Sequence[str | None]) -> str:
        raise NotImplementedError


class GenericMessage(XmlMessage):
    """Every component is an element with its id: any reader understands it, without the DSD."""

    root, prefix, space = "GenericData", "gen", "generic"
    before, after = '<gen:Value id="{name}" value="', '"/>'
    ungrouped = "</gen:Series>\n"

    def _opened(self, dataset: Dataset) -> str:
        return (
            f'<mes:DataSet structureRef="{self._layout.flow.id}"{self._validity(dataset, "")}>'
            f"{_within('Attributes', self._of_dataset(dataset))}\n"
        )

    def _grouped(self, row: Sequence[str | None]) -> str:
        return (
            f"<gen:Series>{_within('SeriesKey', self._written(row, self._keys))}"
            f"{_within('Attributes', self._written(row, self._of_series))}\n"
        )

    def _observed(self, row: Sequence[str | None]) -> str:
        if self._layout.series:
            dimension = f'<gen:ObsDimension value="{row[self._observation[0][0]]}"/>'
        else:
            dimension = f"<gen:ObsKey>{self._written(row, self._observation)}</gen:ObsKey>"
        value = row[self._value] if self._measure else None
        shown = "" if value is None else f'<gen:ObsValue value="{value}"/>'
        more = _within("Attributes", self._written(row, self._shown))
        return f"<gen:Obs>{dimension}{shown}{more}</gen:Obs>\n"


class SpecificMessage(XmlMessage):
    """Every component is an XML attribute: a third of the size, for who knows the DSD."""

    root, prefix, space = "StructureSpecificData", "ss", "structurespecific"
    before, after = ' {name}="', '"'
    ungrouped = "</Series>\n"

    def __init__(self, layout: Layout, head: Head) -> None:
        super().__init__(layout, head)
        self._group_components = [*self._keys, *self._of_series]
        self._observed_components = [*self._observation, *self._measure, *self._shown]

    def _spaces(self) -> str:
        return f' xmlns:ns1="{namespace(self._layout)}"'

    def _named(self) -> str:
        return f' namespace="{namespace(self._layout)}"'

    def _opened(self, dataset: Dataset) -> str:
        return (
            f'<mes:DataSet ss:structureRef="{self._layout.flow.id}" ss:dataScope="Dataflow"'
            f' xsi:type="ns1:DataSetType"{self._validity(dataset, "ss:")}'
            f"{self._of_dataset(dataset)}>\n"
        )

    def _grouped(self, row: Sequence[str | None]) -> str:
        return f"<Series{self._written(row, self._group_components)}>\n"

    def _observed(self, row: Sequence[str | None]) -> str:
        return f"<Obs{self._written(row, self._observed_components)}/>\n"


def _within(name: str, values: str) -> str:
    """Put values into an element of the generic form, where there are any."""
    return f"<gen:{name}>{values}</gen:{name}>" if values else ""


def namespace(layout: Layout) -> str:
    """Name of the structure-specific types of a dataflow (SDMX-ML 2.1, schema generation)."""
    return f"{layout.flow.artefact.urn}:ObsLevelDim:{layout.at}"
