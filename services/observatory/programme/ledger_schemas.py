"""Wire format of the ledger: commitments, payments and what takes back of either."""

import datetime as dt
import uuid
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from stdnum.fr import siren

from observatory.programme.money import Amount, Euros
from observatory.programme.schemas import Code
from observatory.structures.schemas import Read
from platformkit.wire import Day, Wire, refusal

MOST_ENTRIES: Final = 20_000
"""Of one ledger: so that adding it up, and downloading it, are bounded."""

NAMED_ABOVE_CENTS: Final = 23_000_00
"""Whoever is promised more within a year is public: above this yearly amount a grant needs an
agreement (décret n° 2001-495, art. 1), whose essential data the authority must publish (loi
n° 2000-321, art. 10, last paragraph; décret n° 2017-779)."""

EntryKind = Literal["commitment", "payment", "commitment_reversal", "payment_reversal"]
PayeeKind = Literal["public_body", "association", "company", "sole_trader"]

Reason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=1_000, strip_whitespace=True),
    Field(description="why, without naming a person; never public"),
]


def _siren(number: str) -> str:
    if not siren.is_valid(number) or not number.isdigit():
        raise refusal(
            "siren_invalid",
            "Un SIREN a neuf chiffres, sans espace, et une clé de contrôle juste.",
            "A SIREN has nine digits, no space, and a correct check digit.",
        )
    return number


class Payee(Wire):
    """An organisation that is to be paid; a sole trader's name is a person's, so it has none here.

    A name begins with a letter or a digit: no spreadsheet takes it for a formula.
    """

    siren: Annotated[str, Field(max_length=9), AfterValidator(_siren)]
    kind: PayeeKind
    name: (
        Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-zÀ-ÿ][^\x00-\x1f]*$", max_length=200)]
        | None
    ) = None

    @model_validator(mode="after")
    def _names_no_person(self) -> "Payee":
        if (self.kind == "sole_trader") != (self.name is None):
            raise refusal(
                "payee_name",
                "Le nom est requis, sauf pour un entrepreneur individuel : c’est celui d’une"
                " personne.",
                "The name is required, except that of a sole trader: it is a person's.",
            )
        return self


class CommitmentDraft(Wire):
    """Money of a funder, promised on a line to an organisation."""

    line: Code
    funder: Code
    amount: Amount
    dated_on: Day
    payee: Payee
    reason: Reason


class PaymentDraft(Wire):
    """Money paid against a commitment."""

    amount: Amount
    dated_on: Day
    reason: Reason


class ReversalDraft(PaymentDraft):
    """What is taken back of an entry, all or part; the entry itself stays."""


class PayeeRead(Read):
    """Who is paid."""

    siren: str
    kind: PayeeKind
    name: str | None


class PublicEntry(Read):
    """An entry of the ledger as everybody may read it."""

    id: uuid.UUID
    number: Annotated[int, Field(description="grows with each entry of the programme")]
    kind: EntryKind
    line: str
    funder: str
    amount: Euros
    dated_on: dt.date
    commitment: Annotated[uuid.UUID | None, Field(description="of which this is a part")]
    reverses: uuid.UUID | None
    payee: Annotated[
        PayeeRead | None,
        Field(
            description="of a commitment to who is promised over 23,000 EUR in that year, unless"
            " it is a sole trader"
        ),
    ]


class EntryRead(PublicEntry):
    """An entry as those who steer read it."""

    reason: str
    client: str
    subject: str
    recorded_at: dt.datetime


class EntryMade(EntryRead):
    """A new entry, and what its commitment has now."""

    committed: Annotated[Euros, Field(description="of the commitment, less what was taken back")]
    paid: Annotated[Euros, Field(description="of the commitment, less what was taken back")]
