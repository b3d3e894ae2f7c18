"""The findings and the progress of a run, written as the work goes on."""

from collections import Counter
from typing import Any, Final

import asyncpg

from platformkit.i18n import Text
from training.imports import queries
from training.imports.findings import Finding, Step

KEPT: Final = 10_000
"""Findings stored per run; beyond, they are counted only."""

_COLUMNS: Final = (
    "run_id",
    "position",
    "step",
    "severity",
    "rule",
    "record",
    "line",
    "detail_fr",
    "detail_en",
)


class Journal:
    """Numbers the findings of one run in the order of the file, and keeps its counts."""

    def __init__(self, connection: asyncpg.Connection, run: Any) -> None:  # noqa: ANN401  # an asyncpg record
        self._connection, self._run = connection, run
        self._unwritten: list[tuple[Any, ...]] = []
        self._kept = 0
        self.records = 0
        self.step: Step = 0
        self.counts: Counter[tuple[int, str]] = Counter()
        """By step and severity."""

    @property
    def errors(self) -> int:
        """Return how many findings are errors."""
        return sum(number for (_, kind), number in self.counts.items() if kind == "error")

    @property
    def warnings(self) -> int:
        """Return how many findings are not."""
        return self.counts.total() - self.errors

    def add(self, finding: Finding) -> None:
        """Note a finding; it is written at the next flush."""
        self.counts[finding.step, finding.severity] += 1
        if self._kept == KEPT:
            limit = Text(
                f"Au-delà de {KEPT} anomalies, elles sont comptées et non listées.",
                f"Beyond {KEPT} anomalies they are counted and not listed.",
            )
            finding = Finding("anomalies-truncated", limit, finding.step, "warning")
        elif self._kept > KEPT:
            return
        self._kept += 1
        self._unwritten.append(
            (
                self._run["id"],
                self._kept,
                finding.step,
                finding.severity,
                finding.rule,
                finding.record,
                finding.line,
                finding.detail.fr,
                finding.detail.en,
            )
        )

    async def flush(self) -> None:
        """Write what is new, where whoever follows the run can see it."""
        records, self._unwritten = self._unwritten, []  # others may come meanwhile
        await self._connection.copy_records_to_table(
            "import_anomaly", schema_name="training", columns=_COLUMNS, records=records
        )
        await self._connection.execute(
            queries.PROGRESS, self._run["id"], self.step, self.records, self.errors, self.warnings
        )
