"""From a session to an offering of the Open Education API 6.0; pure."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from training.facts import days
from training.oeapi import mapping
from training.oeapi.facts import CourseFacts, OfferingFacts, OrganisationFacts, PlaceFacts
from training.oeapi.identities import offering_id, organisation_id
from training.oeapi.schemas import (
    Address,
    Code,
    Cost,
    CourseOffering,
    EnrolmentPeriod,
    Geolocation,
    Programme,
    ProgrammeOffering,
)


def course_offering(
    facts: OfferingFacts,
    organisation: OrganisationFacts | None = None,
    course: CourseFacts | None = None,
) -> CourseOffering:
    """Describe a session of a formation."""
    return CourseOffering(
        **_common(facts, organisation),
        flexible_entry_period_end_date_time=facts.ends_on if _is_flexible(facts) else None,
        course_offering_id=facts.id,
        course_id=facts.formation,
        course=mapping.course(course) if course else None,
        programme_offering_ids=[offering_id(facts.id, one.number) for one in facts.programmes],
    )


def programme_offering(
    facts: OfferingFacts,
    number: str,
    programme_id: UUID,
    organisation: OrganisationFacts | None = None,
    programme: Programme | None = None,
) -> ProgrammeOffering:
    """Describe a session as a way to one of the certifications of its formation."""
    end = days.evening(facts.ends_on)
    return ProgrammeOffering(
        **_common(facts, organisation),
        flexible_entry_period_end_date_time=end if _is_flexible(facts) else None,
        programme_offering_id=offering_id(facts.id, number),
        programme_id=programme_id,
        programme=programme,
    )


def _common(facts: OfferingFacts, organisation: OrganisationFacts | None) -> dict[str, Any]:
    is_open = facts.recruitment_state in {None, "open"}
    enrolment = days.morning(facts.enrolment_starts_on)
    start = days.morning(facts.starts_on)
    return {
        "primary_code": Code(code_type="offering_code", code=facts.number),
        "name": mapping.named(facts.title),
        "state": "active" if is_open else "inactive",
        "teaching_languages": mapping.tongues(facts.languages),
        "modes_of_delivery": [mapping.MODES[facts.mode]],
        "start_date_time": start,
        "end_date_time": days.evening(facts.ends_on),
        "flexible_entry_period_start_date_time": start if _is_flexible(facts) else None,
        "addresses": [_address(one) for one in facts.places] or None,
        "price_information": None if facts.price is None else [_cost(facts.price)],
        "enrolment_periods": None
        if enrolment is None
        else [
            EnrolmentPeriod(
                start_date_time=enrolment, end_date_time=days.evening(facts.enrolment_ends_on)
            )
        ],
        "organisation_id": organisation_id(facts.provider),
        "organisation": mapping.organisation(organisation) if organisation else None,
        "consumer": mapping.profile(
            recruitment=facts.recruitment_state,
            hours=facts.hours,
            audiences=facts.audiences,
            funders=facts.funders,
            licence=facts.source.licence,
        ),
    }


def _is_flexible(facts: OfferingFacts) -> bool:
    """Tell whether one may enter at any time: the contract wants both ends of it."""
    return facts.entries == "permanent" and None not in {facts.starts_on, facts.ends_on}


def _cost(price: Decimal) -> Cost:
    return Cost(cost_type="total_costs", amount=f"{price:.2f}", currency="EUR")


def _address(place: PlaceFacts) -> Address:
    at = None
    if place.latitude is not None and place.longitude is not None:
        at = Geolocation(latitude=place.latitude, longitude=place.longitude)
    return Address(
        address_type="teaching",
        post_code=place.postcode,
        city=place.city,
        country_code=mapping.FRANCE,
        geolocation=at,
    )
