"""Wire format of the views: JSON-LD, of which the members are named that every reader needs."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Linked(BaseModel):
    model_config = ConfigDict(extra="allow")

    context: Any = Field(alias="@context")


class Achievement(_Linked):
    """An Achievement of Open Badges 3.0."""

    id: str = Field(description="the address of this document")
    type: list[str]
    name: str
    description: str
    criteria: dict[str, Any]


class LearningModel(_Linked):
    """A Qualification, LearningAchievementSpecification or LearningOpportunity of ELM 3."""

    id: str = Field(description="the address of this document")
    type: str
    title: dict[str, str] = Field(description="by language")


class SchemaOrg(_Linked):
    """A Course, CourseInstance or EducationalOccupationalCredential of schema.org."""

    id: str = Field(alias="@id", description="the address of this document")
    type: str = Field(alias="@type")
    name: str
