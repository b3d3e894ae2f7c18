"""Writes the XML schema of a dataflow's structure-specific messages (SDMX-ML 2.1). Pure.

Rules of schema generation: SDMX 2.1, section 3B, "Structure-specific schemas": types that restrict
those of SDMXDataStructureSpecific.xsd, in a namespace that names the dimension at the observation.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from observatory.sdmx.data_xml import namespace
from observatory.sdmx.layout import NUMBERS, Layout
from observatory.sdmx.message import Labels
from observatory.structures.catalogue import MEASURE, TIME, Attribute

PLACE: Final = "https://registry.sdmx.org/schemas/v2_1"
"""Where the official schemas are that this one imports."""

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_PERIOD: Final = "common:ObservationalTimePeriodType"
_ANNOTATIONS: Final = '<xs:element ref="common:Annotations" minOccurs="0"/>'
_TYPE: Final = '<xs:attribute name="type" type="common:IDType" use="prohibited"/>'


def write(layout: Layout, codes: Labels) -> bytes:
    """Write the schema; `codes` are those of every coded component."""
    space = quoteattr(namespace(layout))
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns={space} targetNamespace={space}'
        f' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:dsd="{_BASE}/data/structurespecific" xmlns:common="{_BASE}/common"'
        ' elementFormDefault="qualified" attributeFormDefault="unqualified">\n'
        f'<xs:import namespace="{_BASE}/common" schemaLocation="{PLACE}/SDMXCommon.xsd"/>\n'
        f'<xs:import namespace="{_BASE}/data/structurespecific"'
        f' schemaLocation="{PLACE}/SDMXDataStructureSpecific.xsd"/>'
    )
    parts = [head, *_lists(layout, codes), _data_set(layout, codes)]
    if layout.series:
        parts.append(_series(layout, codes))
    parts.append(_observation(layout, codes))
    return ("\n".join(parts) + "\n</xs:schema>\n").encode()


def _lists(layout: Layout, codes: Labels) -> Iterator[str]:
    """Name the codes that each coded component may have."""
    for name in (*layout.dimensions, *(each.id for each in layout.attributes)):
        if name in codes:
            values = "".join(f"<xs:enumeration value={quoteattr(each)}/>" for each in codes[name])
            yield (
                f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">{values}'
                "</xs:restriction></xs:simpleType>"
            )


def _data_set(layout: Layout, codes: Labels) -> str:
    group = "Series" if layout.series else "Obs"
    return _type(
        "DataSetType",
        _ANNOTATIONS
        + '<xs:element name="DataProvider" type="common:DataProviderReferenceType"'
        + ' form="unqualified" minOccurs="0"/>'
        + f'<xs:choice minOccurs="0"><xs:element name="{group}" type="{group}Type"'
        + ' form="unqualified" maxOccurs="unbounded"/></xs:choice>',
        _attributes(layout.of_dataset, codes),
    )


def _series(layout: Layout, codes: Labels) -> str:
    return _type(
        "SeriesType",
        _ANNOTATIONS
        + '<xs:element name="Obs" type="ObsType" form="unqualified" minOccurs="0"'
        + ' maxOccurs="unbounded"/>',
        _key(layout.series, codes) + _attributes(layout.of_series, codes),
    )


def _observation(layout: Layout, codes: Labels) -> str:
    measure = f'<xs:attribute name="{MEASURE}" type="xs:double" use="optional"/>'
    told = _key(layout.observation, codes) + measure
    return _type("ObsType", _ANNOTATIONS, _TYPE + told + _attributes(layout.of_observation, codes))


def _type(name: str, elements: str, attributes: str) -> str:
    return (
        f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="dsd:{name}">'
        f"<xs:sequence>{elements}</xs:sequence>{attributes}"
        "</xs:restriction></xs:complexContent></xs:complexType>"
    )


def _key(dimensions: Iterable[str], codes: Labels) -> str:
    kinds = {name: _PERIOD if name == TIME else name for name in dimensions}
    return "".join(
        f'<xs:attribute name="{name}" type="{kind}" use="required"/>'
        for name, kind in kinds.items()
        if name == TIME or name in codes
    )


def _attributes(attributes: Iterable[Attribute], codes: Labels) -> str:
    kinds = {
        each.id: each.id
        if each.id in codes
        else ("xs:double" if each.id in NUMBERS else "xs:string")
        for each in attributes
    }
    return "".join(
        f'<xs:attribute name="{name}" type="{kind}" use="optional"/>'
        for name, kind in kinds.items()
    )
