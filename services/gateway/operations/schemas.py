"""Wire format of the state of the door and of what is behind it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

State = Literal["closed", "open", "half-open"]


class InstanceRead(BaseModel):
    """One process of a service, as the door sees it."""

    address: Annotated[str, Field(examples=["http://training-2:8000"])]
    state: Annotated[State, Field(description="`open`: set aside; `half-open`: on trial")]
    failures: Annotated[int, Field(description="in a row")]
    back_in: Annotated[float, Field(description="seconds until it is tried again")]
    in_use: Annotated[int, Field(description="requests that it has")]
    waiting: Annotated[int, Field(description="requests that wait for a connection to it")]
    connections: Annotated[int, Field(description="open, used or idle")]


class UpstreamRead(BaseModel):
    """One service: whether it is asked, and what it cost."""

    service: Annotated[str, Field(examples=["training"])]
    state: Annotated[State, Field(description="`open`: it rests; `half-open`: one request tries")]
    failures: Annotated[int, Field(description="requests without an answer, in a row")]
    back_in: Annotated[float, Field(description="seconds until it is tried again")]
    openings: Annotated[int, Field(description="times that it was put to rest")]
    ejections: Annotated[int, Field(description="times that an instance was set aside")]
    retries: Annotated[int, Field(description="requests sent again")]
    retries_left: Annotated[int, Field(description="that the budget grants now")]
    instances: list[InstanceRead]


class DoorRead(BaseModel):
    """One process of the gateway since its start; others have a state of their own."""

    inside: Annotated[int, Field(description="requests being served, this one too")]
    shed: Annotated[dict[str, int], Field(description="refused as overload, by priority")]
    connections: int
    connections_refused: int
    draining: bool
    upstreams: list[UpstreamRead]
