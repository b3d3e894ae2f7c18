"""Funding: yes, no or not known, what to ask next, and the calendar in Paris (R8, R9)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.deadlines import Window
from diagnostic.opportunities.eligibility import Eligibility, assess
from diagnostic.opportunities.facts import FACTS, check_facts
from diagnostic.organisations.company import REGIONS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LABEL = {"fr": "x", "en": "y"}


def rule(code: str, *tests: tuple[str, str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "label": LABEL,
        "any_of": [{"fact": fact, "op": op, "value": value} for fact, op, value in tests],
    }


def opportunity(*rules: dict[str, Any], **fields: Any) -> Opportunity:
    return Opportunity.model_validate(
        {
            "code": "X-1",
            "title": LABEL,
            "operator": LABEL,
            "nature": "grant",
            "summary": LABEL,
            "rules": list(rules),
            "source": "test",
            "vintage": "2026-11",
        }
        | fields
    )


REV3 = opportunity(
    rule("headcount", ("headcount", "lte", 250)),
    rule("region", ("region_code", "eq", "32")),
    rule("de_minimis", ("de_minimis_eur", "lt", 300_000)),
)
FINE = {"headcount": 24, "region_code": "32", "de_minimis_eur": 0}


@pytest.mark.parametrize(
    ("headcount", "status"),
    [(250, "eligible"), (251, "ineligible"), (0, "eligible")],
)
def test_r8_the_published_limit_is_included(headcount: int, status: str) -> None:
    assert assess(REV3, FINE | {"headcount": headcount}, NOW).status == status


def test_r8_an_unknown_headcount_is_neither_yes_nor_no() -> None:
    verdict = assess(REV3, FINE | {"headcount": None}, NOW)
    assert verdict.status is Eligibility.UNKNOWN
    assert verdict.missing == ("headcount",)
    assert verdict.as_json("fr")["missing"] == [
        {"fact": "headcount", "question": FACTS["headcount"][1].fr}
    ]


def test_r8_a_department_is_not_a_region() -> None:
    found = check_facts(FINE | {"region_code": "59"})
    assert [(one.pointer, one.code) for one in found] == [("/region_code", "fact_misfit")]
    assert "59" not in REGIONS
    assert "32" in REGIONS


@pytest.mark.parametrize(
    ("received", "status"),
    [(299_999, "eligible"), (299_999.99, "eligible"), (300_000, "ineligible"), (None, "unknown")],
)
def test_r9_de_minimis_stops_before_its_limit(received: float | None, status: str) -> None:
    assert assess(REV3, FINE | {"de_minimis_eur": received}, NOW).status == status


def test_one_broken_rule_is_a_no_even_when_facts_are_missing() -> None:
    verdict = assess(REV3, {"region_code": "11"}, NOW)
    assert verdict.status is Eligibility.INELIGIBLE
    assert [one.code for one in verdict.failed] == ["region"]
    assert verdict.missing == ("headcount", "de_minimis_eur")


def test_facts_to_ask_follow_the_rules() -> None:
    assert REV3.required_facts == ("headcount", "region_code", "de_minimis_eur")
    assert assess(REV3, {}, NOW).missing == REV3.required_facts


@pytest.mark.parametrize(
    ("facts", "status", "missing"),
    [
        ({"turnover_eur": 50_000_000}, "eligible", ()),
        ({"turnover_eur": 50_000_001}, "unknown", ("balance_sheet_eur",)),
        ({"turnover_eur": 60_000_000, "balance_sheet_eur": 43_000_000}, "eligible", ()),
        ({"turnover_eur": 60_000_000, "balance_sheet_eur": 44_000_000}, "ineligible", ()),
        ({}, "unknown", ("turnover_eur", "balance_sheet_eur")),
    ],
)
def test_one_of_two_conditions_is_enough(
    facts: dict[str, Any], status: str, missing: tuple[str, ...]
) -> None:
    either = opportunity(
        rule(
            "size",
            ("turnover_eur", "lte", 50_000_000),
            ("balance_sheet_eur", "lte", 43_000_000),
        )
    )
    verdict = assess(either, facts, NOW)
    assert (verdict.status, verdict.missing) == (status, missing)


def test_nobody_is_told_yes_when_the_rules_are_not_all_known() -> None:
    vague = opportunity(rules_complete=False)
    assert assess(vague, {}, NOW).status is Eligibility.UNKNOWN
    assert assess(opportunity(), {}, NOW).status is Eligibility.ELIGIBLE


@pytest.mark.parametrize(
    ("operator", "value", "headcount", "status"),
    [
        ("gt", 10, 10, "ineligible"),
        ("gt", 10, 11, "eligible"),
        ("gte", 10, 10, "eligible"),
        ("eq", 10, 11, "ineligible"),
    ],
)
def test_comparisons_mean_what_they_say(
    operator: str, value: int, headcount: int, status: str
) -> None:
    one = opportunity(rule("headcount", ("headcount", operator, value)))
    assert assess(one, {"headcount": headcount}, NOW).status == status


def test_a_region_among_several() -> None:
    several = opportunity(rule("region", ("region_code", "in", ["32", "11"])))
    assert assess(several, {"region_code": "11"}, NOW).status == "eligible"
    assert assess(several, {"region_code": "84"}, NOW).status == "ineligible"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 8, 31, 21, 59, tzinfo=UTC), Window.UPCOMING),
        (datetime(2026, 8, 31, 22, 0, tzinfo=UTC), Window.OPEN),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), Window.OPEN),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), Window.CLOSED),
    ],
)
def test_days_are_those_of_paris_and_the_last_one_counts(now: datetime, expected: Window) -> None:
    dated = opportunity(opens_on="2026-09-01", closes_on="2026-12-31")
    assert assess(dated, {}, now).window is expected


def test_without_dates_it_is_open() -> None:
    assert assess(REV3, FINE, NOW).window is Window.OPEN


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("headcount", "24"),
        ("headcount", -1),
        ("headcount", 24.5),
        ("headcount", True),
        ("de_minimis_eur", float("nan")),
        ("de_minimis_eur", float("inf")),
        ("de_minimis_eur", -0.01),
        ("de_minimis_eur", "0"),
        ("project_started", 0),
        ("project_started", "non"),
        ("region_code", 32),
        ("region_code", "032"),
        ("region_code", ["32"]),
    ],
)
def test_a_fact_is_never_coerced(fact: str, value: Any) -> None:
    found = check_facts({fact: value})
    assert [(one.pointer, one.code) for one in found] == [(f"/{fact}", "fact_misfit")]


def test_every_bad_fact_is_named_at_once() -> None:
    found = check_facts({"headcount": -1, "age/~": 3, "region_code": "59", "turnover_eur": None})
    assert [(one.pointer, one.code) for one in found] == [
        ("/headcount", "fact_misfit"),
        ("/age~1~0", "fact_unknown"),
        ("/region_code", "fact_misfit"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        ("region_code", "eq", "59"),
        ("region_code", "lt", "32"),
        ("headcount", "in", 3),
        ("headcount", "lte", "250"),
        ("headcount", "lte", ["1"]),
        ("project_started", "eq", 0),
        ("shoe_size", "eq", 43),
    ],
)
def test_a_rule_that_could_not_be_judged_is_refused(bad: tuple[str, str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        opportunity(rule("bad", bad))


def test_a_broken_rule_is_told_in_the_language_asked() -> None:
    verdict = assess(REV3, FINE | {"headcount": 900}, NOW)
    assert verdict.as_json("en")["failed"] == [
        {"code": "headcount", "label": "y", "condition": "headcount <= 250"}
    ]
    assert verdict.as_json("fr")["failed"] == [
        {"code": "headcount", "label": "x", "condition": "headcount <= 250"}
    ]
