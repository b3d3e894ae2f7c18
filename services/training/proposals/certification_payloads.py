"""What a certification's payload may say: a fiche as the catalogue has it, any of it missing."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from platformkit import validation
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.wire import Day, Wire, refusal
from training.certifications import sirets
from training.certifications.records import AccessRoute, Audience

MISSING: Final = Text("Ce champ manque pour publier.", "This field is missing for publication.")
_Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30_000)]


def _siret(spelling: str) -> str:
    """Read a SIRET; one that a person types must have a right check digit (acceptance B8)."""
    digits = sirets.digits_of(spelling)
    if not (sirets.is_written(digits) and sirets.is_valid(digits)):
        raise refusal(
            "siret_checksum",
            "14 chiffres dont la clé est juste sont attendus.",
            "14 digits with their check digit are expected.",
        )
    return digits


class BlocPayload(Wire):
    """A competency bloc."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    competences: _Prose | None = None
    assessment: _Prose | None = None


class BodyPayload(Wire):
    """Who will deliver the certification."""

    siret: Annotated[str, Field(max_length=40), AfterValidator(_siret)]
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=250)]


class CertificationPayload(Wire):
    """A certification as it is proposed; codes only, their labels are those of the references."""

    title: Annotated[
        str | None, StringConstraints(strip_whitespace=True, min_length=1, max_length=800)
    ] = None
    title_en: Annotated[str | None, StringConstraints(min_length=1, max_length=800)] = None
    abbreviation: Annotated[str | None, StringConstraints(min_length=1, max_length=200)] = None
    level: Annotated[int, Field(ge=1, le=8, strict=True)] | None = None
    objectives: _Prose | None = None
    activities: _Prose | None = None
    capacities: _Prose | None = None
    sectors: _Prose | None = None
    accessible_jobs: _Prose | None = None
    prerequisites: _Prose | None = None
    url: Annotated[str | None, StringConstraints(pattern=r"^https?://[\x21-\x7e]{1,1990}$")] = None
    access_routes: Annotated[list[AccessRoute], Field(max_length=6)] | None = None
    audience: Annotated[list[Audience], Field(max_length=2)] | None = None
    rome: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[A-N][0-9]{4}$")]], Field(max_length=5)
        ]
        | None
    ) = None
    nsf: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[0-9]{2,3}[a-z]?$")]],
            Field(max_length=3),
        ]
        | None
    ) = None
    formacodes: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]], Field(max_length=5)
        ]
        | None
    ) = None
    blocs: Annotated[list[BlocPayload], Field(max_length=30)] | None = None
    certifying_bodies: Annotated[list[BodyPayload], Field(max_length=20)] | None = None
    effective_on: Day | None = None
    offered_until: Day | None = None
    """Its last day; one may enrol until then."""


_REQUIRED: Final = (
    "title",
    "objectives",
    "activities",
    "capacities",
    "prerequisites",
    "url",
    "access_routes",
    "audience",
    "rome",
    "blocs",
    "certifying_bodies",
    "offered_until",
)


def judge(payload: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the payload as it will be kept, or what is wrong with it, under `/payload`."""
    try:
        found = CertificationPayload.model_validate(payload)
    except ValidationError as refused:
        errors = [{**one, "loc": ("body", *one["loc"])} for one in refused.errors()]
        return {}, [validation.fault(one) for one in errors]
    return found.model_dump(mode="json", exclude_none=True), []


def missing(document: dict[str, Any]) -> list[Fault]:
    """Name what it lacks to be published, and what cannot be."""
    found = [Fault(f"/{name}", "missing", MISSING) for name in _REQUIRED if not document.get(name)]
    codes = [one["code"] for one in document.get("blocs", ())]
    if len(set(codes)) < len(codes):
        said = Text("Deux blocs ont le même code.", "Two blocs have the same code.")
        found.append(Fault("/blocs", "number-repeated", said))
    since, until = document.get("effective_on"), document.get("offered_until")
    if since and until and until < since:
        said = Text("La période se termine avant de commencer.", "It ends before it starts.")
        found.append(Fault("/offered_until", "period-inverted", said))
    return found


def is_field(pointer: str) -> bool:
    """Tell whether a fiche has such a place."""
    root, _, rest = pointer.partition("/")
    return root == "" and rest.partition("/")[0] in CertificationPayload.model_fields
