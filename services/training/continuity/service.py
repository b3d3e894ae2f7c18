"""Continuity: may one enrol, may it be delivered, what replaces it, which blocs carry over."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import orjson

from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool
from training.certifications import lifecycle, wording
from training.certifications.lifecycle import State, Validity
from training.certifications.schemas import Title
from training.certifications.service import named, only, pair, validity_of
from training.continuity import queries, rules, texts
from training.continuity.rules import Correspondence, Link
from training.continuity.schemas import (
    BlocSet,
    CarryOver,
    ContinuityRead,
    EquivalenceRead,
    Linked,
    Replacement,
    SuccessionRead,
)

_MOST: Final = 200
"""Certifications of a chain, and equivalences with them, that one answer shows."""


async def continuity(reads: ReadPool, spelling: str, day: date) -> bytes:
    """Say what a certification allows on the day, and where it goes on, through all successors."""
    reference = named(spelling)
    found = await reads.fetch("continuity", queries.CHAIN, *pair(reference), 2 * _MOST + 2)
    itself = only([row for row in found if row["asked"] == row["origin"]], reference)
    code = itself["code"]
    rows = {row["asked"]: row for row in found if row["origin"] == code}
    links = {one: _link(row) for one, row in rows.items()}
    steps = rules.distances(code, links)
    shown = list(steps)[:_MOST]
    carried = [
        Correspondence(**row)
        for row in await reads.fetch("continuity carried", queries.CARRIED, code, shown, _MOST)
    ]
    blocs = [row["code"] for row in await reads.fetch("continuity blocs", queries.BLOCS, code)]
    validity = validity_of(itself)
    replacements = [
        Replacement(**linked(one, rows[one], day).model_dump(), distance=steps[one])
        for one in shown
    ]
    answer = ContinuityRead(
        number=code,
        on=day,
        state=lifecycle.state(validity, day),
        may_enrol=lifecycle.may_enrol(validity, day),
        may_deliver=lifecycle.may_deliver(validity, day),
        enrolment_ends_on=validity.ends_on,
        delivery_ends_on=validity.delivers_until,
        explanation="",
        replacements=replacements,
        enrol_in=_nearest(replacements),
        dangling=[one.number for one in replacements if not one.known],
        cyclic=rules.turns_round(links.values()),
        complete=len(steps) <= _MOST and len(carried) < _MOST,
        carries_over=[_carry_over(code, one) for one in carried],
        blocs_left=None
        if "blocs" in itself["unknown"]
        else rules.left_behind(code, blocs, carried),
        source=orjson.loads(itself["source"]),
    )
    answer.explanation = _explained(answer, validity, itself["unknown"])
    return answer.model_dump_json().encode()


def _explained(answer: ContinuityRead, validity: Validity, unknown: Sequence[str]) -> str:
    """Say the answer in sentences: the state, what replaces it, what carries over."""
    said = [
        *wording.state_on(validity, answer.on),
        *texts.replaced(
            codes=[one.number for one in answer.replacements],
            enrol_in=answer.enrol_in,
            dangling=answer.dangling,
            is_known="successors" not in unknown,
            is_over=answer.state in {State.DELIVERY_ONLY, State.INACTIVE},
        ),
        *texts.carried(sorted({one.to for one in answer.carries_over}), cyclic=answer.cyclic),
    ]
    return " ".join(said)


async def equivalences(
    reads: ReadPool, spelling: str, paging: PageRequest, day: date
) -> Page[EquivalenceRead]:
    """Return a page of the equivalences that its fiche states, or that another states with it."""
    code = await _meant(reads, spelling)
    sql, counting = queries.EQUIVALENCES, queries.EQUIVALENCES_COUNT
    rows, total = await _listed(reads, "equivalences", sql, counting, code, paging)

    def rendered(row: Any) -> EquivalenceRead:  # noqa: ANN401  # an asyncpg record
        other = row["target"] if row["source"] == code else row["source"]
        return EquivalenceRead(
            source=_bloc_set(row["source"], row["source_blocs"]),
            target=_bloc_set(row["target"], row["target_blocs"]),
            other=linked(other, row, day),
        )

    return page(paging, rows, lambda row: (row["source"], row["position"]), rendered, total)


async def succession(
    reads: ReadPool, spelling: str, paging: PageRequest, day: date
) -> Page[SuccessionRead]:
    """Return a page of what it replaces and of what replaces it, in one step."""
    code = await _meant(reads, spelling)
    sql, counting = queries.SUCCESSION, queries.SUCCESSION_COUNT
    rows, total = await _listed(reads, "succession", sql, counting, code, paging)

    def rendered(row: Any) -> SuccessionRead:  # noqa: ANN401  # an asyncpg record
        return SuccessionRead(
            **linked(row["number"], row, day).model_dump(),
            relation=row["relation"],
            stated_by=row["stated_by"],
        )

    return page(paging, rows, lambda row: (row["relation"], row["number"]), rendered, total)


async def _listed(
    reads: ReadPool, name: str, sql: str, counting: str, code: str, paging: PageRequest
) -> tuple[Sequence[Any], int | None]:
    """Fetch one row more than the page holds, and the count where it is asked."""
    after = paging.after or [None, None]
    rows = await reads.fetch(name, sql, code, *after, paging.limit + 1)
    total = await reads.fetchval(f"{name} count", counting, code) if paging.count else None
    return rows, total


async def _meant(reads: ReadPool, spelling: str) -> str:
    reference = named(spelling)
    rows = await reads.fetch("certification named", queries.NAMED, *pair(reference))
    code: str = only(rows, reference)["code"]
    return code


def linked(number: str, row: Any, day: date) -> Linked:  # noqa: ANN401  # an asyncpg record
    """Show a certification that another names, as on the day; it may not be in the catalogue."""
    if row["code"] is None:
        return Linked(number=number, known=False, title=None, state=None, may_enrol=None)
    validity = validity_of(row)
    return Linked(
        number=number,
        known=True,
        title=Title(fr=row["title"], en=row["title_en"]),
        state=lifecycle.state(validity, day),
        may_enrol=lifecycle.may_enrol(validity, day),
    )


def _link(row: Any) -> Link:  # noqa: ANN401  # an asyncpg record
    return Link(row["asked"], row["successors"], validity_of(row) if row["code"] else None)


def _nearest(replacements: Sequence[Replacement]) -> list[str]:
    """Return those that one may enrol in, of the fewest steps at which there are any."""
    open_ = [one for one in replacements if one.may_enrol]
    return [one.number for one in open_ if one.distance == open_[0].distance]


def _bloc_set(number: str, blocs: Sequence[str]) -> BlocSet:
    return BlocSet(number=number, blocs=list(blocs), whole=not blocs)


def _carry_over(code: str, one: Correspondence) -> CarryOver:
    blocs, to, to_blocs = one.seen_from(code)
    return CarryOver(
        blocs=list(blocs),
        whole=not blocs,
        to=to,
        to_blocs=list(to_blocs),
        to_whole=not to_blocs,
        stated_by=one.source,
    )
