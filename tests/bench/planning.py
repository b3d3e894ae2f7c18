"""Supposing and planning on 36 questions: CPU, off any network, and effort against the greedy."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.ratios import ZERO
from diagnostic.assessments.scoring import score
from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.plans.aims import Aim, aims
from diagnostic.plans.optimising import Judge, Plan, optimise
from diagnostic.plans.terms import Action, Terms
from diagnostic.questionnaires.grid import Single
from diagnostic.reference import load as shipped
from diagnostic.roadmaps.priority import EFFORT, Recommendation, prioritise
from diagnostic.simulations.difference import compared
from tests.bench.diagnostics import content, drawn
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, console, interleave, show

ACTIONS = 40
ROADMAPS = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A company at the beginning of its way, and the plan that it asks for."""

    judge: Judge
    terms: Terms
    aims: tuple[Aim, ...]


def case(grid: PreparedGrid, seed: int) -> Case:
    """Draw low answers, 40 actions that they call for, and a target three quarters of their way."""
    chance = random.Random(seed)  # noqa: S311  # a draw that is always the same
    answers = drawn(grid, chance)
    for code, question in grid.questions.items():
        if isinstance(question, Single) and question.dimension:
            worst = question.options[chance.choice((0, 0, 1))]
            answers[code] = Answer(State.ANSWERED, worst.code)
    [catalogue] = shipped.recommendations().values()
    ranked = prioritise(grid, answers, _varied(grid, catalogue, chance))[:ACTIONS]
    known = {one.recommendation.code: one.recommendation for one in ranked}
    actions = {
        code: Action(
            code,
            EFFORT[one.effort],
            one.horizon_months // 3,
            frozenset(one.prerequisites) & known.keys(),
        )
        for code, one in known.items()
    }
    judge = Judge(grid, answers, known)
    now, most = judge.score(()).low or ZERO, judge.score(known).low or ZERO
    whole = {"score": float(round(now + (most - now) * 3 / 4)), "level": None}
    capacity = tuple(chance.choice((6, 8, 10)) for _ in range(8))
    return Case(judge, Terms(actions, capacity), aims(grid, whole, {}))


def _varied(
    grid: PreparedGrid, catalogue: list[Recommendation], chance: random.Random
) -> list[Recommendation]:
    """Add to the catalogue other ways to the same answers, with other efforts."""
    more = list(catalogue)
    while len(more) < 3 * ACTIONS:
        one = chance.choice(catalogue)
        other = {
            "code": f"{one.code}-{len(more)}",
            "effort": chance.choice(list(EFFORT)),
            "horizon_months": chance.choice((3, 6, 12)),
        }
        more.append(one.model_copy(update=other))
    twins = {code.removesuffix("_BIS"): code for code in grid.questions if code.endswith("_BIS")}
    return [
        one.model_copy(
            update={
                "question_uplift": one.question_uplift
                | {twins[code]: to for code, to in one.question_uplift.items() if code in twins}
            }
        )
        for one in more
    ]


async def plans() -> None:
    """Show the CPU of a what-if and of a plan of 40 actions, and what the plan saves."""
    grid = prepare(content())
    cases = [case(grid, seed) for seed in range(ROADMAPS)]
    found = [planned(one) for one in cases]  # the first loads HiGHS
    everything = list(cases[0].judge.recommendations.values())
    answers = cases[0].judge.answers
    slowest = 0.0

    def spent(work: Callable[[], object], times: int) -> Measure:
        async def measure() -> float:
            begun = time.process_time()
            for _ in range(times):
                work()
            return (time.process_time() - begun) / times * 1000

        return measure

    async def one_of_each() -> float:
        nonlocal slowest
        costs = [await spent(partial(planned, one), 1)() for one in cases]
        slowest = max(slowest, *costs)
        return statistics.median(costs)

    measured = await interleave(
        {
            "score": spent(lambda: score(grid, answers), 100),
            f"what-if, {ACTIONS} actions": spent(
                lambda: compared(grid, answers, {}, everything, "fr"), 50
            ),
            f"plan, {ACTIONS} actions, 8 quarters": one_of_each,
        },
        ROUNDS,
    )
    show("CPU of supposing and planning, 36 questions (ms)", "ms", measured, "score")
    ratios = [
        one.terms.effort(plan.starts) / one.terms.effort(plan.simple)
        for one, plan in zip(cases, found, strict=True)
        if plan.simple is not None
    ]
    console.print(
        f"slowest plan: {slowest:.0f} ms; proven: {sum(one.proven for one in found)} of"
        f" {len(found)}; effort of the greedy plan: median {statistics.median(ratios):.2f}, from"
        f" {min(ratios):.2f} to {max(ratios):.2f}; the greedy one fails {len(found) - len(ratios)}"
        " times"
    )


def planned(one: Case) -> Plan:
    """Make a plan as the service does, tables included, with nothing remembered."""
    judge = Judge(one.judge.grid, one.judge.answers, one.judge.recommendations)
    found = optimise(judge, judge.effects(), one.terms, one.aims)
    assert isinstance(found, Plan)
    return found
