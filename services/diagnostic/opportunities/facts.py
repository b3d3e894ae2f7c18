"""What a rule may ask about a company, and which values such a fact can have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from diagnostic.organisations.company import REGIONS
from diagnostic.questionnaires.grid import Finding, Label

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

EXPECTED: Mapping[Kind, tuple[str, str]] = {
    "count": ("un nombre entier positif ou nul", "a whole number from 0"),
    "amount": ("un montant positif ou nul", "an amount from 0"),
    "boolean": ("true ou false", "true or false"),
    "region": (
        "un code de région de l’INSEE (32 : Hauts-de-France), pas un code de département",
        "a region code of INSEE (32: Hauts-de-France), not the code of a department",
    ),
}
"""What to send, in French and in English."""


def check_facts(facts: Mapping[str, Any]) -> list[Finding]:
    """Every fact that is unknown, of the wrong type or impossible; null means not known."""
    return list(_fact_faults(facts))


def fits(kind: Kind, value: object) -> bool:
    """Tell whether a fact of this kind can have this value; nothing is coerced."""
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
        elif value is not None and not fits(FACTS[name][0], value):
            fr, en = EXPECTED[FACTS[name][0]]
            yield Finding(
                pointer,
                "fact_misfit",
                f"La valeur attendue est {fr}.",
                f"Expected {en}.",
            )
