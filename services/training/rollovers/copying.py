"""How a formation of one year becomes that of the next: pure.

Every date of a session moves by the same number of whole weeks, so that weekdays, lengths and the
order of enrolment and session stay. That is 52 weeks, or 53 where 52 would leave the new year: a
date outside the year it is made for could never be confirmed (DFE-Digital/publish-teacher-training,
PR #6292).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from training.certifications.lifecycle import State, Validity, state

LONGEST_NUMBER: Final = 200
_WEEKS: Final = (52, 53)
_OF_LAST_YEAR: Final = ("recruitment_state", "recruitments")
"""What a session says of its own year only: whether it recruits, and on which days."""


class Outcome(StrEnum):
    """What became of a formation that has sessions in the year."""

    CREATED = "created"
    ALREADY_THERE = "already_there"
    CERTIFICATION_ENDED = "certification_ended"
    NUMBER_TOO_LONG = "number_too_long"


@dataclass(frozen=True, slots=True)
class Year:
    """The days, both included, in which a session must start to be of it."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """The calendar year, or both: `2026`, `2026-2027`."""
        first, last = self.first.year, self.last.year
        return f"{first}" if first == last else f"{first}-{last}"

    @property
    def labels(self) -> tuple[str, str]:
        """How a number may name it, the longer first."""
        return self.label, f"{self.first.year}"

    @property
    def following(self) -> "Year":
        """The same days a year later; of 29 February, the day before."""
        return Year(_a_year_later(self.first), _a_year_later(self.last))

    def holds(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Copied:
    """The formation of the new year: `document` is none where nothing of it can be given."""

    number: str
    document: dict[str, Any] | None
    sessions: int
    left: int
    """Sessions that start when a certification will have ended."""
    certification: str | None
    """The first that will have ended, and the day on which somebody would have begun."""
    starts_on: date | None


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def moved(start: date, year: Year) -> timedelta:
    """Return by how much a session that starts on that day moves."""
    following = year.following
    fitting = [
        timedelta(weeks=weeks)
        for weeks in _WEEKS
        if following.holds(start + timedelta(weeks=weeks))
    ]
    return fitting[0] if fitting else timedelta(weeks=_WEEKS[0])


def renumbered(number: str, year: Year) -> str:
    """Name the next year where the number names this one, else after it."""
    made = _renamed(number, year)
    return f"{number}-{year.following.label}" if made == number else made


def _renamed(number: str, year: Year) -> str:
    for old, new in zip(year.labels, year.following.labels, strict=True):
        head, found, tail = number.rpartition(old)
        if found:
            return f"{head}{new}{tail}"
    return number


def copied(
    document: Mapping[str, Any], year: Year, certifications: Mapping[str, Validity | None]
) -> Copied:
    """Copy what starts in the year to the next, but what no certification will last for.

    `certifications` are those that it leads to; of one that nobody knows, nothing is left out.
    """
    number = renumbered(document["number"], year)
    actions, sessions, ended = [], 0, []
    for action in document["actions"]:
        kept = []
        for session in action["sessions"]:
            start = _start(session)
            if start is None or not year.holds(start):
                continue
            by = moved(start, year)
            over = _over(certifications, start + by)
            if over is None:
                kept.append(_session(session, by, year))
            else:
                ended.append((start + by, over))
        if kept:
            sessions += len(kept)
            actions.append(_action(action, kept))
    starts_on, certification = min(ended, default=(None, None))
    whole = None
    if actions:
        whole = {name: value for name, value in document.items() if name not in {"id", "source"}}
        whole |= {"number": number, "actions": actions}
    return Copied(number, whole, sessions, len(ended), certification, starts_on)


def _start(session: Mapping[str, Any]) -> date | None:
    start = session["period"]["start"]
    return date.fromisoformat(start) if start else None


def _over(certifications: Mapping[str, Validity | None], day: date) -> str | None:
    """Return the first certification in which nobody may begin on that day any more."""
    for code, validity in certifications.items():
        if validity and state(validity, day) in {State.DELIVERY_ONLY, State.INACTIVE}:
            return code
    return None


def _action(action: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    gone = {"id", "information_days"}
    return {name: value for name, value in action.items() if name not in gone} | {
        "sessions": list(sessions)
    }


def _session(session: Mapping[str, Any], by: timedelta, year: Year) -> dict[str, Any]:
    gone = {"id", *_OF_LAST_YEAR}
    made = {name: value for name, value in session.items() if name not in gone}
    made["number"] = _renamed(session["number"], year)
    for name in ("period", "enrolment_period"):
        if name in made:
            made[name] = {end: _later(day, by) for end, day in made[name].items()}
    return made


def _later(day: str | None, by: timedelta) -> str | None:
    return day and (date.fromisoformat(day) + by).isoformat()
