"""The states of a diagnostic: the table of the design, and no other way from one to the next."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from diagnostic.assessments.lifecycle import Verb, after
from diagnostic.assessments.models import SCORED, VOID, WRITABLE, Status
from tests.diagnostic.acting import BASE, Acting

EDGES = {
    ("in_progress", "submit"): "submitted",
    ("amended", "submit"): "submitted",
    ("submitted", "start-review"): "in_review",
    ("submitted", "request-changes"): "amended",
    ("in_review", "request-changes"): "amended",
    ("in_review", "validate"): "validated",
    ("validated", "deliver"): "delivered",
    ("submitted", "amend"): "amended",
    ("in_review", "amend"): "amended",
    ("validated", "amend"): "amended",
    ("delivered", "amend"): "amended",
    ("in_progress", "abandon"): "abandoned",
    ("amended", "abandon"): "abandoned",
    ("in_progress", "enter-in-error"): "entered_in_error",
    ("submitted", "enter-in-error"): "entered_in_error",
    ("in_review", "enter-in-error"): "entered_in_error",
    ("validated", "enter-in-error"): "entered_in_error",
    ("delivered", "enter-in-error"): "entered_in_error",
    ("amended", "enter-in-error"): "entered_in_error",
    ("abandoned", "enter-in-error"): "entered_in_error",
}
"""Written a second time on purpose: from the design, §3c, and not from the code."""


@given(st.sampled_from(Status), st.sampled_from(Verb))
def test_no_step_leads_anywhere_that_the_design_does_not_say(status: Status, verb: Verb) -> None:
    assert after(verb, status) == EDGES.get((status, verb))


def test_every_state_is_writable_or_scored_or_void_and_only_one_of_them() -> None:
    assert sorted([*WRITABLE, *SCORED, *VOID]) == sorted(Status)


class Life(RuleBasedStateMachine):
    """Walk at random: whatever is tried, a scored revision is never opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status.IN_PROGRESS
        self.scored = 0
        self.revision = 1

    @rule(verb=st.sampled_from(Verb))
    def step(self, verb: Verb) -> None:
        target = after(verb, self.status)
        if target is None:
            return
        if target is Status.AMENDED:
            self.revision += 1
        if target is Status.SUBMITTED:
            assert self.status in WRITABLE
            self.scored += 1
        self.status = target

    @invariant()
    def each_revision_is_scored_at_most_once(self) -> None:
        assert self.scored in {self.revision, self.revision - 1}
        assert (self.status in SCORED) <= (self.scored == self.revision)
        assert (self.status in WRITABLE) <= (self.scored == self.revision - 1)


TestLife = Life.TestCase


@pytest.mark.parametrize("status", Status)
async def test_over_http_each_state_lets_pass_what_the_table_says(
    acting: Acting, sql: asyncpg.Connection, mini_ia: dict[str, Any], status: Status
) -> None:
    for verb in Verb:
        started = await acting.assessment()
        await acting.answer_all(started["id"], BASE)
        await sql.execute(
            "UPDATE diagnostic.assessment SET status = $2 WHERE id = $1::uuid",
            started["id"],
            status,
        )
        response = await acting.post(
            f"/v1/assessments/{started['id']}/{verb}", {"reason": "Essai de chaque étape."}
        )
        target = EDGES.get((status, verb))
        shown = (await acting.get(f"/v1/assessments/{started['id']}")).json()
        if target is None:
            refusal = "assessment-closed" if verb is Verb.SUBMIT else "step-refused"
            assert (response.status_code, response.json()["code"]) == (409, refusal)
            assert (shown["status"], shown["revision"]) == (status, 1)
        else:
            assert response.status_code == 200, response.text
            assert shown["status"] == target
            assert shown["revision"] == (2 if target == "amended" else 1)
