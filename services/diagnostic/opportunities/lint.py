"""Everything that is wrong with an aid as it was written, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from math import prod

from diagnostic.opportunities import conditions
from diagnostic.opportunities.comparisons import comparisons, decide
from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.deadlines import exists
from diagnostic.opportunities.eligibility import telling_values
from diagnostic.organisations.company import REGIONS
from diagnostic.questionnaires.grid import Finding

MOST_TRIALS = 20_000
"""How many comparisons are made to find a company that the rules let through."""


def lint(content: Opportunity) -> list[Finding]:
    """Check what the form alone does not."""
    unread = list(_conditions(content))
    found = [*_codes(content), *unread, *_dates(content), *_amounts(content)]
    if unread:
        return found
    return [*found, *_perimeter(content), *_contradiction(content)]


def _codes(content: Opportunity) -> Iterator[Finding]:
    counted = Counter(rule.code for rule in content.rules)
    for place, rule in enumerate(content.rules):
        if counted[rule.code] > 1:
            yield Finding(
                f"/rules/{place}/code",
                "rule_code_repeated",
                "Plusieurs règles portent ce code.",
                "Several rules have this code.",
            )


def _conditions(content: Opportunity) -> Iterator[Finding]:
    for place, rule in enumerate(content.rules):
        if rule.condition is not None:
            for fault in conditions.read(rule.condition).faults:
                yield Finding(f"/rules/{place}/condition", *fault)


def _dates(content: Opportunity) -> Iterator[Finding]:
    for name in ("opens", "pre_deposit", "closes"):
        day, hour = getattr(content, f"{name}_on"), getattr(content, f"{name}_time")
        if hour is None:
            continue
        if day is None:
            yield Finding(
                f"/{name}_time",
                "hour_without_day",
                "Une heure demande son jour.",
                "An hour needs its day.",
            )
        elif not exists(day, hour):
            yield Finding(
                f"/{name}_time",
                "hour_skipped",
                f"Le {day}, l’horloge passe de 02:00 à 03:00 à Paris : cette heure n’existe pas.",
                f"On {day} clocks in Paris go from 02:00 to 03:00: there is no such hour.",
            )
    if content.recurrence == "ongoing" and content.closes_on is not None:
        yield Finding(
            "/closes_on",
            "ongoing_with_deadline",
            "Une aide permanente n’a pas de date de clôture.",
            "An ongoing aid has no closing day.",
        )
    ends = [
        ("/opens_on", content.opens_at),
        ("/pre_deposit_on", content.pre_deposit_ends_at),
        ("/closes_on", content.closes_at),
    ]
    known = [(pointer, instant) for pointer, instant in ends if instant is not None]
    for (_, before), (pointer, after) in pairwise(known):
        if before > after or (before == after and pointer == "/pre_deposit_on"):
            yield Finding(
                pointer,
                "dates_disordered",
                "L’ouverture, le pré-dépôt et la clôture se suivent.",
                "Opening, pre-deposit and closing follow one another.",
            )


def _amounts(content: Opportunity) -> Iterator[Finding]:
    low, high = content.rate_min, content.rate_max
    if low is not None and high is not None and low > high:
        yield Finding(
            "/rate_max",
            "rates_disordered",
            "Le taux maximal est inférieur au taux minimal.",
            "The highest rate is below the lowest.",
        )


def _perimeter(content: Opportunity) -> Iterator[Finding]:
    where = content.perimeter
    if where is None:
        return
    for place, code in enumerate(where.regions):
        if code not in REGIONS:
            yield Finding(
                f"/perimeter/regions/{place}",
                "region_unknown",
                "Ce n’est pas le code INSEE d’une région (32 : Hauts-de-France ; 59 est un"
                " département).",
                "Not the INSEE code of a region (32: Hauts-de-France; 59 is a department).",
            )
    if bool(where.regions) != (where.scale == "region"):
        yield Finding(
            "/perimeter/regions",
            "regions_misplaced",
            "Des régions sont données pour le périmètre « region », et lui seul.",
            "Regions are given for the perimeter `region`, and for it only.",
        )
    if where.scale == "region" and "region_code" not in content.required_facts:
        yield Finding(
            "/rules",
            "perimeter_without_rule",
            "Un périmètre régional demande une règle sur « region_code », telle qu’elle est"
            " publiée.",
            "A regional perimeter needs a rule on region_code, as it is published.",
        )


def _contradiction(content: Opportunity) -> Iterator[Finding]:
    """Try every company that the rules can tell from another, where they are not too many."""
    nodes = [rule.node for rule in content.rules]
    values = [telling_values(content, fact) for fact in content.required_facts]
    tests = sum(1 for node in nodes for _ in comparisons(node))
    if prod(map(len, values)) * tests > MOST_TRIALS:
        return
    for tried in product(*values):
        facts = dict(zip(content.required_facts, tried, strict=True))
        if all(decide(node, facts) for node in nodes):
            return
    yield Finding(
        "/rules",
        "rules_contradict",
        "Aucune entreprise ne peut remplir toutes ces règles.",
        "No company can meet all these rules.",
    )
