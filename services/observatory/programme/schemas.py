"""Wire format of what describes a programme: its budget, its funders, and what each pays for."""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from observatory.programme.money import Amount, Euros
from observatory.programme.quarters import Quarter
from observatory.structures.schemas import Names, Read
from platformkit.wire import Day, Wire, refusal

MOST_PARTS: Final = 50
"""Funders of a programme, and lines."""

MOST_QUARTERS: Final = 40

Code = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$"), Field(examples=["sme_support"])
]
ProgrammeCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,39}$"), Field(examples=["PRIA-HDF"])
]
FunderKind = Literal[
    "state", "region", "opco", "employers", "european", "local_authority", "private", "other"
]


def _once(codes: list[str]) -> None:
    if len(set(codes)) < len(codes):
        raise refusal("given_twice", "Un élément figure deux fois.", "An element is given twice.")


class ProgrammeChange(Wire):
    """What may change of a programme."""

    title: Names
    region: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,3}$")] = Field(
        description="INSEE code of the region", examples=["32"]
    )
    starts_on: Day
    ends_on: Day
    budget: Amount

    @model_validator(mode="after")
    def _ends_later(self) -> "ProgrammeChange":
        if self.ends_on <= self.starts_on:
            raise refusal(
                "ends_before_start",
                "Le programme finit après son début.",
                "A programme ends after it begins.",
            )
        if (self.ends_on - self.starts_on).days > 366 * 9:
            raise refusal("too_long", "Neuf ans au plus.", "Nine years at most.")
        return self


class ProgrammeDraft(ProgrammeChange):
    """A programme to be steered."""

    code: ProgrammeCode


class TrancheWrite(Wire):
    """What a line plans to commit in a quarter."""

    quarter: Quarter
    amount: Amount


class LineChange(Wire):
    """What may change of a budget line."""

    name: Names
    plan: Annotated[list[TrancheWrite], Field(min_length=1, max_length=MOST_QUARTERS)]

    @model_validator(mode="after")
    def _each_once(self) -> "LineChange":
        _once([one.quarter for one in self.plan])
        return self


class LineDraft(LineChange):
    """A budget line."""

    code: Code


class AllowanceWrite(Wire):
    """A line that the money may be spent on; null is no ceiling but the contribution."""

    line: Code
    ceiling: Amount | None = None


class FunderChange(Wire):
    """What may change of a funder."""

    kind: FunderKind
    name: Names
    contribution: Amount
    may_fund: Annotated[list[AllowanceWrite], Field(max_length=MOST_PARTS)]

    @model_validator(mode="after")
    def _each_once(self) -> "FunderChange":
        _once([one.line for one in self.may_fund])
        return self


class FunderDraft(FunderChange):
    """Who contributes to the programme, and what for."""

    code: Code


class Bilingual(Read):
    """A text in French and English."""

    fr: str
    en: str


class ProgrammeRead(Read):
    """A programme; `version` is what `If-Match` wants."""

    code: str
    title: Bilingual
    region: str
    starts_on: dt.date
    ends_on: dt.date
    budget: Euros
    version: int


class TrancheRead(Read):
    """What is planned for a quarter."""

    quarter: str
    amount: Euros


class LineRead(Read):
    """A budget line, its plan, and its balances now."""

    code: str
    name: Bilingual
    planned: Euros
    committed: Euros
    paid: Euros
    plan: list[TrancheRead]
    version: int


class AllowanceRead(Read):
    """A line that the funder pays for."""

    line: str
    ceiling: Euros | None
    committed: Euros


class FunderRead(Read):
    """A funder, its contribution, and its balances now."""

    code: str
    kind: FunderKind
    name: Bilingual
    contribution: Euros
    committed: Euros
    paid: Euros
    may_fund: list[AllowanceRead]
    version: int


class BudgetRead(Read):
    """The budget of a programme: lines by code, funders by code."""

    programme: ProgrammeRead
    lines: list[LineRead]
    funders: list[FunderRead]
