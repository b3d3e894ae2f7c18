"""A statement in the making: its arguments, and a stored column as it may be seen. Pure."""

from dataclasses import dataclass, field
from typing import Final

from observatory.observations.selection import Selection
from observatory.observations.vintages import Vintages

WITHDRAWN: Final = "O"
SUPPRESSED: Final = "Q"
"""OBS_STATUS of a value that is hidden, because its release was withdrawn or by disclosure
control (CL_OBS_STATUS: missing value; missing value, suppressed)."""


@dataclass(slots=True)
class Parts:
    """A statement in the making."""

    selection: Selection
    vintages: Vintages
    arguments: list[object] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def bind(self, value: object, kind: str) -> str:
        """Add an argument; the cast tells PostgreSQL, and asyncpg, its type."""
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    @property
    def masked(self) -> bool:
        """Tell whether any cell of the flow is suppressed."""
        return self.vintages.mask_revision > 0

    @property
    def mask(self) -> str:
        """Join of the suppression of a cell, where any is suppressed."""
        return self.mask_of("m", "o") if self.masked else ""

    def mask_of(self, name: str, obs: str) -> str:
        """Join of the suppression of a cell, under names of their own."""
        return (
            f"LEFT JOIN observatory.suppression {name}"
            f" ON {name}.series_id = {obs}.series_id AND {name}.period_id = {obs}.period_id"
            f" AND {name}.since <= {self.vintages.newest}"
        )

    @property
    def withdrawn(self) -> str | None:
        """Condition of a version whose release was withdrawn, where there is such a release."""
        return self.withdrawn_of("o")

    def withdrawn_of(self, obs: str) -> str | None:
        """Condition of the same, of versions under another name."""
        ordinals = [n for n in self.vintages.withdrawn if n <= self.selection.as_of]
        return f"{obs}.rel_from IN ({', '.join(map(str, ordinals))})" if ordinals else None

    def shown(self, column: str) -> str:
        """Expression of a stored column as it may be seen."""
        cases = ["WHEN o.deleted THEN NULL"] if self.selection.tells_deletions else []
        if self.masked:
            hidden = {"status": f"'{SUPPRESSED}'", "conf": "m.conf"}.get(column, "NULL")
            cases.append(f"WHEN m.series_id IS NOT NULL THEN {hidden}")
        if self.withdrawn is not None:
            hidden = {"status": f"'{WITHDRAWN}'", "conf": "o.conf"}.get(column, "NULL")
            cases.append(f"WHEN {self.withdrawn} THEN {hidden}")
        return f"CASE {' '.join(cases)} ELSE o.{column} END" if cases else f"o.{column}"
