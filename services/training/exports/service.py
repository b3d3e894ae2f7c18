"""The exports by name, and the report of what each leaves out."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from functools import partial
from typing import Final, get_args

import orjson

from platformkit.copying import copied
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from platformkit.streaming import begun
from training.exports import queries, streaming
from training.exports.schemas import CertificationExport, ExportFormat, OfferExport

_XML: Final = "application/xml"
_CSV: Final = "text/csv; charset=utf-8; header=present"
_JSON_LINES: Final = "application/jsonl"
_OF_CERTIFICATIONS: Final = get_args(CertificationExport)
_Licences = Sequence[str] | None
_Write = Callable[[streaming.Copy], AsyncIterator[bytes]]

EXPORTS: Final[dict[ExportFormat, tuple[str, str, _Write]]] = {
    "lheo-2.3.xml": (_XML, queries.DOCUMENTS, partial(streaming.lheo, version="2.3")),
    "lheo-2.2.xml": (_XML, queries.DOCUMENTS, partial(streaming.lheo, version="2.2")),
    "offers.csv": (_CSV, queries.ROWS, streaming.csv),
    "offers-for-spreadsheets.csv": (_CSV, queries.ROWS, streaming.marked_csv),
    "offers.jsonl": (_JSON_LINES, queries.DOCUMENTS, streaming.json_lines),
    "certifications.csv": (_CSV, queries.CERTIFICATION_ROWS, streaming.csv),
    "certifications-for-spreadsheets.csv": (
        _CSV,
        queries.CERTIFICATION_ROWS,
        streaming.marked_csv,
    ),
    "certifications.jsonl": (_JSON_LINES, queries.CERTIFICATIONS, streaming.json_lines),
}
"""Media type, what is copied, and what makes the bytes of it."""

_SAID: Final = {
    "withdrawn": Text(
        "Les formations retirées ne sont pas dans l’export.",
        "Withdrawn formations are not in the export.",
    ),
    "provenance": Text(
        "Le format n’a pas de place pour la source, la licence, la version et les identifiants.",
        "The format has no place for the source, the licence, the version and the identifiers.",
    ),
    "newer": Text(
        "Ce que la 2.2 n’a pas est écrit dans des extras ; notre import l’y retrouve.",
        "What 2.2 does not have is written in extras; our import finds it there again.",
    ),
    "prose": Text(
        "Les textes longs, contacts, financeurs et publics ne sont pas dans le tableau.",
        "Long texts, contacts, funders and audiences are not in the table.",
    ),
    "places": Text(
        "Seul le premier lieu de chaque action est dans le tableau.",
        "Only the first place of each action is in the table.",
    ),
}
_LOST: Final[dict[OfferExport, tuple[str, ...]]] = {
    "lheo-2.3.xml": ("withdrawn", "provenance"),
    "lheo-2.2.xml": ("withdrawn", "provenance", "newer"),
    "offers.csv": ("withdrawn", "prose", "places"),
    "offers-for-spreadsheets.csv": ("withdrawn", "prose", "places"),
    "offers.jsonl": ("withdrawn",),
}


async def stream(
    pool: ReadPool, name: ExportFormat, licences: _Licences, day: date
) -> tuple[str, AsyncIterator[bytes]]:
    """Begin an export of what is under these licences; returns its media type and pieces.

    `day` is that of the states of certifications.
    """
    media_type, sql, write = EXPORTS[name]
    arguments = (day, licences) if name in _OF_CERTIFICATIONS else (licences,)
    pieces = write(partial(copied, pool, sql, *arguments))
    return media_type, await begun(pieces)


async def losses(pool: ReadPool, name: OfferExport, licences: _Licences) -> bytes:
    """Say what an export made now leaves out; a loss that no formation has is not listed."""
    row = await pool.fetchrow("export losses", queries.LOSSES, licences)
    assert row is not None  # noqa: S101  # an aggregate
    counts = {**row, "provenance": row["formations"], "prose": row["formations"]}
    return orjson.dumps(
        {
            "format": name,
            "formations": row["formations"],
            "losses": [
                {"rule": rule, "detail": _SAID[rule](), "formations": counts[rule]}
                for rule in _LOST[name]
                if counts[rule]
            ],
        }
    )
