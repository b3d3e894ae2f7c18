"""Wire format of edits of many sessions."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from platformkit.wire import Day, Wire, refusal

MOST: Final = 200
"""Sessions of one request."""

_CHANGES: Final = (
    "price",
    "starts_on",
    "ends_on",
    "enrolment_starts_on",
    "enrolment_ends_on",
    "recruitment_state",
)


class SessionEdit(Wire):
    """What to change of a session; what is left out stays."""

    session: UUID
    version: Annotated[int, Field(ge=1, description="of its formation, as you have read it")]
    price: Annotated[
        Decimal | None,
        Field(ge=0, max_digits=9, decimal_places=2, description="of its action, in euros, TTC"),
    ] = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    enrolment_starts_on: Day | None = None
    enrolment_ends_on: Day | None = None
    recruitment_state: Literal["open", "closed", "suspended"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in _CHANGES):
            raise refusal("nothing-changed", "Rien à changer.", "Nothing to change.")
        return self


class SessionEdits(Wire):
    """The sessions to change, each on its own."""

    items: Annotated[list[SessionEdit], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.session for one in self.items}) < len(self.items):
            raise refusal("session-repeated", "Une session deux fois.", "A session twice.")
        return self


class EditFault(BaseModel):
    """What is in the way of an item."""

    pointer: str
    code: str
    detail: str


class EditedSession(BaseModel):
    """What became of one: 200 changed, 404, 412 stale, 422 wrong with the formation's others."""

    session: UUID
    status: int
    version: int | None = Field(description="of its formation now; null for a 404")
    errors: list[EditFault]


class EditsRead(BaseModel):
    """What became of each, in the order that was asked."""

    changed: int
    items: list[EditedSession]
