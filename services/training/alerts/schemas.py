"""Saved searches on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from platformkit.wire import Wire


class SavedSearchWrite(Wire):
    """What you call it; what is searched for is in the address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label": "IA à Lille"}]})

    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SavedSearchRead(BaseModel):
    """A search that you follow; `version` counts the times that something was new."""

    id: UUID
    label: str
    query: str = Field(description="its parameters, as `GET /v1/search` takes them")
    version: int
    created_at: datetime


class Match(BaseModel):
    """What newly matches: as the search's hit of this `id`, and where it is read."""

    id: UUID = Field(description="of the action or the certification")
    kind: Literal["offer", "certification"]
    title: str
    formation: UUID | None
    certification: str | None
    matched_at: datetime


class Matches(BaseModel):
    """What newly matches, in its order; `next` is always given: ask with it, now or later."""

    items: list[Match]
    next: str
    more: bool
