"""The rules of the catalogue: which certifications are meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from platformkit.errors import Conflict, Fault, Invalid, NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.certifications import numbers, quality, queries
from training.certifications.lifecycle import State, Validity
from training.certifications.quality import Quality
from training.certifications.records import patterns

LARGEST_BATCH = 50


class CertificationUnknown(NotFound):
    """No certification of the catalogue has this number."""

    code = "certification-unknown"
    title = Text("Certification inconnue", "Unknown certification")
    detail = Text(
        "Le catalogue ne contient pas {number}.", "The catalogue does not contain {number}."
    )


class CertificationWithdrawn(ProblemError):
    """It was in the catalogue, and a person took it out; what it leads to still answers."""

    status = 410
    code = "certification-withdrawn"
    title = Text("Certification retirée", "Certification withdrawn")
    detail = Text(
        "{number} a été retirée le {on} : {reason} Remplacée par : {successors}.",
        "{number} was withdrawn on {on}: {reason} Replaced by: {successors}.",
    )


class CertificationAmbiguous(Conflict):
    """The bare digits are a number of both directories; guessing would be wrong half the time."""

    code = "certification-ambiguous"
    title = Text("Numéro ambigu", "Ambiguous number")
    detail = Text("Précisez le répertoire : {candidates}.", "Name the directory: {candidates}.")


class CertificationNumberInvalid(Invalid):
    """The text is not a number of the RNCP or the RS."""

    code = "certification-number-invalid"
    title = Text("Numéro de certification invalide", "Invalid certification number")


class BatchTooLarge(Invalid):
    """More numbers at once than one statement should serve."""

    code = "batch-too-large"
    title = Text("Trop de numéros à la fois", "Too many numbers at once")


_EXPECTED = Text(
    "RNCP ou RS suivi de 1 à 5 chiffres, par exemple RNCP37827.",
    "RNCP or RS followed by 1 to 5 digits, for example RNCP37827.",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list must meet; `need_any`: one of numbers, themes and jobs is enough."""

    words: str | None = None
    directory: str | None = None
    levels: Sequence[int] = ()
    audience: Sequence[str] = ()
    states: Sequence[State] = ()
    numbers: Sequence[str] = ()
    themes: Sequence[str] = ()
    jobs: Sequence[str] = ()
    licences: Sequence[str] = ()
    need_any: bool = False

    def arguments(self, day: date) -> list[object]:
        """Return the parameters $1 to $11 of the list's statements."""
        codes = meant(self.numbers) if self.numbers else []
        some: list[Sequence[object]] = [self.levels, self.audience, self.states]
        needs: list[Sequence[object]] = [codes, self.themes, [job.upper() for job in self.jobs]]
        return [
            day,
            patterns(self.words),
            self.directory,
            *(list(values) or None for values in some),
            *(list(values) or None for values in needs),
            self.need_any,
            list(self.licences) or None,
        ]


def named(spelling: str) -> numbers.Reference:
    """Read one number, or raise CertificationNumberInvalid."""
    reference = numbers.parse(spelling)
    if reference is None:
        fault = Fault("/number", CertificationNumberInvalid.code, _EXPECTED, where="path")
        raise CertificationNumberInvalid([fault])
    return reference


def meant(spellings: Sequence[str]) -> list[str]:
    """Read a batch of numbers; bare digits mean both directories. All faults at once."""
    read = [(index, numbers.parse(spelling)) for index, spelling in enumerate(spellings)]
    faults = [
        Fault(f"/numbers/{index}", CertificationNumberInvalid.code, _EXPECTED, where="query")
        for index, reference in read
        if reference is None
    ]
    if faults:
        raise CertificationNumberInvalid(faults)
    if len(read) > LARGEST_BATCH:
        rule = Text(f"Au plus {LARGEST_BATCH} numéros.", f"At most {LARGEST_BATCH} numbers.")
        raise BatchTooLarge([Fault("/numbers", BatchTooLarge.code, rule, where="query")])
    return sorted({code for _, reference in read if reference for code in reference.codes})


def pair(reference: numbers.Reference) -> tuple[str, str]:
    """Return the two codes that the statements take."""
    return reference.codes[0], reference.codes[-1]


def only(rows: Sequence[Any], reference: numbers.Reference) -> Any:  # noqa: ANN401  # an asyncpg record
    """Return the one row that was meant."""
    if not rows:
        raise CertificationUnknown(number=" / ".join(reference.codes))
    if len(rows) > 1:
        raise CertificationAmbiguous(candidates=", ".join(row["code"] for row in rows))
    return rows[0]


def present(rows: Sequence[Any], reference: numbers.Reference) -> Any:  # noqa: ANN401  # likewise
    """Return the one row that was meant; CertificationWithdrawn if it has left the catalogue."""
    row = only(rows, reference)
    if row["gone"] is not None:
        gone = orjson.loads(row["gone"])
        successors = ", ".join(gone.pop("successors")) or "—"
        raise CertificationWithdrawn(number=row["code"], successors=successors, **gone)
    return row


def validity_of(row: Any) -> Validity:  # noqa: ANN401  # an asyncpg record
    """Read the legal dates of a row."""
    return Validity(
        starts_on=row["effective_on"] or row["decided_on"],
        ends_on=row["registration_end"],
        ends_in=row["registration_end_year"],
        delivers_until=row["delivery_limit"],
        delivery_known="delivery_limit" not in row["unknown"],
    )


async def read(reads: ReadPool, spelling: str, day: date) -> bytes:
    """Return the document of a certification, its state that of the day."""
    reference = named(spelling)
    rows = await reads.fetch("certification", queries.READ, day, *pair(reference))
    return str(present(rows, reference)["document"]).encode()


async def blocs(reads: ReadPool, spelling: str) -> bytes:
    """Return the document of a certification's blocs."""
    reference = named(spelling)
    rows = await reads.fetch("certification blocs", queries.BLOCS, *pair(reference))
    return str(present(rows, reference)["document"]).encode()


async def description(reads: ReadPool, spelling: str) -> bytes:
    """Return what the directory tells of a certification in prose and figures."""
    reference = named(spelling)
    rows = await reads.fetch("certification description", queries.DESCRIPTION, *pair(reference))
    return str(present(rows, reference)["document"]).encode()


async def judged(reads: ReadPool, spelling: str) -> Quality:
    """Say how completely a certification informs."""
    reference = named(spelling)
    rows = await reads.fetch("certification quality", queries.QUALITY, *pair(reference))
    row = present(rows, reference)
    return quality.of_certification(row["directory"], row["met"])


async def listed(reads: ReadPool, filters: Filters, paging: PageRequest, day: date) -> bytes:
    """Return a page of summaries, joined from what PostgreSQL rendered."""
    arguments = filters.arguments(day)
    after = paging.after or [None, None]
    rows = await reads.fetch("certifications", queries.LIST, *arguments, *after, paging.limit + 1)
    total: int | None = None
    if paging.count:
        total = await reads.fetchval("certifications count", queries.COUNT, *arguments)
    return rendered(paging, rows, lambda row: [row["directory"], row["number"]], total)
