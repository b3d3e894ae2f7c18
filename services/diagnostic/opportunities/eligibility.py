"""Whether a company can have a public aid: yes, no, or not known yet, and what to ask next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from diagnostic.questionnaires.grid import Content, Finding, Label, Language
from diagnostic.questionnaires.scalars import Share

PARIS = ZoneInfo("Europe/Paris")

REGIONS = frozenset(
    f"{code:02}" for code in (1, 2, 3, 4, 6, 11, 24, 27, 28, 32, 44, 52, 53, 75, 76, 84, 93, 94)
)
"""Codes of the regions by INSEE, since 2016."""

Kind = Literal["count", "amount", "boolean", "region"]
FactName = Literal[
    "headcount", "region_code", "de_minimis_eur", "project_started", "turnover_eur",
    "balance_sheet_eur", "is_independent", "in_difficulty",
]  # fmt: skip

FACTS: Mapping[str, tuple[Kind, Label]] = {
    "headcount": (
        "count",
        Label(fr="Effectif salarié de l’entreprise", en="Number of employees of the company"),
    ),
    "region_code": (
        "region",
        Label(fr="Région du siège ou de l’établissement", en="Region of the company's site"),
    ),
    "de_minimis_eur": (
        "amount",
        Label(
            fr="Aides de minimis reçues sur trois ans, en euros",
            en="De minimis aid received over three years, in euros",
        ),
    ),
    "project_started": (
        "boolean",
        Label(
            fr="Le projet a-t-il déjà commencé (devis signé, commande passée) ?",
            en="Has the project already started (quote signed, order placed)?",
        ),
    ),
    "turnover_eur": (
        "amount",
        Label(fr="Chiffre d’affaires annuel, en euros", en="Annual turnover, in euros"),
    ),
    "balance_sheet_eur": (
        "amount",
        Label(fr="Total du bilan, en euros", en="Balance sheet total, in euros"),
    ),
    "is_independent": (
        "boolean",
        Label(
            fr="L’entreprise est-elle indépendante d’un groupe ?",
            en="Is the company independent of any group?",
        ),
    ),
    "in_difficulty": (
        "boolean",
        Label(
            fr="L’entreprise est-elle en difficulté au sens européen ?",
            en="Is the company in difficulty in the European sense?",
        ),
    ),
}
"""What a rule may ask about a company: the kind of value, and the question to put to it."""

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr


class Comparison(Content):
    """One comparison of a published rule, kept as its operator words it."""

    fact: FactName
    op: Literal["lt", "lte", "gt", "gte", "eq", "in"]
    value: Scalar | tuple[StrictStr, ...]

    @model_validator(mode="after")
    def _comparable(self) -> Comparison:
        kind = FACTS[self.fact][0]
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        if (self.op == "in") != isinstance(self.value, tuple):
            raise ValueError("`in` takes a list, and only `in`")
        if not all(_fits(kind, one) for one in values):
            raise ValueError(f"a value does not fit the fact {self.fact}")
        if kind in {"boolean", "region"} and self.op not in {"eq", "in"}:
            raise ValueError(f"{self.fact} has no order")
        return self


class Rule(Content):
    """Met as soon as one of its tests is met."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Label
    any_of: Annotated[tuple[Comparison, ...], Field(min_length=1)]


class Opportunity(Content):
    """A funding as its operator publishes it; a figure nobody published is null, with a note.

    Without `rules_complete`, its rules are not all known or not all facts, so nobody is told yes.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{1,47}$")]
    title: Label
    operator: Label
    nature: Literal["grant", "loan", "expert", "voucher", "training", "tax_credit"]
    is_call_for_projects: StrictBool = False
    summary: Label
    opens_on: date | None = None
    closes_on: date | None = None
    rate_min: Share | None = None
    rate_max: Share | None = None
    cap_eur: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    note: Label | None = None
    rules: tuple[Rule, ...] = ()
    rules_complete: StrictBool = True
    source: Annotated[str, Field(min_length=1)]
    source_url: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    vintage: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]

    @property
    def required_facts(self) -> tuple[str, ...]:
        """What must be known for a certain answer, in the order of the rules."""
        return tuple(dict.fromkeys(test.fact for rule in self.rules for test in rule.any_of))


class Eligibility(StrEnum):
    """Unknown: no rule is broken, but a fact is missing, or a rule is not known to us."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNKNOWN = "unknown"


class Window(StrEnum):
    """Whether applications are taken today, in Paris."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


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
                {"code": rule.code, "label": rule.label.text(language)} for rule in self.failed
            ],
            "missing": [
                {"fact": fact, "question": FACTS[fact][1].text(language)} for fact in self.missing
            ],
        }


def check_facts(facts: Mapping[str, Any]) -> list[Finding]:
    """Every fact that is unknown, of the wrong type or impossible; null means not known."""
    return list(_fact_faults(facts))


def assess(opportunity: Opportunity, facts: Mapping[str, Any], now: datetime) -> Verdict:
    """Judge checked facts by every rule: one broken is a no, else one undecided is unknown."""
    failed: list[Rule] = []
    missing: dict[str, None] = {}
    for rule in opportunity.rules:
        met = [_met(test, facts.get(test.fact)) for test in rule.any_of]
        if True in met:
            continue
        if None in met:
            missing |= {
                test.fact: None for test, one in zip(rule.any_of, met, strict=True) if one is None
            }
        else:
            failed.append(rule)
    status = Eligibility.ELIGIBLE
    if failed:
        status = Eligibility.INELIGIBLE
    elif missing or not opportunity.rules_complete:
        status = Eligibility.UNKNOWN
    return Verdict(status, tuple(missing), tuple(failed), window(opportunity, now))


def window(opportunity: Opportunity, now: datetime) -> Window:
    """Compare the day in Paris with the opening and closing days, both included."""
    today = now.astimezone(PARIS).date()
    if opportunity.opens_on is not None and today < opportunity.opens_on:
        return Window.UPCOMING
    if opportunity.closes_on is not None and today > opportunity.closes_on:
        return Window.CLOSED
    return Window.OPEN


def _met(test: Comparison, fact: Any) -> bool | None:  # noqa: ANN401  # JSON
    if fact is None:
        return None
    value: Any = test.value
    match test.op:
        case "lt":
            met = fact < value
        case "lte":
            met = fact <= value
        case "gt":
            met = fact > value
        case "gte":
            met = fact >= value
        case "eq":
            met = fact == value
        case "in":
            met = fact in value
    return bool(met)


_EXPECTED: Mapping[Kind, tuple[str, str]] = {
    "count": ("un nombre entier positif ou nul", "a whole number from 0"),
    "amount": ("un montant positif ou nul", "an amount from 0"),
    "boolean": ("true ou false", "true or false"),
    "region": (
        "un code de région de l’INSEE (32 : Hauts-de-France), pas un code de département",
        "a region code of INSEE (32: Hauts-de-France), not the code of a department",
    ),
}


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "region":
            return isinstance(value, str) and value in REGIONS
        case "count":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "amount":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            return 0 <= value < math.inf


def _fact_faults(facts: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in facts.items():
        pointer = "/" + name[:64].replace("~", "~0").replace("/", "~1")
        if name not in FACTS:
            known = ", ".join(FACTS)
            yield Finding(
                pointer,
                "fact_unknown",
                f"Information inconnue ; sont connues : {known}.",
                f"Unknown fact; the known ones are: {known}.",
            )
        elif value is not None and not _fits(FACTS[name][0], value):
            fr, en = _EXPECTED[FACTS[name][0]]
            yield Finding(
                pointer,
                "fact_misfit",
                f"La valeur attendue est {fr}.",
                f"Expected {en}.",
            )
