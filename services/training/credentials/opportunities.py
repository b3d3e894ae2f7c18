"""An offer as a LearningOpportunity of the European Learning Model 3; pure."""

from collections.abc import Callable

from training.credentials import concepts, elm, qualifications
from training.credentials.members import Members, told
from training.facts import days, fields
from training.facts.formations import (
    ActionFacts,
    Address,
    FormationFacts,
    ProviderFacts,
    SessionFacts,
    link,
)

Addressed = Callable[[str], str]
"""Gives the address of a certification's own document by its number."""


def document(facts: FormationFacts, address: str, plain: str, addressed: Addressed) -> Members:
    """Return the offer with one part for each session.

    `address` is its identity; `plain`, where it is read in our own words, stands for a homepage.
    """
    learnt = _learnt(facts, address, addressed)
    provider = _provider(facts.provider, facts.qualiopi)
    homepage = elm.page(link(facts.web) or plain)
    return told(
        _context=elm.CONTEXT,
        id=address,
        type="LearningOpportunity",
        identifier=[elm.identifier(facts.number, "numéro de formation", facts.provider.name)],
        title={"fr": facts.title},
        description={"fr": facts.objectives},
        additionalNote=[note for note in [elm.note(facts.content)] if note],
        homepage=[homepage],
        mode=[concepts.mode(one) for one in dict.fromkeys(one.mode for one in facts.actions)],
        temporal=_whole_time(facts),
        priceDetail=[price for one in facts.actions if (price := _price(one))],
        providedBy=[provider],
        learningAchievementSpecification=learnt,
        learningActivitySpecification=_activity(facts),
        defaultLanguage=concepts.language(concepts.FRENCH),
        modified=facts.updated_at,
        hasPart=[
            _part(facts, action, session, address)
            | {
                "homepage": [{"id": homepage["id"]}],
                "providedBy": [{"id": provider["id"]}],
                "learningAchievementSpecification": {"id": learnt["id"]},
            }
            for action in facts.actions
            for session in action.sessions
        ],
    )


def _part(
    facts: FormationFacts, action: ActionFacts, session: SessionFacts, address: str
) -> Members:
    enrolment = session.enrolment_period
    return told(
        id=session.id.urn,
        type="LearningOpportunity",
        identifier=[elm.identifier(f"{action.number}/{session.number}", "numéro de session")],
        title={"fr": facts.title},
        temporal=_time(session),
        mode=[concepts.mode(action.mode)],
        applicationDeadline=days.evening(enrolment.end) if enrolment else None,
        priceDetail=[price] if (price := _price(action)) else None,
        location=[_location(one.details.address) for one in action.places if one.details.address],
        defaultLanguage=concepts.language(concepts.FRENCH),
        isPartOf=[{"id": address}],
    )


def _learnt(facts: FormationFacts, address: str, addressed: Addressed) -> Members:
    """Return the one certification it leads to, or what its provider says is learnt."""
    led_to = [
        qualifications.specification(one, addressed(one.number)) for one in facts.certifications
    ]
    if len(led_to) == 1:
        return led_to[0]
    known = fields.fields_of_study(facts.domain.nsf) or [fields.UNKNOWN_FIELD]
    return told(
        id=f"{address}#learnt",
        type="LearningAchievementSpecification",
        title={"fr": facts.title},
        ISCEDFCode=[concepts.field(one) for one in known],
        language=[concepts.language(concepts.FRENCH)],
        learningOutcome=[
            {
                "type": "LearningOutcome",
                "title": {"fr": facts.title},
                "additionalNote": [elm.note(facts.expected_results)],
            }
        ],
        hasPart=led_to,
    )


def _activity(facts: FormationFacts) -> Members:
    hours = {one.hours for one in facts.actions if one.hours}
    only = hours.pop() if len(hours) == 1 else None
    return told(
        type="LearningActivitySpecification",
        title={"fr": facts.title},
        language=[concepts.language(one) for one in facts.tongues],
        mode=[concepts.mode(one) for one in dict.fromkeys(one.mode for one in facts.actions)],
        volumeOfLearning=None if only is None else f"PT{only}H",
    )


def _provider(facts: ProviderFacts, qualiopi: list[str]) -> Members:
    address = facts.details.address
    certified = elm.note("Certifié Qualiopi : " + ", ".join(qualiopi)) if qualiopi else None
    return elm.organisation(
        facts.siret,
        facts.legal_name,
        identifier=[elm.identifier(facts.activity_number, "numéro de déclaration d’activité")],
        altLabel=None if facts.name == facts.legal_name else {"fr": facts.name},
        additionalNote=[certified] if certified else None,
        homepage=[elm.page(web)] if (web := link(facts.details.web)) else None,
        location=[_location(address) if address else elm.location()],
    )


def _location(address: Address) -> Members:
    return elm.location(_written(address), address.city, address.country)


def _written(address: Address) -> str | None:
    town = " ".join(part for part in (address.postcode, address.city) if part)
    return "\n".join(part for part in (*address.lines, town) if part) or None


def _price(action: ActionFacts) -> Members | None:
    price = action.price
    if price is None:
        return None
    if price.amount is None:
        return {"type": "PriceDetail", "description": {"fr": price.text}} if price.text else None
    amount = {"type": "Amount", "unit": concepts.euro(), "value": price.amount}
    return {"type": "PriceDetail", "amount": amount}


def _time(session: SessionFacts) -> Members | None:
    start, end = session.period.start, session.period.end
    if start is None and end is None:
        return None
    return told(type="PeriodOfTime", startDate=days.morning(start), endDate=days.evening(end))


def _whole_time(facts: FormationFacts) -> Members | None:
    """Return from when to when there are sessions; an open day leaves its side open."""
    periods = [one.period for action in facts.actions for one in action.sessions]
    starts = [one.start for one in periods if one.start]
    ends = [one.end for one in periods if one.end]
    start = min(starts) if len(starts) == len(periods) else None
    end = max(ends) if len(ends) == len(periods) else None
    if start is None and end is None:
        return None
    return told(type="PeriodOfTime", startDate=days.morning(start), endDate=days.evening(end))
