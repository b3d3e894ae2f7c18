"""The rules of reading: which release is meant, how much is too much, which tag an answer has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any, Final

from observatory.observations import parsing, queries, statements
from observatory.observations.queries import Availability
from observatory.observations.readings import Wording
from observatory.observations.schemas import (
    AttributeRead,
    BulkRead,
    DataflowItem,
    DataflowRead,
    DimensionRead,
    IndicatorItem,
)
from observatory.observations.selection import Labels, Selection
from observatory.observations.vintages import Vintage, Vintages
from observatory.structures.catalogue import Artefact, Catalogue, Flow, Indicator, text
from observatory.structures.service import deprecated, warned
from platformkit import etags
from platformkit.errors import Fault, Invalid, ProblemError
from platformkit.i18n import Text, language
from platformkit.pagination import CursorRefused
from platformkit.reads import ReadPool

PARQUET: Final = "application/vnd.apache.parquet"


class SelectionInvalid(Invalid):
    """The query asks for what cannot be: each fault is named in `errors`."""

    code = "selection-invalid"
    title = Text("Sélection invalide", "Invalid selection")


class ExtractionTooLarge(ProblemError):
    """The selection is estimated at more than this format gives at once."""

    status = 413
    code = "extraction-too-large"
    title = Text("Extraction trop grande", "Extraction too large")
    detail = Text(
        "La sélection compterait jusqu’à {estimate} observations, le maximum de ce format est"
        " {most}. Restreignez les dimensions ou les périodes, lisez par pages (limit), prenez"
        " data.csv, data.parquet ou data.arrow, qui n’ont pas de limite, ou toute la livraison en"
        " un fichier : {file}.",
        "The selection would have up to {estimate} observations, the most of this format is"
        " {most}. Restrict dimensions or periods, read in pages (limit), take data.csv,"
        " data.parquet or data.arrow, which have no limit, or the whole release as one file:"
        " {file}.",
    )


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a native request, as they came."""

    items: Iterable[tuple[str, str]]
    start: str | None = None
    end: str | None = None
    as_of: str | None = None
    updated_after: str | None = None
    include_history: bool = False
    initial: bool = False
    first_n: int | None = None
    last_n: int | None = None
    mrnev: int | None = None
    limit: int | None = None
    after: tuple[int, ...] | None = None
    labels: Labels = "id"
    reading: bool = False
    key: str | None = None
    gapfill: bool = False

    @property
    def reads(self) -> bool:
        """Tell whether each figure is to have its sentence."""
        return self.reading or self.key is not None

    @property
    def of_tables(self) -> list[str]:
        """Name the parameters given that only a table takes, neither a chart nor one figure."""
        given = {
            "includeHistory": self.include_history,
            "updatedAfter": self.updated_after is not None,
            "limit": self.limit is not None,
            "after": self.after is not None,
            "labels": self.labels != "id",
            "reading": self.reading,
            "key": self.key is not None,
            "gapfill": self.gapfill,
        }
        return [name for name, is_given in given.items() if is_given]


async def vintages(reads: ReadPool, flow: Flow) -> Vintages:
    """Return the releases that can be seen now."""
    return await queries.vintages(reads, flow)


def select(flow: Flow, known: Vintages, query: Query) -> Selection:
    """Make the selection of a request, or raise SelectionInvalid with all faults."""
    faults: list[Fault] = []
    conditions = parsing.conditions(query.items, faults)
    conditions += parsing.bounds(query.start, query.end, faults)
    as_of = parsing.instant(query.as_of, "asOf", faults)
    updated_after = parsing.instant(query.updated_after, "updatedAfter", faults)
    if as_of is not None and updated_after is not None and as_of < updated_after:
        sentence = Text("asOf précède updatedAfter.", "asOf is before updatedAfter.")
        faults.append(Fault("/asOf", "as-of-before-updated-after", sentence, where="query"))
    _contradictions(query, faults)
    if faults:
        raise SelectionInvalid(faults)
    if query.after is not None and len(query.after) != (3 if query.include_history else 2):
        raise CursorRefused
    return Selection(
        flow=flow,
        as_of=known.newest if as_of is None else known.at(as_of),
        conditions=conditions,
        updated_after=None if updated_after is None else known.at(updated_after),
        include_history=query.include_history,
        first_n=query.first_n,
        last_n=query.last_n,
        mrnev=query.mrnev,
        initial=query.initial,
        fills_gaps=query.gapfill,
        limit=query.limit,
        after=query.after,
        labels=query.labels,
    )


def indicated(indicator: Indicator, known: Vintages, query: Query) -> Selection:
    """Make the selection of a request for an indicator; raises SelectionInvalid."""
    found = select(indicator.flow, known, query).restricted(indicator.key)
    return replace(found, reads=wording(indicator)) if query.reads else found


def _contradictions(query: Query, faults: list[Fault]) -> None:
    """Add a fault for each pair of parameters that cannot both be meant."""
    if query.limit is not None and (query.first_n or query.last_n or query.mrnev):
        sentence = Text(
            "limit ne va pas avec firstN, lastN ni mrnev.",
            "limit does not go with firstN, lastN or mrnev.",
        )
        faults.append(Fault("/limit", "n-unpaged", sentence, where="query"))
    if query.initial and (query.include_history or query.updated_after is not None):
        sentence = Text(
            "initial ne va pas avec includeHistory ni updatedAfter.",
            "initial does not go with includeHistory or updatedAfter.",
        )
        faults.append(Fault("/initial", "initial-with-history", sentence, where="query"))
    if query.gapfill and (
        query.include_history or query.updated_after is not None or query.initial or query.reads
    ):
        sentence = Text(
            "gapfill ne va pas avec includeHistory, updatedAfter, initial, reading ni key.",
            "gapfill does not go with includeHistory, updatedAfter, initial, reading or key.",
        )
        faults.append(Fault("/gapfill", "gapfill-with-others", sentence, where="query"))
    if query.mrnev is not None and (
        query.include_history or query.updated_after is not None or query.first_n or query.last_n
    ):
        sentence = Text(
            "mrnev ne va pas avec includeHistory, updatedAfter, firstN ni lastN.",
            "mrnev does not go with includeHistory, updatedAfter, firstN or lastN.",
        )
        faults.append(Fault("/mrnev", "mrnev-with-others", sentence, where="query"))


def wording(indicator: Indicator) -> Wording:
    """Return what the sentences that read the figures of an indicator say."""
    content = indicator.artefact.content
    return Wording(
        indicator.artefact.name,
        text(content["unit"]),
        content["decimals"],
        tuple(sorted({*indicator.key, "FREQ"})),
    )


def etag(selection: Selection, known: Vintages, media_type: str, *more: str) -> str:
    """Return the strong tag of an answer: release, canonical query, media type, language.

    `more` is what else the bytes depend on. Nothing of it reads an observation.
    """
    return etags.of_bytes(
        known.token(selection.as_of), selection.canonical, media_type, language(), *more
    )


def headers(indicator: Indicator, release: Vintage | None) -> dict[str, str]:
    """Say how long an answer of figures may be kept, since when it is right, and until when."""
    told = {
        "cache-control": "public, no-cache",
        "vary": "Accept-Language",
        "content-language": language(),
        **warned(indicator.artefact, indicator.flow.artefact),
    }
    if release is not None:
        told["last-modified"] = format_datetime(release.published_at, usegmt=True)
    return told


async def check_size(reads: ReadPool, selection: Selection, known: Vintages, most: int) -> None:
    """Raise ExtractionTooLarge, before any work is done, for what is estimated at more."""
    estimate = await queries.estimate(reads, selection, known)
    if estimate > most:
        file = await queries.bulk(reads, selection.flow, known, selection.as_of)
        assert file is not None  # noqa: S101  # before the first release, nothing is too much
        link = f'</v1/{file.path}>; rel="alternate"; type="{PARQUET}"'
        raise ExtractionTooLarge(
            estimate=estimate, most=most, file=file.path, headers={"link": link}
        )


async def continuation(
    reads: ReadPool, selection: Selection, known: Vintages
) -> tuple[int, ...] | None:
    """Return the key of a page's last row, None when the selection ends with the page."""
    statement = statements.continuation(selection, known)
    rows = await reads.fetch("continuation", statement.sql, *statement.arguments)
    return None if len(rows) < 2 else tuple(rows[0])  # noqa: PLR2004  # the last, and one more


def indicator_item(indicator: Artefact) -> IndicatorItem:
    """Short form of an indicator, in the language of the request."""
    content: Any = indicator.content
    return IndicatorItem(
        id=indicator.id,
        name=indicator.name(),
        dataflow=content["dataflow"],
        unit=content["unit"][language()],
        decimals=content["decimals"],
        key=content["key"],
        deprecated=deprecated(indicator),
    )


def dataflow_item(dataflow: Artefact) -> DataflowItem:
    """Short form of a dataflow, in the language of the request."""
    return DataflowItem(
        urn=dataflow.urn,
        agency=dataflow.agency,
        id=dataflow.id,
        version=str(dataflow.version),
        name=dataflow.name(),
        licence=dataflow.content["licence"],
        deprecated=deprecated(dataflow),
    )


def indicators_of(structures: Catalogue, flow: Flow) -> list[Indicator]:
    """List the indicators of a dataflow, whatever version of it they name."""
    found = [structures.indicator_of(each) for each in structures.listed("indicator")]
    return [each for each in found if each.flow.number == flow.number]


async def dataflow(reads: ReadPool, structures: Catalogue, flow: Flow) -> DataflowRead:
    """Describe a dataflow and how much of it can be seen now."""
    known = await queries.vintages(reads, flow)
    there: Availability = await queries.availability(reads, Selection(flow, known.newest), known)
    release = known.get(known.newest)
    file = await queries.bulk(reads, flow, known, known.newest)
    content: Any = flow.artefact.content
    described = content["description"]
    return DataflowRead(
        **dict(dataflow_item(flow.artefact)),
        description=None if described is None else described[language()],
        source=content["source"],
        theme=content["theme"],
        accrual_periodicity=content["accrual_periodicity"],
        dimensions=[
            DimensionRead(id=each.id, name=each.name(), codelist=each.codelist.reference)
            for each in flow.dimensions
        ],
        measure=flow.measure(),
        attributes=[
            AttributeRead(id=each.id, name=each.name(), level=each.level)
            for each in flow.attributes
        ],
        indicators=[indicator_item(each.artefact) for each in indicators_of(structures, flow)],
        release=release and release.ordinal,
        published_at=None if release is None else release.published_at.isoformat(),
        observations=there.observations,
        series=there.series,
        first_period=there.first_period,
        last_period=there.last_period,
        present=dict(there.codes),
        bulk=file and BulkRead(path=file.path, sha256=file.sha256, bytes=file.size),
    )
