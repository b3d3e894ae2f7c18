"""What somebody tells of themselves to be recommended a course: no more than that needs."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from platformkit.wire import Day, Wire, refusal
from training.offers.schemas import Teaching

Rome = Annotated[str, Field(pattern=r"^[A-N][0-9]{4}$", examples=["M1607"])]
SkillCode = Annotated[str, Field(pattern=r"^([0-9]{5,7}|AI-[0-9]{2})$", examples=["118975"])]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Aim = Literal["move", "stay", "less_exposed"]
Status = Literal["employee", "job_seeker", "young"]

MOST_TARGETS: Final = 3


def _refuse(_: object) -> Any:  # noqa: ANN401  # raises
    raise refusal(
        "personal-attribute",
        "Cette donnée personnelle n’est pas admise : elle ne change aucune recommandation.",
        "This personal datum is not accepted: it changes no recommendation.",
    )


Refused = Annotated[SkipJsonSchema[None], BeforeValidator(_refuse)]
"""A datum that people might send and that must not count: refused by name, never read."""


class Held(Wire):
    """A skill that somebody has: 1 notions, 2 with help, 3 on their own, 4 expert; 0 is none."""

    skill: SkillCode
    level: Annotated[int, Field(ge=0, le=4)]


class TaskExposure(Wire):
    """How much AI changes what a skill is used for, as a diagnostic says: it then counts more."""

    skill: SkillCode
    exposure: Share


class Place(Wire):
    """From where, and how far: a commune of Hauts-de-France or a point."""

    commune: Annotated[str | None, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")] = None
    latitude: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    radius_km: Annotated[float, Field(ge=0, le=200, allow_inf_nan=False)] = 30

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        point = (self.latitude is not None) + (self.longitude is not None)
        if point == 1 or (point == 2) == (self.commune is not None):  # noqa: PLR2004
            raise refusal(
                "place-contradictory",
                "Donnez une commune, ou une latitude et une longitude.",
                "Give a commune, or a latitude and a longitude.",
            )
        return self


class Constraints(Wire):
    """What somebody can take on; hours and euros are for all courses of a path together."""

    hours: Annotated[float | None, Field(gt=0, le=5000, allow_inf_nan=False)] = None
    euros: Annotated[float | None, Field(ge=0, le=100_000, allow_inf_nan=False)] = None
    courses: Annotated[int, Field(ge=1, le=10, description="most courses of a path")] = 5
    starts_from: Day | None = None
    starts_to: Day | None = None
    modes: Annotated[tuple[Teaching, ...], Field(max_length=3)] = ()
    place: Place | None = None
    level: Annotated[
        int | None, Field(ge=1, le=8, description="of qualification, of the French framework")
    ] = None
    status: Status | None = None
    languages: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...], Field(max_length=10)
    ] = ()


class Weights(Wire):
    """How much each part of a score counts; only their proportions matter."""

    coverage: Share = 0.70
    efficiency: Share = 0.10
    proximity: Share = 0.10
    demand: Share = 0.10

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.coverage == 0:
            raise refusal(
                "weights-empty",
                "La couverture doit compter : sans elle, rien ne mène au métier.",
                "Coverage must count: without it, nothing leads to the job.",
            )
        return self


class Profile(Wire):
    """A person's starting point and aim; it is answered, and neither stored nor logged."""

    aim: Annotated[
        Aim,
        Field(
            description="`move` to the targets, `stay` in the job and adapt to AI, or go on to a"
            " `less_exposed` job among those that ROME says the job leads to"
        ),
    ] = "move"
    job: Annotated[Rome | None, Field(description="the present or last job")] = None
    presume: Annotated[
        bool,
        Field(description="take the skills of the job for held at the level that it wants"),
    ] = True
    targets: Annotated[tuple[Rome, ...], Field(max_length=MOST_TARGETS)] = ()
    held: Annotated[
        tuple[Held, ...], Field(max_length=300, description="prevail over presumed ones")
    ] = ()
    task_exposures: Annotated[tuple[TaskExposure, ...], Field(max_length=300)] = ()
    constraints: Constraints = Constraints()
    weights: Weights = Weights()
    on: Annotated[Day | None, Field(description="today by default, in the time of Paris")] = None

    name: Refused = None
    first_name: Refused = None
    last_name: Refused = None
    age: Refused = None
    birth_date: Refused = None
    sex: Refused = None
    gender: Refused = None
    nationality: Refused = None
    origin: Refused = None
    religion: Refused = None
    health: Refused = None
    disability: Refused = None
    address: Refused = None
    email: Refused = None
    phone: Refused = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.aim == "move") != bool(self.targets):
            raise refusal(
                "targets-and-aim",
                "« targets » va avec le but « move », et lui seul.",
                "`targets` go with the aim `move`, and with it only.",
            )
        if self.aim != "move" and self.job is None:
            raise refusal(
                "job-missing", "Ce but demande le métier actuel.", "This aim needs the present job."
            )
        for listed in (self.targets, tuple(one.skill for one in self.held)):
            if len(set(listed)) < len(listed):
                raise refusal("twice", "Un code est donné deux fois.", "A code is given twice.")
        return self
