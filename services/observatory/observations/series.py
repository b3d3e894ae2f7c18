"""One series as a hot read: one statement reads it and tells whether what is held is still right.

The route answers every other form of the question, and is the oracle of a test that compares the
two byte for byte.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request, Response

from observatory.observations import formats, queries, service, stamps, statements
from observatory.observations.describing import Reading
from observatory.observations.formats import FORMATS, Format
from observatory.observations.selection import Comparison, Condition, Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import Indicator
from platformkit import etags
from platformkit.i18n import Language, language

_LONGEST: Final = 1_000
_COMPONENT: Final = re.compile(r"c\[([A-Za-z][A-Za-z0-9_-]{0,63})\]")
_CODE: Final = re.compile(r"[A-Za-z0-9_@$-]{1,64}")
_TO_QUOTE: Final = re.compile(r'[",\r\n]')


@dataclass(frozen=True, slots=True)
class _Held:
    """What answers have in common: an indicator's, in one format and language."""

    stamp: str
    indicator: Indicator
    known: Vintages
    form: Format
    question: Selection
    """With signs that stand for the codes asked."""

    sql: str
    arguments: tuple[object, ...]
    places: Mapping[int, str]
    """Dimension whose code is an argument, by its place."""

    head: bytes
    headers: Mapping[str, str]
    disposition: str

    def etag(self, codes: Mapping[str, str], suffix: str) -> str:
        """Return the tag that the route gives the same question."""
        conditions = tuple(
            Condition(name, (Comparison("eq", code),)) for name, code in codes.items()
        )
        selection = replace(self.question, conditions=conditions)
        return self.form.etag(selection, self.known, self.indicator, suffix)


class SeriesReads:
    """Answers `data.csv?c[A]=…&c[B]=…` and `data.json?…` where every dimension has one code."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, Language], _Held] = {}

    async def read(self, request: Request, indicator_id: str, suffix: str) -> Response | None:
        """Answer, or leave it to the route: another question, an unknown name, no release yet."""
        asked = _codes(request.scope["query_string"])
        if asked is None or suffix not in _LINES:
            return None
        key = (indicator_id, suffix, language())
        for _ in range(2):  # once more where what was held turns out to be old
            held = self._held.get(key) or await self._hold(request.app, *key)
            if held is None or not _is_series(held.indicator, asked):
                return None
            codes = {**asked, **held.indicator.key}
            headers = {**held.headers, "etag": held.etag(codes, suffix)}
            stamp, body = await _told(request, held, codes, headers["etag"])
            if stamp == held.stamp:
                if body is None:
                    return Response(status_code=304, headers=headers)
                headers["content-disposition"] = held.disposition
                return Response(body, headers=headers, media_type=held.form.media_type)
            self._held.pop(key, None)
        return None

    async def _hold(self, app: Any, name: str, suffix: str, spoken: Language) -> _Held | None:  # noqa: ANN401  # Starlette's, untyped
        """Make ready what answers have in common; only of indicators that exist."""
        structures = await app.state.structures.catalogue(app.state.reads)
        indicator = structures.indicator(name)
        if indicator is None:
            return None
        known = await queries.vintages(app.state.reads, indicator.flow)
        if not known.newest:
            return None
        # stands for the code of a dimension until there is one; no code has this form
        stands = {f"\0{each.id}": each.id for each in indicator.flow.dimensions}
        form = FORMATS[suffix]
        conditions = tuple(
            Condition(name, (Comparison("eq", sign),)) for sign, name in stands.items()
        )
        selection = form.selection(
            Selection(indicator.flow, known.newest, conditions), indicator, chooses_labels=False
        )
        statement = statements.observations(selection, known, spoken)
        release = known.get(known.newest)
        reading = Reading(app.state.reads, structures, indicator, selection, known, statement)
        held = _Held(
            stamp=stamps.stamp(structures.revision, known),
            indicator=indicator,
            known=known,
            form=form,
            question=selection,
            sql=stamps.stamped(indicator.flow.number, _LINES[suffix](statement)),
            arguments=statement.arguments,
            places={
                place: stands[argument]
                for place, argument in enumerate(statement.arguments)
                if isinstance(argument, str) and argument in stands
            },
            head=_csv_line(statement.columns) if suffix == "csv" else formats.json_head(reading),
            headers=service.headers(indicator, release),
            disposition=form.disposition(indicator.artefact.id, release),
        )
        self._held[name, suffix, spoken] = held
        return held


async def _told(
    request: Request, held: _Held, codes: Mapping[str, str], etag: str
) -> tuple[str, bytes | None]:
    """Return the stamp of the moment and the body; None where the caller has it already."""
    reads = request.app.state.reads
    if etags.not_modified(request, etag):
        return await reads.fetchval("stamp", stamps.stamping(held.indicator.flow.number)), None
    arguments = list(held.arguments)
    for place, name in held.places.items():
        arguments[place] = codes[name]
    rows = await reads.fetch("series", held.sql, *arguments)
    lines = [row["line"] for row in rows if row["line"] is not None]
    if held.form is FORMATS["csv"]:
        return rows[0]["stamp"], held.head + b"".join(map(_csv_line, lines))
    return rows[0]["stamp"], formats.json_body(held.head, [line.encode() for line in lines])


def _codes(query: bytes) -> dict[str, str] | None:
    """Read a query that has nothing but one code for each of some components."""
    if len(query) > _LONGEST:
        return None
    found: dict[str, str] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        component = _COMPONENT.fullmatch(name)
        if component is None or component[1] in found or not _CODE.fullmatch(value):
            return None
        found[component[1]] = value
    return found


def _is_series(indicator: Indicator, asked: Mapping[str, str]) -> bool:
    """Tell whether each dimension has one code, asked for or fixed by the indicator."""
    dimensions = indicator.flow.dimensions
    return len(asked) + len(indicator.key) == len(dimensions) and all(
        (each.id in asked) != (each.id in indicator.key) for each in dimensions
    )


def _csv_cells(statement: Statement) -> str:
    cells = ", ".join(f'r."{name}"::text' for name in statement.columns)
    return f"SELECT ARRAY[{cells}] AS line FROM ({statement.sql}) r"  # noqa: S608  # our own statement


def _json_line(statement: Statement) -> str:
    return f"SELECT row_to_json(r)::text AS line FROM ({statement.sql}) r"  # noqa: S608  # likewise


_LINES: Final = {"csv": _csv_cells, "json": _json_line}
"""How PostgreSQL renders a row, by the suffix of the address."""


def _csv_line(cells: Iterable[str | None]) -> bytes:
    """Write a line as COPY does: an empty text is quoted, what is missing is empty."""
    return (",".join(map(_quoted, cells)) + "\n").encode()


def _quoted(cell: str | None) -> str:
    if cell is None:
        return ""
    if not cell or _TO_QUOTE.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell
