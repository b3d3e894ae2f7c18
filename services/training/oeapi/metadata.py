"""What the service says of itself; pure."""

from typing import Final
from urllib.parse import quote

from training.oeapi.negotiation import CONSUMER, CONSUMER_VERSION
from training.oeapi.schemas import Expansion, Operation, Service, SupportedConsumer
from training.settings import Settings

_SPECIFICATION: Final = "https://openonderwijsapi.nl/v6.0/"
_EXPANDED: Final = {
    "/programmes/{programmeId}": ("organisation",),
    "/courses/{courseId}": ("organisation", "programmes"),
    "/programme-offerings/{programmeOfferingId}": ("organisation", "programme"),
    "/course-offerings/{courseOfferingId}": ("course", "organisation"),
}
"""What expands, where; other names of the contract are taken and have nothing to show."""

SERVED: Final = (
    "/",
    "/programmes",
    "/programmes/{programmeId}",
    "/programmes/{programmeId}/courses",
    "/programmes/{programmeId}/programme-offerings",
    "/courses",
    "/courses/{courseId}",
    "/courses/{courseId}/course-offerings",
    "/learning-outcomes",
    "/learning-outcomes/{learningOutcomeId}",
    "/organisations",
    "/organisations/{organisationId}",
    "/organisations/{organisationId}/programmes",
    "/organisations/{organisationId}/courses",
    "/organisations/{organisationId}/programme-offerings",
    "/organisations/{organisationId}/course-offerings",
    "/programme-offerings/{programmeOfferingId}",
    "/course-offerings/{courseOfferingId}",
)
"""Paths below ours, as the contract writes them; it wants them told as URIs, braces encoded."""


def service(settings: Settings) -> Service:
    """Describe the service."""
    return Service(
        contact_email=settings.contact_email,
        specification=_SPECIFICATION,
        documentation=f"{settings.public_url}/docs",
        supported_consumers=[SupportedConsumer(consumer_key=CONSUMER, version=CONSUMER_VERSION)],
        supported_operations=[Operation(verbs=["GET"], path=quote(path)) for path in SERVED],
        supported_expands=[
            Expansion(expandable_objects=list(names), path=quote(path))
            for path, names in _EXPANDED.items()
        ],
    )
