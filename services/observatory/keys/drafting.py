"""Drafts are written and published by hand, each on the version that was read, with a deed."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.keys import service
from observatory.keys.schemas import GridRead, KeyRead, SheetRead
from observatory.keys.service import CitedKind, CitedUnknown
from observatory.packing import plain
from observatory.structures import library, publishing, queries, versions
from observatory.structures.bundles import Structures
from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.service import ArtefactForeign, StructureInvalid
from observatory.structures.sheet_schemas import Sheet
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, Fault
from platformkit.i18n import Text

AnyCited = ReadingKey | Grid | Sheet

_GROUPS: Final[dict[CitedKind, str]] = {
    "reading_key": "reading_keys",
    "grid": "grids",
    "sheet": "sheets",
}
_READS: Final[dict[CitedKind, type[KeyRead | GridRead | SheetRead]]] = {
    "reading_key": KeyRead,
    "grid": GridRead,
    "sheet": SheetRead,
}
NONE: Final = '"0"'
"""Tag of a draft that is not there yet."""


class VersionPublished(Conflict):
    """It is published, and stays as it is: write a draft of another version."""

    code = "version-published"
    title = Text("Version publiée", "Published version")
    detail = Text(
        "{reference} est publiée : écrivez le projet d’une version suivante.",
        "{reference} is published: write the draft of a next version.",
    )


def shown(known: Catalogue, kind: CitedKind, artefact: Artefact) -> bytes:
    """Return what is read of a version; its tag is what a change must name."""
    read = _READS[kind].model_validate(service.told(known, artefact))
    return read.model_dump_json().encode()


async def write(
    session: AsyncSession,
    own: str,
    who: Principal,
    kind: CitedKind,
    place: tuple[str, str, str],
    given: AnyCited,
    if_match: str,
) -> bytes:
    """Write a draft, new (`If-Match: "0"`) or on the version that was read.

    `place` is agency, id and version as the address has them. Raises ArtefactForeign,
    StructureInvalid, VersionPublished or Stale.
    """
    agency, name, version = place
    if agency != own:
        raise ArtefactForeign(agency=agency)
    _same_place(given, name, version)
    raw: Any = await driver(session)
    await raw.execute(queries.ALONE)
    known = await library.load(raw, own)
    _unpublished(known, kind, given)
    held = known.find(kind, name, given.version)
    etags.match(plain(if_match), NONE if held is None else etags.of_bytes(shown(known, kind, held)))
    return await _kept(session, own, who, kind, given, "drafted")


async def publish(
    session: AsyncSession,
    own: str,
    who: Principal,
    kind: CitedKind,
    place: tuple[str, str, str],
    if_match: str,
) -> bytes:
    """Make a draft the version that it was the draft of; from then on it never changes.

    Raises ArtefactForeign, CitedUnknown, VersionPublished or Stale.
    """
    agency, name, version = place
    if agency != own:
        raise ArtefactForeign(agency=agency)
    raw: Any = await driver(session)
    await raw.execute(queries.ALONE)
    known = await library.load(raw, own)
    held = known.find(kind, name, version)
    if held is None or str(held.version) != version:
        raise CitedUnknown(kind=kind, reference=f"{agency}:{name}({version})")
    draft = _READS[kind].model_validate(service.told(known, held)).content
    _unpublished(known, kind, draft)
    etags.match(plain(if_match), etags.of_bytes(shown(known, kind, held)))
    stable = draft.model_copy(update={"version": _stable(version)})
    return await _kept(session, own, who, kind, stable, "published")


async def _kept(
    session: AsyncSession, own: str, who: Principal, kind: CitedKind, given: AnyCited, deed: str
) -> bytes:
    """Store it, and who did so; equal content leaves no deed."""
    bundle = Structures.model_validate({_GROUPS[kind]: [given.model_dump(mode="json")]})
    done = await publishing.publish(session, own, bundle)
    raw: Any = await driver(session)
    known = await library.load(raw, own)
    kept = service.cited(known, kind, own, given.id, given.version)
    if not done.unchanged:
        await raw.execute(
            queries.DEED_OF_ARTEFACT, deed, kept.urn, kept.sha256, who.client, who.subject
        )
    return shown(known, kind, kept)


def _same_place(given: AnyCited, name: str, version: str) -> None:
    """Raise StructureInvalid where the body is not of the address, or is no draft."""
    faults = [
        Fault(
            f"/{field}",
            "not-of-the-address",
            Text(f"L’adresse dit {asked}.", f"The address says {asked}."),
        )
        for field, asked, found in (("id", name, given.id), ("version", version, given.version))
        if asked != found
    ]
    if _stable(given.version) == given.version:
        sentence = Text(
            "Un projet s’écrit avec une extension, 1.0.0-draft.",
            "A draft is written with an extension, 1.0.0-draft.",
        )
        faults.append(Fault("/version", "version-not-draft", sentence))
    if faults:
        raise StructureInvalid(faults)


def _unpublished(known: Catalogue, kind: CitedKind, given: AnyCited) -> None:
    found = known.find(kind, given.id, _stable(given.version))
    if found is not None:
        raise VersionPublished(reference=found.reference)


def _stable(version: str) -> str:
    """Return the version that a draft is of."""
    found = versions.parse(version)
    assert found is not None  # noqa: S101  # the wire let nothing else in
    return f"{found.major}.{found.minor}.{found.patch}"
