"""Facets: each value counted on the candidates of all filters but its own facet's."""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments

from collections.abc import Mapping
from typing import Final

from training.search import hits
from training.search.parts import FEW, ROOM, Statement

MOST_VALUES: Final = 50

DYNAMIC: Final = {"starting_soon": "soon", "upcoming": "later", "current": "running"}
"""Values of the facet `next_session`, which no index can keep: they change with the day."""

OFFERS: Final = f"""(
  SELECT coalesce((SELECT v.bits FROM training.search_value v WHERE v.facet = 'kind'
                   AND v.value = 'offer'), training.search_bits(NULL, {ROOM})))"""

_PATHS: Final = {"rome_domain": "rome", "formacode_field": "formacode"}
"""Facets of broad codes; the narrow ones below them are counted where one is chosen."""

_SHOWN: Final = (
    "kind", "mode", "level", "certifying", "directory", "formacode_field", "rome_domain", "nsf",
    "department", "epci", "audience", "funder", "language", "accessible", "entries", "price_band",
    "hours_band", "job", "ai_literacy_level", "theme", "licence",
)  # fmt: skip


def facets(made: Statement, base: str, whole: str, without: Mapping[str, str]) -> str:
    """Count the values of the facets, the greatest first, as many as are shown.

    `without` gives the candidates for each facet of which a value is chosen.
    """
    asked = made.asked.values
    shown = [
        *_SHOWN,
        *(narrow for broad, narrow in _PATHS.items() if asked.get(broad) or asked.get(narrow)),
    ]
    is_shown = f"v.facet = ANY({made.give(shown, 'text[]')})"
    counted = (
        f"SELECT v.facet, v.value, bit_count(v.bits & {_of_facet(without, whole)})::int AS count"
        f" FROM training.search_value v WHERE {is_shown}"
    )
    if made.narrowed:
        counted += f" AND NOT {FEW} UNION ALL {_by_entry(made.narrowed, base, whole, without)}"
        counted += f" WHERE {is_shown}"
    session = without.get("next_session", whole)
    for value, column in DYNAMIC.items():
        counted += (
            f" UNION ALL SELECT 'next_session', '{value}',"
            f" bit_count({session} & (SELECT {column} FROM periods) & {OFFERS})::int"
        )
    return hits.FACETS.format(counted=counted, most=MOST_VALUES)


def _by_entry(narrowed: str, base: str, whole: str, without: Mapping[str, str]) -> str:
    """Count the values that the entries say they have, where these are few."""
    sets = {"whole": whole, **{f"without_{facet}": bits for facet, bits in without.items()}}
    counts = ", ".join(
        f"count(*) FILTER (WHERE get_bit({bits}, narrow.slot) = 1)::int AS {name}"
        for name, bits in sets.items()
    )
    count = _of_facet({facet: f"said.without_{facet}" for facet in without}, "said.whole")
    return (
        f"SELECT v.facet, v.value, {count} FROM (SELECT fact, {counts} FROM {narrowed} narrow"
        " CROSS JOIN LATERAL (SELECT f.facts FROM training.search_fact f"
        " WHERE f.slot = narrow.slot OFFSET 0) f, unnest(f.facts) fact"
        f" WHERE {FEW} AND get_bit({base}, narrow.slot) = 1 GROUP BY fact) said"
        " JOIN training.search_value v ON v.id = said.fact"
    )


def _of_facet(without: Mapping[str, str], whole: str) -> str:
    """Choose by the facet of a value `v`."""
    cases = " ".join(f"WHEN '{facet}' THEN {one}" for facet, one in without.items())
    return f"CASE v.facet {cases} ELSE {whole} END" if cases else whole
