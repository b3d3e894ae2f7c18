"""A public aid or a call for projects as its operator publishes it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    WithJsonSchema,
    model_validator,
)

from diagnostic.opportunities import conditions
from diagnostic.opportunities.comparisons import Comparison, Either, Node, comparisons
from diagnostic.opportunities.deadlines import deadline, opening
from diagnostic.questionnaires.grid import Content, Label
from diagnostic.questionnaires.scalars import Share
from platformkit.wire import Day, refusal

Nature = Literal["grant", "loan", "expert", "voucher", "training", "tax_credit"]
Recurrence = Literal["one_off", "ongoing", "recurring"]
Euros = Annotated[float, Field(strict=True, ge=0, le=1e12, allow_inf_nan=False)]
CalendarDay = Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def _hour(value: object) -> object:
    """Read `17:30`, and nothing finer: operators publish minutes."""
    if isinstance(value, str) and len(value) == len("17:30"):
        return value
    if isinstance(value, time):
        return value
    raise refusal(
        "hour_malformed",
        "Une heure s’écrit comme 17:30, de 00:00 à 23:59.",
        "An hour is written like 17:30, from 00:00 to 23:59.",
    )


Hour = Annotated[
    time,
    BeforeValidator(_hour),
    PlainSerializer(lambda hour: f"{hour:%H:%M}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
"""An hour in Paris, to the minute; what JSON Schema calls a time has seconds and an offset."""


class Rule(Content):
    """A published condition: comparisons of which one is enough, or a condition in CEL."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    label: Label
    any_of: Annotated[tuple[Comparison, ...], Field(max_length=20)] = ()
    condition: Annotated[str, Field(min_length=1, max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Rule:
        if bool(self.any_of) == (self.condition is not None):
            raise refusal(
                "rule_in_two_forms",
                "Une règle donne « any_of » ou « condition », l’un des deux.",
                "A rule gives `any_of` or `condition`, one of the two.",
            )
        return self

    @property
    def node(self) -> Node:
        """What it asks; a condition that cannot be read is refused before it is ever stored."""
        if self.condition is None:
            return Either(self.any_of)
        found = conditions.read(self.condition).node
        if found is None:
            raise ValueError(self.code)
        return found

    @property
    def source(self) -> str:
        """Write it in CEL."""
        return self.condition or " || ".join(one.source for one in self.any_of)


class Perimeter(Content):
    """Where it holds; the regions by INSEE, for no other scale."""

    scale: Literal["europe", "country", "region"]
    regions: Annotated[tuple[str, ...], Field(max_length=18)] = ()


class Opportunity(Content):
    """A funding as its operator publishes it; a figure nobody published is null, with a note.

    Days and hours are those of Paris. Without `rules_complete`, its rules are not all known or not
    all facts, so nobody is told yes.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{1,47}$")]
    title: Label
    operator: Label
    nature: Nature
    is_call_for_projects: StrictBool = False
    recurrence: Recurrence | None = None
    summary: Label
    perimeter: Perimeter | None = None
    opens_on: CalendarDay | None = None
    opens_time: Hour | None = None
    pre_deposit_on: CalendarDay | None = None
    pre_deposit_time: Hour | None = None
    closes_on: CalendarDay | None = None
    closes_time: Hour | None = None
    rate_min: Share | None = None
    rate_max: Share | None = None
    cap_eur: Euros | None = None
    note: Label | None = None
    rules: Annotated[tuple[Rule, ...], Field(max_length=30)] = ()
    rules_complete: StrictBool = True
    source: Annotated[str, Field(min_length=1, max_length=1000)]
    source_url: Annotated[str, Field(pattern=r"^https://\S+$", max_length=2000)] | None = None
    vintage: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]

    @property
    def required_facts(self) -> tuple[str, ...]:
        """What must be known for a certain answer, in the order of the rules."""
        return tuple(
            dict.fromkeys(one.fact for rule in self.rules for one in comparisons(rule.node))
        )

    @property
    def opens_at(self) -> datetime | None:
        """From when it takes applications."""
        return opening(self.opens_on, self.opens_time)

    @property
    def pre_deposit_ends_at(self) -> datetime | None:
        """Until when a first file is taken, the last instant not in it."""
        return deadline(self.pre_deposit_on, self.pre_deposit_time)

    @property
    def closes_at(self) -> datetime | None:
        """Until when it takes applications, the last instant not in it."""
        return deadline(self.closes_on, self.closes_time)
