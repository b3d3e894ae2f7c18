"""Sets of offers as bits: whatever is counted is what a plain loop over the offers counts."""

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from training.coverage.catalogue import Catalogue, Job, Territory, by_level, count, union
from training.coverage.exposure import Exposed, Exposure
from training.coverage.lines import Scope, Share, answering, by_origin, covered, gaps, lines
from training.coverage.tables import table

JOBS = ("A1101", "B1101", "C1101")
PLACES = ("R32", "D59")


@dataclass(frozen=True)
class Offer:
    names: frozenset[str]
    leads: frozenset[str]
    places: frozenset[str]
    audiences: frozenset[str]
    levels: frozenset[int]
    is_new: bool
    is_open: bool
    hours: int | None
    seats: int | None
    sessions: int


def _some_of(values: tuple[str, ...]) -> some.SearchStrategy[frozenset[str]]:
    return some.frozensets(some.sampled_from(values))


OFFERS = some.lists(
    some.builds(
        Offer,
        names=_some_of(JOBS),
        leads=_some_of(JOBS),
        places=_some_of(PLACES),
        audiences=_some_of(("at_work", "young", "job_seeker")),
        levels=some.frozensets(some.integers(1, 8)),
        is_new=some.booleans(),
        is_open=some.booleans(),
        hours=some.none() | some.integers(0, 2000),
        seats=some.none() | some.integers(0, 500),
        sessions=some.integers(1, 9),
    ),
    max_size=12,
)
EXPOSURE = Exposure(
    "release",
    {
        "A1101": Exposed("A", 0.5, "gradient_3", 1000.5),
        "B1101": Exposed("B", 0.6, "gradient_4", 20.25),
        "C1101": Exposed("C", 0.1, "not_exposed", 5.0),
    },
)


def made(offers: list[Offer]) -> Catalogue:
    def having(has: list[bool]) -> int:
        return sum(1 << place for place, one in enumerate(has) if one)

    def planes(name: str) -> list[int]:
        return [
            having([one.is_open and (getattr(one, name) or 0) >> k & 1 == 1 for one in offers])
            for k in range(12)
        ]

    open_ = having([one.is_open for one in offers])
    return Catalogue(
        version=uuid.uuid4(),
        day=date(2026, 11, 27),
        jobs={code: Job(code, code, code, "existing") for code in JOBS},
        territories={one: Territory(one, one, "region", one) for one in PLACES},
        open=open_,
        new=having([one.is_new for one in offers]),
        named={job: having([job in one.names for one in offers]) for job in JOBS},
        leads={job: having([one.is_open and job in one.leads for one in offers]) for job in JOBS},
        within={place: having([place in one.places for one in offers]) for place in PLACES},
        audiences={
            audience: having([audience in one.audiences for one in offers])
            for audience in ("at_work", "young", "job_seeker")
        },
        levels=by_level(
            {str(n): having([n in one.levels for one in offers]) for n in range(1, 9)}, open_
        ),
        modes={},
        planes={name: planes(name) for name in ("sessions", "seats", "hours")},
        stated={
            name: having([getattr(one, name) is not None for one in offers])
            for name in ("seats", "hours")
        },
        active=0,
        proposed=0,
        entitled={},
    )


@given(OFFERS)
def test_counts_are_those_of_a_loop(offers: list[Offer]) -> None:
    catalogue = made(offers)
    here = [one for one in offers if one.is_open and "D59" in one.places]
    found = count(catalogue, Scope("D59").offers(catalogue))
    assert found.offers == len(here)
    assert found.new == sum(one.is_new for one in here)
    assert found.inherited + found.new == found.offers
    assert found.audiences == {
        name: sum(name in one.audiences for one in here)
        for name in ("at_work", "young", "job_seeker")
    }
    highest = Counter(str(max(one.levels)) if one.levels else "not_stated" for one in here)
    assert {level: size for level, size in found.levels.items() if size} == highest
    assert found.hours == sum(one.hours or 0 for one in here)
    assert found.hours_stated == sum(one.hours is not None for one in here)
    assert found.seats == sum(one.seats or 0 for one in here)
    assert found.sessions == sum(one.sessions for one in here)


@given(OFFERS, some.sampled_from([None, "at_work", "young"]), some.sampled_from([None, "new"]))
def test_the_parts_of_the_jobs_are_the_whole(
    offers: list[Offer], audience: str | None, origin: str | None
) -> None:
    catalogue = made(offers)
    scope = Scope("R32", audience, origin)  # type: ignore[arg-type]  # two of its values
    found = lines(catalogue, EXPOSURE, scope)
    assert [one.job.code for one in found] == ["A1101", "B1101"]  # the exposed ones
    whole = Share.of(found)
    parts = list(by_origin(found, catalogue.new).values())
    assert sum(part.jobs for part in parts) == whole.jobs
    assert sum(part.employment for part in parts) == whole.employment == 1020.75
    lacking = Share.of(one for _, one in gaps(found))
    assert covered(found, catalogue.open).employment + lacking.employment == whole.employment
    counted = [
        one
        for one in offers
        if one.is_open
        and "R32" in one.places
        and audience in (None, *one.audiences)
        and (origin is None or one.is_new)
        and {"A1101", "B1101"} & (one.names | one.leads)
    ]
    assert answering(found).bit_count() == len(counted)
    for line in found:
        assert not line.leads & line.maintains
        assert union((line.leads, line.maintains)) == line.offers


def test_emerging_jobs_come_after_those_that_people_hold() -> None:
    catalogue = made([])
    emerging = Job("A1102", "new", "A1101", "emerging")
    catalogue = replace(catalogue, jobs={"A1102": emerging, **catalogue.jobs})
    ranked = gaps(lines(catalogue, EXPOSURE, Scope("R32")))
    assert [(rank, one.job.code) for rank, one in ranked] == [
        (1, "A1101"),
        (2, "B1101"),
        (3, "A1102"),
    ]


def test_i5_no_cell_of_a_table_is_a_formula() -> None:
    rows = [{"label": "=1+1", "count": -1}, {"label": 'un "mot" ; deux, trois', "count": 2.5}]
    assert table(("label", "count"), rows).decode().splitlines() == [
        "label,count",
        "'=1+1,-1",
        '"un ""mot"" ; deux, trois",2.5',
    ]
