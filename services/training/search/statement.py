"""Composes the one statement of a search: candidates as bits, facets by counting, a page by key.

Every set is a string of bits, one for each slot of the index. What the index keeps as bits is read
so; what depends on the day, the words, a place or a price is found in rows and made into bits. A
facet is counted on the candidates of all filters but its own. Where words, a place or numbers leave
few entries, these are looked up and counted one by one: the same answer, by the shorter way.
"""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments

from collections.abc import Sequence
from datetime import date
from typing import Final

from training.search import candidates, counting, hits
from training.search.days import Found
from training.search.filters import Asked
from training.search.parts import FEW, ROOM, Statement, Words

FEW_ENTRIES: Final = 2000
"""Up to so many entries are looked up one by one: about where both ways take as long."""

_FRESH: Final = (1.0, 0.97, 0.9)
"""What a hit keeps of its points when it starts soon, later, or can no longer be begun."""

_LATER: Final = "(SELECT later FROM periods)"


def compose(
    asked: Asked,
    day: date,
    words: Words | None,
    after: Sequence[object] | None,
    limit: int,
    *,
    facets: bool,
    kept: Found | None = None,
    few: int = FEW_ENTRIES,
) -> Statement:
    """Return the statement whose row is `total`, `facets` and `items`, the last as JSON.

    With what is `kept` of the day, `total` is null where the index was written since; without it,
    the row has what may be kept, unless the search is of other dates.
    """
    made = Statement(asked, day, words, kept)
    base, chosen, whole = _chosen(made, few)
    without = {
        facet: made.add(
            f"without_{facet}",
            "SELECT "
            + " & ".join([base, *(bits for name, bits in chosen.items() if name != facet)])
            + " AS bits",
        )
        for facet in chosen
    }
    page = _page(made, whole, after, limit)
    counted = counting.facets(made, base, whole, without) if facets else "NULL::text"
    made.parts.append(f"page AS MATERIALIZED ({page})")
    told = [f"bit_count({whole})::int AS total", f"{counted} AS facets"]
    told.append(f"{hits.items(made)} AS items")
    if made.is_of_day and kept is None:
        told += ["(SELECT version FROM training.search_index) AS version", "periods.*"]
        made.text = f"WITH {', '.join(made.parts)} SELECT {', '.join(told)} FROM periods"
    else:
        made.text = f"WITH {', '.join(made.parts)} SELECT {', '.join(told)}"
    return made


def matching(asked: Asked, day: date, words: Words | None, most: int) -> Statement:
    """Return the statement of what a search finds, in no order: ids, kinds and whose they are."""
    made = Statement(asked, day, words)
    _, _, whole = _chosen(made, FEW_ENTRIES)
    rules = f"get_bit({whole}, e.slot) <> 0"
    made.text = (
        f"WITH {', '.join(made.parts)} SELECT e.id, e.kind,"
        " coalesce(e.formation_id, e.certification_id) AS thing_id"
        f" FROM ({made.among('search_entry', 'e', rules)}) e LIMIT {made.give(most, 'int')}"
    )
    return made


def _chosen(made: Statement, few: int) -> tuple[str, dict[str, str], str]:
    """Add what is found before facets, by each facet, and by all; return the ways to say these."""
    base = candidates.found(made, few)
    chosen = {
        facet: made.add(f"by_{facet}", _value(made, facet, values))
        for facet, values in made.asked.values.items()
        if values
    }
    return base, chosen, made.add("whole", f"SELECT {' & '.join([base, *chosen.values()])} AS bits")


def _value(made: Statement, facet: str, values: Sequence[str]) -> str:
    """Join the bits of the values of a facet, of which one is enough."""
    if facet == "next_session":
        bits = " | ".join(f"(SELECT {counting.DYNAMIC[value]} FROM periods)" for value in values)
        return f"SELECT ({bits}) & {counting.OFFERS} AS bits"
    given = made.give(list(values), "text[]")
    if facet == "rome":
        given = hits.JOBS.format(given)
    elif facet == "formacode":
        given = hits.FORMACODES.format(given)
    return (
        "SELECT coalesce(bit_or(v.bits)::bit varying,"
        f" training.search_bits(NULL, {ROOM})) AS bits"
        f" FROM training.search_value v WHERE v.facet = '{facet}' AND v.value = ANY({given})"
    )


def _page(made: Statement, whole: str, after: Sequence[object] | None, limit: int) -> str:
    """Take the page from the candidates, in the order of a key and the id."""
    past = ""
    if after is not None:
        past = (
            f" WHERE (key, id) > ({made.give(after[0], 'bigint')}, {made.give(after[1], 'uuid')})"
        )
    last = made.give(limit, "int")
    if made.asked.sort == "relevance" and made.words is None:
        ranked = _freshest(made, whole, past, last)
    else:
        if made.asked.sort == "starts_on" and made.is_of_day and after is None:
            whole = _soon(made, whole, last)
        joins, key = _order(made, whole)
        entries = made.among("search_entry", "e", f"get_bit({whole}, e.slot) <> 0")
        ranked = f"SELECT e.slot, e.id, {key} AS key FROM ({entries}) e{joins}"
    return f"SELECT * FROM ({ranked}) ranked{past} ORDER BY key, id LIMIT {last}"


def _freshest(made: Statement, whole: str, past: str, last: str) -> str:
    """Take the first of each freshness, where the best informed are the first by an index.

    Where few are looked up, these are ranked one by one.
    """
    sooner, later = f"((SELECT soon FROM periods) | ~ {counting.OFFERS})", _LATER
    sets = (sooner, f"{later} & ~ {sooner}", f"~ {later} & ~ {sooner}")
    ranked = []
    for place, (bits, fresh) in enumerate(zip(sets, _FRESH, strict=True)):
        found = made.add(f"fresh_{place}", f"SELECT {whole} & {bits} AS bits")
        rules = f"get_bit({found}, e.slot) <> 0 AND bit_count({found}) > 0"
        if made.narrowed:
            rules += f" AND NOT {FEW}"
        ranked.append(
            f"(SELECT * FROM (SELECT e.slot, e.id, {_key(f'{fresh}::float8')} AS key, e.quality"
            f" FROM training.search_entry e WHERE {rules}) e{past}"
            f" ORDER BY e.quality DESC, e.id LIMIT {last})"
        )
    if made.narrowed:
        ranked.append(
            f"SELECT e.slot, e.id, {_key(_fresh())}, e.quality FROM {made.narrowed} narrow"
            f" JOIN training.search_entry e ON e.slot = narrow.slot"
            f" WHERE {FEW} AND get_bit({whole}, e.slot) <> 0"
        )
    return " UNION ALL ".join(ranked)


def _soon(made: Statement, whole: str, last: str) -> str:
    """Keep to the offers that begin soon, where these are a page."""
    soon = made.add(
        "soon", f"SELECT {whole} & (SELECT soon FROM periods) & {counting.OFFERS} AS bits"
    )
    enough = f"CASE WHEN bit_count({soon}) >= {last} THEN {soon} ELSE {whole} END AS bits"
    return made.add("soonest", f"SELECT {enough}")


def _order(made: Statement, whole: str) -> tuple[str, str]:
    """Return what the page joins, and the whole number that it is ordered by."""
    asked = made.asked
    if asked.sort == "price":
        return "", f"coalesce((e.price * 100)::bigint, {hits.LAST})"
    if asked.sort == "distance":
        return " JOIN near n ON n.slot = e.slot", "n.metres::bigint"
    if asked.sort == "starts_on":
        day = made.give(max(asked.starts_from or made.day, made.day), "date")
        rules = f"p.last_start >= {day} AND {made.dates(day)} AND get_bit({whole}, p.slot) <> 0"
        periods = made.among("search_period", "p", rules)
        starts = (
            f"SELECT p.slot, min(greatest(p.first_start, {day})) AS starts_on"
            f" FROM ({periods}) p GROUP BY p.slot"
        )
        return (
            f" LEFT JOIN ({starts}) s ON s.slot = e.slot AND e.kind = 'offer'",
            f"coalesce(s.starts_on - '2000-01-01'::date, {hits.LAST})::bigint",
        )
    return " JOIN texts t ON t.slot = e.slot", _key(f"t.points * {_fresh()}")


def _fresh() -> str:
    soon, later, never = _FRESH
    return (
        f"CASE WHEN e.kind = 'certification' THEN {soon}::float8"
        f" WHEN get_bit((SELECT soon FROM periods), e.slot) = 1 THEN {soon}::float8"
        f" WHEN get_bit({_LATER}, e.slot) = 1 THEN {later}::float8"
        f" ELSE {never}::float8 END"
    )


def _key(points: str) -> str:
    return f"-(1e6::float8 * {points} * (0.9::float8 + e.quality / 1000::float8))::bigint"
