"""A programme's statistics on the wire."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

GroupLevel = Literal["programme", "department", "size", "section"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class CohortCounts(_Frozen):
    """The weeks of a programme, and their seats; those taken are rounded down like companies."""

    held: int
    running: int
    planned: int
    seats_offered: int
    seats_taken: int


class Steps(_Frozen):
    """How many companies took each step of the way."""

    enrolled: int
    diagnosed: int
    """A T0 was submitted."""
    planned: int
    """A roadmap was made."""
    acting: int
    """An action is under way or done."""
    done: int
    """An action is done."""
    remeasured: int
    """A T1 was submitted."""


class ActionCounts(_Frozen):
    """Actions of the companies' latest roadmaps, by status."""

    proposed: int
    accepted: int
    in_progress: int
    on_hold: int
    done: int
    rejected: int
    dropped: int


class GroupRead(_Frozen):
    """A group of companies: the whole programme, a department, a size, or a NAF section of a size.

    `companies` is rounded down to a multiple of five, as is every other count.
    """

    level: GroupLevel
    title: str
    department: str | None
    size_band: str | None
    section: str | None
    companies: int


class JourneyGroup(GroupRead):
    """How far the companies of a group are."""

    steps: Steps
    actions: ActionCounts


class LevelCount(_Frozen):
    """Companies at a level of maturity."""

    code: str
    title: str
    companies: int


class MedianRead(_Frozen):
    """The median of a dimension, in whole points of 100, or in points gained."""

    code: str
    title: str
    median: int


class ScoreGroup(GroupRead):
    """Where the companies of a group stand."""

    levels: list[LevelCount]
    median: int
    dimensions: list[MedianRead]


class ScoresRead(_Frozen):
    """Scores that can be put together: of one scoring, at one milestone."""

    questionnaire: str
    scoring_hash: str
    milestone: str
    groups: list[ScoreGroup]


class Moves(_Frozen):
    """Companies that gained a level, kept theirs, or lost one."""

    up: int
    same: int
    down: int


class MovementGroup(GroupRead):
    """What changed from T0 to T1 for the companies of a group that have both."""

    moves: Moves
    median: int
    dimensions: list[MedianRead]


class MovementsRead(_Frozen):
    """Changes from T0 to T1 on one scoring."""

    questionnaire: str
    scoring_hash: str
    groups: list[MovementGroup]


class StatisticsRead(_Frozen):
    """The figures of a programme as they were published on a day, for good."""

    programme: str
    title: str
    as_of: date
    made_at: datetime
    permalink: str
    """Relative to the address read: where these figures, and no later ones, are for good."""
    language: Literal["fr", "en"]
    licence: str
    method: str
    reading_key: list[str]
    k: int
    """Fewest companies that a group has."""
    cohorts: CohortCounts
    groups: list[JourneyGroup]
    scores: list[ScoresRead]
    movements: list[MovementsRead]


class StatisticsDay(_Frozen):
    """A day on which figures were published; `?as_of=` reads them."""

    as_of: date
    made_at: datetime
