"""Answers availability queries with structure messages: the constraint, and what it refers to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from observatory.observations import queries, service
from observatory.sdmx import (
    asking,
    availability,
    documents,
    flows,
    structure_json,
    structure_messages,
)
from observatory.sdmx.asking import SdmxQueryMalformed
from observatory.sdmx.availability import Region
from observatory.sdmx.data_service import SdmxNoData
from observatory.sdmx.negotiation import Format
from observatory.sdmx.selecting import Chosen
from observatory.sdmx.structure_messages import JSON_2_0, JSON_2_1, XML_2_1, StructureMessages
from observatory.structures import library
from observatory.structures.catalogue import TIME, Artefact, Catalogue, Flow
from platformkit import etags
from platformkit.errors import Fault
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

V2: Final = (JSON_2_0, JSON_2_1)
V1: Final = (XML_2_1,)
REFERENCES: Final = (
    *("none", "all", "dataflow", "datastructure", "conceptscheme", "codelist"),
    *("valuelist", "dataproviderscheme"),
)
"""Words of `references`; of the last two there are none here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: of which flow, of which dimensions, and in which form."""

    flow: Flow
    query: asking.Query
    components: str
    references: str
    widens: bool
    form: Format


async def answer(
    request: Request, reads: ReadPool, structures: Catalogue, wanted: Wanted
) -> Response:
    """Answer; 304 costs two small statements. Raises SdmxQueryMalformed, SdmxNoData."""
    known = await queries.vintages(reads, wanted.flow)
    selection = asking.ask(wanted.flow, known, wanted.query).selection
    components, references = _words(wanted)
    tag = service.etag(
        selection,
        known,
        wanted.form.content_type,
        f"{components}/{sorted(references)}/{wanted.widens}",
        flows.digest(wanted.flow),
    )
    headers = {
        "etag": tag,
        "cache-control": "public, no-cache",
        "vary": "Accept, Accept-Language",
        "content-language": language(),
    }
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    region = await availability.region(reads, selection, known, components, widens=wanted.widens)
    release = known.get(selection.as_of)
    if region is None or release is None:
        raise SdmxNoData(headers={"vary": headers["vary"]})
    messages: StructureMessages = request.app.state.structure_messages
    data = await _referenced(reads, structures, messages, region, references)
    header = structure_json.Header(
        id=f"AVAILABILITY_{tag.strip(chr(34))}",
        prepared=release.published_at.isoformat(),
        sender=structures.agency,
        language=language(),
    )
    body = await asyncio.to_thread(_written, header, data, region, wanted.form)
    return Response(body, headers=headers, media_type=wanted.form.content_type)


def _words(wanted: Wanted) -> tuple[tuple[str, ...], frozenset[str]]:
    """Dimensions and references asked for; all unknown ones are faults."""
    faults = []
    given = wanted.components.split(",")
    known = (*(each.id for each in wanted.flow.dimensions), TIME)
    components = () if {"*", "all"} & set(given) else tuple(given)
    references = frozenset(wanted.references.split(","))
    for words, allowed, name, where in (
        (components, known, "component", "path"),
        (references, REFERENCES, "references", "query"),
    ):
        for each in sorted(set(words) - set(allowed)):
            faults.append(  # noqa: PERF401  # two sentences
                Fault(
                    f"/{name}",
                    f"{name}-unknown",
                    Text(
                        f"« {each[:64]} » n’est pas de : {', '.join(allowed)}.",
                        f"“{each[:64]}” is none of: {', '.join(allowed)}.",
                    ),
                    where=where,
                )
            )
    if faults:
        raise SdmxQueryMalformed(faults)
    return components, references


async def _referenced(
    reads: ReadPool,
    structures: Catalogue,
    messages: StructureMessages,
    region: Region,
    references: frozenset[str],
) -> dict[str, list[documents.Document]]:
    """Write the artefacts that the constraint refers to; of code lists, what has data."""
    graph = messages.graph_of(structures)
    flow = region.flow
    first = graph.nodes[flow.artefact.urn], graph.nodes[flow.structure.urn]
    nodes = [*first, *(graph.nodes[each] for each in first[1].children)]
    kinds = {"dataflow", "datastructure", "conceptscheme", "codelist"}
    wanted = kinds if "all" in references else kinds & references
    parts = await _parts(reads, structures, region)
    chosen = [
        Chosen(node, "full", parts.get(node.source.number) if node.source is not None else None)
        for node in nodes
        if node.type in wanted
    ]
    members = await structure_messages.members(reads, structures, chosen)
    return documents.data(chosen, graph, members, language())


async def _parts(
    reads: ReadPool, structures: Catalogue, region: Region
) -> Mapping[int, frozenset[str]]:
    """Say which codes of each list have data, with those above them; lists are told by number."""
    found: dict[int, frozenset[str]] = {}
    lists: dict[int, Artefact] = {}
    for each in region.flow.dimensions:
        number = each.codelist.number
        lists[number] = each.codelist
        found[number] = found.get(number, frozenset()) | frozenset(region.codes.get(each.id, ()))
    return {
        number: availability.with_parents(
            sorted(codes), await library.codes(reads, structures, lists[number])
        )
        for number, codes in found.items()
    }


def _written(
    header: structure_json.Header,
    data: dict[str, list[documents.Document]],
    region: Region,
    form: Format,
) -> bytes:
    constraint: dict[str, list[dict[str, Any]]]
    if form is JSON_2_1:
        constraint = {"availabilityConstraints": [availability.document_2_1(region)]}
    else:
        class_ = "ContentConstraint" if form is XML_2_1 else "DataConstraint"
        constraint = {"dataConstraints": [availability.document(region, class_)]}
    return structure_messages.written(header, {**data, **constraint}, form)
