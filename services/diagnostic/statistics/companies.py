"""What each company brings to a programme's statistics: a pure reading of its rows.

Subjects are counted apart, each through the gate: `journey`, of every company of the programme;
`score …` and `movement …`, of those that consent to be compared.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import orjson

from diagnostic.benchmarks.disclosure import Contribution
from diagnostic.benchmarks.groups import within
from platformkit.paris import PARIS

JOURNEY = "journey"
ACTED = frozenset({"in_progress", "done"})
"""States of an action that somebody works or worked on."""
STEPS = ("enrolled", "diagnosed", "planned", "acting", "done", "remeasured")
_CORSICA, _SOUTH = "20", "20200"
_OVERSEAS = ("97", "98")

MILESTONES = ("T0", "T1", "T2")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Brought:
    """What one company brings to a subject; the id of the contribution is that of its content."""

    subject: str
    contribution: Contribution
    organisation_id: uuid.UUID
    assessments: tuple[uuid.UUID, ...]
    facts: Mapping[str, Any]


Subjects = Mapping[str, list[Brought]]


def score(scoring_hash: str, milestone: str) -> str:
    """Name the subject of the scores at a milestone."""
    return f"score {scoring_hash} {milestone}"


def movement(scoring_hash: str) -> str:
    """Name the subject of what changed from T0 to T1."""
    return f"movement {scoring_hash}"


def department(postcode: str) -> str | None:
    """Read the department in a postcode, Corsica in two, overseas in three digits."""
    if not postcode:
        return None
    if postcode.startswith(_CORSICA):
        return "2A" if postcode < _SOUTH else "2B"
    return postcode[:3] if postcode.startswith(_OVERSEAS) else postcode[:2]


def quarter(instant: datetime) -> str:
    """Name the quarter of an instant in Paris, `2026-Q4`."""
    day = instant.astimezone(PARIS)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def brought(
    programme: uuid.UUID,
    subject: str,
    row: Row,
    assessments: Iterable[uuid.UUID],
    facts: Mapping[str, Any],
) -> Brought:
    """Put a company in its groups; whatever is counted of it anew makes another contribution."""
    kinds, places = within(programme, row["size_band"], row["section"], department(row["postcode"]))
    content = orjson.dumps(
        [subject, str(row["organisation_id"]), kinds, places, facts], option=orjson.OPT_SORT_KEYS
    )
    one = uuid.uuid5(programme, content.decode())
    contribution = Contribution(one, row["siren"], row["tenant"], kinds, places)
    return Brought(subject, contribution, row["organisation_id"], tuple(assessments), facts)


def journeys(programme: uuid.UUID, rows: Iterable[Row]) -> Subjects:
    """Tell how far each company is, with the quarter in which it took each step."""
    return {JOURNEY: [brought(programme, JOURNEY, row, (), _journey(row)) for row in rows]}


def _journey(row: Row) -> dict[str, Any]:
    actions: dict[str, int] = orjson.loads(row["actions"] or "{}")
    steps = {step: quarter(at) for step in STEPS if (at := row[f"{step}_at"]) is not None}
    return {"steps": steps, "actions": actions}


def measured(programme: uuid.UUID, rows: Iterable[Row]) -> Subjects:
    """Tell the whole scores of each company by scoring and milestone, and what T1 changed."""
    found: dict[str, list[Brought]] = defaultdict(list)
    at: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if not row["whole"]:
            continue
        at[row["scoring_hash"], row["siren"]][row["milestone"]] = row
        subject = score(row["scoring_hash"], row["milestone"])
        facts = {"level": row["level"], "scores": _scores(row)}
        found[subject].append(brought(programme, subject, row, (row["assessment_id"],), facts))
    for (scoring_hash, _), both in at.items():
        if "T0" in both and "T1" in both:
            before, after = both["T0"], both["T1"]
            subject = movement(scoring_hash)
            facts = change((before["level"], after["level"]), _scores(before), _scores(after))
            assessments = (before["assessment_id"], after["assessment_id"])
            found[subject].append(brought(programme, subject, after, assessments, facts))
    return found


def scoring_of(subject: str) -> str | None:
    """Give the scoring that a subject is about, if it is about scores."""
    _, _, rest = subject.partition(" ")
    return rest.partition(" ")[0] or None


def _scores(row: Row) -> dict[str, str]:
    """Give the exact scores, the global one under no code."""
    dimensions: dict[str, str] = orjson.loads(row["dimensions"])
    return {"": row["exact"]} | dimensions


def change(
    levels: tuple[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, Any]:
    """Tell what changed from T0 to T1: both levels, and the points gained, exactly."""
    gains = {code: str(Fraction(after[code]) - Fraction(before[code])) for code in after}
    return {"levels": levels, "gains": gains}
