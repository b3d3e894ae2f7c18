"""The life of a proposal, apart from HTTP and database: by table and by hypothesis (D1, D2, D5)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from training.proposals import clock, differences
from training.proposals.clock import Clock
from training.proposals.states import (
    EDITABLE,
    MOVES,
    TIMED,
    Side,
    State,
    Transition,
    allowed,
)
from training.proposals.wording import STATES, TRANSITIONS

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
EXPECTED = """
draft: submit withdraw
submitted: admit reject withdraw
admissible: start_review withdraw
inadmissible: revise withdraw
under_review: request_complement opine_favourably opine_with_reserves opine_unfavourably withdraw
complement_requested: complete withdraw
opinion_favourable: request_complement accept refuse refuse_for_good withdraw
opinion_reserved: request_complement accept refuse refuse_for_good withdraw
opinion_unfavourable: request_complement accept refuse refuse_for_good withdraw
accepted: request_complement publish withdraw
refused: revise withdraw
refused_for_good:
published: retire
withdrawn_by_author:
"""


def test_each_state_leads_where_the_specification_says() -> None:
    lines = (line.partition(":") for line in EXPECTED.strip().splitlines())
    table = {State(state): set(names.split()) for state, _, names in lines}
    assert {state: set(allowed(state)) for state in State} == table


def test_whoever_decides_is_no_author_and_says_why_it_is_no() -> None:
    deciding = {State.ACCEPTED, State.REFUSED, State.REFUSED_FOR_GOOD, State.PUBLISHED}
    for name, move in MOVES.items():
        if move.target in deciding:
            assert move.side is Side.REVIEWER, name
        if move.target in {State.REFUSED, State.REFUSED_FOR_GOOD, State.INADMISSIBLE}:
            assert move.wants_reason, name


def test_every_state_and_transition_has_its_words() -> None:
    assert set(STATES) == set(State)
    assert set(TRANSITIONS) == set(Transition)


class Life(RuleBasedStateMachine):
    """Tries every transition in any order, at any time, as either side."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now = State.DRAFT, START
        self.timed = Clock()
        self.path: list[Transition] = []
        self.waited = 0

    @rule(name=st.sampled_from(Transition), days=st.integers(0, 40))
    def attempt(self, name: Transition, days: int) -> None:
        before = self.timed.seconds(self.now)
        self.now += timedelta(days=days)
        ran = self.timed.seconds(self.now) - before
        assert ran == (days * clock.DAY_SECONDS if self.state in TIMED else 0)
        if self.state not in MOVES[name].sources:
            assert name not in allowed(self.state)
            return
        self.path.append(name)
        self.state = MOVES[name].target
        self.timed = clock.moved(self.timed, self.state, self.now)

    @invariant()
    def nothing_is_published_without_a_review_and_a_decision(self) -> None:
        if self.state is State.PUBLISHED:
            last = {name: place for place, name in enumerate(self.path)}
            opined = max(last.get(name, -1) for name in Transition if name.startswith("opine"))
            assert last[Transition.SUBMIT] < last[Transition.ADMIT] < opined
            assert opined < last[Transition.ACCEPT] < last[Transition.PUBLISH]
            assert last.get(Transition.REQUEST_COMPLEMENT, -1) < opined

    @invariant()
    def the_clock_runs_while_a_reviewer_is_to_move(self) -> None:
        assert (self.timed.since is not None) == (self.state in TIMED)
        if self.state in EDITABLE:
            assert self.timed.since is None
            assert self.timed.due_on(90, self.now) is None


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=25)


def test_the_time_of_a_complement_moves_the_last_day() -> None:
    began = clock.moved(Clock(), State.SUBMITTED, START)
    assert str(began.due_on(90, START)) == "2027-02-25"
    asked = clock.moved(began, State.COMPLEMENT_REQUESTED, START + timedelta(days=10))
    later = START + timedelta(days=40)
    assert asked.seconds(later) == 10 * clock.DAY_SECONDS
    back = clock.moved(asked, State.UNDER_REVIEW, later)
    assert str(back.due_on(90, later)) == "2027-03-27"


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "d": 2}}, ["/a/b", "/a/c", "/a/d"]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["/a/1/b"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
        ({"a/b": 1, "~": 1}, {"a/b": 2, "~": 2}, ["/a~1b", "/~0"]),
        ({"a": []}, {"a": {}}, ["/a"]),
    ],
)
def test_the_smallest_places_that_differ(old: object, new: object, places: list[str]) -> None:
    assert list(differences.changed(old, new)) == places


def test_what_is_within_a_field_asked_for_may_change() -> None:
    places = ["/actions/0/places/0", "/actions/1", "/title"]
    assert differences.beyond(places, ["/actions/0", "/titles"]) == ["/actions/1", "/title"]
    assert differences.beyond(places, ["/actions", "/title"]) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab~/"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, JSON)
def test_two_payloads_differ_somewhere_or_are_the_same(old: object, new: object) -> None:
    places = list(differences.changed(old, new))
    assert (places == []) == _same(old, new)
    assert len(set(places)) == len(places)


def _same(old: object, new: object) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return type(old) is type(new) and old == new
