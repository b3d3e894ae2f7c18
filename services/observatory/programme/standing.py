"""Where the money stands: sums of the ledger by line, funder and quarter, from one snapshot."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import orjson

from observatory.programme import ledger_queries, queries
from observatory.programme.money import euros, ratio
from observatory.programme.problems import ProgrammeUnknown
from observatory.programme.quarters import quarter_of
from observatory.programme.standing_schemas import (
    CellPosition,
    FunderPosition,
    LinePosition,
    Position,
    QuarterPosition,
    Standing,
)
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

LICENCE: Final = "Licence Ouverte 2.0"
_READING: Final = Text(
    "Lecture : sur un budget de {budget} €, {committed} € sont engagés ({share} %), dont {paid} €"
    " sont payés ; {left} € des lignes restent à engager.",
    "Reading: of a budget of {budget} EUR, {committed} are committed ({share} %), of which {paid}"
    " are paid; {left} of the lines are left to commit.",
)
_COLUMNS: Final = ("programme", "subject", "line", "funder", "quarter", "measure", "value", "unit")
_MEASURES: Final = ("planned", "committed", "paid", "left", "committed_ratio", "paid_ratio")


async def standing(reads: ReadPool, code: str) -> Standing:
    """Add up the ledger of a programme; raises ProgrammeUnknown."""
    async with (
        reads.connection("programme standing") as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        programme = await raw.fetchrow(queries.ONE, code)
        if programme is None:
            raise ProgrammeUnknown
        lines = await raw.fetch(queries.LINES, code)
        funders = await raw.fetch(queries.FUNDERS, code)
        rows = await raw.fetch(ledger_queries.POSITIONS, code)
        last = await raw.fetchval(ledger_queries.LAST, code)
    planned = sum(row["planned_cents"] for row in lines)
    all_in_all = _position(planned, *_sums(rows))
    return Standing(
        programme=code,
        title=_said(programme["title"]),
        starts_on=programme["starts_on"],
        ends_on=programme["ends_on"],
        currency="EUR",
        budget=euros(programme["budget_cents"]),
        contributed=euros(sum(row["contribution_cents"] for row in funders)),
        total=Position(**all_in_all),
        lines=[
            LinePosition(
                line=row["code"],
                name=_said(row["name"]),
                **_position(row["planned_cents"], *_sums(rows, "line", row["code"])),
            )
            for row in lines
        ],
        funders=[
            FunderPosition(
                funder=row["code"],
                name=_said(row["name"]),
                kind=row["kind"],
                **_position(row["contribution_cents"], *_sums(rows, "funder", row["code"])),
            )
            for row in funders
        ],
        quarters=_quarters(lines, rows),
        cells=_cells(rows),
        last_entry_at=last,
        reading=_READING(
            budget=euros(programme["budget_cents"]),
            committed=all_in_all["committed"],
            share=round(100 * (ratio(_sums(rows)[0], programme["budget_cents"]) or 0), 2),
            paid=all_in_all["paid"],
            left=all_in_all["left"],
        ),
        licence=LICENCE,
    )


def _said(name: str) -> str:
    found: str = orjson.loads(name)[language()]
    return found


def _sums(
    rows: Iterable[Mapping[str, Any]], column: str | None = None, code: object = None
) -> tuple[int, int]:
    """Return what is committed and what is paid of the rows of this code, or of all."""
    chosen = [row for row in rows if column is None or row[column] == code]
    return sum(row["committed"] for row in chosen), sum(row["paid"] for row in chosen)


def _position(planned: int, committed: int, paid: int) -> dict[str, Any]:
    return {
        "planned": euros(planned),
        "committed": euros(committed),
        "paid": euros(paid),
        "left": euros(planned - committed),
        "committed_ratio": ratio(committed, planned),
        "paid_ratio": ratio(paid, committed),
    }


def _quarters(
    lines: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> list[QuarterPosition]:
    """Sum plans and entries of each quarter that has either."""
    planned: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        for tranche in orjson.loads(line["plan"]):
            planned[quarter_of(date.fromisoformat(tranche["quarter"]))] += tranche["cents"]
    rows = [{**row, "quarter": quarter_of(row["quarter"])} for row in rows]
    named = sorted({*planned, *(row["quarter"] for row in rows)})
    return [
        QuarterPosition(quarter=each, **_position(planned[each], *_sums(rows, "quarter", each)))
        for each in named
    ]


def _cells(rows: Iterable[Mapping[str, Any]]) -> list[CellPosition]:
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        cell = found[row["line"], row["funder"]]
        cell[0] += row["committed"]
        cell[1] += row["paid"]
    return [
        CellPosition(line=line, funder=funder, committed=euros(committed), paid=euros(paid))
        for (line, funder), (committed, paid) in sorted(found.items())
    ]


def as_csv(found: Standing) -> bytes:
    """Write one figure a line, in codes: no name, so nothing that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)

    def write(subject: str, position: Position | CellPosition) -> None:
        told = position.model_dump()
        place = [told.get(name) for name in ("line", "funder", "quarter")]
        for measure in _MEASURES:
            if told.get(measure) is not None:
                unit = "ratio" if measure.endswith("_ratio") else "EUR"
                writer.writerow([found.programme, subject, *place, measure, told[measure], unit])

    writer.writerow([found.programme, "programme", "", "", "", "budget", found.budget, "EUR"])
    write("programme", found.total)
    for subject, positions in (
        ("line", found.lines),
        ("funder", found.funders),
        ("quarter", found.quarters),
        ("line_funder", found.cells),
    ):
        for position in positions:
            write(subject, position)
    return text.getvalue().encode()
