"""Wire format of API keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from platformkit.wire import Instant


class NewKey(BaseModel):
    """A key to make; with origins it is publishable, for pages, without it is for back ends."""

    model_config = ConfigDict(extra="forbid")

    origins: Annotated[
        list[Annotated[str, Field(max_length=300)]],
        Field(max_length=20, examples=[["https://ecole.example"]]),
    ] = []
    expires_at: Instant | None = None


class KeyRead(BaseModel):
    """What can be known of a key after it was made."""

    id: UUID
    kind: Literal["publishable", "secret"]
    hint: str = Field(description="its first characters", examples=["vig_pk_V3x2"])
    origins: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None = Field(description="to the minute, or thereabouts")


class KeyMade(BaseModel):
    """The only answer that shows a key whole."""

    id: UUID
    key: str
