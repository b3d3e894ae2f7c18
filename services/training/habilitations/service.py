"""Habilitations: may this organisation train or assess for this certification."""

import uuid
from datetime import date
from typing import Any, Final

import orjson

from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool
from training.certifications import lifecycle, sirets
from training.certifications.schemas import Label
from training.certifications.service import named, pair, present, validity_of
from training.certifications.wording import state_on
from training.habilitations import gate, queries, rules
from training.habilitations.rules import Line, Reason
from training.habilitations.schemas import (
    FlagRead,
    HabilitationRead,
    Kind,
    OfferedRead,
    OfferHabilitationRead,
    OrganisationRead,
    QualiopiRead,
)
from training.offers import service as offers
from training.offers.flags import Flag

_MOST: Final = 50
"""Lines of one company that an answer shows."""


class SiretInvalid(Invalid):
    """Not the fourteen digits of a SIRET, or their check digit is wrong."""

    code = "siret-invalid"
    title = Text("SIRET invalide", "Invalid SIRET")


_EXPECTED: Final = Text(
    "14 chiffres dont la clé est juste, par exemple 110 043 015 00012.",
    "14 digits with their check digit, for example 110 043 015 00012.",
)

_REASONS: Final = {
    Reason.CERTIFYING_BODY: Text(
        "Cet organisme est certificateur.", "This organisation is a certifying body."
    ),
    Reason.PARTNER: Text(
        "Cet organisme est un partenaire habilité.", "This organisation is a habilitated partner."
    ),
    Reason.INACTIVE: Text(
        "L’habilitation de cet organisme n’est pas active.",
        "The habilitation of this organisation is not active.",
    ),
    Reason.UNDATED: Text(
        "Le répertoire ne dit pas si l’habilitation de cet organisme était active ce jour-là.",
        "The directory does not say whether this organisation’s habilitation was active that day.",
    ),
    Reason.OTHER_ESTABLISHMENT: Text(
        "Un autre établissement du même SIREN est habilité : demandez au certificateur.",
        "Another establishment of the same SIREN is habilitated: ask the certifying body.",
    ),
    Reason.UNIDENTIFIED: Text(
        "Le répertoire nomme des organismes sans leur SIRET : celui-ci peut en être.",
        "The directory names organisations without their SIRET: this may be one of them.",
    ),
    Reason.PARTNERS_UNKNOWN: Text(
        "Nos sources ne donnent pas les partenaires de cette certification.",
        "Our sources do not give the partners of this certification.",
    ),
    Reason.NOT_LISTED: Text(
        "Cet organisme n’est ni certificateur ni partenaire de cette certification.",
        "This organisation is neither a certifying body nor a partner of this certification.",
    ),
}


FLAGS: Final = {
    Flag.NOT_HABILITATED: Text(
        "L’organisme n’est ni certificateur ni partenaire habilité à former.",
        "The provider is neither a certifying body nor a partner habilitated to train.",
    ),
    Flag.PROVIDER_UNLISTED: Text(
        "L’organisme n’est pas dans la liste publique des organismes de formation.",
        "The provider is not in the public list of training providers.",
    ),
    Flag.QUALIOPI_MISSING: Text(
        "L’organisme n’est pas certifié Qualiopi pour cette catégorie d’actions.",
        "The provider is not Qualiopi-certified for this category of actions.",
    ),
    Flag.CERTIFICATION_ENDED: Text(
        "L’enregistrement d’une certification visée a pris fin : on ne peut plus s’y inscrire.",
        "The registration of a certification that it leads to has ended: nobody may enrol.",
    ),
}


def siret_of(spelling: str) -> str:
    """Read a SIRET whatever blanks are in it, or raise SiretInvalid (acceptance B8)."""
    digits = sirets.digits_of(spelling)
    if not (sirets.is_written(digits) and sirets.is_valid(digits)):
        raise SiretInvalid([Fault("/siret", SiretInvalid.code, _EXPECTED, where="query")])
    return digits


async def habilitation(reads: ReadPool, spelling: str, siret: str, day: date) -> bytes:
    """Say whether the organisation may enrol, train and assess on the day, and why."""
    digits = siret_of(siret)
    row = await _certification(reads, spelling)
    found = await reads.fetch("habilitation", queries.OF_COMPANY, row["id"], digits, _MOST)
    lines = [Line(**line) for line in found]
    validity = validity_of(row)
    standing = rules.standing(
        lines, digits, day, unidentified=row["unidentified"], listed=row["listed"]
    )
    answer = rules.answer(standing, validity, day)
    return (
        HabilitationRead(
            number=row["code"],
            siret=digits,
            on=day,
            state=lifecycle.state(validity, day),
            may_enrol=answer.may_enrol,
            may_train=answer.may_train,
            may_assess=answer.may_assess,
            reason=answer.reason,
            since=answer.since,
            explanation=" ".join([_REASONS[answer.reason](), *state_on(validity, day)]),
            organisations=[_organisation(line, day) for line in lines],
            source=orjson.loads(row["source"]),
        )
        .model_dump_json()
        .encode()
    )


async def of_offer(reads: ReadPool, formation: uuid.UUID, day: date) -> bytes:
    """Say whether a provider may offer a formation, of each certification and of Qualiopi."""
    pairs = await reads.fetch("offered", queries.PAIRS_OF_FORMATION, formation)
    judged = [(row["siret"], row["code"], gate.standing_of(row, day)) for row in pairs]
    found = await reads.fetchrow(
        "offer judged", queries.JUDGED_FORMATION, formation, *gate.lacking(judged), day
    )
    row = offers.present(found)
    return (
        OfferHabilitationRead(
            formation=formation,
            siret=row["provider_siret"],
            on=day,
            flags=[FlagRead(code=Flag(one), label=Label.of(FLAGS[one])) for one in row["flags"]],
            certifications=[
                OfferedRead(
                    number=code,
                    reason=standing.reason,
                    trains=standing.trains,
                    explanation=_REASONS[standing.reason](),
                )
                for _, code, standing in judged
            ],
            qualiopi=QualiopiRead(needed=row["category"], held=row["held"]),
        )
        .model_dump_json()
        .encode()
    )


async def organisations(
    reads: ReadPool,
    spelling: str,
    paging: PageRequest,
    day: date,
    *,
    kind: Kind | None,
    state: str | None,
) -> Page[OrganisationRead]:
    """Return a page of the certifying bodies, then the partners, in the order of the fiche."""
    asked = [(await _certification(reads, spelling))["id"], kind, state]
    after = paging.after or [None, None]
    rows = await reads.fetch("organisations", queries.LINES, *asked, *after, paging.limit + 1)
    total = (
        await reads.fetchval("organisations count", queries.COUNT, *asked) if paging.count else None
    )
    return page(
        paging,
        rows,
        lambda row: (row["kind"], row["position"]),
        lambda row: _organisation(_line(row), day),
        total,
    )


async def _certification(reads: ReadPool, spelling: str) -> Any:  # noqa: ANN401  # an asyncpg record
    reference = named(spelling)
    rows = await reads.fetch("habilitated for", queries.CERTIFICATION, *pair(reference))
    return present(rows, reference)


def _line(row: Any) -> Line:  # noqa: ANN401  # an asyncpg record
    return Line(**{name: value for name, value in row.items() if name != "position"})


def _organisation(line: Line, day: date) -> OrganisationRead:
    return OrganisationRead.model_validate(
        {name: getattr(line, name) for name in Line.__slots__}
        | {"active_on": rules.active(line, day)}
    )
