"""What schema.org lets a type say, and what Google wants of a course."""

import json
from pathlib import Path
from typing import Any

from rdflib import Graph, Literal
from rdflib.namespace import RDF

HOME = "https://schema.org/"


def _vocabulary() -> dict[str, dict[str, str]]:
    lines = (Path(__file__).parent / "schema_org.txt").read_text().splitlines()
    kinds = dict(line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {kind: dict(one.split("=") for one in told.split(" ")) for kind, told in kinds.items()}


VOCABULARY = _vocabulary()


def graph_of(document: dict[str, Any]) -> Graph:
    """Read a document with schema.org's terms as they are, without asking schema.org."""
    assert document["@context"] == "https://schema.org"
    local = {**document, "@context": {"@vocab": HOME}}
    return Graph().parse(data=json.dumps(local), format="json-ld")


def faults(graph: Graph) -> list[str]:
    """Return each property that the type of its subject has not, or whose value is no such."""
    found = []
    for subject, predicate, value in graph:
        if predicate == RDF.type:
            continue
        kind = str(graph.value(subject, RDF.type)).removeprefix(HOME)
        name = str(predicate).removeprefix(HOME)
        wanted = VOCABULARY.get(kind, {}).get(name)
        if isinstance(value, Literal):
            given = "text"
        else:
            given = str(graph.value(value, RDF.type)).removeprefix(HOME)
        if wanted is None or (wanted != given and not _is_enumerated(wanted, value)):
            found.append(f"{kind}.{name} is {given}, not {wanted}")
    return found


def _is_enumerated(wanted: str, value: object) -> bool:
    return wanted == "EventAttendanceModeEnumeration" and str(value).startswith(HOME)


def course_faults(course: dict[str, Any]) -> list[str]:
    """Return what Google's "course info" misses in a Course."""
    found = [
        name
        for name in ("name", "description", "provider", "offers", "hasCourseInstance")
        if not course.get(name)
    ]
    for offer in course["offers"]:
        if offer.get("category") not in {"Free", "Subscription", "Paid", "Partially Free"}:
            found.append("offers.category")
        if ("price" in offer) != ("priceCurrency" in offer):
            found.append("offers.priceCurrency")
    for one in course["hasCourseInstance"]:
        if one.get("courseMode") not in {"Online", "Onsite", "Blended"}:
            found.append("hasCourseInstance.courseMode")
        if not (one.get("courseWorkload") or one.get("courseSchedule")):
            found.append("hasCourseInstance.courseWorkload")
    return found
