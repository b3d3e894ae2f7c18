"""Quartiles and ranks, exact, with one left out; the standard library is the oracle (case B1)."""

import statistics
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.benchmarks.groups import REGIONS, around, described
from diagnostic.benchmarks.quartiles import (
    distribution,
    neighbours,
    quartiles,
    rank,
    rounded_down,
)
from diagnostic.naf import SECTIONS, section_case
from diagnostic.organisations import company

scores = st.fractions(min_value=0, max_value=100, max_denominator=12)
crowds = st.lists(scores, min_size=6, max_size=60)


def ranked(peers: list[int], own: int) -> float:
    return float(rank(sum(one < own for one in peers), peers.count(own), len(peers)))


@pytest.mark.parametrize(
    ("peers", "own", "expected"),
    [
        ([10, 20, 20, 30, 40], 20, 40.0),
        ([10, 20, 20, 30, 40], 5, 0.0),
        ([10, 20, 20, 30, 40], 45, 100.0),
        ([20, 20, 20, 20, 20], 20, 50.0),
    ],
)
def test_b1_the_rank_counts_those_below_and_half_of_the_equal(
    peers: list[int], own: int, expected: float
) -> None:
    assert ranked(peers, own) == expected


@given(crowds)
def test_quartiles_are_those_of_type_7(crowd: list[Fraction]) -> None:
    group = distribution(Counter(crowd).items())
    assert group.n == len(crowd)
    oracle = statistics.quantiles(crowd, n=4, method="inclusive")
    assert list(quartiles(neighbours(group), group.n)) == oracle


@given(crowds, st.data())
def test_quartiles_without_one_are_those_of_the_others(
    crowd: list[Fraction], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(crowd))
    group = distribution(Counter(crowd).items())
    others = list(crowd)
    others.remove(one)
    oracle = statistics.quantiles(others, n=4, method="inclusive")
    assert list(quartiles(neighbours(group), group.n, one)) == oracle


@given(crowds)
def test_a_distribution_gives_every_score_at_its_place(crowd: list[Fraction]) -> None:
    group = distribution(Counter(crowd).items())
    assert [group.at(place) for place in range(group.n)] == sorted(crowd)


@pytest.mark.parametrize(("n", "published"), [(5, 5), (9, 5), (10, 10), (14, 10), (4999, 4995)])
def test_a_count_is_published_as_a_multiple_of_five(n: int, published: int) -> None:
    assert rounded_down(n) == published


def test_every_division_is_in_one_section_and_every_region_has_a_name() -> None:
    for division in company.DIVISIONS:
        homes = [code for code, one in SECTIONS.items() if one.first <= division <= one.last]
        assert len(homes) == 1, division
    assert REGIONS.keys() == company.REGIONS
    assert "WHEN left(o.naf_code, 2) BETWEEN '41' AND '43' THEN 'F'" in section_case("o.naf_code")


def test_a_group_knows_those_it_is_inside_of() -> None:
    inner = ("region:32", "size:32:10-49", "sector:32:10-49:C")
    assert around("sector:32:10-49:C") == inner
    assert around("region:32") == inner[:1]
    assert around("cohort:p:c") == ("programme:p", "cohort:p:c")


def test_a_group_is_said_in_both_languages() -> None:
    text = described("sector", region="93", size="1-9", section="G", programme=None, cohort=None)
    assert text.fr == "Entreprises de 1 à 9 salariés, commerce, région Provence-Alpes-Côte d’Azur"
    assert text.en == "Companies with 1 to 9 employees, trade, Provence-Alpes-Côte d’Azur"
    title = {"fr": "Programme régional"}
    text = described(
        "programme", region="93", size=None, section=None, programme=title, cohort=None
    )
    assert text.en == "Companies of the programme “Programme régional”"
