"""Keeps the data of units from being published before disclosure control has cleared them."""

from typing import Any

from observatory.releases import queries
from platformkit.errors import Conflict
from platformkit.i18n import Text


class DisclosureUnjudged(Conflict):
    """Data of units are published after disclosure control only, and never unjudged."""

    code = "disclosure-unjudged"
    title = Text("Secret statistique non contrôlé", "Disclosure control missing")
    detail = Text(
        "Le flux {dataflow} est protégé : passez « vigie disclose {release} » sur les données "
        "chargées.",
        "The dataflow {dataflow} is protected: run “vigie disclose {release}” on the loaded data.",
    )


class DisclosureFailed(Conflict):
    """The audit found hidden cells that can be recovered."""

    code = "disclosure-failed"
    title = Text("Secret statistique non assuré", "Disclosure control failed")
    detail = Text(
        "Des cellules masquées du flux {dataflow} peuvent être retrouvées par différence. Publiez "
        "moins de détail, ou moins de cellules connues par ailleurs.",
        "Hidden cells of the dataflow {dataflow} can be recovered by difference. Publish less "
        "detail, or fewer cells that are known elsewhere.",
    )


async def is_protected(raw: Any, flow: int) -> bool:  # noqa: ANN401  # asyncpg's, untyped
    """Tell whether any version of a dataflow says that its data are of units to be protected."""
    return bool(await raw.fetchval(queries.PROTECTED, flow))


async def clear(raw: Any, row: Any) -> None:  # noqa: ANN401  # likewise
    """Raise unless the last judgement is of the data that are loaded now, and lets them pass."""
    if not await is_protected(raw, row["flow"]):
        return
    deed = await raw.fetchval(queries.JUDGED, row["id"])
    if deed == "refused":
        raise DisclosureFailed(dataflow=row["dataflow"])
    if deed != "cleared":
        raise DisclosureUnjudged(dataflow=row["dataflow"], release=row["id"])
