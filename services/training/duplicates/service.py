"""Duplicates: which offers are given twice, by which rule, and what was compared."""

import uuid
from typing import Any, Final

from platformkit.i18n import Text
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.certifications.schemas import Label
from training.duplicates import queries
from training.duplicates.schemas import (
    ActionDuplicate,
    ComparedAction,
    DuplicatesRead,
    FormationDuplicate,
    ListedRule,
    Rule,
    RuleRead,
)
from training.offers.schemas import ProviderNamed
from training.offers.service import present

_RULES: Final = {
    Rule.ACTION_IDENTICAL: (
        "30056",
        Text(
            "Rien ne distingue ces deux actions de la formation.",
            "Nothing sets these two actions of the formation apart.",
        ),
    ),
    Rule.ACTION_HOURS_CLOSE: (
        "30057",
        Text(
            f"Les durées de ces deux actions ont moins de {queries.CLOSE_HOURS} heures d’écart.",
            f"The hours of these two actions are less than {queries.CLOSE_HOURS} apart.",
        ),
    ),
    Rule.TITLE_IDENTICAL: (
        None,
        Text(
            "Même intitulé et mêmes certifications, du même organisme.",
            "Same title and same certifications, of the same company.",
        ),
    ),
    Rule.TITLE_SIMILAR: (
        None,
        Text(
            "Intitulés très proches et mêmes certifications, du même organisme.",
            "Titles much alike and same certifications, of the same company.",
        ),
    ),
}
_SAME: Final = [
    "mode",
    "places",
    "languages",
    "teaching_terms",
    "teaching_codes",
    "disabled_access",
]


async def listed(
    reads: ReadPool, provider: str | None, rule: ListedRule | None, paging: PageRequest
) -> bytes:
    """Return a page of the formations of which something is given twice."""
    after = paging.after or [None, None]
    asked = (provider, rule)
    rows = await reads.fetch("duplicates", queries.LIST, *asked, *after, paging.limit + 1)
    total = (
        await reads.fetchval("duplicates count", queries.COUNT, *asked) if paging.count else None
    )
    return rendered(paging, rows, lambda row: [row["provider_siret"], row["number"]], total)


async def of_formation(reads: ReadPool, formation: uuid.UUID) -> DuplicatesRead:
    """Explain what looks like a second time of a formation; raises as reading it does."""
    pairs = await reads.fetch("duplicate actions", queries.ACTIONS, formation)
    present(pairs[0] if pairs else None)
    similar = await reads.fetch("duplicate formations", queries.SIMILAR_FORMATIONS, formation)
    return DuplicatesRead(
        formation=formation,
        actions=[_actions(pair) for pair in pairs if pair["rule"] is not None],
        formations=[
            FormationDuplicate(
                rule=explained(row["rule"]),
                similarity=row["similarity"],
                same=["certifications"] + ["title"] * (row["rule"] == Rule.TITLE_IDENTICAL),
                departments=row["departments"],
                id=row["id"],
                number=row["number"],
                title=row["title"],
                provider=ProviderNamed(siret=row["siret"], name=row["name"]),
            )
            for row in similar
        ],
    )


def explained(code: str) -> RuleRead:
    """Say what a rule compares."""
    edof, text = _RULES[Rule(code)]
    return RuleRead(code=Rule(code), edof=edof, label=Label.of(text))


def _actions(pair: Any) -> ActionDuplicate:  # noqa: ANN401  # an asyncpg record
    alike = {name: pair[f"one_{name}"] == pair[f"other_{name}"] for name in ("hours", "price")}
    return ActionDuplicate(
        rule=explained(pair["rule"]),
        same=_SAME + [name for name, is_same in alike.items() if is_same],
        different=[name for name, is_same in alike.items() if not is_same],
        actions=[
            ComparedAction(
                id=pair[which],
                number=pair[f"{which}_number"],
                hours=pair[f"{which}_hours"],
                price=None if pair[f"{which}_price"] is None else str(pair[f"{which}_price"]),
            )
            for which in ("one", "other")
        ],
    )
