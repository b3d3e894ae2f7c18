"""The formulas of the design document, part 5, each against its definition."""

import csv
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from math import exp, isclose, log, sqrt
from random import Random
from statistics import fmean, quantiles, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.exposure import method
from observatory.formulas import change, crosswalk, percentiles, ranges, structure
from observatory.formulas.crosswalk import Estimate
from observatory.formulas.percentiles import Band

positive = st.floats(0.01, 1e6)
scores = st.floats(-3, 3)
codes = st.sampled_from("ABCDEFGH")


def weighed(sizes: dict[str, float]) -> dict[str, float]:
    return {code: size / sum(sizes.values()) for code, size in sizes.items()}


# 1. crosswalk


def test_a_score_is_carried_with_what_its_variance_is_made_of() -> None:
    found = crosswalk.carry(
        {"a": 0.5, "b": 0.5}, {"a": Estimate(0.2, 0.01), "b": Estimate(0.6, 0.03)}
    )
    assert found is not None
    assert isclose(found.value, 0.4)
    assert isclose(found.scores, 0.25 * 0.01 + 0.25 * 0.03)
    assert isclose(found.crosswalk, 0.04 / 3)  # between 0.04, Dirichlet(1, 1)
    assert found.coverage == 1


def test_targets_without_a_score_lower_the_coverage_and_nothing_else() -> None:
    found = crosswalk.carry({"a": 0.25, "b": 0.75}, {"a": Estimate(0.2)})
    assert found == crosswalk.Carried(0.2, 0.0, 0.0, 0.25)
    assert crosswalk.carry({"a": 1.0}, {}) is None


def test_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        crosswalk.carry({"a": 0.5, "b": 0.5 + 1e-6}, {"a": Estimate(0.2)})


@given(st.dictionaries(codes, positive, min_size=1), st.data())
def test_a_carried_score_lies_between_those_it_is_made_of(
    sizes: dict[str, float], data: st.DataObject
) -> None:
    table = {code: Estimate(data.draw(scores), 0.01) for code in sizes}
    found = crosswalk.carry(weighed(sizes), table)
    assert found is not None
    values = [each.value for each in table.values()]
    assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
    assert 0 < found.scores <= 0.01 + 1e-12
    assert isclose(found.coverage, 1)


# the common scale


def test_percentiles_are_linear_between_ranks() -> None:
    assert percentiles.freeze([3, 1, 2])[::25] == [1, 1.5, 2, 2.5, 3]
    assert percentiles.freeze([1.0]) == [1.0] * 101


@pytest.mark.parametrize(
    ("value", "place"), [(-1, 0), (0, 0), (0.5, 0.5), (0.255, 0.255), (1, 1), (7, 1)]
)
def test_a_place_is_read_on_the_frozen_scale(value: float, place: float) -> None:
    frozen = [step / 100 for step in range(101)]
    assert isclose(percentiles.percentile(value, frozen), place, abs_tol=1e-12)


def test_equal_scores_share_the_middle_of_their_run() -> None:
    frozen = [0.0] * 41 + [step / 100 for step in range(41, 101)]
    assert percentiles.percentile(0.0, frozen) == 0.2
    assert percentiles.percentile(1e-9, frozen) >= 0.4


@given(st.lists(scores, min_size=1, max_size=30), scores, scores)
def test_a_higher_score_never_has_a_lower_place(
    values: list[float], one: float, other: float
) -> None:
    frozen = percentiles.freeze(values)
    low, high = sorted((one, other))
    assert percentiles.percentile(low, frozen) <= percentiles.percentile(high, frozen)
    assert 0 <= percentiles.percentile(low, frozen) <= 1


def test_a_standard_error_is_carried_to_the_scale() -> None:
    frozen = [step / 100 for step in range(101)]
    assert isclose(percentiles.variance(0.5, 0.01, frozen), 0.01)
    assert percentiles.variance(0.5, 0.0, frozen) == 0


@pytest.mark.parametrize(
    ("place", "shown", "klass"),
    [
        (0, 0, Band.VERY_LOW),
        (0.1999, 19, Band.VERY_LOW),
        (0.2, 20, Band.LOW),
        (0.5999, 59, Band.MIDDLE),
        (0.6, 60, Band.HIGH),
        (0.57 + 0.03, 60, Band.HIGH),  # 0.6 in floats is a little less
        (1, 100, Band.VERY_HIGH),
    ],
)
def test_a_class_is_that_of_the_place_that_is_shown(place: float, shown: int, klass: Band) -> None:
    assert (percentiles.whole(place), percentiles.band(place)) == (shown, klass)


# 3, 4, 6. a mean and its uncertainty; N3


def table(name: str) -> list[dict[str, str]]:
    with resources.files("observatory").joinpath(f"reference/{name}.csv").open() as lines:
        return list(csv.DictReader(lines))


def region() -> list[method.Group]:
    """Employment of Hauts-de-France by family, from the shipped tables."""
    occupations = {
        row["code"]: method.Occupation(
            row["code"], Decimal(row["mean"]), Decimal(row["sd"]), int(row["tasks"])
        )
        for row in table("scores")
    }
    jobs = {}
    for link in table("crosswalk"):
        code = link["occupation"]
        around = [each for each in occupations.values() if each.code[:3] == code[:3]]
        jobs[link["job"]] = method.job(link["job"], occupations.get(code), around)
    families: dict[str, list[method.Job]] = {}
    for row in table("family_jobs"):
        job = jobs[row["job"]]
        if job is not None:
            families.setdefault(row["family"], []).append(job)
    return [
        method.Group(row["family"], int(row["jobs"]), tuple(families.get(row["family"], ())))
        for row in table("family_employment")
        if row["region"] == "32"
    ]


class Score:
    """An occupation by an index that gives a variance and nothing else."""

    sd, tasks, grade, spread = 0.0, 0, None, 0.0

    def __init__(self, code: str, mean: float, variance: float) -> None:
        self.code, self.mean, self.variance = code, mean, variance


def test_n3_monte_carlo_agrees_with_the_delta_method_within_5_percent() -> None:
    random = Random(20261126)  # noqa: S311  # a simulation
    sampling = 0.25
    delta = method.aggregate(region(), sampling)
    groups = [group for group in region() if group.jobs]
    assert delta is not None
    known = {each.code: each for group in groups for job in group.jobs for each in job.occupations}
    draws = []
    for _ in range(1000):  # relative error of an SE: 2.2 %
        scores = {
            code: random.gauss(float(each.mean), sqrt(each.variance))
            for code, each in known.items()
        }
        total = mean = 0.0
        for group in groups:
            size = random.gammavariate(sampling * group.weight, 1)
            splits = [random.expovariate(1) for _ in group.jobs]  # Dirichlet(1, …, 1)
            inner = 0.0
            for split, job in zip(splits, group.jobs, strict=True):
                one = job.occupations[0] if job.share == 1 else random.choice(job.occupations)
                inner += split * scores[one.code]
            total += size
            mean += size * inner / sum(splits)
        draws.append(mean / total)
    assert isclose(fmean(draws), delta.mean, abs_tol=4 * delta.se / sqrt(len(draws)))
    assert abs(stdev(draws) / delta.se - 1) <= 0.05
    low, *_, high = quantiles(draws, n=40)  # 2.5 % and 97.5 %
    width = delta.interval.high - delta.interval.low
    assert abs(low - delta.interval.low) <= 0.05 * width
    assert abs(high - delta.interval.high) <= 0.05 * width


def test_what_a_crosswalk_adds_to_a_score_counts_once_in_a_whole() -> None:
    score = Score("4120", 0.5, 0.0)
    score.spread = 0.04
    job = method.job("M1607", score, [])
    assert job is not None
    assert isclose(job.se, 0.2)
    both = [method.Group("A", 1, (job,)), method.Group("B", 3, (job,))]
    found = method.aggregate(both, 1.0)
    assert found is not None
    assert isclose(found.variance.crosswalk, 0.04)
    assert found.variance.scores == 0


# B6 and the range


def test_the_range_names_the_lowest_and_the_highest_index() -> None:
    found = ranges.across({"a": 0.61, "b": 0.35, "c": 0.65})
    assert (found.low, found.high) == ("b", "c")
    assert found.agreeing == (Band.HIGH, 2)
    assert ranges.across({"a": 0.1, "b": 0.9}).agreeing == (Band.VERY_HIGH, 1)


def test_the_budget_of_doubt_counts_the_choice_of_the_index() -> None:
    found = ranges.budget({"scores": 0.03, "weights": 0.01}, [0.4, 0.6, 0.8])
    assert found == {
        "scores": pytest.approx(0.03 / 0.08),
        "weights": pytest.approx(0.01 / 0.08),
        "index": pytest.approx(0.04 / 0.08),
    }
    assert ranges.budget({"scores": 0.0}, [0.4]) == {"scores": 0, "index": 0}


def test_ranks_are_correlated_with_ties_shared() -> None:
    assert isclose(ranges.spearman([1, 2, 3], [10, 20, 30]), 1)
    assert isclose(ranges.spearman([1, 2, 3], [30, 20, 10]), -1)
    assert isclose(ranges.spearman([1, 2, 2, 3], [1, 3, 2, 4]), 3 / sqrt(10))


# 7. quotients, shift-share and changes; N4


def test_a_location_quotient_has_the_variance_of_its_logarithm() -> None:
    found = structure.location_quotient(40, 1000, 200, 10000, sampling=0.25)
    assert isclose(found.value, 2)
    assert found.interval is not None
    error = sqrt((1 / 40 - 1 / 1000 + 1 / 200 - 1 / 10000) / 0.25)
    assert isclose(found.interval.low, exp(log(2) - structure.Z * error))
    assert isclose(found.interval.high, exp(log(2) + structure.Z * error))
    assert (found.observed, found.unreliable) == (10, True)
    absent = structure.location_quotient(0, 1000, 200, 10000, sampling=0.25)
    assert (absent.value, absent.interval, absent.unreliable) == (0, None, True)


def test_the_shift_share_of_a_textbook() -> None:
    before, after = {"a": 100.0, "b": 50.0}, {"a": 120.0, "b": 45.0}
    nation = {"a": 1000.0, "b": 1000.0}
    found = structure.shift_share(before, after, nation, {"a": 1100.0, "b": 1000.0})
    assert found["a"] == pytest.approx(structure.Shift(5, 5, 10))
    assert found["b"] == pytest.approx(structure.Shift(2.5, -2.5, -5))


tables = st.dictionaries(codes, positive, min_size=1, max_size=8)


@given(tables, tables, tables, tables)
def test_n4_shift_share_is_an_exact_identity(
    before: dict[str, float],
    after: dict[str, float],
    nation: dict[str, float],
    later: dict[str, float],
) -> None:
    found = structure.shift_share(before, after, nation, later)
    for code, shift in found.items():
        moved = after.get(code, 0.0) - before.get(code, 0.0)
        scale = 1 + sum(abs(part) for part in shift)
        assert abs(sum(shift) - moved) <= 1e-9 * scale


states = st.tuples(
    st.dictionaries(codes, positive, min_size=1), st.dictionaries(codes, scores, min_size=1)
).map(lambda pair: change.State(*pair))


@given(states, states, states, states)
def test_n4_the_effects_of_a_change_sum_to_it(
    before: change.State, revised: change.State, redrawn: change.State, after: change.State
) -> None:
    found = change.decompose(before, revised, redrawn, after)
    parts = found.revision + found.boundary + found.structure + found.score
    common = redrawn.shares() and after.shares()
    if common:
        assert isclose(parts, found.total, abs_tol=1e-9)


def test_a_change_is_split_at_the_midpoint() -> None:
    before = change.State({"a": 1, "b": 1}, {"a": 0.2, "b": 0.6})
    after = change.State({"a": 1, "b": 3}, {"a": 0.2, "b": 0.8})
    found = change.decompose(before, before, before, after)
    assert isclose(found.total, 0.65 - 0.4)
    assert (found.revision, found.boundary) == (0, 0)
    assert isclose(found.structure, 0.25 * (0.7 - 0.2))
    assert isclose(found.score, 0.625 * 0.2)


def test_a_revision_and_a_new_perimeter_are_told_apart_from_the_rest() -> None:
    before = change.State({"a": 1, "b": 1}, {"a": 0.2, "b": 0.6})
    revised = change.State({"a": 1, "b": 1}, {"a": 0.3, "b": 0.6})
    redrawn = change.State({"a": 3, "b": 1}, {"a": 0.3, "b": 0.6})
    found = change.decompose(before, revised, redrawn, redrawn)
    assert isclose(found.revision, 0.05)
    assert isclose(found.boundary, 0.375 - 0.45)
    assert (found.structure, found.score) == (0, 0)


def test_a_group_as_exposed_as_the_whole_adds_nothing_by_growing() -> None:
    before = change.State({"a": 1, "b": 1, "c": 2}, {"a": 0.2, "b": 0.6, "c": 0.4})
    after = change.State({"a": 1, "b": 1, "c": 9}, {"a": 0.2, "b": 0.6, "c": 0.4})
    found = change.decompose(before, before, before, after)
    assert found.groups["c"].structure == pytest.approx(0, abs=1e-12)
    assert found.groups["a"].structure > 0 > found.groups["b"].structure


def test_a_group_that_comes_is_structure_not_score() -> None:
    before = change.State({"a": 1}, {"a": 0.2})
    after = change.State({"a": 1, "b": 1}, {"a": 0.2, "b": 0.6})
    found = change.decompose(before, before, before, after)
    assert found.score == 0
    assert isclose(found.structure, 0.2)
    back = change.decompose(after, after, after, before)
    assert back.score == 0
    assert isclose(back.structure, -0.2)


# 8. Wilson


def test_wilson_is_the_root_of_its_equation() -> None:
    low, high = structure.wilson(0.3, 50)
    for bound in (low, high):
        assert isclose(abs(0.3 - bound), structure.Z * sqrt(bound * (1 - bound) / 50), rel_tol=1e-9)
    assert structure.wilson(0, 10).low == 0
    assert 0 < structure.wilson(0, 10).high < 0.3
    assert structure.wilson(0.5, 0) == (0, 1)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_stays_in_the_scale(cases: int, more: int) -> None:
    observed = cases + more
    share = float(Fraction(cases, observed))
    low, high = structure.wilson(share, observed)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
