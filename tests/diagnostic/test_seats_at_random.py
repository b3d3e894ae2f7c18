"""Whatever a cohort's companies and facilitator do, seats and line are those of a plain model."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.diagnostic.acting import Acting
from tests.diagnostic.seating import moved, seats

COMPANIES = 6
ACTS = st.tuples(
    st.sampled_from(["enrol", "enrol", "enrol", "cancel", "exclude", "resize"]),
    st.integers(0, COMPANIES - 1),
)


@dataclass
class Model:
    """Who sits where and who waits; the lowest free seat goes to the first in line (case K1).

    Nobody is moved: whoever has seat 2 keeps it when there is one seat left.
    """

    capacity: int
    seats: dict[int, int] = field(default_factory=dict)
    line: list[int] = field(default_factory=list)

    def enrol(self, company: int) -> int:
        if company in self.seats or company in self.line:
            return 409
        self.line.append(company)
        self._settle()
        return 201

    def leave(self, company: int) -> int:
        if company in self.line:
            self.line.remove(company)
        elif self.seats.pop(company, None) is None:
            return 409
        self._settle()
        return 200

    def resize(self, capacity: int) -> int:
        if capacity < len(self.seats):
            return 409
        self.capacity = capacity
        self._settle()
        return 200

    def _settle(self) -> None:
        free = sorted(set(range(1, self.capacity + 1)) - set(self.seats.values()))
        for seat in free[: self.capacity - len(self.seats)][: len(self.line)]:
            self.seats[self.line.pop(0)] = seat

    def shown(self) -> dict[int, tuple[str, int]]:
        waiting = {one: ("waitlisted", rank) for rank, one in enumerate(self.line, 1)}
        return {one: ("confirmed", seat) for one, seat in self.seats.items()} | waiting


@pytest.fixture(scope="module")
async def companies(acting: Acting) -> list[str]:
    return [(await acting.organisation())["id"] for _ in range(COMPANIES)]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(capacity=st.integers(1, 3), acts=st.lists(ACTS, min_size=6, max_size=14))
@example(
    capacity=2,
    acts=[
        *[("enrol", 1), ("enrol", 0), ("cancel", 1), ("resize", 0)],
        *[("enrol", 2), ("resize", 1), ("cancel", 0), ("enrol", 3)],
    ],
)
async def test_seats_and_line_are_those_of_the_model(
    acting: Acting,
    sql: asyncpg.Connection,
    companies: list[str],
    capacity: int,
    acts: list[tuple[str, int]],
) -> None:
    cohort = await acting.cohort(capacity=capacity)
    model = Model(capacity)
    enrolled: dict[int, dict[str, Any]] = {}
    for act, number in acts:
        if act == "enrol":
            body = {"organisation_id": companies[number]}
            answer = await acting.post(seats(cohort), body)
            assert answer.status_code == model.enrol(number)
            if answer.status_code == 201:
                enrolled[number] = answer.json()
        elif act == "resize":
            path = f"/v1/cohorts/{cohort['id']}"
            answer = await acting.send("PATCH", path, {"capacity": number + 1}, "*")
            assert answer.status_code == model.resize(number + 1), answer.text
        elif number in enrolled:
            status, _ = await moved(acting, enrolled[number], act)
            assert status == model.leave(number)
        rows = await sql.fetch(_STANDING, cohort["id"])
        found = {companies.index(str(one[0])): (one[1], one[2]) for one in rows}
        assert found == model.shown()
        shown = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
        counted = (shown["capacity"], shown["seats_taken"], shown["waitlisted"])
        assert counted == (model.capacity, len(model.seats), len(model.line))


_STANDING = """
SELECT organisation_id, status, coalesce(seat_no, rank) FROM diagnostic.enrolment
WHERE cohort_id = $1::uuid AND status NOT IN ('cancelled', 'expired')"""
