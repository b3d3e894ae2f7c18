"""Puts a sheet together: what its author wrote, and what structures and releases know already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from observatory.keys import citing
from observatory.keys import service as keys
from observatory.observations import periods, queries
from observatory.provenance.service import method
from observatory.releases import queries as releases
from observatory.releases.schemas import Origin, ReleaseRead
from observatory.sheets.schemas import Edition, Reader, SectionRead, SheetWhole, SourceRead
from observatory.sheets.texts import SECTIONS
from observatory.structures.catalogue import Artefact, Catalogue, Indicator
from observatory.structures.classing import applies
from observatory.structures.schemas import Names
from observatory.structures.service import deprecated
from observatory.structures.sheet_schemas import Sheet, SourceNote
from platformkit.i18n import language
from platformkit.reads import ReadPool

_READERS: Final = ("reading_key", "grid")


async def whole(reads: ReadPool, structures: Catalogue, indicator: Indicator) -> SheetWhole:
    """Return the sheet of an indicator, as of its newest release.

    A region that has written none shows that of whose structure its figures have.
    """
    artefact, flow = indicator.artefact, indicator.flow
    written = next(
        (
            each
            for agency in dict.fromkeys((artefact.agency, flow.structure.agency))
            for each in (structures.find("sheet", artefact.id, "+", agency),)
            if each is not None and not each.version.is_draft and applies(each, artefact)
        ),
        None,
    )
    sheet = None if written is None else Sheet.model_validate(written.content)
    known = await queries.vintages(reads, flow)
    release = await _release(reads, flow.number, known.newest)
    content: Any = artefact.content
    readers = {kind: _readers(structures, kind, artefact) for kind in _READERS}
    return SheetWhole(
        indicator=artefact.id,
        urn=artefact.urn,
        sheet=None if written is None else written.urn,
        title=artefact.name(),
        definition=content["definition"][language()],
        unit=content["unit"][language()],
        decimals=content["decimals"],
        polarity=content["polarity"],
        **_written(sheet),
        licence=flow.artefact.content["licence"],
        citation=None
        if written is None
        else citing.sentence(keys.citation(structures, "sheet", written)),
        dataflow=flow.artefact.urn,
        dimensions=[each.id for each in flow.dimensions if each.id not in indicator.key],
        accrual_periodicity=flow.artefact.content["accrual_periodicity"],
        deprecated=deprecated(artefact),
        method=None if release is None else method(release, "../../"),
        release=None if release is None else _edition(release),
        sources=[] if release is None else _sources(release, sheet),
        reading_keys=readers["reading_key"],
        grids=readers["grid"],
        data="data.csv",
        history="data.csv?includeHistory=true",
        structure=f"../../../sdmx/v2/structure/dataflow/{flow.artefact.agency}/{flow.id}",
    )


async def _release(reads: ReadPool, flow: int, ordinal: int) -> ReleaseRead | None:
    row = await reads.fetchrow("sheet release", releases.OF_FLOW, flow, ordinal)
    return None if row is None else ReleaseRead.model_validate_json(row["item"])


def _written(sheet: Sheet | None) -> Mapping[str, Any]:
    """Return what the author wrote, in the language of the request."""
    if sheet is None:
        empty = ("short_unit", "description_short", "description_processing", "processing_level")
        return dict.fromkeys(empty) | {"description_key": [], "topics": [], "sections": []}
    return {
        "short_unit": _said(sheet.short_unit),
        "description_short": _said(sheet.description_short),
        "description_processing": _said(sheet.description_processing),
        "processing_level": sheet.processing_level,
        "description_key": [_said(each) for each in sheet.description_key],
        "topics": sheet.topics,
        "sections": [
            SectionRead(id=each, name=name(), text=_said(sheet.sections[each]))
            for each, name in SECTIONS.items()
            if each in sheet.sections
        ],
    }


def _edition(release: ReleaseRead) -> Edition:
    assert release.ordinal is not None and release.published_at is not None  # noqa: PT018, S101  # visible
    last = periods.parse(release.last_period or "")
    published = datetime.fromisoformat(release.published_at).date()
    return Edition(
        ordinal=release.ordinal,
        published_at=release.published_at,
        state=release.state,
        notes=release.notes.en if language() == "en" else release.notes.fr,
        reason=release.reason,
        sha256=release.sha256,
        observations=release.observations,
        series=release.series,
        first_period=release.first_period,
        last_period=release.last_period,
        days_after=None if last is None else (published - last.last).days,
    )


def _sources(release: ReleaseRead, sheet: Sheet | None) -> list[SourceRead]:
    """Return the origins of the release, with what the sheet knows beside."""
    notes = {} if sheet is None else {each.table: each for each in sheet.sources}
    return [_source(each, notes.get(each.table or "")) for each in release.origins]


def _source(origin: Origin, note: SourceNote | None) -> SourceRead:
    dated = {} if note is None else note.model_dump(mode="json")
    return SourceRead(
        title=_said(origin.title),
        producer=origin.producer,
        attribution=dated.get("attribution") or origin.producer,
        version_producer=origin.vintage,
        license=origin.licence,
        citation_full=origin.citation,
        description=origin.derived,
        url_main=dated.get("url_main") or origin.url,
        url_download=dated.get("url_download"),
        date_published=dated.get("date_published"),
        date_accessed=dated.get("date_accessed"),
        dataset=None if origin.table is None else f"{origin.table}/{origin.version or 1}",
        files=origin.files,
    )


def _readers(structures: Catalogue, kind: str, indicator: Artefact) -> list[Reader]:
    return [
        Reader(urn=each.urn, name=each.name())
        for each in structures.listed(kind)
        if not each.version.is_draft and applies(each, indicator)
    ]


def _said(names: Names) -> str:
    return names.en if language() == "en" else names.fr
