"""The arithmetic of a skills gap: the worked example of training.md §5.2, and what always holds."""

import itertools
import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.recommendations import scoring, similarity
from training.recommendations.evidence import LONGEST, sentence
from training.recommendations.paths import Budget, Course, best, more
from training.recommendations.readiness import (
    Levels,
    Requirement,
    Want,
    after,
    filled,
    gap,
    is_reachable,
    match,
    missing,
    readiness,
    requirements,
    total,
)

WANTED = requirements(
    [
        Want("S1", 2, essential=True, jobs=7),
        Want("S2", 3, essential=True, jobs=7),
        Want("S3", 2, essential=True, jobs=7),
        Want("S4", 2, essential=False, jobs=7),
        Want("S5", 3, essential=True, jobs=7),
    ],
    532,
)
HAVE = {"S2": 1, "S3": 2, "S4": 1}
A = Course("A", {"S2": 2}, hours=35)
B = Course("B", {"S5": 3, "S4": 2}, hours=21)
C = Course("C", {"S1": 2, "S2": 3, "S3": 2}, {"S2": 2}, hours=140)
D = Course("D", {"S9": 2}, hours=14)


def test_the_worked_example_comes_out_to_four_decimals() -> None:  # H1
    assert [round(gap(one, HAVE), 4) for one in WANTED] == [1.0, 0.6667, 0.0, 0.5, 1.0]
    assert round(readiness(WANTED, HAVE), 4) == 0.3519
    assert round(missing(WANTED, HAVE), 4) == 2.9167
    coverage = [
        round(sum(filled(WANTED, HAVE, one.taught).values()) / missing(WANTED, HAVE), 4)
        for one in (A, B, C, D)
    ]
    assert coverage == [0.1143, 0.4286, 0.5714, 0.0]
    assert [is_reachable(one.needs, HAVE) for one in (A, B, C, D)] == [True, True, False, True]
    path = best(WANTED, HAVE, [A, B, C, D], Budget())
    assert [one.key for one in path.courses] == ["B", "A", "C"]
    assert [round(one, 4) for one in path.readiness] == [0.6296, 0.7037, 1.0]
    assert sum(one.hours or 0 for one in path.courses) == 196


@pytest.mark.parametrize("courses", list(itertools.permutations([A, B, C, D])))
def test_a_budget_ends_the_path_and_says_what_more_would_bring(
    courses: Sequence[Course],
) -> None:  # H2, H3, B8
    budget = Budget(hours=60)
    path = best(WANTED, HAVE, courses, budget)
    assert [one.key for one in path.courses] == ["B", "A"]
    assert round(path.ends, 4) == 0.7037
    found = more(WANTED, HAVE, courses, budget, path)
    assert found is not None
    assert (found.course.key, found.hours, found.price, found.readiness) == ("C", 136, 0, 1.0)


def test_rare_essential_and_exposed_skills_weigh_more() -> None:
    wants = [
        Want("rare", 3, essential=True, jobs=1),
        Want("common", 3, essential=True, jobs=400),
        Want("optional", 3, essential=False, jobs=1),
        Want("exposed", 3, essential=True, jobs=1, exposure=0.5),
        Want("everywhere", 3, essential=True, jobs=None),
    ]
    weights = {one.skill: one.weight for one in requirements(wants, 532)}
    assert weights["rare"] > weights["common"]
    assert weights["optional"] == weights["rare"] / 2
    assert weights["exposed"] == weights["rare"] * 1.5
    assert weights["everywhere"] == 1
    idf = [weights["rare"], weights["common"], weights["rare"], weights["rare"]]
    assert sum(idf) / 4 == pytest.approx(1)  # of mean 1


LEVELS = st.dictionaries(st.sampled_from(["S1", "S2", "S3", "S4", "S5"]), st.integers(0, 4))


@given(LEVELS, st.sampled_from(["S1", "S2", "S3", "S4", "S5"]), LEVELS)
def test_learning_never_lowers_readiness_nor_raises_a_gain(
    have: Levels, skill: str, taught: Levels
) -> None:  # H5
    raised = after(have, {skill: have.get(skill, 0) + 1})
    assert readiness(WANTED, raised) >= readiness(WANTED, have) - 1e-12
    assert match(WANTED, raised) >= match(WANTED, have) - 1e-12
    before, now = (sum(filled(WANTED, one, taught).values()) for one in (have, raised))
    assert now <= before + 1e-12


def test_the_coverage_ratio_may_rise_where_the_gain_does_not() -> None:  # H5, why gain is shown
    raised = {**HAVE, "S1": 2}
    ratios = [
        sum(filled(WANTED, one, B.taught).values()) / missing(WANTED, one) for one in (HAVE, raised)
    ]
    assert ratios[1] > ratios[0]


def optimum(
    wanted: Sequence[Requirement], have: Levels, courses: Sequence[Course], budget: Budget
) -> float:
    """Try every set of courses."""
    found = readiness(wanted, have)
    for number in range(1, min(budget.courses, len(courses)) + 1):
        for chosen in itertools.combinations(courses, number):
            if budget.hours is None or sum(one.hours or 0 for one in chosen) <= budget.hours:
                held = have
                for one in chosen:
                    held = after(held, one.taught)
                found = max(found, readiness(wanted, held))
    return found


@pytest.mark.parametrize("kind", ["courses", "hours"])
def test_greedy_is_never_under_the_bound_of_the_optimum(kind: str) -> None:  # H12
    chance = random.Random(20261127)  # noqa: S311  # the same cases each time
    worst = 1.0
    for _ in range(500):
        skills = [f"S{one}" for one in range(6)]
        wants = [
            Want(one, chance.randint(1, 4), chance.random() < 0.6, chance.randint(1, 50))
            for one in skills
        ]
        wanted = requirements(wants, 532)
        have = {one: chance.randint(0, 2) for one in skills}
        courses = [
            Course(
                str(key),
                {one: chance.randint(1, 4) for one in chance.sample(skills, chance.randint(1, 3))},
                hours=chance.choice([7, 14, 21, 35, 70, 140]),
            )
            for key in range(chance.randint(3, 12))
        ]
        budget = (
            Budget(courses=3)
            if kind == "courses"
            else Budget(hours=chance.choice([40, 60, 100]), courses=4)
        )
        base = readiness(wanted, have)
        could = optimum(wanted, have, courses, budget) - base
        did = best(wanted, have, courses, budget).ends - base
        assert did <= could + 1e-9
        if could > 1e-9:
            worst = min(worst, did / could)
    assert worst >= 1 - 1 / math.e


@given(
    LEVELS,
    LEVELS.filter(any),
    st.sampled_from([None, 7, 35, 400]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_an_explanation_adds_up_to_its_score(
    have: Levels,
    taught: Levels,
    hours: float | None,
    near: float,
    demand: float,
    is_cold: bool,  # noqa: FBT001  # drawn
    weights: list[float],
) -> None:  # H11
    if not filled(WANTED, have, taught):
        return
    given_ = {**dict(zip(scoring.PARTS, weights, strict=True)), "coverage": 0.5}
    shared = scoring.effective(given_, {**dict.fromkeys(scoring.PARTS, True), "demand": near > 0})
    found = scoring.score(
        WANTED,
        have,
        taught,
        hours=hours,
        nearness=near,
        demand=demand,
        weights=shared,
        is_cold=is_cold,
    )
    assert math.fsum(shared.values()) == pytest.approx(1)
    assert math.fsum(one.points for one in found.parts) == pytest.approx(found.score, abs=1e-6)
    assert 0 <= found.score <= 1 + 1e-6
    assert 0 < found.gain <= 1
    assert found.gain * total(WANTED) == pytest.approx(found.coverage * missing(WANTED, have))
    if is_cold:
        assert found.score <= scoring.COLD_CAP + 1e-6


def test_no_provider_has_more_than_two_of_the_ten_best() -> None:
    ranked = [("one", place) for place in range(20)] + [("other", 20), ("third", 21)]
    assert scoring.diverse(ranked) == [0, 1, 20, 21]


def test_similarity_is_the_share_that_is_brought_along() -> None:
    origin = {"1": "Outils bureautiques", "2": "Gérer un agenda", "3": "Accueil"}
    destination = {"1": "Outils bureautiques", "9": "Gérer les agendas", "8": "Comptabilité"}
    assert similarity.coverage(origin, destination) == pytest.approx(2 / 3, abs=0.01)
    assert similarity.coverage(destination, origin) == pytest.approx(2 / 3, abs=0.01)
    assert similarity.coverage({}, destination) == 0
    assert similarity.coverage(origin, {"8": "Comptabilité générale"}) == 0
    assert similarity.coverage({**origin, "4": "Chant"}, destination) == pytest.approx(
        2 / 3, abs=0.01
    )  # what the destination does not want neither helps nor harms


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ("Techniques de numérisation", "Accueil. Les techniques de numérisation. Fin.", "Les"),
        ('chatgpt or "ia générative"', "Bureautique.\nL’IA générative au travail", "L’IA"),
        ("Droit notarial", "Accueil du public.", None),
        ("Outils bureautiques", None, None),
        ("", "Tout", None),
        ("numérisation", "numérisation " * 100, "numérisation"),
    ],
)
def test_evidence_is_the_sentence_that_names_the_skill(
    said: str, text: str | None, found: str | None
) -> None:
    sentence_ = sentence(said, [text])
    if found is None:
        assert sentence_ is None
    else:
        assert sentence_ is not None
        assert sentence_.startswith(found)
        assert len(sentence_) <= LONGEST
