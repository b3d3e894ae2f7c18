"""The rules of the nomenclatures."""

from dataclasses import dataclass
from datetime import date

from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.certifications.records import patterns
from training.references import queries


class RomeUnknown(NotFound):
    """ROME has no such job in the release that we hold."""

    code = "rome-unknown"
    title = Text("Code ROME inconnu", "Unknown ROME code")
    detail = Text("Le ROME ne contient pas {code}.", "ROME does not contain {code}.")


class ReferenceVersionUnknown(NotFound):
    """No such release of the scheme was imported."""

    code = "reference-version-unknown"
    title = Text("Version de référentiel inconnue", "Unknown version of a nomenclature")
    detail = Text("{scheme} : pas de version {version}.", "{scheme}: no version {version}.")


class ReferenceCodeUnknown(NotFound):
    """Neither the version asked nor, for `latest`, an older one has the code."""

    code = "reference-code-unknown"
    title = Text("Code de référentiel inconnu", "Unknown code of a nomenclature")
    detail = Text(
        "{scheme} {version} ne contient pas {code}.", "{scheme} {version} does not contain {code}."
    )


class ReferenceCodeWithdrawn(ProblemError):
    """The source gave this very version anew without the code: it never should have been there."""

    status = 410
    code = "reference-code-withdrawn"
    title = Text("Code de référentiel retiré", "Withdrawn code of a nomenclature")
    detail = Text(
        "La source a retiré {code} de {scheme} {version} ; remplaçants connus : {replaced_by}.",
        "The source has withdrawn {code} from {scheme} {version}; known replacements:"
        " {replaced_by}.",
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of codes must meet."""

    words: str | None
    broader: str | None
    kind: str | None
    ended: bool

    def arguments(self) -> list[object]:
        """Return the parameters $4 to $7 of the list's statements."""
        return [patterns(self.words), self.broader, self.kind, self.ended]


async def read_rome(reads: ReadPool, code: str) -> bytes:
    """Return the document of a job."""
    document: str | None = await reads.fetchval("rome", queries.ROME, code.upper())
    if document is None:
        raise RomeUnknown(code=code.upper())
    return document.encode()


async def versions(reads: ReadPool, paging: PageRequest) -> bytes:
    """Return a page of the releases that are held."""
    after = paging.after or [None, None]
    rows = await reads.fetch("reference versions", queries.VERSIONS, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("reference versions count", queries.VERSIONS_COUNT)
    return rendered(paging, rows, lambda row: [row["scheme"], row["version"]], total)


async def _meant(reads: ReadPool, scheme: str, version: str, day: date) -> str:
    """Return the version that was meant, or raise ReferenceVersionUnknown."""
    found: str | None = await reads.fetchval(
        "reference release", queries.RELEASE, scheme, version, day
    )
    if found is None:
        raise ReferenceVersionUnknown(scheme=scheme, version=version)
    return found


async def listed(
    reads: ReadPool, scheme: str, version: str, filters: Filters, paging: PageRequest, day: date
) -> bytes:
    """Return a page of the codes of a version, in their order."""
    meant = await _meant(reads, scheme, version, day)
    arguments = (scheme, meant, day, *filters.arguments())
    after = (paging.after or [None])[0]
    rows = await reads.fetch(
        "reference concepts", queries.CONCEPTS, *arguments, after, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("reference concepts count", queries.CONCEPTS_COUNT, *arguments)
    return rendered(paging, rows, lambda row: [row["code"]], total)


async def read(reads: ReadPool, scheme: str, version: str, code: str, day: date) -> bytes:
    """Return the document of a code on a day; an obsolete one says what replaces it."""
    row = await reads.fetchrow(
        "reference concept", queries.CONCEPT, scheme, version, day, code.upper()
    )
    if row is None:
        meant = await _meant(reads, scheme, version, day)
        raise ReferenceCodeUnknown(scheme=scheme, version=meant, code=code)
    if row["is_withdrawn"]:
        raise ReferenceCodeWithdrawn(
            scheme=scheme,
            version=row["version"],
            code=code,
            replaced_by=", ".join(row["replaced_by"]) or "–",
        )
    return str(row["document"]).encode()
