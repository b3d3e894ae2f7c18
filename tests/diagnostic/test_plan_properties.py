"""The planner against every possible plan, on grids whose gains do not add up."""

import itertools
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.assessments.ratios import ZERO
from diagnostic.assessments.scoring import publish
from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.plans.aims import Aim, aims
from diagnostic.plans.obstacles import Constraint, obstacle
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


def _value(code: str, chance: random.Random, *, low: bool) -> Any:
    """Draw a value for a question: mostly a low one, or any."""
    if code == "Q3":
        some = chance.sample("abcd", chance.randint(1, 2 if low else 4))
        return ["none"] if low and chance.random() < 0.3 else some
    if code == "Q4":
        return rows(*(chance.randint(0, 2 if low else 5) for _ in range(5)))
    if code == "Q5":
        return not low
    return chance.choice(OPTIONS[:2] if low else OPTIONS[1 : 3 if code == "Q6" else 4])


CODES = [f"Q{number}" for number in range(1, 10)]
EFFORTS = {"XS": 1, "S": 2, "M": 3}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A company's answers, what it may do, and what it asks for."""

    judge: Judge
    actions: dict[str, Action]
    terms: Terms
    aims: tuple[Aim, ...]


def draw(seed: int) -> Drawn:
    """Draw low answers, five actions, and aims that some of these reach, if there is time."""
    chance = random.Random(seed)  # noqa: S311  # what hypothesis drew decides
    answers = {}
    for code in CODES:
        plain = mini_ia.given(_value(code, chance, low=True))
        answers[code] = chance.choices((plain, NA, DK), (16, 1, 2))[0]
        if chance.random() < 0.02:
            del answers[code]
    known: dict[str, Recommendation] = {}
    for number in range(5):
        raised = chance.sample(CODES, chance.choice((1, 1, 2, 3)))
        known[f"A{number}"] = entry(
            f"A{number}",
            raised[0],
            None,
            chance.choice(list(EFFORTS)),
            horizon_months=chance.choice((3, 3, 6)),
            question_uplift={code: _value(code, chance, low=False) for code in raised},
            prerequisites=chance.sample(sorted(known), 1)
            if known and chance.random() < 0.4
            else [],
        )
    judge = Judge(chance.choice(GRIDS), answers, known)
    actions = {
        code: Action(
            code, EFFORTS[one.effort], one.horizon_months // 3, frozenset(one.prerequisites)
        )
        for code, one in known.items()
    }
    left = without(actions, chance.sample(sorted(known), chance.choice((0, 0, 1))))
    terms = Terms(
        left,
        tuple(chance.randint(1, 4) for _ in range(chance.choice((2, 3, 3)))),
        frozenset(chance.sample(sorted(left), min(len(left), chance.choice((0, 0, 1))))),
        {chance.choice(sorted(known)): chance.randint(1, 3)} if chance.random() < 0.3 else None,
    )
    return Drawn(judge, actions, terms, _aims(judge, left, chance))


def _aims(judge: Judge, left: Collection[str], chance: random.Random) -> tuple[Aim, ...]:
    """Aim at what some of the actions reach; now and then a little higher, or at a level."""
    reached = judge.score(code for code in left if chance.random() < 0.6)
    digits = judge.grid.content.profile.precision

    def target(figure: Fraction | None) -> dict[str, Any]:
        points = float(publish(figure or ZERO, digits)) + chance.choice((0, 0, 0, 0, 0, 0, 0, 0.1))
        return {"score": min(points, 100.0), "level": None}

    level = {"score": None, "level": chance.choice(judge.grid.content.profile.levels).code}
    whole = chance.choice((target(reached.low), target(reached.low), level, None))
    axes = {
        one.code: target(one.low)
        for one in reached.dimensions
        if one.assessable and chance.random() < 0.4
    }
    return aims(judge.grid, whole, axes)


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


def _check(drawn: Drawn) -> Plan | NoPlan:
    """Make a plan, hold it against all possible ones, and hand it out."""
    judge, terms, wanted = drawn.judge, drawn.terms, drawn.aims
    good = [one for one in _possible(terms) if judge.reached(wanted, one)]
    best = min((terms.effort(one) for one in good), default=None)
    tables = judge.effects()
    found = optimise(judge, tables, terms, wanted)
    if isinstance(found, NoPlan):
        assert (found.proven, best) == (True, None)
        met = obstacle(judge, tables, drawn.actions, terms, wanted)
        assert met.constraint is not Constraint.UNDECIDED
        return found
    assert _kept(terms, found.starts)
    assert judge.reached(wanted, found.starts)
    assert (found.proven, found.least, terms.effort(found.starts)) == (True, best, best)
    after, levels = (
        judge.score(found.starts),
        [one.code for one in judge.grid.content.profile.levels],
    )
    for aim in wanted:  # the level that the engine gives is the one aimed at, or a higher one
        if aim.dimension is None and aim.level is not None and after.level is not None:
            assert levels.index(after.level) >= levels.index(aim.level)
    if found.simple is not None:
        assert _kept(terms, found.simple)
        assert judge.reached(wanted, found.simple)
    return found


@given(st.integers(1, 1000))
def test_an_aim_is_the_least_exact_score_that_is_published_as_its_points(tenths: int) -> None:
    points = Decimal(tenths) / 10
    least = Aim(None, points.quantize(Decimal("0.1"))).least
    assert publish(least) == points
    assert publish(least - Fraction(1, 10**9)) < points


SEEDS = st.integers(0, 2**40)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_no_possible_plan_is_better_and_none_is_missed(seed: int) -> None:
    _check(draw(seed))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sets(st.sampled_from([f"A{number}" for number in range(5)])))
def test_the_tables_say_of_every_set_of_actions_what_the_engine_says(
    seed: int, done: set[str]
) -> None:
    judge = draw(seed).judge
    tables = judge.effects()
    assert tables.whole
    for one in judge.score(done).dimensions:
        outcomes = [
            part.outcomes[sum(1 << n for n, by in enumerate(part.uplifts) if by & done)]
            for part in tables.parts
            if part.dimension == one.code
        ]
        counts = sum((each.counts for each in outcomes), ZERO)
        assert counts == sum((item.weight for item in one.items), ZERO)
        if one.low is not None:
            assert one.low == 100 * sum((each.earned for each in outcomes), ZERO) / counts
