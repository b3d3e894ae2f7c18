"""Structure messages in SDMX-ML 2.1 and 3.0, from the words of SDMX-JSON. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from observatory.sdmx.structure_json import Header

Document = Mapping[str, Any]
Element = Any  # lxml ships no types

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v{}/{}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_URN: Final = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.(?P<package>[a-z]+)\.(?P<class>\w+)="
    r"(?P<agency>[^:]+):(?P<id>[^(]+)\((?P<version>[^)]+)\)(?:\.(?P<item>.+))?"
)
_ELEMENTS: Final = {
    "agencySchemes": "AgencyScheme",
    "codelists": "Codelist",
    "conceptSchemes": "ConceptScheme",
    "dataflows": "Dataflow",
    "dataStructures": "DataStructure",
    "dataConstraints": "ContentConstraint",
    "representationMaps": "RepresentationMap",
}
_ITEMS: Final = {
    "AgencyScheme": ("Agency", "agencies"),
    "Codelist": ("Code", "codes"),
    "ConceptScheme": ("Concept", "concepts"),
}
_GROUPS: Final = {
    "2.1": {
        "agencySchemes": "OrganisationSchemes",
        "dataflows": "Dataflows",
        "codelists": "Codelists",
        "conceptSchemes": "Concepts",
        "dataStructures": "DataStructures",
        "dataConstraints": "Constraints",
    },
    "3.0": {
        "agencySchemes": "AgencySchemes",
        "codelists": "Codelists",
        "conceptSchemes": "ConceptSchemes",
        "dataflows": "Dataflows",
        "dataStructures": "DataStructures",
        "representationMaps": "RepresentationMaps",
    },
}
"""The groups of a message in the order of the schema; 2.1 has no representation maps."""


def write(header: Header, data: Mapping[str, Sequence[Document]], version: str) -> bytes:
    """Write a message of the version `2.1` or `3.0.0`."""
    return _Message(version[:3]).written(header, data)


@dataclass(frozen=True, slots=True)
class _Message:
    version: str

    def written(self, header: Header, data: Mapping[str, Sequence[Document]]) -> bytes:
        root = etree.Element(
            self._tag("message", "Structure"),
            nsmap={
                prefix: self._namespace(name)
                for prefix, name in (("mes", "message"), ("str", "structure"), ("com", "common"))
            },
        )
        head = self._add(root, "Header", within="message")
        for name, text in (("ID", header.id), ("Test", "false"), ("Prepared", header.prepared)):
            self._add(head, name, within="message").text = text
        self._add(head, "Sender", within="message", id=header.sender)
        structures = self._add(root, "Structures", within="message")
        for collection, group in _GROUPS[self.version].items():
            if data.get(collection):
                parent = self._add(structures, group)
                for document in data[collection]:
                    self._artefact(parent, _ELEMENTS[collection], document)
        written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return written

    def _namespace(self, name: str) -> str:
        return _BASE.format(self.version.replace(".", "_"), name)

    def _tag(self, within: str, name: str) -> str:
        return f"{{{self._namespace(within)}}}{name}"

    def _add(
        self,
        parent: Element,
        name: str,
        *,
        within: str = "structure",
        **attributes: str,  # lxml is untyped
    ) -> Element:
        return etree.SubElement(parent, self._tag(within, name), attributes)

    def _artefact(self, parent: Element, name: str, document: Document) -> None:
        element = self._add(parent, name, **self._identity(name, document))
        self._described(element, document)
        if name == "RepresentationMap":
            self._map(element, document)
        if document.get("isExternalReference"):
            return
        match name:
            case "Dataflow":
                self._reference(element, "Structure", document["structure"])
            case "DataStructure":
                self._components(element, document["dataStructureComponents"])
            case "ContentConstraint":
                self._constraint(element, document)
            case "Codelist" | "ConceptScheme" | "AgencyScheme":
                item, member = _ITEMS[name]
                self._items(element, item, document[member])

    def _identity(self, name: str, document: Document) -> dict[str, str]:
        told = {
            "id": document["id"],
            "agencyID": document["agencyID"],
            "isExternalReference": _boolean(document.get("isExternalReference", False)),
            "urn": document["links"][0]["urn"],
        }
        if name != "AgencyScheme":  # the schemas fix its version, and that it is never final
            told["version"] = document["version"]
            if self.version == "2.1":
                told["isFinal"] = "true"
        if "isPartial" in document:
            told["isPartial"] = _boolean(document["isPartial"])
        return told

    def _described(self, element: Element, document: Document) -> None:
        if document.get("annotations"):
            self._annotations(element, document["annotations"])
        for name in ("name", "description"):
            for language, text in document.get(f"{name}s", {}).items():
                self._text(element, name.capitalize(), language, text)

    def _text(self, parent: Element, name: str, language: str, text: str) -> None:
        told = self._add(parent, name, within="common")
        told.set(f"{_XML}lang", language)
        told.text = text

    def _annotations(self, element: Element, annotations: Iterable[Document]) -> None:
        group = self._add(element, "Annotations", within="common")
        for each in annotations:
            annotation = self._add(group, "Annotation", within="common", id=each["id"])
            if "title" in each:
                self._add(annotation, "AnnotationTitle", within="common").text = each["title"]
            self._add(annotation, "AnnotationType", within="common").text = each["type"]
            for language, text in each.get("texts", {}).items():
                self._text(annotation, "AnnotationText", language, text)
            if "value" in each:
                value = "AnnotationText" if self.version == "2.1" else "AnnotationValue"
                self._add(annotation, value, within="common").text = each["value"]

    def _constraint(self, element: Element, document: Document) -> None:
        """Write what data there are (2.1 only): codes of dimensions, and a range of time."""
        element.set("type", document["role"])
        attachment = self._add(element, "ConstraintAttachment")
        for urn in document["constraintAttachment"]["dataflows"]:
            self._reference(attachment, "Dataflow", urn)
        for region in document["cubeRegions"]:
            cube = self._add(element, "CubeRegion", include=_boolean(region["include"]))
            for key in region["keyValues"]:
                told = self._add(cube, "KeyValue", within="common", id=key["id"])
                for each in key.get("values", ()):
                    self._add(told, "Value", within="common").text = each["value"]
                if "timeRange" in key:
                    span = self._add(told, "TimeRange", within="common")
                    for name in ("startPeriod", "endPeriod"):
                        bound = key["timeRange"][name]
                        end = self._add(span, name[0].upper() + name[1:], within="common")
                        end.set("isInclusive", _boolean(bound["isInclusive"]))
                        end.text = bound["period"]

    def _items(self, scheme: Element, name: str, items: Iterable[Document]) -> None:
        for item in items:
            element = self._add(scheme, name, id=item["id"])
            self._described(element, item)
            if "parent" in item:
                parent = self._add(element, "Parent")
                if self.version == "2.1":
                    etree.SubElement(parent, "Ref", {"id": item["parent"]})
                else:
                    parent.text = item["parent"]
            if name == "Concept" and self.version == "2.1":
                # without it sdmx1 cannot read structure-specific attributes of a data set
                core = self._add(element, "CoreRepresentation")
                self._add(core, "TextFormat", textType="String")

    def _reference(self, parent: Element, name: str, urn: str) -> None:
        element = self._add(parent, name)
        if self.version != "2.1":
            element.text = urn
            return
        found = _URN.fullmatch(urn)
        assert found is not None  # noqa: S101  # `graph.urn` wrote it
        named = {"agencyID": found["agency"], "package": found["package"], "class": found["class"]}
        if found["item"]:
            named |= {
                "id": found["item"],
                "maintainableParentID": found["id"],
                "maintainableParentVersion": found["version"],
            }
        else:
            named |= {"id": found["id"], "version": found["version"]}
        etree.SubElement(element, "Ref", named)

    def _components(self, element: Element, components: Document) -> None:
        parent = self._add(element, "DataStructureComponents")
        dimensions = components["dimensionList"]
        group = self._add(parent, "DimensionList", id=dimensions["id"])
        for each in dimensions["dimensions"]:
            position = str(each["position"])
            self._component(group, "Dimension", each, id=each["id"], position=position)
        time = dimensions["timeDimension"]
        place = (
            {"position": str(len(dimensions["dimensions"]) + 1)} if self.version == "2.1" else {}
        )
        self._component(group, "TimeDimension", time, id=time["id"], **place)
        if "attributeList" in components:
            group = self._add(parent, "AttributeList", id=components["attributeList"]["id"])
            for each in components["attributeList"]["attributes"]:
                usage = self._usage(each["usage"])
                attribute = self._component(group, "Attribute", each, id=each["id"], **usage)
                self._relationship(attribute, each["attributeRelationship"])
        group = self._add(parent, "MeasureList", id=components["measureList"]["id"])
        for each in components["measureList"]["measures"]:
            if self.version == "2.1":
                self._component(group, "PrimaryMeasure", each, id=each["id"])
            else:
                self._component(group, "Measure", each, id=each["id"], usage=each["usage"])

    def _usage(self, usage: str) -> dict[str, str]:
        if self.version != "2.1":
            return {"usage": usage}
        return {"assignmentStatus": "Conditional" if usage == "optional" else "Mandatory"}

    def _component(
        self, parent: Element, name: str, document: Document, **attributes: str
    ) -> Element:
        element = self._add(parent, name, **attributes)
        self._reference(element, "ConceptIdentity", document["conceptIdentity"])
        representation = self._add(element, "LocalRepresentation")
        local = document["localRepresentation"]
        if "enumeration" in local:
            self._reference(representation, "Enumeration", local["enumeration"])
        else:
            self._add(representation, "TextFormat", textType=local["format"]["dataType"])
        return element

    def _relationship(self, attribute: Element, told: Document) -> None:
        """Attach an attribute; in 2.1 to a measure, a dimension, or None for the data set."""
        element = self._add(attribute, "AttributeRelationship")
        for name, ids in _attachments(told, self.version):
            part = self._add(element, name)
            for each in ids:
                if self.version == "2.1":
                    etree.SubElement(part, "Ref", {"id": each})
                else:
                    part.text = each

    def _map(self, element: Element, document: Document) -> None:
        for end, name in (("source", "SourceCodelist"), ("target", "TargetCodelist")):
            for each in document[end]:
                self._add(element, name).text = each["codelist"]
        for each in document.get("representationMappings", ()):
            mapping = self._add(element, "RepresentationMapping")
            self._annotations(mapping, each["annotations"])
            for source in each["sourceValues"]:
                self._add(mapping, "SourceValue").text = source["value"]
            for target in each["targetValues"]:
                self._add(mapping, "TargetValue").text = target


def _boolean(told: object) -> str:
    return "true" if told else "false"


def _attachments(told: Document, version: str) -> Iterator[tuple[str, list[str]]]:
    if "dimensions" in told:
        for dimension in told["dimensions"]:
            yield "Dimension", [dimension]
    elif "observation" in told:
        yield ("PrimaryMeasure", ["OBS_VALUE"]) if version == "2.1" else ("Observation", [])
    else:
        yield ("None", []) if version == "2.1" else ("Dataflow", [])
