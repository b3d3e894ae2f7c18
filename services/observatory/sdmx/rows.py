"""Makes the statement of a message's rows: as texts, dataset by dataset, group by group.

The figures are read by `observations.statements` alone; here they are only put into the order of a
message and written as texts by PostgreSQL, so that every format shows the same digits.
"""

from dataclasses import replace

from observatory.observations import statements
from observatory.observations.selection import Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintages
from observatory.sdmx.layout import Layout
from observatory.structures.catalogue import MEASURE
from platformkit.i18n import language

_TOLD = {"ACTION": "'R'", "VALID_FROM": "NULL"}


def _arranged(selection: Selection, layout: Layout) -> Selection:
    """Order and cut a selection as its message needs it: groups whole, datasets one after other.

    What the client sorts by counts within the groups and among them, never across.
    """
    first: tuple[tuple[str, bool], ...] = ()
    if selection.include_history:
        first = (("VALID_FROM", False),)
    if selection.tells_deletions:
        first = (*first, ("ACTION", True))
    wanted = selection.sort
    if layout.series and (wanted or layout.order):
        asked = [each for each in wanted if each[0] in layout.series]
        named = {name for name, _ in asked}
        groups = [*asked, *((name, False) for name in layout.series if name not in named)]
        inside = [each for each in wanted if each[0] not in layout.series]
        wanted = (*groups, *inside)
        if not any(name == layout.at for name, _ in inside):
            wanted = (*wanted, (layout.at, False))
    shown = frozenset(each.id for each in (*layout.of_series, *layout.of_observation))
    return replace(selection, sort=(*first, *wanted), attributes=shown)


def statement(selection: Selection, layout: Layout, vintages: Vintages) -> Statement:
    """Make the statement whose columns are ACTION, VALID_FROM and those of the layout."""
    inner = statements.observations(_arranged(selection, layout), vintages, language())
    told = [f'r."{name}"' if name in inner.columns else f"{_TOLD[name]}" for name in _TOLD]
    kept = (*layout.dimensions, MEASURE)
    shown = [
        f'r."{name}"::text'
        if name in kept or not selection.tells_deletions
        # a deletion with an attribute would mean that attribute alone
        else f'CASE r."ACTION" WHEN \'D\' THEN NULL ELSE r."{name}"::text END'
        for name in layout.columns
    ]
    sql = f"SELECT {', '.join([*told, *shown])} FROM ({inner.sql}) r"  # noqa: S608  # our own names
    columns = ("ACTION", "VALID_FROM", *layout.columns)
    return Statement(sql, inner.arguments, columns, inner.planned)
