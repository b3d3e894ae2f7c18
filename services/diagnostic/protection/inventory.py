"""Every table that holds something of a company, and what is handed out of it.

A table with a foreign key to a company, or to anything of a company, must be here: a test compares
this list with the models, so that none can be added which the export does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, inspect

from diagnostic.assessments.models import Answer, AnswerEvent, Assessment, AssessmentStep
from diagnostic.database import Base
from diagnostic.enrolments.models import Enrolment
from diagnostic.organisations.models import Organisation
from diagnostic.respondents.models import Respondent
from diagnostic.reviews.models import ReviewComment
from diagnostic.roadmaps.models import Roadmap, RoadmapAction
from diagnostic.scores.models import Score

INTERNAL = frozenset({"tenant", "pseudonym"})
"""Columns that only link our tables to API clients and to the feed: never handed out."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One table; `withheld` are its columns that stay here: secrets, and bytes of files."""

    withheld: frozenset[str] = frozenset()


HOLDINGS: Mapping[type[Base], Holding] = {
    Organisation: Holding(),
    Enrolment: Holding(),
    Assessment: Holding(),
    Respondent: Holding(),
    Answer: Holding(),
    AnswerEvent: Holding(),
    AssessmentStep: Holding(),
    ReviewComment: Holding(),
    Score: Holding(),
    Roadmap: Holding(),
    RoadmapAction: Holding(),
}
"""By model, in the order of the export."""


def table_of(model: type[Base]) -> Table:
    """Give the table of a model."""
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101  # no model of ours is a view
    return table


def owned() -> Mapping[str, str]:
    """Find by the foreign keys which tables hold something of a company, and the shortest way.

    The value is the condition on a row `t` of the table; $1 is the company's id.
    """
    found = {Organisation.__tablename__: "t.id = $1"}
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
    """Write the condition by way of a foreign key to the first table of those found before."""
    targets = {key.target_fullname.split(".")[-2]: key.parent.name for key in table.foreign_keys}
    for owner, condition in found.items():
        if owner in targets:
            if owner == Organisation.__tablename__:
                return f"t.{targets[owner]} = $1"
            inner = f"o.{condition.removeprefix('t.')}"
            rows = f"SELECT o.id FROM diagnostic.{owner} o WHERE {inner}"  # noqa: S608  # our own names
            return f"t.{targets[owner]} IN ({rows})"
    return None


def columns(model: type[Base]) -> list[str]:
    """Give the columns that may be handed out, in the order of the table."""
    hidden = INTERNAL | HOLDINGS[model].withheld
    return [column.name for column in table_of(model).columns if column.name not in hidden]
