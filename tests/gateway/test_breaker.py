"""The circuit breaker against a slow and plain model of it, with a clock of our own."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.resilience.breaker import Breaker, Rule, Ticket

RULE = Rule(failures=3, base=2.0, longest=5.0)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(RULE, clock)
    for _ in range(3):
        breaker.failed(breaker.admit() or 0)
    return breaker


def probe(breaker: Breaker) -> Ticket:
    ticket = breaker.admit()
    assert ticket is not None
    return ticket


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    breaker = Breaker(RULE, Clock())
    for outcomes in ("ff", "sff", "sfsff"):
        for outcome in outcomes:
            ticket = probe(breaker)
            (breaker.failed if outcome == "f" else breaker.succeeded)(ticket)
        assert breaker.state == "closed"
        breaker.succeeded(probe(breaker))
    assert [breaker.failed(probe(breaker)) for _ in range(3)] == [False, False, True]
    assert breaker.state == "open"
    assert breaker.admit() is None


def test_one_probe_at_a_time_closes_it_or_opens_it_for_longer() -> None:
    clock = Clock()
    breaker = opened(clock)
    for rest in (2.0, 4.0, 5.0, 5.0):  # base × openings, never over the longest
        assert breaker.opens_in == rest
        clock.now += rest - 0.01
        assert breaker.admit() is None
        clock.now += 0.02
        ticket = probe(breaker)
        assert (breaker.state, breaker.admit()) == ("half-open", None)
        assert breaker.failed(ticket)
    clock.now += 5
    breaker.succeeded(probe(breaker))
    assert breaker.state == "closed"


def test_a_probe_whose_caller_left_makes_room_for_the_next() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2
    breaker.abandoned(probe(breaker))
    breaker.succeeded(probe(breaker))
    assert breaker.closed


def test_what_was_asked_before_it_opened_neither_closes_it_nor_opens_it_again() -> None:
    clock = Clock()
    breaker = Breaker(RULE, clock)
    early = [probe(breaker) for _ in range(9)]
    for ticket in early[:3]:
        breaker.failed(ticket)
    breaker.succeeded(early[3])
    breaker.failed(early[4])
    assert (breaker.state, breaker.openings) == ("open", 1)
    clock.now += 2
    ticket = probe(breaker)
    breaker.failed(early[5])
    breaker.abandoned(early[6])
    assert breaker.admit() is None, "the probe is still on its way"
    breaker.succeeded(ticket)
    breaker.failed(early[7])
    assert (breaker.state, breaker.failures) == ("closed", 0)


@pytest.mark.parametrize(("healthy", "rest"), [(4.9, 4.0), (5.0, 2.0)])
def test_a_time_of_health_makes_the_next_rest_short_again(healthy: float, rest: float) -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2
    breaker.succeeded(probe(breaker))
    clock.now += healthy
    for _ in range(3):
        breaker.failed(probe(breaker))
    assert breaker.opens_in == rest


def test_where_it_may_not_open_it_opens_at_the_first_failure_after_it_may() -> None:
    breaker = Breaker(RULE, Clock())
    for _ in range(7):
        assert not breaker.failed(probe(breaker), may_open=False)
    assert breaker.closed
    assert breaker.failed(probe(breaker))


@dataclass
class Model:
    """The rule in words: a list of what happened since the last change of state."""

    row: int = 0
    until: float | None = None
    probing: Ticket | None = None
    generation: int = 0


class Machine(RuleBasedStateMachine):
    """Any order of asking, waiting and reporting, late reports too."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = Breaker(RULE, self.clock)
        self.model = Model()
        self.out: list[tuple[Ticket, int]] = []

    @rule()
    def ask(self) -> None:
        model = self.model
        expected = model.until is None or (self.clock.now >= model.until and model.probing is None)
        assert self.breaker.ready == expected
        ticket = self.breaker.admit()
        assert (ticket is not None) == expected
        if ticket is None:
            return
        if model.until is not None:
            model.generation += 1
            model.probing = ticket
        self.out.append((ticket, model.generation))

    @rule(seconds=st.sampled_from([0.5, 1.9, 2.0, 6.0]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @precondition(lambda self: self.out)
    @rule(data=st.data(), outcome=st.sampled_from(["succeeded", "failed", "abandoned"]))
    def report(self, data: st.DataObject, outcome: str) -> None:
        ticket, generation = self.out.pop(data.draw(st.integers(0, len(self.out) - 1)))
        getattr(self.breaker, outcome)(ticket)
        model = self.model
        if generation != model.generation:
            return
        if outcome == "abandoned":
            model.probing = None
        elif outcome == "succeeded":
            model.row = 0
            if model.until is not None:
                model.until, model.probing = None, None
                model.generation += 1
        else:
            model.row += 1
            if model.until is not None or model.row >= RULE.failures:
                model.until, model.probing = self.breaker.opens_in + self.clock.now, None
                model.generation += 1
                assert RULE.base <= self.breaker.opens_in <= RULE.longest

    @invariant()
    def the_states_agree(self) -> None:
        model = self.model
        if model.until is None:
            assert self.breaker.state == "closed"
        elif model.probing is not None or self.clock.now >= model.until:
            assert self.breaker.state == "half-open"
        else:
            assert self.breaker.state == "open"


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
