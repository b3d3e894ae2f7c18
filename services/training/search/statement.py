"""Composes the one statement of a search: candidates as bits, facets by counting, a page by key.

Every set is a string of bits, one for each slot of the index. What the index keeps as bits is read
so; what depends on the day, the words, a place or a price is found in rows and made into bits. A
facet is counted on the candidates of all filters but its own.
"""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from training.search import hits
from training.search.filters import Asked, Centre
from training.search.parts import Statement, Words

SOON_DAYS: Final = 60
MOST_VALUES: Final = 50
_FRESH: Final = (1.0, 0.97, 0.9)
"""What a hit keeps of its points when it starts soon, later, or can no longer be begun."""

_TIERS: Final = (1.0, 0.6, 0.5, 0.3, 0.15)
"""Points for the words in the title, in the subject, what they lead to in these, and anywhere."""

DYNAMIC: Final = {"starting_soon": "soon", "upcoming": "later", "current": "running"}
"""Values of the facet `next_session`, which no index can keep: they change with the day."""

PATHS: Final = {"rome_domain": "rome", "formacode_field": "formacode"}
"""Facets of broad codes; the narrow ones below them are counted where one is chosen."""

SHOWN: Final = (
    "kind", "mode", "level", "certifying", "directory", "formacode_field", "rome_domain", "nsf",
    "department", "epci", "audience", "funder", "language", "accessible", "entries", "price_band",
    "hours_band", "job", "ai_literacy_level", "theme", "licence",
)  # fmt: skip


_ROOM: Final = "(SELECT capacity FROM training.search_index)"
_OFFERS: Final = f"""(
  SELECT coalesce((SELECT v.bits FROM training.search_value v WHERE v.facet = 'kind'
                   AND v.value = 'offer'), training.search_bits(NULL, {_ROOM})))"""
_FOUND: Final = f"SELECT training.search_bits(array_agg(slot), {_ROOM}) AS bits FROM ({{0}}) found"


def compose(
    asked: Asked,
    day: date,
    words: Words | None,
    after: Sequence[object] | None,
    limit: int,
    *,
    facets: bool,
) -> Statement:
    """Return the statement whose row is `total`, `facets` and `items`, the last as JSON."""
    made = Statement(asked, day, words)
    narrowing = []
    if asked.centre:
        narrowing.append(_near(made, asked.centre))
    if words:
        narrowing.append(_texts(made, words))
    base = [_periods(made, narrowing), *_rows(made)]
    candidates = made.add("base", f"SELECT {' & '.join(base)} AS bits")
    chosen = {
        facet: made.add(f"by_{facet}", _value(made, facet, values))
        for facet, values in asked.values.items()
        if values
    }
    whole = made.add("whole", f"SELECT {' & '.join([candidates, *chosen.values()])} AS bits")
    without = {
        facet: made.add(
            f"without_{facet}",
            "SELECT "
            + " & ".join([candidates, *(bits for name, bits in chosen.items() if name != facet)])
            + " AS bits",
        )
        for facet in chosen
    }
    page = _page(made, whole, after, limit)
    counted = _facets(made, whole, without) if facets else "NULL::text"
    made.parts.append(f"page AS MATERIALIZED ({page})")
    made.text = (
        f"WITH {', '.join(made.parts)} SELECT bit_count({whole})::int AS total,"
        f" {counted} AS facets, {hits.items(made)} AS items"
    )
    return made


def _periods(made: Statement, narrowing: Sequence[str]) -> str:
    """Find what has a period that the dates allow, and how soon it can be begun, in one pass.

    Of all entries, or of those only that are in the parts that narrow the search.
    """
    day = made.give(made.day, "date")
    soon = made.give(made.day + timedelta(days=SOON_DAYS), "date")
    wanted = made.dates(day)
    if made.asked.named:
        named = hits.CERTIFIED.format(made.give(list(made.asked.named), "text[]"))
        wanted = f"({wanted} OR p.slot IN ({named}))"
    wanted = " AND ".join([wanted, *(f"p.slot IN (SELECT slot FROM {one})" for one in narrowing)])
    rules = {
        "bits": "true",
        "soon": f"p.last_start >= {day} AND p.first_start <= {soon}",
        "later": f"p.first_start > {soon}",
        "running": f"p.last_start < {day} AND p.ends_on >= {day}",
    }
    found = ", ".join(
        f"bit_or(1::bigint << (63 - (p.slot & 63))) FILTER (WHERE {rule}) AS {name}"
        for name, rule in rules.items()
    )
    strung = ", ".join(
        f"('x' || string_agg(encode(int8send(coalesce(found.{name}, 0)), 'hex'), ''"
        f" ORDER BY word))::bit varying AS {name}"
        for name in rules
    )
    return made.add(
        "periods",
        f"SELECT {strung} FROM generate_series(0, {_ROOM} / 64 - 1) word LEFT JOIN"
        f" (SELECT p.slot >> 6 AS word, {found} FROM training.search_period p WHERE {wanted}"
        f" GROUP BY p.slot >> 6) found USING (word)",
    )


def _rows(made: Statement) -> list[str]:
    """Find what only rows can tell: numbers of things, prices, hours, a place."""
    asked, found = made.asked, []
    entries = "SELECT e.slot FROM training.search_entry e"
    for name, values, query in (
        ("certified", asked.certifications, hits.CERTIFIED),
        ("in_bloc", asked.blocs, hits.IN_BLOC),
        ("provided", asked.providers, hits.PROVIDED),
        ("in_commune", asked.communes, hits.IN_COMMUNE),
    ):
        if values:
            query_ = query.format(made.give(list(values), "text[]"))
            found.append(made.add(name, _FOUND.format(query_)))
    rules = [
        f"e.{column} {sign} {made.give(value, kind)}"
        for column, sign, value, kind in (
            ("formation_id", "=", asked.formation, "uuid"),
            ("price", ">=", asked.price_min, "numeric"),
            ("price", "<=", asked.price_max, "numeric"),
            ("hours", "<=", asked.hours_max, "int"),
        )
        if value is not None
    ]
    if rules:
        found.append(made.add("measured", _FOUND.format(f"{entries} WHERE {' AND '.join(rules)}")))
    return found


def _near(made: Statement, centre: Centre) -> str:
    """Find what takes place near enough; return the name of the part."""
    place = hits.NEAR.format(
        latitude=made.give(centre.latitude, "float8"),
        longitude=made.give(centre.longitude, "float8"),
        metres=made.give(1000 * centre.radius_km, "float8"),
    )
    made.parts.append(f"near AS MATERIALIZED ({place})")
    return "near"


def _texts(made: Statement, words: Words) -> str:
    """Find what has the words, with points for where; return the name of the part."""
    own = [made.give(one, "tsquery") for one in words.own]
    wide = [made.give(one, "tsquery") for one in words.wide]
    join = " | " if words.some else " & "
    every = made.give(join.join(f"({one})" for one in words.wide), "tsquery")
    points, has, tests = [], [], []
    for place, (exact, broad) in enumerate(zip(own, wide, strict=True)):
        tests.append(f"t.title @@ {exact} AS titled_{place}")
        cases = [f"titled_{place}", f"subject @@ {exact}", f"title @@ {broad}"]
        cases += [f"subject @@ {broad}", f"words @@ {broad}" if words.some else "true"]
        tiers = " ".join(
            f"WHEN {case} THEN {tier}::float8" for case, tier in zip(cases, _TIERS, strict=True)
        )
        points.append(f"CASE {tiers} ELSE -0.5::float8 END")
        has.append(f"(t.words @@ {broad})::int")
    count = len(own)
    needed = f" AND {' + '.join(has)} >= {(count + 1) // 2}" if words.some else ""
    titled = " + ".join(f"titled_{place}::int" for place in range(count))
    made.parts.append(
        f"texts AS MATERIALIZED (SELECT slot, ({' + '.join(points)}) / {count}"
        f" + 0.2::float8 * ({titled}) / greatest(length(title), {count}) AS points"
        f" FROM (SELECT t.*, {', '.join(tests)} FROM training.search_text t"
        f" WHERE t.words @@ {every}{needed} OFFSET 0) found)"
    )
    return "texts"


def _value(made: Statement, facet: str, values: Sequence[str]) -> str:
    """Join the bits of the values of a facet, of which one is enough."""
    if facet == "next_session":
        bits = " | ".join(f"(SELECT {DYNAMIC[value]} FROM periods)" for value in values)
        return f"SELECT ({bits}) & {_OFFERS} AS bits"
    given = made.give(list(values), "text[]")
    if facet == "rome":
        given = hits.JOBS.format(given)
    elif facet == "formacode":
        given = hits.FORMACODES.format(given)
    return (
        f"SELECT coalesce(bit_or(v.bits)::bit varying, training.search_bits(NULL, {_ROOM})) AS bits"
        f" FROM training.search_value v WHERE v.facet = '{facet}' AND v.value = ANY({given})"
    )


def _facets(made: Statement, whole: str, without: dict[str, str]) -> str:
    """Count the values of the facets, the greatest first, as many as are shown."""
    cases = " ".join(f"WHEN '{facet}' THEN {bits}" for facet, bits in without.items())
    candidates = f"CASE v.facet {cases} ELSE {whole} END" if cases else whole
    shown = list(SHOWN) + [
        narrow
        for broad, narrow in PATHS.items()
        if made.asked.values.get(broad) or made.asked.values.get(narrow)
    ]
    counted = (
        f"SELECT v.facet, v.value, bit_count(v.bits & {candidates})::int AS count"
        f" FROM training.search_value v WHERE v.facet = ANY({made.give(shown, 'text[]')})"
    )
    session = without.get("next_session", whole)
    for value, column in DYNAMIC.items():
        counted += (
            f" UNION ALL SELECT 'next_session', '{value}',"
            f" bit_count({session} & (SELECT {column} FROM periods) & {_OFFERS})::int"
        )
    return hits.FACETS.format(counted=counted, most=MOST_VALUES)


def _page(made: Statement, whole: str, after: Sequence[object] | None, limit: int) -> str:
    """Take the page from the candidates, in the order of a key and the id."""
    joins, key = _order(made, whole)
    past = ""
    if after is not None:
        past = (
            f" WHERE (key, id) > ({made.give(after[0], 'bigint')}, {made.give(after[1], 'uuid')})"
        )
    return (
        f"SELECT * FROM (SELECT e.slot, e.id, {key} AS key"
        f" FROM training.search_entry e{joins}"
        f" WHERE get_bit({whole}, e.slot) = 1) ranked{past}"
        f" ORDER BY key, id LIMIT {made.give(limit, 'int')}"
    )


def _order(made: Statement, whole: str) -> tuple[str, str]:
    """Return what the page joins, and the whole number that it is ordered by."""
    asked = made.asked
    if asked.sort == "price":
        return "", f"coalesce((e.price * 100)::bigint, {hits.LAST})"
    if asked.sort == "distance":
        return " JOIN near n ON n.slot = e.slot", "n.metres::bigint"
    if asked.sort == "starts_on":
        day = made.give(max(asked.starts_from or made.day, made.day), "date")
        starts = hits.STARTS.format(day=day, dates=made.dates(day), among=whole)
        return (
            f" LEFT JOIN ({starts}) s ON s.slot = e.slot AND e.kind = 'offer'",
            f"coalesce(s.starts_on - '2000-01-01'::date, {hits.LAST})::bigint",
        )
    soon, later, never = _FRESH
    fresh = (
        f"CASE WHEN e.kind = 'certification' THEN {soon}::float8"
        f" WHEN get_bit((SELECT soon FROM periods), e.slot) = 1 THEN {soon}::float8"
        f" WHEN get_bit((SELECT later FROM periods), e.slot) = 1 THEN {later}::float8"
        f" ELSE {never}::float8 END"
    )
    texts = " JOIN texts t ON t.slot = e.slot" if made.words else ""
    points = "t.points * " if made.words else ""
    return (
        texts,
        f"-(1e6::float8 * {points}{fresh} * (0.9::float8 + e.quality / 1000::float8))::bigint",
    )
