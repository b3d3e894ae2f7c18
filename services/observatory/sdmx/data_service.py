"""The rules of answering a data query: which release, how much at most, and what if nothing."""

from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final

from fastapi import Request, Response

from observatory.observations import queries, service
from observatory.observations.vintages import Vintages
from observatory.sdmx import data_formats, flows
from observatory.sdmx.asking import Asked, Query, ask
from observatory.sdmx.data_formats import CSV, MOST, TABLES, Answering
from observatory.sdmx.message import Head, Labels
from observatory.sdmx.negotiation import Accepted
from observatory.structures import library
from observatory.structures.catalogue import Catalogue, Flow
from platformkit import etags
from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool
from platformkit.streaming import Streamed


class SdmxNoData(NotFound):
    """Nothing is selected; where clients cannot read a 204 (decision 35)."""

    code = "sdmx-no-data"
    title = Text("Aucune donnée", "No data")
    detail = Text(
        "Aucune observation ne répond à la requête.", "No observation answers to the query."
    )


class SdmxTooLarge(ProblemError):
    """The query is estimated at more observations than one answer of this form may have."""

    status = 413
    code = "sdmx-too-large"
    title = Text("Extraction trop grande", "Extraction too large")
    detail = Text(
        "La requête donnerait jusqu’à {estimate} observations, le maximum est {most} : restreignez"
        " la clé ou les périodes, lisez par tranches (limit, offset), ou prenez le flux entier en"
        " SDMX-CSV, sans tri, ou la livraison en un fichier Parquet (en-tête Link).",
        "The query would give up to {estimate} observations, the most is {most}: restrict the key"
        " or the periods, read in slices (limit, offset), or take the whole dataflow as SDMX-CSV,"
        " unsorted, or the release as one Parquet file (header Link).",
    )


_OURS: Final = "/v1/observatory"
"""Where the door has our native addresses; what is said under `/sdmx` passes it unchanged."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where an answer is read from."""

    reads: ReadPool
    data: ReadPool
    structures: Catalogue


async def answer(
    request: Request, sources: Sources, flow: Flow, query: Query, accepted: Accepted
) -> Response:
    """Answer a data query: 304 before any observation is touched, 413 before any is read.

    Raises SdmxQueryMalformed, NotAcceptable, SdmxTooLarge, SdmxNoData.
    """
    known = await queries.vintages(sources.reads, flow)
    asked = ask(flow, known, query)
    if accepted.format in TABLES:
        data_formats.style(accepted)  # refused before anything is read
    release = known.get(asked.selection.as_of)
    layout = asked.layout
    tag = service.etag(
        asked.selection,
        known,
        accepted.format.content_type,
        repr(sorted(accepted.parameters.items())),
        f"{layout.at}/{layout.has_measure}/{[each.id for each in layout.attributes]}",
        str(asked.as_of),
        flows.digest(flow),
    )
    headers = {
        "etag": tag,
        "cache-control": "public, no-cache",
        "vary": "Accept, Accept-Language",
        "content-language": language(),
    }
    if release is not None:
        headers["last-modified"] = format_datetime(release.published_at, usegmt=True)
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    if release is None:
        return _nothing(request, accepted, headers)
    await _check_size(request, sources.reads, asked, known, accepted)
    head = Head(
        id=tag.strip('"'),
        prepared=release.published_at.isoformat(),
        sender=sources.structures.agency,
        layout=layout,
        valid_from=release.published_at.isoformat(),
        valid_to=asked.as_of,
        languages=("en", "fr") if language() == "en" else ("fr", "en"),
    )
    labels = await _labels(sources, asked, accepted)
    answering = Answering(sources.data, asked, known, labels, head, accepted)
    pieces = await data_formats.written(answering)
    if pieces is None:
        return _nothing(request, accepted, headers)
    suffix = accepted.format.media.partition("+")[2]
    headers["content-disposition"] = f'inline; filename="{flow.id}.{suffix}"'
    return Streamed(pieces, headers=headers, media_type=accepted.format.content_type)


async def _check_size(
    request: Request, reads: ReadPool, asked: Asked, known: Vintages, accepted: Accepted
) -> None:
    """Raise SdmxTooLarge by the estimate, with links to the whole dataflow: CSV, and its file."""
    if accepted.format in TABLES and not asked.selection.sort:
        return
    estimate = await queries.estimate(reads, asked.selection, known)
    if estimate > MOST:
        flow = asked.selection.flow.artefact
        whole = f"/sdmx/v2/data/dataflow/{flow.agency}/{flow.id}/{flow.version}"
        links = [f'<{whole}>; rel="alternate"; type="{CSV.content_type}"']
        file = await queries.bulk(reads, asked.selection.flow, known, asked.selection.as_of)
        assert file is not None  # noqa: S101  # before the first release, nothing is too much
        links.append(f'<{_OURS}/{file.path}>; rel="alternate"; type="{service.PARQUET}"')
        raise SdmxTooLarge(estimate=estimate, most=MOST, headers={"link": ", ".join(links)})


async def _labels(sources: Sources, asked: Asked, accepted: Accepted) -> Labels:
    """Codes of the components that a message names."""
    flow = asked.layout.flow
    if accepted.format in TABLES and data_formats.style(accepted).labels == "id":
        return {}
    if accepted.format not in (*TABLES, data_formats.JSON):
        return {}
    lists = {each.id: each.codelist for each in asked.layout.attributes if each.codelist}
    if accepted.format not in TABLES:
        lists |= {each.id: each.codelist for each in flow.dimensions}
    return {
        name: await library.codes(sources.reads, sources.structures, codelist)
        for name, codelist in lists.items()
    }


def _nothing(request: Request, accepted: Accepted, headers: dict[str, str]) -> Response:
    """Answer that there is nothing, in the way that clients of the format survive (decision 35)."""
    if request.url.path.startswith("/sdmx/v1/") or accepted.format in TABLES:
        raise SdmxNoData(headers={"vary": headers["vary"]})
    return Response(status_code=204, headers=headers)
