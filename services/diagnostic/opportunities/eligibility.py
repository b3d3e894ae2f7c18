"""Whether a company can have a public aid: yes, no, or not known yet, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from diagnostic.opportunities.comparisons import comparisons, decide, open_facts
from diagnostic.opportunities.content import Opportunity, Rule
from diagnostic.opportunities.deadlines import Period, Window, moment, window
from diagnostic.opportunities.facts import FACTS, Kind
from diagnostic.organisations.company import REGIONS
from diagnostic.questionnaires.grid import Language


class Eligibility(StrEnum):
    """Unknown: no rule is broken, but a fact is missing, or a rule is not known to us."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer on one opportunity; `missing` is in the order in which to ask."""

    status: Eligibility
    missing: tuple[str, ...]
    failed: tuple[Rule, ...]
    window: Window

    def as_json(self, language: Language = "fr") -> dict[str, Any]:
        """Put it in words: the rules broken and the questions to ask."""
        return {
            "status": str(self.status),
            "window": str(self.window),
            "failed": [
                {"code": rule.code, "label": rule.label.text(language), "condition": rule.source}
                for rule in self.failed
            ],
            "missing": [
                {"fact": fact, "question": FACTS[fact][1].text(language)} for fact in self.missing
            ],
        }


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The missing fact that decides most: aids that any answer settles, and that some may."""

    fact: str
    settles: tuple[str, ...]
    may_settle: tuple[str, ...]


def assess(opportunity: Opportunity, facts: Mapping[str, Any], now: datetime | Period) -> Verdict:
    """Judge checked facts by every rule: one broken is a no, else one undecided is unknown."""
    period = moment(now) if isinstance(now, datetime) else now
    failed = tuple(one for one in opportunity.rules if decide(one.node, facts) is False)
    missing = tuple(
        dict.fromkeys(fact for rule in opportunity.rules for fact in open_facts(rule.node, facts))
    )
    status = Eligibility.ELIGIBLE
    if failed:
        status = Eligibility.INELIGIBLE
    elif missing or not opportunity.rules_complete:
        status = Eligibility.UNKNOWN
    stands = window(opportunity.opens_at, opportunity.closes_at, period)
    return Verdict(status, missing, failed, stands)


def next_question(
    judged: Iterable[tuple[Opportunity, Verdict]], facts: Mapping[str, Any], period: Period
) -> NextQuestion | None:
    """Choose the fact whose answer surely settles most aids not closed, then may settle most."""
    settles: dict[str, list[str]] = {}
    may_settle: dict[str, list[str]] = {}
    for aid, verdict in judged:
        if verdict.status is not Eligibility.UNKNOWN or verdict.window is Window.CLOSED:
            continue
        for fact in verdict.missing:
            known = [
                assess(aid, {**facts, fact: value}, period).status is not Eligibility.UNKNOWN
                for value in telling_values(aid, fact)
            ]
            if all(known):
                settles.setdefault(fact, []).append(aid.code)
            elif any(known):
                may_settle.setdefault(fact, []).append(aid.code)
    ranked = sorted(
        (one for one in FACTS if one in settles or one in may_settle),
        key=lambda fact: (-len(settles.get(fact, ())), -len(may_settle.get(fact, ()))),
    )
    if not ranked:
        return None
    fact = ranked[0]
    return NextQuestion(fact, tuple(settles.get(fact, ())), tuple(may_settle.get(fact, ())))


def telling_values(opportunity: Opportunity, fact: str) -> list[Any]:
    """List values of a fact of which one stands for any other: the rules tell no more apart."""
    named: set[Any] = set()
    for rule in opportunity.rules:
        for test in comparisons(rule.node):
            if test.fact == fact:
                named |= set(test.value) if isinstance(test.value, tuple) else {test.value}
    return list(_values(FACTS[fact][0], named))


def _values(kind: Kind, named: set[Any]) -> Iterator[Any]:
    match kind:
        case "boolean":
            yield from (False, True)
        case "region":
            yield from sorted(named)
            yield from sorted(REGIONS - named)[:1]
        case "count":
            yield from sorted(
                {one + step for one in named for step in (-1, 0, 1) if one + step >= 0}
            )
        case "amount":
            limits = sorted(named)
            yield from limits
            yield from ((low + high) / 2 for low, high in zip([0, *limits], limits, strict=False))
            yield limits[-1] + 1
