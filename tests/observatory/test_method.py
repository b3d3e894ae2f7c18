"""The formulas, by themselves."""

import csv
from decimal import Decimal
from importlib import resources
from math import isclose, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.exposure import method
from observatory.exposure.classes import EXPOSED, Grade, classify

UNROUNDED = Path(__file__).with_name("ilo_unrounded.csv")
"""Means and sample SDs computed from the 3,266 published task scores (column score_2025)."""

hundredths = st.integers(0, 100).map(lambda n: Decimal(n) / 100)


@st.composite
def occupations(draw: st.DrawFn) -> method.Occupation:
    code = f"{draw(st.integers(1111, 1150))}"
    rank = Decimal(int(code) % 89) / 100  # one code, one score: as in the tables
    return method.Occupation(code, rank, Decimal(int(code) % 17) / 100, int(code) % 9 + 1)


@st.composite
def jobs(draw: st.DrawFn) -> method.Job:
    code = f"M{draw(st.integers(1000, 9999))}"
    own = draw(st.one_of(st.none(), occupations()))
    around = draw(st.lists(occupations(), min_size=1, max_size=4, unique_by=lambda o: o.code))
    found = method.job(code, own, around)
    assert found is not None
    return found


@st.composite
def wholes(draw: st.DrawFn) -> list[method.Group]:
    members = draw(st.lists(st.lists(jobs(), min_size=1, max_size=4), min_size=1, max_size=6))
    weights = draw(st.lists(st.integers(1, 10**6), min_size=len(members), max_size=len(members)))
    return [
        method.Group(f"G{place}", weight, tuple(group))
        for place, (weight, group) in enumerate(zip(weights, members, strict=True))
    ]


def shipped_scores() -> list[dict[str, str]]:
    with resources.files("observatory").joinpath("reference/scores.csv").open() as lines:
        return list(csv.DictReader(lines))


def measured(groups: list[method.Group], sampling: float = 1.0) -> method.Exposure:
    found = method.aggregate(groups, sampling)
    assert found is not None
    return found


def test_the_rule_gives_the_427_published_classes() -> None:
    rows = shipped_scores()
    right = [
        row
        for row in rows
        if classify(Decimal(row["mean"]), Decimal(row["sd"])) == row["published_class"]
    ]
    assert (len(right), len(rows)) == (427, 427)


def test_the_rule_fails_on_unrounded_scores() -> None:
    published = {row["code"]: row["published_class"] for row in shipped_scores()}
    with UNROUNDED.open() as lines:
        wrong = [
            row["code"]
            for row in csv.DictReader(lines)
            if classify(Decimal(row["mean"]), Decimal(row["sd"])) != published[row["code"]]
        ]
    assert len(wrong) == 12


@pytest.mark.parametrize(
    ("mean", "sd", "grade"),
    [
        ("0.60", "0.00", Grade.GRADIENT_4),
        ("0.59", "0.30", Grade.GRADIENT_3),
        ("0.49", "0.01", Grade.GRADIENT_2),
        ("0.49", "0.00", Grade.MINIMAL),
        ("0.39", "0.11", Grade.GRADIENT_1),
        ("0.39", "0.10", Grade.MINIMAL),
        ("0.39", "0.00", Grade.NOT_EXPOSED),
        ("0.36", "0.04", Grade.NOT_EXPOSED),  # 1213 as published: the sum is one of floats
    ],
)
def test_the_bounds_of_the_classes(mean: str, sd: str, grade: Grade) -> None:
    assert classify(Decimal(mean), Decimal(sd)) is grade


def test_a_job_whose_occupation_has_no_score_takes_its_neighbours_and_no_class() -> None:
    around = [
        method.Occupation("3131", Decimal("0.20"), Decimal("0.10"), 4),
        method.Occupation("3132", Decimal("0.40"), Decimal("0.10"), 4),
    ]
    found = method.job("H1207", None, around)
    assert found is not None
    assert found.imputed
    assert found.grade is None
    assert isclose(found.mean, 0.30)
    assert isclose(found.sd, sqrt(0.01 + 0.01))
    assert isclose(found.se, sqrt(0.5 * 0.01 / 4 + 0.01))
    assert method.job("K1701", None, []) is None


def test_groups_without_a_score_lower_the_coverage_and_nothing_else() -> None:
    job = method.job("M1607", method.Occupation("4120", Decimal("0.58"), Decimal("0.1"), 8), [])
    assert job is not None
    found = measured([method.Group("L0Z", 30, (job,)), method.Group("X0Z", 10, ())])
    assert found.coverage == 0.75
    assert isclose(found.mean, 0.58)
    assert found.grades[Grade.GRADIENT_3] == 1
    assert method.aggregate([method.Group("X0Z", 10, ())], 1.0) is None


@given(jobs(), st.integers(1, 10**6))
def test_a_whole_of_one_job_is_that_job(job: method.Job, weight: int) -> None:
    found = measured([method.Group("G", weight, (job,))])
    assert isclose(found.mean, job.mean, abs_tol=1e-12)
    assert isclose(found.se, job.se, abs_tol=1e-12)


@given(wholes())
def test_shares_sum_to_one_and_the_mean_lies_between_its_parts(
    groups: list[method.Group],
) -> None:
    found = measured(groups)
    assert isclose(sum(found.grades.values()) + found.unclassified, 1, abs_tol=1e-9)
    assert isclose(sum(group.share for group in found.groups), 1, abs_tol=1e-9)
    assert isclose(sum(one.weight for one in found.occupations.values()), 1, abs_tol=1e-9)
    means = [job.mean for group in groups for job in group.jobs]
    assert min(means) - 1e-9 <= found.mean <= max(means) + 1e-9
    assert found.interval.low - 1e-9 <= found.mean <= found.interval.high + 1e-9
    by_group = sum(group.share * group.exposed for group in found.groups)
    assert isclose(found.exposed, by_group, abs_tol=1e-9)
    assert isclose(found.exposed, sum(found.grades[grade] for grade in EXPOSED), abs_tol=1e-12)
    parts = found.variance.shares().values()
    assert isclose(sum(parts), 1 if found.variance.total else 0, abs_tol=1e-9)


@given(wholes(), st.integers(2, 50))
def test_only_proportions_count(groups: list[method.Group], factor: int) -> None:
    larger = [method.Group(each.code, each.weight * factor, each.jobs) for each in groups]
    one, other = measured(groups), measured(larger)
    assert isclose(one.mean, other.mean, abs_tol=1e-9)
    assert isclose(one.exposed, other.exposed, abs_tol=1e-9)
    assert other.variance.weights <= one.variance.weights


def test_errors_of_different_scores_add_and_those_of_the_same_cancel() -> None:
    groups = []
    for code, mean, sd in (("4120", "0.58", "0.10"), ("9112", "0.10", "0.05")):
        job = method.job(code, method.Occupation(code, Decimal(mean), Decimal(sd), 4), [])
        assert job is not None
        groups.append([method.Group(code, 100, (job,))])
    here, there = (measured(group) for group in groups)
    difference, error = method.difference(here, there)
    assert isclose(difference, 0.48)
    assert isclose(error, sqrt(0.10**2 / 4 + 0.05**2 / 4))
    assert method.difference(here, here) == (0, 0)


@given(wholes(), st.integers(1, 999))
def test_contributions_sum_to_the_difference_of_means(
    groups: list[method.Group], step: int
) -> None:
    other = [
        method.Group(each.code, (place * step) % 1000 + 1, each.jobs)
        for place, each in enumerate(groups)
    ]
    here, reference = measured(groups), measured(other)
    difference, error = method.difference(here, reference)
    adds = method.contributions(here, reference)
    assert isclose(difference, here.mean - reference.mean, abs_tol=1e-12)
    assert isclose(sum(adds.values()), difference, abs_tol=1e-9)
    assert error <= here.se + reference.se + 1e-9
    nothing, noise = method.difference(here, here)
    assert nothing == 0
    assert isclose(noise, sqrt(2 * here.variance.weights), abs_tol=1e-12)
