"""G7, B10: the ranking is held to what people judged, over the shipped certifications and offers.

The offers are ours, as a school would write them; the gates are below what is reached, so that a
regression fails and a tie does not.
"""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness import Database
from tests.training.searching import Finder, found_in, offer
from training.indexing import loading
from training.search import judging
from training.search.judging import judged

LEAST_RECALL = 0.95
LEAST_NDCG = 0.93


@pytest.fixture(scope="module")
async def finder(template: Database) -> AsyncIterator[Finder]:
    offers = [offer(one.pop("key"), **one) for one in loading.rows("judged_offers.csv")]
    async with found_in(template, offers) as opened:
        yield opened


async def test_g7_the_judged_queries_are_answered_well(finder: Finder) -> None:
    recalls, gains = {}, {}
    for one in judged():
        found = await finder.keys(one.query, limit=10, facets=False)
        recalls[one.query] = judging.recall(found, one.grades)
        gains[one.query] = judging.ndcg(found, one.grades)
    assert len(recalls) >= 60
    worst = sorted(gains.items(), key=lambda pair: pair[1])[:8]
    recall, ndcg = (sum(all_.values()) / len(all_) for all_ in (recalls, gains))
    assert recall >= LEAST_RECALL, (recall, sorted(recalls.items(), key=lambda pair: pair[1])[:8])
    assert ndcg >= LEAST_NDCG, (ndcg, worst)


async def test_whatever_was_judged_is_in_the_catalogue(finder: Finder) -> None:
    known = {row["key"] for row in loading.rows("judged_offers.csv")}
    rows = await finder.partner.rows("SELECT code FROM training.certification")
    known |= {row["code"] for row in rows}
    assert {key for one in judged() for key in one.grades} <= known


def test_a_perfect_ranking_has_all_the_gain_and_a_late_one_less() -> None:
    grades = {"a": 3, "b": 2, "c": 0}
    assert judging.ndcg(["a", "b"], grades) == 1
    assert judging.ndcg(["b", "a"], grades) == pytest.approx((3 + 7 / 1.58496) / (7 + 3 / 1.58496))
    assert judging.recall(["c", "b"], grades) == 0.5
    assert judging.recall(["a"] + ["x"] * 5, {str(n): 3 for n in range(9)} | {"a": 3}) == 0.2


@given(st.lists(st.sampled_from("abcde"), unique=True))
def test_no_ranking_is_better_than_the_ideal(found: list[str]) -> None:
    assert 0 <= judging.ndcg(found, {"a": 3, "b": 1, "c": 2}) <= 1
