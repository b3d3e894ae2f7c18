"""Reads what is around certifications that end, all at once, and proposes for each day asked."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from training.certifications.schemas import Title
from training.certifications.service import validity_of
from training.continuity import queries
from training.continuity.rules import Correspondence, Link
from training.expiries import texts
from training.expiries.replacing import Around, Replacement, best
from training.expiries.schemas import ReplacementRead

Fetch = Callable[..., Awaitable[Sequence[Any]]]
"""Of a pool or of a connection, its first argument the name of the statement."""

_AT_ONCE: Final = 200
_MOST: Final = 50
"""Certifications around one, and equivalences with it, that are looked at, on average."""

Ending = tuple[str, date]
"""A certification, and the day on which somebody would begin."""


async def proposed(fetch: Fetch, wanted: Iterable[Ending]) -> dict[Ending, ReplacementRead | None]:
    """Propose a replacement for each; the statements are as many for one as for 200."""
    days = defaultdict(set)
    for code, day in wanted:
        days[code].add(day)
    codes, found = sorted(days), {}
    for first in range(0, len(codes), _AT_ONCE):
        some = codes[first : first + _AT_ONCE]
        arounds, titles = await _around(fetch, some)
        for around in arounds:
            for day in days[around.code]:
                found[around.code, day] = _read(around.code, best(around, day), titles)
    return found


async def _around(fetch: Fetch, codes: Sequence[str]) -> tuple[list[Around], Mapping[str, Title]]:
    most = len(codes) * _MOST
    chains = await fetch("chains", queries.CHAINS, codes, most)
    rows = await fetch("carried by any", queries.CARRIED_BY_ANY, codes, most)
    correspondences = [Correspondence(**row) for row in rows]
    named = {code for one in correspondences for code in (one.source, one.target)}
    facts = [row for row in chains if row["code"] is not None]
    facts += await fetch("facts", queries.FACTS_OF, sorted(named - {row["code"] for row in facts}))
    validities = {row["code"]: validity_of(row) for row in facts if row["withdrawn_on"] is None}
    titles = {row["code"]: Title(fr=row["title"], en=row["title_en"]) for row in facts}
    blocs = {
        row["certification"]: row["blocs"]
        for row in await fetch("blocs of", queries.BLOCS_OF, codes)
    }
    links: dict[str, dict[str, Link]] = {code: {} for code in codes}
    for row in chains:
        links[row["origin"]][row["asked"]] = Link(
            row["asked"], row["successors"], validities.get(row["asked"])
        )
    found = [
        Around(
            code,
            links[code] or {code: Link(code, (), None)},
            [one for one in correspondences if code in {one.source, one.target}],
            blocs.get(code, ()),
            validities,
        )
        for code in codes
    ]
    return found, titles


def _read(old: str, one: Replacement | None, titles: Mapping[str, Title]) -> ReplacementRead | None:
    if one is None:
        return None
    return ReplacementRead(
        number=one.code,
        title=titles[one.code],
        relation="equivalent" if one.distance is None else "successor",
        distance=one.distance,
        enrolment_ends_on=one.until,
        whole=one.is_whole,
        blocs_recognised=list(one.recognised),
        blocs_left=list(one.left),
        explanation=texts.explained(old, one),
    )
