"""Reading the providers: which one is meant, and what is said of one that left the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from platformkit.errors import Fault, Invalid, NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.certifications import sirets
from training.certifications.records import patterns
from training.providers import queries
from training.providers.listing import ACTIVITY_NUMBER, Category


class ProviderNumberInvalid(Invalid):
    """Neither a SIRET whose check digit is right nor an activity number."""

    code = "provider-number-invalid"
    title = Text("Numéro d’organisme invalide", "Invalid provider number")


class ProviderUnknown(NotFound):
    """The public list has no such provider; one of its other establishments may be in it."""

    code = "provider-unknown"
    title = Text("Organisme inconnu", "Unknown provider")
    detail = Text(
        "La liste publique des organismes de formation ne contient pas {number} ; elle ne nomme"
        " que l’établissement déclarant : cherchez par le SIREN.",
        "The public list of training providers does not contain {number}; it names the declaring"
        " establishment only: search by the SIREN.",
    )


class ProviderWithdrawn(ProblemError):
    """The provider was in the list, and the last complete one lacks it: its declaration lapsed."""

    status = 410
    code = "provider-withdrawn"
    title = Text("Organisme sorti de la liste", "Provider no longer listed")
    detail = Text(
        "{number} n’est plus dans la liste publique depuis le {on}.",
        "{number} has not been in the public list since {on}.",
    )


_EXPECTED = Text(
    "Un SIRET (14 chiffres dont la clé est juste) ou un numéro de déclaration d’activité"
    " (11 caractères).",
    "A SIRET (14 digits with their check digit) or an activity number (11 characters).",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is asked for; of the categories a provider has all."""

    words: str | None
    department: str | None
    categories: Sequence[Category]
    siren: str | None

    def arguments(self) -> list[object]:
        """Return the parameters $1 to $4 of the list's statements."""
        return [patterns(self.words), self.department, list(self.categories) or None, self.siren]


def number_of(spelling: str) -> str:
    """Read a SIRET or an activity number whatever blanks are in it, or raise the refusal."""
    number = sirets.digits_of(spelling).upper()
    if ACTIVITY_NUMBER.fullmatch(number):
        return number
    if sirets.is_written(number) and sirets.is_valid(number):
        return number
    fault = Fault("/number", ProviderNumberInvalid.code, _EXPECTED, where="path")
    raise ProviderNumberInvalid([fault])


async def read(reads: ReadPool, spelling: str) -> bytes:
    """Return the document of a provider."""
    number = number_of(spelling)
    row = await reads.fetchrow("provider", queries.READ, number)
    if row is None:
        raise ProviderUnknown(number=number)
    if row["withdrawn_on"] is not None:
        raise ProviderWithdrawn(number=number, on=row["withdrawn_on"])
    return str(row["document"]).encode()


async def listed(reads: ReadPool, filters: Filters, paging: PageRequest) -> bytes:
    """Return a page of the providers, by activity number."""
    arguments = filters.arguments()
    after = (paging.after or [None])[0]
    rows = await reads.fetch("providers", queries.LIST, *arguments, after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("providers count", queries.COUNT, *arguments)
    return rendered(paging, rows, lambda row: [row["activity_number"]], total)
