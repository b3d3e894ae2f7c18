"""The certificate of conformity of a file: what was checked against what, and what came of it.

Its steps are those of Sandre's certificates of French water data: unpack, syntax, schema,
reference data, business rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from training.imports.formats import Plan, Reader, ReferenceUsed
from training.imports.journal import Journal

STEPS: Final = ("unpack", "syntax", "schema", "reference_data", "business_rules")


@dataclass(slots=True)
class Known:
    """What the work has found out so far; a file refused at its first byte leaves most of it."""

    reader: Reader | None = None
    references: Sequence[ReferenceUsed] = ()
    plan: Plan | None = None
    refused: int = 0
    """Records with errors: left out in partial mode, the reason for the end in atomic mode."""

    valid: int = 0


def certificate(
    run: Any,  # noqa: ANN401  # an asyncpg record
    licence: str | None,
    state: str,
    journal: Journal,
    known: Known,
) -> dict[str, Any]:
    """Make the certificate; it holds no time and no attempt: taking over changes nothing in it."""
    reader, plan = known.reader, known.plan
    return {
        "format": run["format"],
        "format_version": reader.version if reader else None,
        "mode": run["mode"],
        "force": run["force"],
        "extract": run["extract"],
        "file": {
            "sha256": run["sha256"],
            "size": run["size"],
            "media_type": run["media_type"],
            "parts": list(reader.parts) if reader else [],
            "dated_on": reader.dated_on if reader else run["dated_on"],
            "licence": licence,
        },
        "state": state,
        "applied": state == "done" and run["mode"] != "dry_run",
        "steps": [_step(number, name, state, journal) for number, name in enumerate(STEPS)],
        "references": [
            {"name": one.name, "version": one.version, "dated_on": one.dated_on}
            for one in known.references
        ],
        "records": {
            "read": journal.records,
            "valid": known.valid,
            "refused": known.refused,
        },
        "changes": _changes(plan) if plan else None,
        "volumes": [
            {"family": one.family, "held": one.held, "found": one.found} for one in plan.volumes
        ]
        if plan
        else [],
    }


def _step(number: int, name: str, state: str, journal: Journal) -> Mapping[str, Any]:
    errors, warnings = journal.counts[number, "error"], journal.counts[number, "warning"]
    reached = journal.step >= number
    verdict = "failed" if errors else "passed" if reached else "not_reached"
    return {
        "step": number,
        "name": name,
        "verdict": verdict,
        "errors": errors,
        "warnings": warnings,
    }


def _changes(plan: Plan) -> Mapping[str, Any]:
    return {
        outcome: {"count": count, "first": list(plan.samples.get(outcome, ()))}
        for outcome, count in plan.counts.items()
    }
