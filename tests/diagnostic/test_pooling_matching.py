"""The matching of helpers: only what makes sense, bounded, fair, even, and always the same."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.pooling.matching import Matching, Member, can_help, match

DIMENSIONS = ("DATA", "SKILL", "STR")


def member(key: str, most: int = 2, **scores: float) -> Member:
    return Member(
        key, most, scores={code: Fraction(str(score)) for code, score in scores.items()}, method="m"
    )


def pairs(found: Matching) -> list[tuple[str, str, str]]:
    return [(one.helper, one.asker, one.dimension) for one in found.matches]


def test_the_strong_help_the_weak_and_nobody_else() -> None:
    strong, weak, middle = member("a", DATA=80), member("b", DATA=20), member("c", DATA=55)
    assert pairs(match([strong, weak, middle], DIMENSIONS)) == [("a", "b", "DATA")]
    near = [member("a", DATA=50), member("b", DATA=30.1)]  # 19.9 points
    assert match(near, DIMENSIONS) == Matching((), (("b", "DATA"),))
    assert pairs(match([member("a", DATA=50), member("b", DATA=30)], DIMENSIONS)) != []


def test_scores_by_another_method_do_not_compare() -> None:
    other = Member("a", 2, scores={"DATA": Fraction(90)}, method="other")
    assert pairs(match([other, member("b", DATA=10)], DIMENSIONS)) == []
    offering = Member("a", 2, frozenset({"DATA"}), method="other")
    assert pairs(match([offering, member("b", DATA=10)], DIMENSIONS)) == [("a", "b", "DATA")]


def test_what_is_said_goes_before_the_scores() -> None:
    silent = Member("a", 2, frozenset(), frozenset(), {"DATA": Fraction(90)}, "m")
    assert pairs(match([silent, member("b", DATA=10)], DIMENSIONS)) == []
    asking = Member(
        "b", 2, None, frozenset({"DATA"}), {"DATA": Fraction(45), "STR": Fraction(0)}, "m"
    )
    found = match([member("a", DATA=60, STR=90), asking], DIMENSIONS)
    assert pairs(found) == [("a", "b", "DATA")]
    nobody = Member("a", 0, frozenset({"DATA"}))
    assert match([nobody, asking], DIMENSIONS).unmet == (("b", "DATA"),)


def test_help_is_shared_rather_than_asked_of_the_best_alone() -> None:
    best, good = member("a", 5, DATA=100), member("b", 5, DATA=70)
    weak = [member(key, DATA=10) for key in "cdef"]
    loads = Counter(helper for helper, _, _ in pairs(match([best, good, *weak], DIMENSIONS)))
    assert loads == {"a": 2, "b": 2}


def test_nobody_has_a_second_helper_before_everybody_who_can_has_one() -> None:
    helper = member("a", 2, DATA=90, STR=90)
    found = match([helper, member("b", DATA=0, STR=0), member("c", DATA=45)], DIMENSIONS)
    assert {asker for _, asker, _ in pairs(found)} == {"b", "c"}


MEMBERS = st.lists(
    st.builds(
        lambda most, offers, asks, scores, method: (most, offers, asks, scores, method),
        st.integers(0, 3),
        st.none() | st.frozensets(st.sampled_from(DIMENSIONS)),
        st.none() | st.frozensets(st.sampled_from(DIMENSIONS)),
        st.dictionaries(
            st.sampled_from(DIMENSIONS), st.integers(0, 1000).map(lambda n: Fraction(n, 10))
        ),
        st.sampled_from(["m", "m", "n"]),
    ),
    max_size=7,
).map(lambda found: [Member(f"c{place}", *one) for place, one in enumerate(found)])


def reachable(members: Sequence[Member]) -> int:
    """Count by augmenting paths how many companies can have a helper at the same time."""
    slots = [(one, nth) for one in members for nth in range(one.most_helped)]
    taken: dict[int, Member] = {}

    def place(asker: Member, tried: set[int]) -> bool:
        for at, (helper, _) in enumerate(slots):
            if at in tried or not any(can_help(helper, asker, code) for code in DIMENSIONS):
                continue
            tried.add(at)
            if at not in taken or place(taken[at], tried):
                taken[at] = asker
                return True
        return False

    return sum(place(asker, set()) for asker in members)


@given(MEMBERS, st.randoms())
@settings(max_examples=120)
def test_every_proposal_makes_sense_and_as_many_as_can_are_helped(
    members: list[Member], chance: object
) -> None:
    found = match(members, DIMENSIONS)
    by_key = {one.key: one for one in members}
    for helper, asker, dimension in pairs(found):
        assert can_help(by_key[helper], by_key[asker], dimension)
    given_ = Counter(helper for helper, _, _ in pairs(found))
    assert all(count <= by_key[key].most_helped for key, count in given_.items())
    wishes = [(asker, dimension) for _, asker, dimension in pairs(found)]
    assert len(wishes) == len(set(wishes))  # one helper for one wish
    wanted = {(one.key, code) for one, code in product(members, DIMENSIONS) if one.wants(code)}
    assert set(wishes) | set(found.unmet) == wanted
    assert not set(wishes) & set(found.unmet)
    assert len({asker for asker, _ in wishes}) == reachable(members)
    for asker, dimension in found.unmet:  # whoever could have helped has no turn left
        for able in members:
            if can_help(able, by_key[asker], dimension):
                assert given_[able.key] == able.most_helped
    shuffled = list(members)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match(shuffled, DIMENSIONS) == found


@given(MEMBERS)
@settings(max_examples=80)
def test_with_one_wish_each_no_helper_has_two_more_than_one_who_could_take_over(
    members: list[Member],
) -> None:
    found = match(members, ("DATA",))
    by_key = {one.key: one for one in members}
    loads = Counter(helper for helper, _, _ in pairs(found))
    for helper, asker, dimension in pairs(found):
        for other in members:
            if can_help(other, by_key[asker], dimension):
                spare = other.most_helped > loads[other.key]
                assert not spare or loads[helper] <= loads[other.key] + 1


def test_a_full_cohort_is_matched_in_a_moment_of_work() -> None:
    members = [
        member(f"{n:02}", 10, **{f"D{d}": (n * 37 + d * 53) % 101 for d in range(6)})
        for n in range(50)
    ]
    found = match(members, [f"D{d}" for d in range(6)])
    assert found.unmet == ()
    loads = Counter(helper for helper, _, _ in pairs(found))
    assert max(loads.values()) <= 10
