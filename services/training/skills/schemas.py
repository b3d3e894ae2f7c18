"""Wire format of the skills that an offer teaches or expects."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from platformkit.wire import Wire, refusal

Code = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]


class SkillDeclared(Wire):
    """A skill that the provider says its offer teaches, or expects of those who come."""

    code: Code
    level: Annotated[int, Field(ge=1, le=4, description="reached at the end, or needed before")]
    prerequisite: bool = False


class SkillsDeclared(Wire):
    """All that the provider declares; none takes back what was declared before."""

    skills: Annotated[list[SkillDeclared], Field(max_length=100)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({(one.code, one.prerequisite) for one in self.skills}) < len(self.skills):
            raise refusal(
                "skill-twice", "Une compétence est là deux fois.", "A skill is there twice."
            )
        return self


class SkillTaught(BaseModel):
    """A skill of an offer, and how we know."""

    code: str
    label: str
    level: Annotated[int | None, Field(description="null where it depends on the hours")]
    prerequisite: bool
    method: Literal["declared", "classified", "extracted"]
    confidence: float
    source: Annotated[str | None, Field(description="the certification by which the offer has it")]


class FormationSkillsRead(BaseModel):
    """The skills of an offer: what is declared first, then the surest."""

    formation: UUID
    skills: list[SkillTaught]
