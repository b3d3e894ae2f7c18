"""The life of a release: draft, validated, under embargo or published; rejected or withdrawn."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.announcements import service as announcements
from observatory.releases import (
    beginning,
    checking,
    clearing,
    extent,
    heralding,
    merging,
    queries,
    staging,
)
from observatory.releases.schemas import Explanation, Mode, ReleaseDraft
from observatory.structures import service as structures_service
from observatory.structures.catalogue import Catalogue
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, Fault, NotFound
from platformkit.i18n import Text


class VintageUnknown(NotFound):
    """There is no such release, or it is not published and of another organisation."""

    code = "vintage-unknown"
    title = Text("Livraison inconnue", "Unknown release")


class ReleaseSettled(Conflict):
    """What is published, rejected or withdrawn does not change."""

    code = "release-settled"
    title = Text("Livraison close", "Settled release")
    detail = Text("La livraison est {state}.", "The release is {state}.")


class ReleaseUnloaded(Conflict):
    """There is nothing to publish: no data were loaded, or they change nothing."""

    code = "release-unloaded"
    title = Text("Livraison sans changement", "Release without change")
    detail = Text(
        "Chargez des données qui diffèrent de la dernière livraison.",
        "Load data that differ from the last release.",
    )


class ReleaseUnseen(Conflict):
    """Only what has been published can be withdrawn; what has not is rejected."""

    code = "release-unseen"
    title = Text("Livraison non parue", "Release not yet seen")


class ContradictoryVintages(Conflict):
    """The order of ordinals would not be the order of instants (invariant 1)."""

    code = "contradictory-vintages"
    title = Text("Millésimes contradictoires", "Contradictory vintages")
    detail = Text(
        "Une autre livraison du flux {dataflow} attend ou est parue après cet instant : publiez-la"
        " ou rejetez-la d’abord, ou choisissez un instant à venir.",
        "Another release of the dataflow {dataflow} is waiting or appeared after that instant:"
        " publish or reject it first, or choose an instant to come.",
    )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something with a release."""

    tenant: str
    client: str
    subject: str


def actor(caller: Principal) -> Actor:
    """Return the caller as an actor."""
    return Actor(caller.tenant, caller.client, caller.subject)


async def draft(
    session: AsyncSession, structures: Catalogue, who: Actor, given: ReleaseDraft
) -> tuple[uuid.UUID, bytes]:
    """Begin a release of a dataflow, or raise DataflowUnknown."""
    flow = structures_service.flow_named(structures, given.dataflow)
    raw = await driver(session)
    release: uuid.UUID = await raw.fetchval(
        queries.DRAFT,
        flow.number,
        who.tenant,
        who.client,
        str(flow.artefact.version),
        given.notes.model_dump_json(),
        given.reason,
        given.method,
        given.source,
        None if given.formula is None else given.formula.model_dump_json(),
        orjson.dumps([each.model_dump(mode="json") for each in given.origins]).decode(),
    )
    await raw.execute(queries.DEED, release, "drafted", who.client, who.subject)
    return release, await document(raw, release)


async def document(raw: Any, release: uuid.UUID) -> bytes:  # noqa: ANN401  # likewise
    """Return the wire form of a release."""
    row = await raw.fetchrow(queries.ONE, release)
    return str(row["item"]).encode()


async def _taken(
    raw: Any,  # noqa: ANN401  # likewise
    who: Actor,
    release: uuid.UUID,
    if_match: str | None,
) -> Any:  # noqa: ANN401  # an asyncpg record
    """Lock a release of the actor's organisation; raises VintageUnknown or Stale."""
    row = await raw.fetchrow(queries.ONE, release)
    if row is None or row["tenant"] != who.tenant:
        raise VintageUnknown
    await raw.execute(queries.ALONE, row["flow"])
    row = await raw.fetchrow(queries.LOCKED, release)
    if if_match is not None:
        etags.match(if_match, etags.of_bytes(str(row["item"])))
    return row


def _open(row: Any) -> None:  # noqa: ANN401  # likewise
    """Raise ReleaseSettled for what can no longer change."""
    if row["state"] == "rejected" or row["is_public"]:
        raise ReleaseSettled(state=orjson.loads(row["item"])["state"])


async def load(
    session: AsyncSession,
    structures: Catalogue,
    who: Actor,
    release: uuid.UUID,
    if_match: str | None,
    pieces: AsyncIterator[bytes],
    mode: Mode,
) -> bytes:
    """Load a file into a release that nobody has seen, instead of what it held.

    Raises DataInvalid with all faults, ContradictoryVintages while another release of the flow
    waits, ReleaseSettled. A file that changes nothing leaves the release a draft.
    """
    raw = await driver(session)
    row = await _taken(raw, who, release, if_match)
    _open(row)
    flow = structures_service.flow_named(structures, row["dataflow"])
    last = await raw.fetchrow(queries.LAST, row["flow"], release)
    if last is not None and not last["is_public"]:
        raise ContradictoryVintages(dataflow=flow.id)
    if row["ordinal"] is not None:
        await merging.undo(raw, flow.number, row["ordinal"])
    ordinal = beginning.ORDINAL if last is None else last["ordinal"] + 1
    await raw.fetchrow(queries.EASE)
    digest = sha256()
    rows = await staging.stage(raw, flow, _digested(pieces, digest))
    if not rows:
        empty = Text("Le fichier n’a aucune ligne.", "The file has no line.")
        raise staging.DataInvalid([Fault("", "file-empty", empty, place="2")])
    is_first = ordinal == beginning.ORDINAL
    periods, faults = await checking.check_lines(raw, flow)
    if is_first:
        await beginning.bring_series(raw, flow, periods)
    else:
        await merging.bring_series(raw, flow, ordinal)
    checking.refuse(faults + await checking.check_codes(raw, structures, flow, ordinal))
    if is_first:
        diff = await beginning.begin(raw, flow, periods)
    else:
        same = await raw.fetchval(queries.SAME_METHOD, flow.number, ordinal, row["method"])
        diff = await merging.merge(raw, flow, ordinal, periods, same, complete=mode == "complete")
    file_hash: str | None = digest.hexdigest()
    if await clearing.is_protected(raw, flow.number):
        diff["max_delta"] = None  # it may be that of a hidden cell
        file_hash = None  # guesses of hidden cells could be tried on it
    told = (file_hash, rows, orjson.dumps(diff).decode())
    if diff["added"] or diff["revised"] or diff["deleted"]:
        await raw.fetchval(queries.GATHER, flow.number, timeout=staging.LOAD_SECONDS)
        is_all_there = is_first and diff["added"] == rows  # no line deletes
        all_periods = periods.values() if is_all_there else None
        figures = await extent.read(raw, flow, is_first=is_first, all_periods=all_periods)
        await raw.execute(
            queries.LOADED, release, ordinal, str(flow.artefact.version), *told, *figures
        )
    else:
        await raw.execute(queries.UNCHANGED, release, *told)
    await raw.execute(queries.DEED, release, "loaded", who.client, who.subject)
    return await document(raw, release)


async def _digested(pieces: AsyncIterator[bytes], digest: Any) -> AsyncIterator[bytes]:  # noqa: ANN401  # hashlib's
    async for piece in pieces:
        digest.update(piece)
        yield piece


async def publish(
    session: AsyncSession,
    who: Actor,
    release: uuid.UUID,
    if_match: str | None,
    at: datetime | None,
) -> bytes:
    """Let a release be seen from an instant on; one to come is an embargo, and may be moved.

    Raises ReleaseUnloaded, ReleaseSettled, AnnouncedForLater, DisclosureUnjudged,
    DisclosureFailed, or ContradictoryVintages for an instant that is past or not after that of
    the release before.
    """
    raw = await driver(session)
    row = await _taken(raw, who, release, if_match)
    _open(row)
    if row["ordinal"] is None:
        raise ReleaseUnloaded
    await announcements.keep_promise(raw, row["flow"], row["ordinal"], at)
    await clearing.clear(raw, row)
    last = await raw.fetchrow(queries.LAST, row["flow"], release)
    now = await raw.fetchval("SELECT clock_timestamp()")
    if at is not None and (at < now or (last is not None and at <= last["published_at"])):
        raise ContradictoryVintages(dataflow=row["dataflow"])
    await raw.fetchval(queries.PUBLISH, release, at)
    await raw.execute(queries.DEED, release, "published", who.client, who.subject)
    await heralding.announce(session)
    return await document(raw, release)


async def release(
    session: AsyncSession,
    structures: Catalogue,
    who: Actor,
    given: ReleaseDraft,
    pieces: AsyncIterator[bytes],
    mode: Mode,
    at: datetime | None = None,
) -> bytes | None:
    """Draft, load and publish at once; None, and nothing is left, where nothing changes.

    Raises what those three raise.
    """
    async with session.begin_nested() as attempt:
        drafted, _ = await draft(session, structures, who, given)
        await load(session, structures, who, drafted, None, pieces, mode)
        try:
            return await publish(session, who, drafted, None, at)
        except ReleaseUnloaded:
            await attempt.rollback()
            return None


async def reject(
    session: AsyncSession,
    who: Actor,
    release: uuid.UUID,
    if_match: str | None,
    why: Explanation,
) -> bytes:
    """Take back a release that nobody has seen; its data are gone, the reason stays."""
    raw = await driver(session)
    row = await _taken(raw, who, release, if_match)
    _open(row)
    if row["ordinal"] is not None:
        await merging.undo(raw, row["flow"], row["ordinal"])
    await raw.execute(queries.REJECT, release, why.reason.model_dump_json())
    await raw.execute(queries.DEED, release, "rejected", who.client, who.subject)
    return await document(raw, release)


async def withdraw(
    session: AsyncSession,
    who: Actor,
    release: uuid.UUID,
    if_match: str | None,
    why: Explanation,
) -> bytes:
    """Hide the values that a published release brought, in every vintage; the reason is shown."""
    raw = await driver(session)
    row = await _taken(raw, who, release, if_match)
    if not row["is_public"]:
        raise ReleaseUnseen
    if row["withdrawn_at"] is not None:
        raise ReleaseSettled(state="withdrawn")
    await raw.execute(queries.WITHDRAW, release, why.reason.model_dump_json())
    await raw.execute(queries.DEED, release, "withdrawn", who.client, who.subject)
    await raw.execute(queries.FORGET_WITHDRAWN, row["flow"], row["ordinal"])
    await heralding.tell_withdrawal(session, row["agency"], row["dataflow"], row["ordinal"])
    return await document(raw, release)
