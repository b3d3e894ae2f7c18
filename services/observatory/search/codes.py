"""Looks for codes of all code lists: 36,000 communes and the like, which memory need not hold."""

from collections import Counter
from collections.abc import Sequence

import orjson

from observatory.search import queries
from observatory.structures.catalogue import Catalogue
from platformkit import finding
from platformkit.i18n import language
from platformkit.matching import SHORTEST_BEGINNING
from platformkit.reads import ReadPool

KIND = "codes"


async def group(
    reads: ReadPool,
    structures: Catalogue,
    question: str,
    readings: Sequence[Sequence[str]],
    limit: int,
    level: str | None,
) -> finding.SearchGroup:
    """Find codes in the newest version of each list, by the first reading that finds any.

    All words must be there, or begin a word; accents, case, plurals and apostrophes do not count.
    The level of a code is its list.
    """
    lists = {
        each.number: each.id
        for each in structures.listed("codelist")
        if level is None or each.id == level
    }
    for words in readings:
        if not words:
            continue
        asked = " & ".join(map(_lexeme, words))
        rows = await reads.fetch(
            "codes found", queries.CODES, list(lists), asked, question.strip(), len(words), limit
        )
        if rows:
            counted = orjson.loads(rows[0]["facets"])
            return finding.SearchGroup(
                kind=KIND,
                total=rows[0]["total"],
                facets=finding.facets(
                    Counter({lists[int(number)]: total for number, total in counted.items()})
                ),
                items=[
                    finding.hit(
                        row["code"],
                        row[f"name_{language()}"],
                        lists[row["codelist"]],
                        "exact" if row["is_exact"] else "all",
                        row["score"],
                        words,
                    )
                    for row in rows
                ],
            )
    return finding.SearchGroup(kind=KIND, total=0, items=[])


def _lexeme(word: str) -> str:
    """Write a word of letters and digits for a tsquery; a short one begins no other word."""
    return f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'"
