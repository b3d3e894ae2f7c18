"""Brings the structures of a kit into this installation: the publisher's, and one's own of them."""

import asyncio
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kits import packaging
from observatory.kits.manifest import STRUCTURES, Manifest
from observatory.kits.schemas import KitStructures, Parameters
from observatory.kits.service import Kept, KitRefused, file
from observatory.releases.service import Actor
from observatory.structures import deprecating, library, publishing, queries
from observatory.structures.bundles import Structures
from observatory.structures.catalogue import Catalogue
from observatory.structures.schemas import Dataflow, Deprecation, digest
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

Local = Literal["created", "unchanged", "kept"]


async def read(raw: Any, kit: Kept) -> KitStructures:  # noqa: ANN401  # asyncpg's connection, untyped
    """Read the structures of a kit; raises KitRefused where they are not what it says."""
    if STRUCTURES not in kit.places:
        raise _refused("structures-missing", "Le kit n’en a pas.", "The kit has none.")
    content = await file(raw, kit, STRUCTURES)
    return await asyncio.to_thread(_parsed, kit.manifest, content)


def _parsed(told: Manifest, content: bytes) -> KitStructures:
    try:
        found = KitStructures.model_validate_json(content)
    except ValidationError as invalid:
        where = "/".join(str(step) for step in invalid.errors()[0]["loc"])
        raise _refused(
            "structures-invalid",
            f"{where} n’a pas la forme voulue.",
            f"{where} has not the form it must have.",
        ) from invalid
    if found.agency != told.agency or packaging.artefacts(found) != told.artefacts:
        raise _refused(
            "structures-contradictory",
            "Ce ne sont pas les structures que nomme le manifeste.",
            "These are not the structures that the manifest names.",
        )
    return found


def _refused(code: str, fr: str, en: str) -> KitRefused:
    return KitRefused([Fault("", code, Text(fr, en), place=STRUCTURES)])


async def bring(
    session: AsyncSession, agency: str, kit: Kept, given: Parameters, who: Actor
) -> dict[str, Local]:
    """Publish the structures under their own agency, then one's own dataflows of them.

    Returns what became of each dataflow of one's own: one that was there stays as it is. Raises
    KitRefused or StructureInvalid.
    """
    raw = await driver(session)
    theirs = await read(raw, kit)
    name = kit.manifest.name
    await raw.execute(queries.AGENCY, kit.agency, name.fr, name.en, "region")
    await publishing.publish(session, kit.agency, theirs)
    known = await library.load(raw, agency)
    ours = _own(theirs)
    made: dict[str, Local] = {each.id: _fate(known, each) for each in ours.dataflows}
    usable = {name for name, fate in made.items() if fate != "kept"}
    await publishing.publish(
        session,
        agency,
        ours.model_copy(
            update={
                "dataflows": [each for each in ours.dataflows if made[each.id] == "created"],
                "indicators": [
                    each
                    for each in ours.indicators
                    if each.dataflow.partition("(")[0] in usable
                    and known.find("indicator", each.id, each.version) is None
                ],
            }
        ),
    )
    await _leave(session, agency, kit, given, who)
    return made


async def _leave(
    session: AsyncSession, agency: str, kit: Kept, given: Parameters, who: Actor
) -> None:
    """Deprecate one's own dataflows of what the kit has no longer, for what the mapping names."""
    known = await library.load(await driver(session), agency)
    for gone, target in (given.mapping or {}).items():
        theirs = known.resolve("dataflow", gone)
        if theirs is None:
            continue
        ours = known.find("dataflow", theirs.id, str(theirs.version))
        if ours is None or ours.deprecation is not None:
            continue
        other = None if target is None else target.removeprefix(f"{kit.agency}:")
        what = Deprecation(
            kind="dataflow", reference=ours.reference, reason=kit.manifest.notes, replacement=other
        )
        await deprecating.deprecate(session, agency, who, what)


def _own(theirs: KitStructures) -> Structures:
    """Make dataflows of one's own, of their structures, and the indicators that read them."""
    prefix = f"{theirs.agency}:"
    return Structures.model_construct(
        codelists=[],
        concept_schemes=[],
        code_maps=[],
        data_structures=[],
        dataflows=theirs.dataflows,
        indicators=[
            each.model_copy(update={"dataflow": each.dataflow.removeprefix(prefix)})
            for each in theirs.indicators
            if each.dataflow.startswith(prefix)
        ],
    )


def _fate(known: Catalogue, flow: Dataflow) -> Local:
    """Say what becomes of a dataflow of one's own: one of another structure is kept as it is."""
    same = known.find("dataflow", flow.id, flow.version)
    if same is not None:
        return "unchanged" if same.sha256 == digest(flow) else "kept"
    other = known.find("dataflow", flow.id, f"{flow.version.partition('.')[0]}+")
    if other is None:
        return "created"
    before, now = (
        known.resolve("data_structure", reference)
        for reference in (other.content["structure"], flow.structure)
    )
    assert before is not None and now is not None  # noqa: PT018, S101  # published both
    return "created" if (before.agency, before.id) == (now.agency, now.id) else "kept"
