"""Structure messages at hand: what is selected decides the entity tag, and the tag the bytes."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from observatory.sdmx import documents, graph, selecting, structure_json, structure_xml
from observatory.sdmx.documents import Members
from observatory.sdmx.graph import Graph
from observatory.sdmx.negotiation import Format
from observatory.sdmx.selecting import Chosen, Query
from observatory.structures import library, queries
from observatory.structures.catalogue import Artefact, Catalogue
from platformkit import etags
from platformkit.errors import NotFound
from platformkit.i18n import Language, Text
from platformkit.reads import ReadPool

JSON_2_0: Final = Format("application/vnd.sdmx.structure+json", "2.0.0", also=("application/json",))
JSON_2_1: Final = Format("application/vnd.sdmx.structure+json", "2.1.0")
XML_3_0: Final = Format("application/vnd.sdmx.structure+xml", "3.0.0", also=("application/xml",))
XML_2_1: Final = Format(
    "application/vnd.sdmx.structure+xml", "2.1", also=("application/xml", "text/xml")
)
_KEPT_BYTES: Final = 64 << 20
"""Of rendered messages in one process; all of ours in one form are some 5 MB."""


_KEPT_SELECTIONS: Final = 1_000
_Asked = tuple[Query, Format, Language, bool]


class StructuresNotFound(NotFound):
    """Nothing matches a structure query; clients take a 204 for a broken answer (decision 34)."""

    code = "sdmx-structures-not-found"
    title = Text("Aucune structure", "No structure")
    detail = Text("Aucun artefact ne correspond à la requête.", "No artefact matches the query.")


@dataclass(frozen=True, slots=True)
class Selected:
    """What a query returns, before any of it is written."""

    catalogue: Catalogue
    graph: Graph
    chosen: Sequence[Chosen]
    form: Format
    language: Language
    packed: bool
    digest: str

    @property
    def etag(self) -> str:
        """Tag the representation, of which there is one for each coding (RFC 9110 §8.8.3)."""
        return f'"{self.digest}-gzip"' if self.packed else f'"{self.digest}"'


class StructureMessages:
    """Keeps the graph of the present structures, and the messages asked for last."""

    def __init__(self, release: str) -> None:
        """`release` is that of the program, which may write the same structures otherwise."""
        self._release = release
        self._catalogue: Catalogue | None = None
        self._graph: Graph | None = None
        self._selected: dict[_Asked, Selected] = {}
        self._written: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._writing = asyncio.Lock()

    def select(
        self,
        catalogue: Catalogue,
        query: Query,
        form: Format,
        language: Language,
        *,
        packed: bool = False,
    ) -> Selected:
        """Say what a query returns, and its entity tag; raises StructuresNotFound."""
        known = self.graph_of(catalogue)
        asked = (query, form, language, packed)
        if asked not in self._selected:
            if len(self._selected) >= _KEPT_SELECTIONS:
                self._selected.clear()
            self._selected[asked] = self._selection(catalogue, known, asked)
        return self._selected[asked]

    def _selection(self, catalogue: Catalogue, known: Graph, asked: _Asked) -> Selected:
        query, form, language, packed = asked
        chosen = selecting.select(known, query)
        if not chosen:
            raise StructuresNotFound
        told = [
            f"{each.node.urn} {each.node.digest} {each.extent} {sorted(each.items or ())}"
            for each in chosen
        ]
        digest = etags.of_bytes(self._release, form.content_type, language, *told).strip('"')
        return Selected(catalogue, known, chosen, form, language, packed, digest)

    def graph_of(self, catalogue: Catalogue) -> Graph:
        """Return the structures as they refer to each other, built once while they stay."""
        if self._graph is None or self._catalogue is not catalogue:
            self._catalogue, self._graph = catalogue, graph.build(catalogue)
            self._selected.clear()
        return self._graph

    async def write(self, reads: ReadPool, selected: Selected) -> bytes:
        """Return the message, written once, one at a time; raises StructuresNotFound."""
        if selected.etag not in self._written:
            async with self._writing:
                if selected.etag not in self._written:
                    held = await members(reads, selected.catalogue, selected.chosen)
                    self._keep(selected.etag, await asyncio.to_thread(_message, selected, held))
        self._written.move_to_end(selected.etag)
        return self._written[selected.etag]

    def _keep(self, etag: str, message: bytes) -> None:
        self._written[etag] = message
        self._size += len(message)
        while self._size > _KEPT_BYTES and len(self._written) > 1:
            _, oldest = self._written.popitem(last=False)
            self._size -= len(oldest)


async def members(reads: ReadPool, catalogue: Catalogue, chosen: Iterable[Chosen]) -> Members:
    """Read the codes and mappings of what is written in full."""
    full = [
        each.node.source
        for each in chosen
        if each.extent == "full" and each.node.source is not None
    ]
    lists = [each for each in full if each.kind == "codelist"]
    maps = [each for each in full if each.kind == "code_map"]
    return Members(
        {each.number: await library.codes(reads, catalogue, each) for each in lists},
        {each.number: await _mappings(reads, each) for each in maps},
    )


async def _mappings(reads: ReadPool, code_map: Artefact) -> list[tuple[str, str, float]]:
    rows = await reads.fetch("code mappings", queries.MAPPINGS, code_map.number)
    return [(row["source"], row["target"], row["weight"]) for row in rows]


def _message(selected: Selected, held: Members) -> bytes:
    data: Mapping[str, Sequence[documents.Document]] = documents.data(
        selected.chosen, selected.graph, held, selected.language
    )
    if not data:
        raise StructuresNotFound
    newest = max(each.node.changed_at for each in selected.chosen)
    header = structure_json.Header(
        id=f"STRUCTURE_{selected.digest}",
        prepared=newest.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        sender=selected.catalogue.agency,
        language=selected.language,
    )
    message = written(header, data, selected.form)
    return gzip.compress(message, mtime=0) if selected.packed else message


def written(
    header: structure_json.Header,
    data: Mapping[str, Sequence[documents.Document]],
    form: Format,
) -> bytes:
    """Write documents in a form."""
    write = structure_xml.write if form in (XML_2_1, XML_3_0) else structure_json.write
    return write(header, data, form.version)
