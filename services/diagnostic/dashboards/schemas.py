"""Milestones and the dashboard on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.dashboards.milestones import Milestone
from diagnostic.sessions.schemas import SessionRead


class MilestoneRead(BaseModel):
    """A milestone of a company; late is what was due and is not done."""

    code: Milestone
    title: str
    done_at: datetime | None
    due_at: datetime
    is_late: bool


class AttendanceCount(BaseModel):
    """Sessions of the week that a company was noted at, by what was noted."""

    present: int
    absent: int
    excused: int


class CompanyWeek(BaseModel):
    """How far a company is: never what it answered."""

    seat_no: int
    organisation_id: UUID
    name: str
    enrolment: str
    assessment_id: UUID | None
    """The diagnostic begun within the cohort, at T0; the last one when there are several."""
    assessment_status: str | None
    completion: float
    """Share of the visible questions that are answered, 0 to 1; 1 once submitted."""
    attendance: AttendanceCount
    milestones: list[MilestoneRead]


class Milestones(BaseModel):
    """The week of the companies of a cohort that the caller may see."""

    cohort_id: UUID
    as_of: datetime
    companies: list[CompanyWeek]


class MilestoneCount(BaseModel):
    """How many companies have passed a milestone, and for how many it is late."""

    code: Milestone
    title: str
    done: int
    late: int


class SessionAttendance(BaseModel):
    """A session with how many companies were noted on its sheet."""

    id: UUID
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: Literal["planned", "cancelled"]
    present: int
    absent: int
    excused: int
    not_noted: int
    """Companies with a seat that are not on the sheet."""


class Dashboard(BaseModel):
    """A cohort's week as its facilitator follows it."""

    cohort_id: UUID
    code: str
    title: str
    status: str
    as_of: datetime
    capacity: int
    seats_taken: int
    waitlisted: int
    completed: int
    """Companies whose diagnostic is submitted."""
    mean_completion: float
    """Of the companies with a seat; 0 without any."""
    milestones: list[MilestoneCount]
    next_session: SessionRead | None
    """The one under way, else the next one to begin."""
    sessions: list[SessionAttendance]
    companies: list[CompanyWeek]
