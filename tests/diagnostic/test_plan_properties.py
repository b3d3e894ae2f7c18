"""The planner against every possible plan, on grids whose gains do not add up."""

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.assessments.answers import Answers
from diagnostic.assessments.ratios import ZERO
from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.plans.aims import Aim, aims
from diagnostic.plans.effects import effects
from diagnostic.plans.obstacles import obstacle
from diagnostic.plans.optimising import Judge, NoPlan, Plan, optimise
from diagnostic.plans.terms import PARTS, Action, Starts, Terms, loads, without
from diagnostic.questionnaires.grid import GridContent
from diagnostic.roadmaps.priority import Recommendation
from tests.diagnostic import mini_ia
from tests.diagnostic.mini_ia import DK, NA, raw, rows
from tests.diagnostic.recommending import entry


def _grids() -> Iterator[PreparedGrid]:
    """Make MINI-IA with questions that actions make appear or vanish, and stricter profiles."""
    questions = mini_ia.raw()["questions"]
    single = next(one for one in questions if one["code"] == "Q1")
    more = [
        {**single, "code": "Q7", "weight": 2, "enable_when": "answers.Q1 == 'o3'"},
        {**single, "code": "Q8", "dimension": "SKILL", "enable_when": "answers.Q6 != 'o2'"},
        {**single, "code": "Q9", "dimension": "SKILL", "enable_when": "answers.Q7 == 'o3'"},
    ]
    profile = mini_ia.raw()["profile"]
    evidence = {"declared": 0.75, "document": 0.9, "verified": 1.0}
    core = [{**one, "core": True} for one in raw()["dimensions"]]
    for kind in (profile, {**profile, "evidence": evidence}, {**profile, "non_compensation": True}):
        content = raw(questions=[*questions, *more], dimensions=core, profile=kind)
        yield prepare(GridContent.model_validate(content))


GRIDS = list(_grids())
OPTIONS = ["o0", "o1", "o2", "o3"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{code: st.sampled_from(OPTIONS) for code in ("Q1", "Q2", "Q7", "Q8", "Q9")},
    "Q3": st.one_of(st.just(["none"]), st.lists(st.sampled_from("abcd"), min_size=1, unique=True)),
    "Q4": st.lists(st.integers(0, 5), min_size=5, max_size=5).map(lambda steps: rows(*steps)),
    "Q5": st.booleans(),
    "Q6": st.sampled_from(OPTIONS[:3]),
}


@st.composite
def diagnostics(draw: st.DrawFn) -> tuple[PreparedGrid, Answers, dict[str, Recommendation]]:
    """Draw a grid, answers to most questions, and up to four recommendations."""
    answers = {
        code: draw(st.one_of(value.map(mini_ia.given), st.sampled_from((NA, DK))))
        for code, value in VALUES.items()
        if draw(st.integers(0, 5))
    }
    found: dict[str, Recommendation] = {}
    for number in range(draw(st.integers(1, 4))):
        raised = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3))
        first, *_ = raised
        one = entry(
            f"A{number}",
            first,
            None,
            draw(st.sampled_from(["XS", "S", "M"])),
            horizon_months=draw(st.sampled_from([3, 3, 6])),
            question_uplift={code: draw(VALUES[code]) for code in raised},
            prerequisites=draw(st.lists(st.sampled_from(sorted(found)), max_size=1))
            if found
            else [],
        )
        found[one.code] = one
    return draw(st.sampled_from(GRIDS)), answers, found


def _possible(terms: Terms) -> Iterator[Starts]:
    """List every plan that keeps to the terms, by trying all."""
    quarters = range(len(terms.capacity))
    for begun in itertools.product([None, *quarters], repeat=len(terms.actions)):
        starts = {code: at for code, at in zip(terms.actions, begun, strict=True) if at is not None}
        if _kept(terms, starts):
            yield starts


def _kept(terms: Terms, starts: Starts) -> bool:
    if not terms.required <= starts.keys():
        return False
    for code, at in starts.items():
        one = terms.actions[code]
        if not 0 <= at <= terms.last_start(code):
            return False
        for before in one.after:
            if before not in starts or starts[before] + terms.actions[before].quarters > at:
                return False
    borne = loads(terms, starts)
    return all(load <= most * PARTS for load, most in zip(borne, terms.capacity, strict=True))


SMALL = {"XS": 1, "S": 2, "M": 3}


@settings(max_examples=120, deadline=None)
@given(
    diagnostics(),
    st.lists(st.integers(0, 4), min_size=1, max_size=3),
    st.one_of(
        st.integers(0, 100).map(lambda points: {"score": float(points), "level": None}),
        st.sampled_from(["average", "moderately_advanced", "advanced"]).map(
            lambda level: {"score": None, "level": level}
        ),
        st.none(),
    ),
    st.dictionaries(st.sampled_from(["STR", "DATA", "SKILL"]), st.integers(0, 100), max_size=2),
    st.data(),
)
def test_no_possible_plan_is_better_and_none_is_missed(
    drawn: tuple[PreparedGrid, Answers, dict[str, Recommendation]],
    capacity: list[int],
    whole: dict[str, Any] | None,
    axes: dict[str, int],
    data: st.DataObject,
) -> None:
    grid, answers, known = drawn
    actions = {
        code: Action(code, SMALL[one.effort], one.horizon_months // 3, frozenset(one.prerequisites))
        for code, one in known.items()
    }
    excluded = data.draw(st.sets(st.sampled_from(sorted(known)), max_size=1))
    left = without(actions, excluded)
    required = data.draw(st.sets(st.sampled_from(sorted(left)), max_size=1)) if left else set()
    latest = data.draw(
        st.dictionaries(st.sampled_from(sorted(known)), st.integers(0, 3), max_size=1)
    )
    terms = Terms(left, tuple(capacity), frozenset(required), latest)
    wanted: tuple[Aim, ...] = aims(
        grid, whole, {code: {"score": float(one), "level": None} for code, one in axes.items()}
    )
    judge = Judge(grid, answers, known)
    tables = judge.effects()
    good = [one for one in _possible(terms) if judge.reached(wanted, one)]
    best = min((terms.effort(one) for one in good), default=None)

    found = optimise(judge, tables, terms, wanted)

    if isinstance(found, NoPlan):
        assert (found.proven, best) == (True, None)
        met = obstacle(judge, tables, actions, terms, wanted)
        assert met.nearest is None or not judge.reached(wanted, ()) or required
        return
    assert isinstance(found, Plan)
    assert _kept(terms, found.starts)
    assert judge.reached(wanted, found.starts)
    assert (found.proven, found.least, terms.effort(found.starts)) == (True, best, best)
    if found.simple is not None:
        assert _kept(terms, found.simple)
        assert judge.reached(wanted, found.simple)


@settings(max_examples=100, deadline=None)
@given(diagnostics(), st.data())
def test_the_tables_say_of_every_set_of_actions_what_the_engine_says(
    drawn: tuple[PreparedGrid, Answers, dict[str, Recommendation]], data: st.DataObject
) -> None:
    grid, answers, known = drawn
    done = data.draw(st.sets(st.sampled_from(sorted(known))))
    tables = effects(grid, answers, known.values())
    assert tables.whole
    for one in Judge(grid, answers, known).score(done).dimensions:
        outcomes = [
            part.outcomes[sum(1 << n for n, by in enumerate(part.uplifts) if by & done)]
            for part in tables.parts
            if part.dimension == one.code
        ]
        counts = sum((each.counts for each in outcomes), ZERO)
        assert counts == sum((item.weight for item in one.items), ZERO)
        if one.low is not None:
            assert one.low == 100 * sum((each.earned for each in outcomes), ZERO) / counts
