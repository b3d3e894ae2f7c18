"""The evidence profile (design §4.13): what backs an answer limits it, exactly and openly."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.backing import Backing, shares
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import Score, score
from diagnostic.assessments.visibility import prepare
from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic.mini_ia import BASE, DK, GRID, NA, base, raw

DECLARED, DOCUMENT, VERIFIED = Backing


def profiled(**caps: float) -> Any:
    """Prepare MINI-IA with the evidence profile."""
    plain = raw()
    return prepare(
        GridContent.model_validate(plain | {"profile": plain["profile"] | {"evidence": caps}})
    )


ASKING = profiled()


def backed(**backings: Backing) -> dict[str, Answer]:
    """Give B with some of its answers backed."""
    return {
        code: Answer(one.state, one.value, one.reason, backings.get(code, DECLARED))
        for code, one in BASE.items()
    }


def dimension(found: Score, code: str) -> Any:
    return next(one for one in found.dimensions if one.code == code)


@pytest.mark.parametrize(
    ("backings", "strategy", "total"),
    [
        ({}, Fraction(275, 4), Fraction(395, 6)),  # Q2: 1 counts as 3/4, Q1: 2/3 as it is
        ({"Q2": DOCUMENT}, Fraction(145, 2), Fraction(1625, 24)),
        ({"Q2": VERIFIED}, Fraction(75), Fraction(1655, 24)),
        ({"Q1": VERIFIED}, Fraction(275, 4), Fraction(395, 6)),  # no cap reached, nothing gained
        ({"Q2": VERIFIED, "Q5": VERIFIED}, Fraction(75), Fraction(865, 12)),  # B whole again
    ],
)
def test_an_answer_counts_as_far_as_it_is_backed(
    backings: dict[str, Backing], strategy: Fraction, total: Fraction
) -> None:
    found = score(ASKING, backed(**backings))
    assert (dimension(found, "STR").value, found.value) == (strategy, total)
    explained = explain(found)
    assert explained.total == total
    assert sum(one.contribution + one.lost for one in explained.shares) == 100


def test_the_profile_says_how_far() -> None:
    found = score(profiled(declared=0.5, document=0.6, verified=0.8), backed(Q2=VERIFIED))
    assert dimension(found, "STR").value == 100 * (3 * Fraction(1, 2) + Fraction(4, 5)) / 4


def test_what_backs_the_answers_is_disclosed_everywhere() -> None:
    found = score(ASKING, backed(Q2=DOCUMENT, Q5=VERIFIED))
    result = found.as_json()
    assert result["evidence"] == {"declared": 0.75, "document": 0.9, "verified": 1.0}
    assert {one["code"]: one["evidence"] for one in result["dimensions"]} == {
        "STR": {"declared": 0.75, "document": 0.25, "verified": 0.0},
        "DATA": {"declared": 1.0, "document": 0.0, "verified": 0.0},
        "SKILL": {"declared": 0.5, "document": 0.0, "verified": 0.5},
    }
    lines = {one["code"]: one for one in explain(found).as_json()["questions"]}
    assert (lines["Q2"]["ratio"], lines["Q2"]["declared_ratio"]) == (0.9, 1.0)
    assert [lines[code]["backing"] for code in ("Q1", "Q2", "Q5")] == [
        "declared",
        "document",
        "verified",
    ]
    assert found.inputs["evidence"] == {"Q2": "document", "Q5": "verified"}


def test_without_the_profile_nothing_of_it_shows_or_counts() -> None:
    plain, held = score(GRID, BASE), score(GRID, backed(Q2=VERIFIED))
    assert (held.input_hash, held.result_hash()) == (plain.input_hash, plain.result_hash())
    assert "evidence" not in held.as_json()
    assert "evidence" not in held.inputs
    assert "backing" not in explain(held).as_json()["questions"][0]


def test_the_same_answers_otherwise_backed_have_another_input() -> None:
    hashes = {
        score(ASKING, backed(**one)).input_hash for one in ({}, {"Q1": DOCUMENT}, {"Q1": VERIFIED})
    }
    assert len(hashes) == 3


def test_dont_know_and_not_applicable_are_backed_by_nothing() -> None:
    found = score(ASKING, base(Q2=DK, Q5=NA))
    assert dimension(found, "STR").evidence() == {
        "declared": 1.0,
        "document": 0.0,
        "verified": 0.0,
    }
    nothing = score(ASKING, dict.fromkeys(("Q2", "Q6"), DK))
    assert dimension(nothing, "STR").evidence() is None
    assert nothing.inputs["evidence"] == {}


@given(
    st.dictionaries(st.sampled_from(sorted(BASE)), st.sampled_from(Backing)),
    st.sets(st.sampled_from(sorted(BASE))),
)
def test_any_completion_stays_in_the_interval_and_a_better_backing_never_lowers(
    backings: dict[str, Backing], unanswered: set[str]
) -> None:
    answers = backed(**backings)
    partial = score(ASKING, {code: one for code, one in answers.items() if code not in unanswered})
    whole, best = score(ASKING, answers), score(ASKING, backed(**dict.fromkeys(BASE, VERIFIED)))
    assert partial.low is not None
    assert partial.high is not None
    assert whole.value is not None
    assert partial.low <= whole.value <= partial.high <= 100
    assert best.value == Fraction(865, 12)
    assert whole.value <= best.value


@given(st.lists(st.tuples(st.fractions(0, 5), st.none() | st.sampled_from(Backing)), max_size=6))
def test_shares_add_up(weighted: list[Any]) -> None:
    found = shares(weighted)
    assert found is None or sum(found.values()) == 1
    assert (found is None) == (not any(weight for weight, one in weighted if one))


def test_a_stored_answer_is_declared_unless_told_otherwise() -> None:
    assert Answer(State.ANSWERED, value=True).backing is DECLARED
