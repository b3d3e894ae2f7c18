"""Every table that holds something of a company: what is handed out of it, and what is erased.

A table with a foreign key to a company, or to anything of a company, must be here, and each of its
texts is either free, so that an erasure blanks it, or a code. A test compares this list with the
models: none can be added which exports and erasures do not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, inspect

from diagnostic.assessments.models import Answer, AnswerEvent, Assessment, AssessmentStep
from diagnostic.attendance.models import Attendance
from diagnostic.database import Base
from diagnostic.enrolments.models import Enrolment
from diagnostic.evidence.models import Evidence, EvidenceFile
from diagnostic.organisations.models import Organisation
from diagnostic.pooling.models import PoolingConsent
from diagnostic.reminders.models import Reminder
from diagnostic.respondents.models import (
    Respondent,
    RespondentAnswer,
    RespondentAnswerEvent,
)
from diagnostic.reviews.models import ReviewComment
from diagnostic.roadmaps.models import Roadmap, RoadmapAction
from diagnostic.scores.models import Score
from diagnostic.shares.models import ShareAccess, ShareLink
from diagnostic.statistics.models import StatisticsContribution
from diagnostic.targets.models import AssessmentTarget

INTERNAL = frozenset({"tenant", "pseudonym"})
"""Columns that only link our tables to API clients and to the feed: never handed out."""


ERASED = "[effacé]"
"""Stands where a text was that may not be missing."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """A column in which people write what they like, so names as well.

    `reading` is its text, null where the row has none (SQL on row `t`, $1 is the diagnostic's id);
    `erased` is what stands there afterwards.
    """

    column: str
    reading: str
    erased: str = "NULL"


def free(*columns: str, erased: str = "NULL") -> tuple[FreeText, ...]:
    """Say that these columns are free texts as they are."""
    return tuple(FreeText(name, f"t.{name}", erased) for name in columns)


@dataclass(frozen=True, slots=True)
class Holding:
    """One table of a company.

    `codes` are its texts and JSON in which nobody can write a name; `withheld` are columns that
    are not handed out: secrets, and bytes of files; `respondent` names who the row comes from.
    """

    texts: tuple[FreeText, ...] = ()
    codes: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    respondent: str | None = None


_TEXT_ANSWER = """CASE WHEN t.question IN (
    SELECT q ->> 'code' FROM diagnostic.assessment a
    JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
    CROSS JOIN jsonb_array_elements(v.content -> 'questions') q
    WHERE a.id = $1 AND q ->> 'type' = 'text'
) THEN t.value #>> '{}' END"""

_ANSWERED = (
    *free("reason", erased=f"'{ERASED}'"),
    FreeText("value", _TEXT_ANSWER, f"to_jsonb('{ERASED}'::text)"),
)
_ANSWER = Holding(_ANSWERED, codes=frozenset({"question", "state", "respondent"}))
_RESPONDENT_ANSWER = Holding(
    _ANSWERED, codes=frozenset({"question", "state"}), respondent="respondent_id"
)

HOLDINGS: Mapping[type[Base], Holding] = {
    Organisation: Holding(codes=frozenset({"tenant", "size_band", "region_code"})),
    Enrolment: Holding(codes=frozenset({"tenant", "status", "reason"})),
    Attendance: Holding(codes=frozenset({"status"})),
    PoolingConsent: Holding(codes=frozenset({"tenant", "terms", "offers", "asks"})),
    Assessment: Holding(codes=frozenset({"tenant", "milestone", "status", "prefill"})),
    Respondent: Holding(
        texts=free("name", "email", "role"),
        codes=frozenset({"tenant", "sections", "status"}),
        respondent="id",
    ),
    RespondentAnswer: _RESPONDENT_ANSWER,
    RespondentAnswerEvent: _RESPONDENT_ANSWER,
    Answer: _ANSWER,
    AnswerEvent: _ANSWER,
    AssessmentStep: Holding(texts=free("reason"), codes=frozenset({"verb", "status", "actor"})),
    ReviewComment: Holding(
        texts=free("text"),
        codes=frozenset({"question", "dimension", "author", "resolved_by"}),
        respondent="respondent_id",
    ),
    EvidenceFile: Holding(codes=frozenset({"sha256"}), withheld=frozenset({"content"})),
    Evidence: Holding(
        texts=free("title", erased=f"'{ERASED}'"),
        codes=frozenset(
            {"tenant", "question", "kind", "polarity", "media_type", "sha256", "verified_by"}
        ),
    ),
    Score: Holding(
        codes=frozenset(
            {"engine_version", "input_hash", "result", "explanation", "result_hash", "backing"}
        )
    ),
    AssessmentTarget: Holding(codes=frozenset({"dimensions"})),
    StatisticsContribution: Holding(codes=frozenset({"subject", "facts"})),
    Roadmap: Holding(codes=frozenset({"tenant", "score", "unavailable", "cited"})),
    RoadmapAction: Holding(
        texts=(*free("note"), *free("title", "reason", erased=f"'{ERASED}'")),
        codes=frozenset({"recommendation", "status", "content"}),
    ),
    Reminder: Holding(codes=frozenset({"tenant", "stage"})),
    ShareLink: Holding(
        texts=free("note"),
        codes=frozenset({"language", "created_by", "revoked_by"}),
        withheld=frozenset({"digest"}),
    ),
    ShareAccess: Holding(codes=frozenset({"format", "outcome"})),
}
"""By model, in the order of the export."""

IDENTITY: Mapping[str, str] = {
    "tenant": "'(erased)'",
    "siren": "'erased-' || t.id",
    "siret": "NULL",
    "name": f"'{ERASED}'",
    "naf_code": "left(t.naf_code, 2)",
    "headcount": "NULL",
    "postcode": "''",
}
"""What is left of a company in its own row (SQL): what the feed tells of it, and nothing else."""

NOBODY = "(erased)"
"""The tenant of what belongs to nobody any longer: no client can have parentheses in its name."""


def table_of(model: type[Base]) -> Table:
    """Give the table of a model."""
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101  # no model of ours is a view
    return table


def belonging(root: type[Base] = Organisation) -> Mapping[str, str]:
    """Find by the foreign keys which tables hold something of a company, and the shortest way.

    The value is the condition on a row `t` of the table; $1 is the company's id, or with another
    root, a diagnostic's.
    """
    found = {root.__tablename__: "t.id = $1"}
    while True:
        reached = {
            table.name: condition
            for table in Base.metadata.tables.values()
            if table.name not in found and (condition := _way(table, found)) is not None
        }
        if not reached:
            return found
        found |= reached


def _way(table: Table, found: Mapping[str, str]) -> str | None:
    """Write the condition by the first foreign key that every row has to one found before."""
    targets = {
        key.target_fullname.split(".")[-2]: key.parent.name
        for key in table.foreign_keys
        if not key.parent.nullable
    }
    for owner, condition in found.items():
        if owner in targets:
            if condition == "t.id = $1":
                return f"t.{targets[owner]} = $1"
            inner = f"o.{condition.removeprefix('t.')}"
            rows = f"SELECT o.id FROM diagnostic.{owner} o WHERE {inner}"  # noqa: S608  # our own names
            return f"t.{targets[owner]} IN ({rows})"
    return None


def columns(model: type[Base]) -> list[str]:
    """Give the columns that may be handed out, in the order of the table."""
    hidden = INTERNAL | HOLDINGS[model].withheld
    return [column.name for column in table_of(model).columns if column.name not in hidden]
