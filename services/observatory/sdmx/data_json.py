"""Writes an SDMX-JSON 2.0 data message in one pass: the datasets, then the codes they have used.

Field guide of SDMX-JSON 2: members have no order, and neither have the values of a component, "to
allow for a streamed message generation". What is held is the index of the codes seen.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from observatory.observations import periods
from observatory.sdmx.layout import NUMBERS, Layout
from observatory.sdmx.message import Dataset, Head, Labels
from observatory.structures.catalogue import MEASURE, TIME, Attribute
from platformkit.i18n import Text

SCHEMA: Final = "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json"
_ACTIONS: Final = {"R": "Replace", "D": "Delete", "I": "Information"}


class JsonMessage:
    """A message in the making: `begin`, `feed` with rows in their order, `end`."""

    def __init__(self, layout: Layout, head: Head, labels: Labels) -> None:
        self._layout, self._head, self._labels = layout, head, labels
        self._index: dict[str, dict[str | None, str]] = {
            name: {} for name in (*layout.dimensions, *(each.id for each in layout.attributes))
        }
        self._keys = [(at, self._index[name]) for at, name in enumerate(layout.series, 2)]
        self._of_series = [
            (at, self._index[each.id])
            for at, each in enumerate(layout.of_series, 2 + len(self._keys))
        ]
        self._dataset: Dataset | None = None
        self._group: Sequence[str | None] | None = None
        self._datasets = 0
        self._comma = ""
        self._link = {"urn": layout.flow.artefact.urn, "rel": "dataflow"}

    def begin(self) -> bytes:
        """Write what comes before the first dataset."""
        meta = {
            "schema": SCHEMA,
            "id": self._head.id,
            "test": False,
            "prepared": self._head.prepared,
            "contentLanguages": list(self._head.languages),
            "sender": {"id": self._head.sender},
        }
        return b'{"meta":' + orjson.dumps(meta) + b',"data":{"dataSets":['

    def feed(self, rows: Iterable[Sequence[str | None]]) -> bytes:
        """Write rows: a dataset begins where action or validity change, a group where its key."""
        out: list[str] = []
        layout = self._layout
        keys, groups = 2, 2 + len(layout.series)
        first = groups + len(layout.of_series)
        value = first + len(layout.observation)
        last = value + layout.has_measure
        index = self._index
        obs = [(place, index[name]) for place, name in enumerate(layout.observation, first)]
        shown = [
            (place, None if each.id in NUMBERS else index[each.id])
            for place, each in enumerate(layout.of_observation, last)
        ]
        grouped, keys_only, has_measure = bool(layout.series), layout.keys_only, layout.has_measure
        for row in rows:
            told = self._dataset
            if told is None or told.action != row[0] or told.since != row[1]:
                self._open(Dataset(row[0] or "", row[1]), out)
            if grouped and (self._group is None or self._group != row[keys:groups]):
                self._open_group(row, out)
            if keys_only:
                continue
            key = ":".join([seen.get(row[at]) or _place(seen, row[at]) for at, seen in obs])
            cells = [row[value] or "null"] if has_measure else []
            for at, seen in shown:
                cell = row[at]
                if cell is None:
                    cells.append("null")
                else:
                    cells.append(cell if seen is None else seen.get(cell) or _place(seen, cell))
            out.append(f'{self._comma}"{key}":[{",".join(cells)}]')
            self._comma = ","
        return "".join(out).encode()

    def end(self) -> bytes:
        """Close the datasets, and tell what the indices in them mean."""
        out: list[str] = []
        self._close(out)
        return (
            "".join(out).encode() + b'],"structures":[' + orjson.dumps(self._structure()) + b"]}}\n"
        )

    def _open(self, dataset: Dataset, out: list[str]) -> None:
        self._close(out)
        head = {
            "structure": 0,
            "links": [self._link],
            "action": _ACTIONS[self._head.action(dataset)],
            **{f"valid{way}": at for way, at in self._head.validity(dataset).items()},
        }
        attributes = [
            "null"  # a deletion with an attribute would mean that attribute alone
            if dataset.action == "D"
            else _place(self._index[each.id], each.values[""])
            for each in self._layout.of_dataset
        ]
        text = orjson.dumps(head).decode()[:-1]
        if attributes:
            text += f',"attributes":[{",".join(attributes)}]'
        level = "series" if self._layout.series else "observations"
        out.append(f'{"," if self._datasets else ""}{text},"{level}":{{')
        self._dataset, self._group, self._comma = dataset, None, ""
        self._datasets += 1

    def _close(self, out: list[str]) -> None:
        if self._dataset is not None:
            self._close_group(out)
            out.append("}}")

    def _open_group(self, row: Sequence[str | None], out: list[str]) -> None:
        comma = "," if self._group is not None else ""
        self._close_group(out)
        self._group = row[2 : 2 + len(self._keys)]
        key = ":".join([_place(seen, row[at]) for at, seen in self._keys])
        out.append(f'{comma}"{key}":{{')
        if self._of_series:
            cells = [
                "null" if row[at] is None else _place(seen, row[at]) for at, seen in self._of_series
            ]
            out.append(f'"attributes":[{",".join(cells)}]{"" if self._layout.keys_only else ","}')
        if not self._layout.keys_only:
            out.append('"observations":{')
        self._comma = ""

    def _close_group(self, out: list[str]) -> None:
        if self._group is not None:
            out.append("}" if self._layout.keys_only else "}}")

    def _structure(self) -> dict[str, Any]:
        layout, flow = self._layout, self._layout.flow
        level = dict.fromkeys(layout.series, "series")
        dimensions: dict[str, list[Any]] = {}
        for place, name in enumerate(layout.dimensions):
            if layout.keys_only and name in layout.observation:
                continue
            dimensions.setdefault(level.get(name, "observation"), []).append(
                self._component(name, self._head.name(name)) | {"keyPosition": place}
            )
        measure = {"id": MEASURE, **_names(flow.measure), "format": {"dataType": "Double"}}
        attributes = {
            level: [self._attribute(each) for each in found]
            for level, found in (
                ("dataSet", layout.of_dataset),
                ("series", layout.of_series),
                ("observation", layout.of_observation),
            )
            if found
        }
        return {
            "links": [self._link],
            **_names(flow.artefact.name),
            "dimensions": dimensions,
            "measures": {"observation": [measure]} if layout.has_measure else {},
            "attributes": attributes,
            "dataSets": list(range(self._datasets)),
        }

    def _attribute(self, attribute: Attribute) -> dict[str, Any]:
        relation: dict[str, Any] = {"observation": {}}
        if attribute.level == "dataflow":
            relation = {"dataflow": {}}
        elif attribute.dimension is not None:
            relation = {"dimensions": [attribute.dimension]}
        found = self._component(attribute.id, attribute.name) | {"relationship": relation}
        if attribute.codelist is None:
            number = attribute.id in NUMBERS
            found["format"] = {"dataType": "Double" if number else "String"}
        return found

    def _component(self, name: str, names: Text) -> dict[str, Any]:
        labels = self._labels.get(name)
        told: list[dict[str, Any]] = []
        for code in self._index[name]:
            assert code is not None  # noqa: S101  # only what was seen is indexed
            if name == TIME:
                told.append(_time(code))
            elif labels is not None:
                told.append(
                    {
                        "id": code,
                        **_names(labels[code].name if code in labels else Text(code, code)),
                    }
                )
            else:
                told.append({"value": code})
        return {"id": name, **_names(names), **({"values": told} if told else {})}


def _place(index: dict[str | None, str], code: str | None) -> str:
    """Place of a code in the index of its component; a new one comes last."""
    place = index.get(code)
    if place is None:
        place = index[code] = str(len(index))
    return place


def _names(text: Text) -> dict[str, Any]:
    return {"name": text(), "names": {"fr": text.fr, "en": text.en}}


def _time(text: str) -> dict[str, Any]:
    period = periods.parse(text)
    assert period is not None  # noqa: S101  # it was stored
    return {
        "id": text,
        "name": text,
        "start": f"{period.first.isoformat()}T00:00:00Z",
        "end": f"{period.last.isoformat()}T23:59:59Z",
    }
