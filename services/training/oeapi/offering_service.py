"""Reading the offerings of the Open Education API: the sessions of the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool
from training.certifications import moments
from training.facts.certifications import CertificationFacts
from training.oeapi import identities, mapping, offering_queries, offerings
from training.oeapi.facts import CourseFacts, OfferingFacts
from training.oeapi.pages import PageAsked
from training.oeapi.problems import ItemUnknown
from training.oeapi.schemas import CourseOffering, Listed, ProgrammeOffering
from training.oeapi.service import LEAST_ID, expanded, mode_of, present


@dataclass(frozen=True, slots=True)
class Filters:
    """What an offering must meet; by default it has not begun."""

    provider: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    mode: str | None = None
    language: str | None = None
    state: str | None = None

    def arguments(self) -> tuple[object, ...]:
        """Return the parameters $1 to $6 of the statements."""
        return (
            self.provider,
            day_in_paris(self.since or datetime.now(UTC)),
            None if self.until is None else day_in_paris(self.until),
            mode_of(self.mode),
            self.language,
            None if self.state is None else self.state == "active",
        )

    @property
    def fits_none(self) -> bool:
        """Tell whether no session is in that state: drafts are not shown, cancelled ones leave."""
        return self.state not in {None, "active", "inactive"}


async def of_courses(
    reads: ReadPool, asked: PageAsked, filters: Filters, course_id: UUID | None = None
) -> Listed[CourseOffering]:
    """List sessions by their first day."""
    day, last = asked.key(offering_queries.LEAST_DAY, str(LEAST_ID))
    rows = await reads.fetch(
        "OEAPI course offerings",
        offering_queries.COURSE_OFFERINGS,
        *filters.arguments(),
        course_id,
        day,
        UUID(last),
        asked.skip,
        0 if filters.fits_none else asked.size + 1,
    )
    return asked.of(
        rows,
        lambda row: [row["first_day"], str(row["id"])],
        lambda row: offerings.course_offering(_facts(row["facts"])),
    )


async def of_programmes(
    reads: ReadPool, asked: PageAsked, filters: Filters, programme_id: UUID | None = None
) -> Listed[ProgrammeOffering]:
    """List sessions by their first day, once for each certification that they lead to."""
    day, last, code = asked.key(offering_queries.LEAST_DAY, str(LEAST_ID), "")
    rows = await reads.fetch(
        "OEAPI programme offerings",
        offering_queries.PROGRAMME_OFFERINGS,
        *filters.arguments(),
        programme_id,
        day,
        UUID(last),
        code,
        asked.skip,
        0 if filters.fits_none else asked.size + 1,
    )
    return asked.of(
        rows,
        lambda row: [row["first_day"], str(row["id"]), row["code"]],
        lambda row: offerings.programme_offering(
            _facts(row["facts"]), row["code"], row["programme"]
        ),
    )


async def course_offering(
    reads: ReadPool, offering_id: UUID, expand: Collection[str]
) -> CourseOffering:
    """Read a session; raises ItemUnknown, ItemWithdrawn."""
    found = await reads.fetchrow(
        "OEAPI course offering",
        offering_queries.COURSE_OFFERING,
        "organisation" in expand,
        "course" in expand,
        offering_id,
    )
    row = _present(found)
    facts, course = _facts(row["facts"]), row["course"]
    return offerings.course_offering(
        facts,
        expanded(row["organisation"]),
        CourseFacts.model_validate_json(course) if course else None,
    )


async def programme_offering(
    reads: ReadPool, offering_id: UUID, expand: Collection[str]
) -> ProgrammeOffering:
    """Read the session and certification that the id says; raises as `course_offering` does."""
    found = identities.sessions_of(offering_id)
    if found is None:
        raise ItemUnknown
    first, last, number = found
    read = await reads.fetchrow(
        "OEAPI programme offering",
        offering_queries.PROGRAMME_OFFERING,
        "organisation" in expand,
        moments.now().day,
        "programme" in expand,
        number,
        first,
        last,
    )
    row = _present(read)
    facts, programme = _facts(row["facts"]), row["programme"]
    return offerings.programme_offering(
        facts,
        number,
        row["programme_id"],
        expanded(row["organisation"]),
        mapping.programme(CertificationFacts.model_validate_json(programme)) if programme else None,
    )


def _present(row: Any) -> Any:  # noqa: ANN401  # an asyncpg record
    formation = None if row is None else row["formation"]
    return present(row, f"/v1/training/formations/{formation}")


def _facts(text: str) -> OfferingFacts:
    return OfferingFacts.model_validate_json(text)
