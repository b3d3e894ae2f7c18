"""The formats in which data are given, by the suffix of the address; each one streams."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import orjson

from observatory.observations import columnar, excel, jsonstat, queries, service, workbook
from observatory.observations.describing import Reading
from observatory.observations.selection import Labels, Selection
from observatory.observations.vintages import Vintage, Vintages
from observatory.structures.catalogue import Indicator
from platformkit.errors import Fault
from platformkit.i18n import Text, language


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, what writes it, how its file is named, and what it may hold."""

    media_type: str
    write: Callable[[Reading], AsyncIterator[bytes]]
    ending: str
    most: int | None = None
    """Most observations."""

    labels: Labels = "id"
    """What it shows of codes, unless asked otherwise."""

    is_opened: bool = True
    """Whether browsers should show it rather than keep it."""

    tells_constants: bool = True
    """Whether what is the same for the whole flow has a column."""

    reads: bool = False
    """Whether each figure has its sentence, asked for or not."""

    is_cube: bool = False
    """A cell of a cube has one value, at the place of its codes."""

    def selection(
        self, asked: Selection, indicator: Indicator, *, chooses_labels: bool
    ) -> Selection:
        """Suit a selection to the format."""
        labels = asked.labels if chooses_labels and not self.is_cube else self.labels
        attributes = asked.attributes
        if not self.tells_constants:
            attributes = frozenset(
                each.id for each in asked.flow.attributes if each.level != "dataflow"
            )
        reads = asked.reads or (service.wording(indicator) if self.reads else None)
        return replace(asked, labels=labels, attributes=attributes, reads=reads)

    def faults(self, asked: Selection) -> list[Fault]:
        """Say what it cannot hold."""
        found = []
        if self.is_cube and asked.tells_deletions:
            sentence = Text(
                "Un cube n’a qu’une version par cellule : prenez CSV, JSON, Parquet ou Arrow.",
                "A cube has one version per cell: take CSV, JSON, Parquet or Arrow.",
            )
            found.append(Fault("/includeHistory", "versions-in-a-cube", sentence, where="query"))
        if self.is_cube and asked.reads is not None:
            sentence = Text(
                "Un cube n’a pas de phrases : prenez CSV, JSON ou XLSX.",
                "A cube has no sentences: take CSV, JSON or XLSX.",
            )
            found.append(Fault("/reading", "sentences-in-a-cube", sentence, where="query"))
        return found

    def etag(
        self,
        selection: Selection,
        known: Vintages,
        indicator: Indicator,
        suffix: str,
        profile: str | None = None,
    ) -> str:
        """Tell an answer from all others, without reading an observation."""
        told = (indicator.artefact.urn, suffix, str(profile))
        return service.etag(selection, known, self.media_type, *told)

    def disposition(self, indicator: str, release: Vintage | None) -> str:
        """Write Content-Disposition: `EXPOSURE_TERRITORY_r3_2026-11-27.xlsx`."""
        of = "" if release is None else f"_r{release.ordinal}_{release.published_at:%Y-%m-%d}"
        way = "inline" if self.is_opened else "attachment"
        return f'{way}; filename="{indicator}{of}{self.ending}"'


def _csv(reading: Reading) -> AsyncIterator[bytes]:
    return queries.csv(reading.pool, reading.statement)


async def _excel(reading: Reading) -> AsyncIterator[bytes]:
    statement = excel.statement(reading.statement, reading.columns)
    head = excel.head(reading.columns)
    async for piece in queries.csv(reading.pool, statement, header=False, delimiter=";"):
        yield head + excel.lines(piece)
        head = b""
    if head:
        yield head


_JSON_END: Final = b"]}\n"


def json_head(reading: Reading) -> bytes:
    """Begin the one document: what the figures are, up to the first of them."""
    content = reading.indicator.artefact.content
    release = reading.vintages.get(reading.selection.as_of)
    head = orjson.dumps(
        {
            "indicator": reading.indicator.artefact.id,
            "name": reading.indicator.artefact.name(),
            "unit": content["unit"][language()],
            "decimals": content["decimals"],
            "dataflow": reading.selection.flow.id,
            "release": {
                "ordinal": reading.selection.as_of,
                "published_at": release and release.published_at.isoformat(),
                "method": release and release.method,
                "source": release and release.source,
            },
            "licence": reading.selection.flow.artefact.content["licence"],
        }
    )
    return head[:-1] + b',"observations":['


def json_body(head: bytes, lines: Sequence[bytes]) -> bytes:
    """Write a document of few lines at once."""
    return head + (b"\n" + b",\n".join(lines) if lines else b"") + _JSON_END


async def _json(reading: Reading) -> AsyncIterator[bytes]:
    """Write one document; the rows are rendered by PostgreSQL and joined as they come."""
    yield json_head(reading)
    begun = False
    rest = b""
    async for piece in queries.json_rows(reading.pool, reading.statement):
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield (b",\n" if begun else b"\n") + b",\n".join(lines)
            begun = True
    yield _JSON_END


FORMATS: Final = {
    "csv": Format("text/csv; charset=utf-8; header=present", _csv, ".csv"),
    "json": Format("application/json", _json, ".json", most=1_000_000),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook.write,
        ".xlsx",
        most=workbook.MOST_ROWS,
        labels="split",
        is_opened=False,
        tells_constants=False,
        reads=True,
    ),
    "parquet": Format(service.PARQUET, columnar.parquet, ".parquet", is_opened=False),
    "arrow": Format(
        "application/vnd.apache.arrow.stream", columnar.arrow, ".arrows", is_opened=False
    ),
    "jsonstat": Format(
        "application/json", jsonstat.write, ".jsonstat.json", most=jsonstat.MOST_ROWS, is_cube=True
    ),
}
"""By the suffix of `data.…`."""

EXCEL_FR: Final = Format(
    "text/csv; charset=utf-8; header=present",
    _excel,
    ".csv",
    labels="both",
    is_opened=False,
)
"""The CSV of a French Excel (`profile=excel-fr`): codes alone would lose their zeros there."""
