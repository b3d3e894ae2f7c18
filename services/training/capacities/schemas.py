"""Wire format of capacities."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from platformkit.wire import Wire, refusal

Places = Annotated[int, Field(ge=0, le=100_000)]


class CapacityTold(Wire):
    """How many places there are, and how many are left."""

    capacity: Places
    remaining: Places

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.remaining > self.capacity:
            raise refusal(
                "more-than-capacity",
                "Il ne peut rester plus de places qu’il n’y en a.",
                "No more places can be left than there are.",
            )
        return self


class PlacesTaken(Wire):
    """How many places somebody takes, all or none."""

    places: Annotated[int, Field(ge=1, le=1_000)] = 1


class CapacityRead(BaseModel):
    """The places of a session, as told by whoever gives it."""

    session: UUID
    capacity: int
    remaining: int
    version: int
    updated_at: datetime
