"""Wire format of mobilities."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from observatory.exposure.schemas import GradeRead, Share, SourceRead


class SkillsRead(BaseModel):
    """Skills of ROME v3, by their French labels: what both jobs want, and what is new."""

    shared: Annotated[int, Field(description="how many both jobs want")]
    to_gain: Annotated[list[str], Field(description="those that the present job does not want")]


class TargetRead(BaseModel):
    """A job that the present one leads to, in the order of the directory."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    label: str
    mean: Annotated[Share | None, Field(description="exposure; null where not measured")]
    difference: Annotated[
        float | None, Field(description="of the means; negative where less exposed")
    ]
    grade: Annotated[GradeRead | None, Field(alias="class")]
    skills: Annotated[
        SkillsRead | None,
        Field(description="null where both jobs come from one ROME v3 job, or a source has none"),
    ]


class MobilitiesRead(BaseModel):
    """Where a job leads."""

    code: str
    label: str
    mean: Share | None
    items: list[TargetRead]
    sources: list[SourceRead]
    release: str
    reading: str
