"""Why a kit is refused, and the kits that are kept here: their bytes, and what was yanked."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from observatory.kits import queries
from observatory.kits.manifest import Manifest
from observatory.kits.schemas import KitRead
from observatory.kits.verifying import Verified
from observatory.releases.service import Actor
from observatory.structures import versions
from observatory.structures.schemas import Names
from observatory.structures.versions import Version
from platformkit.errors import Conflict, Fault, Forbidden, Invalid, NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class KitUnknown(NotFound):
    """No kit of this version is published here."""

    code = "kit-unknown"
    title = Text("Kit inconnu", "Unknown kit")
    detail = Text("Aucun kit {agency} {version} ici.", "No kit {agency} {version} here.")


class KitRefused(Invalid):
    """The archive is not the kit that was signed; `place` names the file."""

    code = "kit-refused"
    title = Text("Kit refusé : rien n’a été installé", "Kit refused: nothing was installed")


class PublisherUntrusted(Forbidden):
    """The kit is signed with a key that is not pinned here for its agency."""

    code = "kit-publisher-untrusted"
    title = Text("Signataire inconnu", "Untrusted publisher")
    detail = Text(
        "La clé {key} n’est pas de celles d’un éditeur reconnu ici (OBSERVATORY_KIT_PUBLISHERS).",
        "The key {key} is not of a publisher who is trusted here (OBSERVATORY_KIT_PUBLISHERS).",
    )


class KitYanked(Conflict):
    """Its publisher has said that this version must not be installed."""

    code = "kit-yanked"
    title = Text("Version retirée", "Yanked version")
    detail = Text("{agency} {version} : {reason}", "{agency} {version}: {reason}")


class KitDowngraded(Conflict):
    """A newer version of the kit is installed."""

    code = "kit-downgraded"
    title = Text("Retour à une version antérieure", "Downgrade")
    detail = Text(
        "{agency} {installed} est installée, {version} est plus ancienne.",
        "{agency} {installed} is installed, {version} is older.",
    )


class KitForked(Conflict):
    """The version was published with another content, and a version never changes."""

    code = "kit-forked"
    title = Text("Même version, autre contenu", "Same version, other content")
    detail = Text(
        "{agency} {version} existe ici avec un autre contenu.",
        "{agency} {version} is here with another content.",
    )


class KitOwn(Conflict):
    """An installation does not install its own agency's kit: it has what is in it."""

    code = "kit-own"
    title = Text("Kit de sa propre agence", "Kit of one's own agency")


class KitConflicting(Conflict):
    """A stable structure of the publisher is here with another content than in the kit."""

    code = "kit-conflicting"
    title = Text("Structures contradictoires", "Contradictory structures")
    detail = Text("Autre contenu ici : {references}.", "Other content here: {references}.")


class MappingMissing(Conflict):
    """A new MAJOR version is installed with a mapping of all that it has no longer."""

    code = "kit-mapping-missing"
    title = Text("Correspondance requise", "Mapping required")
    detail = Text(
        "Une version MAJEURE s’installe avec `mapping` : ce que devient chaque structure disparue.",
        "A MAJOR version is installed with `mapping`: what becomes of each structure that is gone.",
    )

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


class MappingInvalid(Invalid):
    """The mapping names what the kit has not, or has still."""

    code = "kit-mapping-invalid"
    title = Text("Correspondance invalide", "Invalid mapping")


class VersionUnfit(Conflict):
    """What has changed takes a larger step of the version (semver 2, clauses 6 to 8)."""

    code = "kit-version-unfit"
    title = Text("Numéro de version inadapté", "Unfit version number")
    detail = Text(
        "Après {earlier}, ce qui a changé demande au moins {least} : {what}.",
        "After {earlier}, what has changed takes {least} at least: {what}.",
    )


class MethodUnknown(NotFound):
    """No kit of this program carries the method in that version."""

    code = "kit-method-unknown"
    title = Text("Méthode inconnue", "Unknown method")
    detail = Text("Aucune méthode {id} {version}.", "No method {id} {version}.")


class InputRefused(Invalid):
    """The input is none of the method's."""

    code = "method-input-refused"
    title = Text("Entrée refusée", "Input refused")


class InstallationUnknown(NotFound):
    """No kit of that agency and version was received here, or it has no certificate yet."""

    code = "kit-installation-unknown"
    title = Text("Installation inconnue", "Unknown installation")


class YanksRefused(Invalid):
    """The list is not signed by the agency that it speaks for."""

    code = "kit-yanks-refused"
    title = Text("Liste de retraits refusée", "List of yanks refused")


class KitMediaTypeUnread(ProblemError):
    """A kit is sent as the zip that it is."""

    status = 415
    code = "kit-media-type-unread"
    title = Text("Type de fichier non lu", "Unread kind of file")
    detail = Text(
        "Envoyez application/zip, sans Content-Encoding.",
        "Send application/zip, without Content-Encoding.",
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A kit as it is kept here."""

    number: int
    agency: str
    version: Version
    sha256: str
    size: int
    manifest: Manifest
    places: Mapping[str, int]
    added_at: datetime
    yanked: Names | None

    @property
    def file_name(self) -> str:
        """How it is named when it is saved."""
        return f"kit-{self.agency}-{self.version}.zip"


def version_of(text: str) -> Version:
    """Read a version that the wire let in."""
    found = versions.parse(text)
    assert found is not None  # noqa: S101  # it was judged before
    return found


def kept(row: Mapping[str, Any]) -> Kept:
    """Read a row of `queries.KIT`."""
    return Kept(
        row["number"],
        row["agency"],
        version_of(row["version"]),
        row["sha256"],
        row["size"],
        Manifest.model_validate_json(row["manifest"]),
        orjson.loads(row["places"]),
        row["added_at"],
        reason(row["yanked"]),
    )


def reason(told: str | None) -> Names | None:
    """Read why a version was yanked."""
    return None if told is None else Names.model_validate_json(told)


def kit_read(found: Kept) -> KitRead:
    """Wire form of a kit."""
    return KitRead(
        agency=found.agency,
        version=str(found.version),
        sha256=found.sha256,
        bytes=found.size,
        key_id=found.manifest.key_id,
        notes=found.manifest.notes,
        methods=dict(sorted(found.manifest.methods.items())),
        yanked=found.yanked,
        published_at=found.added_at,
    )


async def one(reads: ReadPool, agency: str, version: str) -> Kept:
    """Return a kit that is published here, or raise KitUnknown."""
    row = await reads.fetchrow("kit", queries.KIT, agency, version)
    if row is None:
        raise KitUnknown(agency=agency, version=version)
    return kept(row)


async def content(reads: ReadPool, found: Kept) -> AsyncIterator[bytes]:
    """Yield the archive."""
    for number in range(_count(found)):
        yield await reads.fetchval("kit piece", queries.PIECE_OF, found.number, number)


async def pieces(raw: Any, found: Kept) -> AsyncIterator[bytes]:  # noqa: ANN401  # asyncpg's connection, untyped
    """Yield the archive within a transaction."""
    for number in range(_count(found)):
        yield await raw.fetchval(queries.PIECE_OF, found.number, number)


def _count(found: Kept) -> int:
    return -(-found.size // queries.PIECE)


async def file(raw: Any, found: Kept, path: str) -> bytes:  # noqa: ANN401  # asyncpg's connection, untyped
    """Return the bytes of one file of a kit that is kept here."""
    size = next(each.bytes for each in found.manifest.files if each.path == path)
    at, end = found.places[path], found.places[path] + size
    pieces = []
    while at < end:
        number, begin = divmod(at, queries.PIECE)
        length = min(queries.PIECE - begin, end - at)
        pieces.append(await raw.fetchval(queries.SLICE, found.number, number, begin + 1, length))
        at += length
    return b"".join(pieces)


async def keep(raw: Any, archive: BinaryIO, found: Verified, who: Actor) -> int:  # noqa: ANN401  # likewise
    """Keep the bytes of a kit in the transaction, one piece in memory; return its number."""
    number: int = await raw.fetchval(
        queries.ADD,
        found.manifest.agency,
        found.manifest.version,
        found.sha256,
        found.size,
        found.raw_manifest.decode(),
        orjson.dumps(found.offsets).decode(),
        who.client,
        who.subject,
    )
    archive.seek(0)
    place = 0
    while piece := archive.read(queries.PIECE):
        await raw.execute(queries.ADD_PIECE, number, place, piece)
        place += 1
    return number
