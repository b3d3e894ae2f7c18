"""Deprecates stable artefacts: they stay as they are, and say what to use instead."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.structures import library, queries
from observatory.structures import schemas as wire
from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.service import (
    ArtefactDeprecated,
    ArtefactDraft,
    ArtefactForeign,
    ArtefactUnknown,
    StructureInvalid,
    deprecated,
)
from platformkit import feed
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text


class Caller(Protocol):
    """Who deprecates, as it is remembered."""

    @property
    def client(self) -> str:
        """The program."""

    @property
    def subject(self) -> str:
        """The person, or the program again."""


async def deprecate(
    session: AsyncSession, agency: str, who: Caller, given: wire.Deprecation
) -> wire.DeprecationRead:
    """Deprecate an artefact of our own agency.

    Raises ArtefactUnknown, ArtefactForeign, ArtefactDraft, ArtefactDeprecated, or StructureInvalid
    for a replacement that is none.
    """
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    known = await library.load(raw, agency)
    artefact = known.resolve(given.kind, given.reference)
    if artefact is None:
        raise ArtefactUnknown(kind=given.kind, reference=given.reference)
    if artefact.agency != agency:
        raise ArtefactForeign(agency=artefact.agency)
    if artefact.version.is_draft:
        raise ArtefactDraft(reference=artefact.reference)
    if artefact.deprecation is not None:
        raise ArtefactDeprecated(reference=artefact.reference)
    replacement = _replacement(known, artefact, given)
    await raw.execute(
        queries.DEPRECATE,
        artefact.number,
        given.reason.model_dump_json(),
        None if replacement is None else replacement.number,
        who.client,
        who.subject,
    )
    await raw.execute(queries.COUNT)
    await feed.publish(
        session,
        entity="structure",
        entity_id=artefact.urn,
        kind="updated",
        payload={
            "kind": artefact.kind,
            "deprecated": True,
            "replacement": None if replacement is None else replacement.urn,
        },
    )
    changed = (await library.load(raw, agency)).resolve(given.kind, given.reference)
    assert changed is not None  # noqa: S101  # it was there before
    told = deprecated(changed)
    assert told is not None  # noqa: S101  # just done
    return wire.DeprecationRead(urn=changed.urn, **dict(told))


def _replacement(known: Catalogue, artefact: Artefact, given: wire.Deprecation) -> Artefact | None:
    if given.replacement is None:
        return None
    found = known.resolve(given.kind, given.replacement)
    if found is None or found.number == artefact.number or found.version.is_draft:
        sentence = Text(
            "Ce n’est pas un autre artefact stable de cette sorte.",
            "That is no other stable artefact of this kind.",
        )
        raise StructureInvalid([Fault("/replacement", "replacement-unfit", sentence)])
    return found
