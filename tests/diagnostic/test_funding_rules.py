"""Rules in CEL, what they leave open, the one question that decides most, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import cel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.opportunities import conditions
from diagnostic.opportunities.comparisons import Node, decide, open_facts
from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.deadlines import moment
from diagnostic.opportunities.eligibility import Eligibility, assess, next_question, telling_values
from diagnostic.opportunities.lint import lint
from diagnostic.organisations.company import REGIONS
from tests.diagnostic.test_eligibility import opportunity, rule

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def condition(source: str, code: str = "one") -> dict[str, Any]:
    return {"code": code, "label": {"fr": "x"}, "condition": source}


def read(source: str) -> Node:
    found = conditions.read(source)
    assert found.node is not None, found.faults
    return found.node


def codes(source: str) -> list[str]:
    return [code for code, _, _ in conditions.read(source).faults]


@pytest.mark.parametrize(
    ("source", "facts", "met", "missing"),
    [
        ("headcount <= 250", {"headcount": 250}, True, []),  # R8, as it is published
        ("headcount < 250", {"headcount": 250}, False, []),
        ("headcount <= 250", {}, None, ["headcount"]),
        ("de_minimis_eur < 300000", {"de_minimis_eur": 299_999}, True, []),  # R9
        ("de_minimis_eur < 300000", {"de_minimis_eur": 300_000}, False, []),
        ("de_minimis_eur < 300000", {"de_minimis_eur": None}, None, ["de_minimis_eur"]),
        ("headcount < 10 && is_independent", {"headcount": 12}, False, []),
        ("headcount < 10 || is_independent", {"headcount": 2}, True, []),
        ("headcount < 10 && is_independent", {"headcount": 2}, None, ["is_independent"]),
        ("!in_difficulty && !(headcount > 5)", {"in_difficulty": False}, None, ["headcount"]),
        ("region_code in ['32', '11']", {"region_code": "84"}, False, []),
        ("region_code != '32'", {"region_code": "32"}, False, []),
        ("project_started == false", {"project_started": False}, True, []),
        (
            "headcount < 250 && (turnover_eur <= 50000000 || balance_sheet_eur <= 43000000.0)",
            {"headcount": 12, "turnover_eur": 60_000_000},
            None,
            ["balance_sheet_eur"],
        ),
    ],
)
def test_a_condition_is_decided_in_three_values(
    source: str, facts: dict[str, Any], *, met: bool | None, missing: list[str]
) -> None:
    assert decide(read(source), facts) is met
    assert list(open_facts(read(source), facts)) == missing


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("headcount <= '250'", ["value_misfit"]),
        ("region_code == '59'", ["value_misfit"]),  # R8: a department
        ("region_code < '32'", ["fact_unordered"]),
        ("de_minimis_eur < " + "9" * 400, ["value_misfit"]),
        ("shoe_size > 3 && headcount && region_code in ['99']",
         ["fact_unknown", "fact_not_boolean", "value_misfit"]),
        ("headcount in 5", ["condition_syntax"]),
        ("250 >= headcount", ["condition_syntax"]),
        ("headcount <", ["condition_syntax"]),
        ("headcount < 5 headcount", ["condition_syntax"]),
        ("", ["condition_syntax"]),
        ("facts.headcount < 5", ["fact_unknown", "condition_syntax"]),
        ("size(headcount) < 5", ["fact_unknown", "condition_syntax"]),
        ("[1].all(x, x < 2)", ["condition_syntax"]),
        ("headcount < 5 ; DROP", ["condition_syntax"]),
        ("!" * 100 + "in_difficulty", ["condition_too_deep"]),
        ("(" * 400, ["condition_too_deep"]),
        ("headcount < 5 || " * 40 + "headcount < 5", ["condition_too_long"]),
        ("x" * 100_000, ["condition_too_long"]),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_told_with_all_its_faults(source: str, expected: list[str]) -> None:
    assert codes(source) == expected


SIGNS = ["<", "<=", ">", ">=", "==", "!="]
NUMBERS = st.integers(0, 9)
LEAVES = st.one_of(
    st.builds("headcount {} {}".format, st.sampled_from(SIGNS), NUMBERS),
    st.builds("headcount in [{}, {}]".format, NUMBERS, NUMBERS),
    st.builds("region_code {} '32'".format, st.sampled_from(SIGNS[4:])),
    st.sampled_from(["in_difficulty", "in_difficulty == false"]),
)  # fmt: skip
SOURCES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({} && {})".format, inner, inner),
        st.builds("{} || {}".format, inner, inner),
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries(
    {
        "headcount": st.integers(0, 10),
        "region_code": st.sampled_from(["32", "11", "84"]),
        "in_difficulty": st.booleans(),
    }
)


@given(SOURCES, FACTS)
@settings(max_examples=60)
def test_with_all_facts_it_says_what_an_engine_of_cel_says(
    source: str, facts: dict[str, Any]
) -> None:
    assert decide(read(source), facts) is cel.compile(source).execute(facts)


@given(SOURCES, FACTS, st.sets(st.sampled_from(["headcount", "region_code", "in_difficulty"])))
@settings(max_examples=60)
def test_what_is_decided_without_a_fact_is_so_whatever_the_fact(
    source: str, facts: dict[str, Any], hidden: set[str]
) -> None:
    known = {name: value for name, value in facts.items() if name not in hidden}
    node = read(source)
    early = decide(node, known)
    assert early in {None, decide(node, facts)}
    assert (early is None) == bool(set(open_facts(node, known)))
    assert set(open_facts(node, known)) <= hidden


@given(SOURCES, FACTS)
@settings(max_examples=60)
def test_the_telling_values_stand_for_all_others(source: str, facts: dict[str, Any]) -> None:
    aid = opportunity(condition(source))
    others = {name: value for name, value in facts.items() if name != "headcount"}
    tried = telling_values(aid, "headcount")
    told = {decide(read(source), {**others, "headcount": value}) for value in tried}
    assert not tried or told >= {decide(read(source), facts)}
    regions = telling_values(aid, "region_code")
    assert set(regions) <= REGIONS


def asked(*aids: Opportunity, **facts: Any) -> Any:
    period = moment(NOW)
    return next_question([(one, assess(one, facts, NOW)) for one in aids], facts, period)


def test_the_question_asked_next_is_the_one_that_settles_most() -> None:
    size = rule("size", ("headcount", "lte", 250))
    small = opportunity(size, code="SMALL")
    both = opportunity(size, rule("started", ("project_started", "eq", False)), code="BOTH")
    other = opportunity(rule("started", ("project_started", "eq", False)), code="OTHER")
    vague = opportunity(size, code="VAGUE", rules_complete=False)

    first = asked(small, both, vague, other)
    assert (first.fact, first.settles, first.may_settle) == (
        "headcount",
        ("SMALL",),
        ("BOTH", "VAGUE"),  # only a no settles them
    )
    then = asked(small, both, vague, other, headcount=12)
    assert (then.fact, then.settles) == ("project_started", ("BOTH", "OTHER"))
    assert asked(small, both, other, headcount=12, project_started=False) is None
    assert asked(vague, headcount=12) is None


def test_nothing_is_asked_for_what_is_closed() -> None:
    closed = opportunity(rule("size", ("headcount", "lte", 250)), closes_on="2026-11-26")
    assert assess(closed, {}, NOW).status is Eligibility.UNKNOWN
    assert asked(closed) is None


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"rules": [condition("headcount < 5"), condition("headcount < 6")]},
         {"/rules/0/code": "rule_code_repeated", "/rules/1/code": "rule_code_repeated"}),
        ({"rules": [condition("headcount < 5 && headcount > 9")]}, {"/rules": "rules_contradict"}),
        ({"rules": [condition("headcount < 5"), condition("headcount > 9", "two")]},
         {"/rules": "rules_contradict"}),
        ({"rules": [condition("a < 5"), condition("headcount <", "two")], "rate_min": 0.5,
          "rate_max": 0.25, "closes_time": "17:00"},
         {"/rules/0/condition": "fact_unknown", "/rules/1/condition": "condition_syntax",
          "/rate_max": "rates_disordered", "/closes_time": "hour_without_day"}),
        ({"perimeter": {"scale": "region", "regions": ["59"]}},
         {"/perimeter/regions/0": "region_unknown", "/rules": "perimeter_without_rule"}),
        ({"perimeter": {"scale": "country", "regions": ["32"]}},
         {"/perimeter/regions": "regions_misplaced"}),
        ({"recurrence": "ongoing", "closes_on": "2027-01-01"},
         {"/closes_on": "ongoing_with_deadline"}),
        ({"opens_on": "2027-02-01", "closes_on": "2027-01-01"}, {"/closes_on": "dates_disordered"}),
        ({"opens_on": "2027-02-01", "pre_deposit_on": "2027-03-01", "closes_on": "2027-02-15"},
         {"/closes_on": "dates_disordered"}),
        ({"closes_on": "2027-03-28", "closes_time": "02:30"}, {"/closes_time": "hour_skipped"}),
        ({"closes_on": "2027-10-31", "closes_time": "02:30"}, {}),  # twice: there is one
        ({"rules": [condition("region_code == '32'")],
          "perimeter": {"scale": "region", "regions": ["32"]}, "opens_on": "2027-01-04",
          "pre_deposit_on": "2027-02-01", "closes_on": "2027-02-01"}, {}),
    ],
)  # fmt: skip
def test_every_fault_of_an_aid_is_found_at_once(
    fields: dict[str, Any], faults: dict[str, str]
) -> None:
    found = lint(opportunity(*fields.pop("rules", ()), **fields))
    assert {one.pointer: one.code for one in found} == faults
