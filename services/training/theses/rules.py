"""What a campaign asks of a subject and of a step; faults of the request all at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from platformkit.errors import Fault
from platformkit.i18n import Text
from training.theses import financing, lifecycle
from training.theses.lifecycle import Action, Role
from training.theses.schemas import ThesisWrite
from training.thesis_campaigns import regions
from training.thesis_campaigns.models import ThesisCampaign, ThesisOrganisation

_TAKING_PART: Final = (Role.UNIT, Role.DOCTORAL_SCHOOL, Role.INSTITUTION)

Organisations = Mapping[tuple[str, str], ThesisOrganisation]
"""Those of a campaign, by kind and code."""


def wrong(
    campaign: ThesisCampaign,
    organisations: Organisations,
    asked: ThesisWrite,
    *,
    is_commune_known: bool,
) -> Iterator[Fault]:
    """Name every fault of a subject: who takes part, where, who pays (cases J2, J3)."""
    for kind in _TAKING_PART:
        if (kind, getattr(asked, kind)) not in organisations:
            yield Fault(f"/{kind}", "organisation-unknown", _ORGANISATION)
    region = regions.region(asked.laboratory.commune)
    if not is_commune_known or region is None:
        yield Fault("/laboratory/commune", "commune-unknown", _COMMUNE)
    elif region not in campaign.regions:
        yield Fault("/laboratory/commune", "laboratory-outside", _OUTSIDE)
    for one in financing.wrong(
        asked.regional_percent,
        campaign.regional_percent_most,
        [one.name for one in asked.cofinanciers],
        [one.percent for one in asked.cofinanciers],
    ):
        yield Fault(one.pointer, one.code, Text(one.fr, one.en))


def wrong_step(action: Action, reason: str | None, rank: int | None) -> Iterator[Fault]:
    """Name what a step lacks, or has for nothing."""
    if action in lifecycle.REASONED and reason is None:
        yield Fault("/reason", "reason-missing", _REASON)
    if action is Action.RANK and rank is None:
        yield Fault("/rank", "rank-missing", _RANK)
    if action is not Action.RANK and rank is not None:
        yield Fault("/rank", "rank-unused", _UNUSED)


def last_day(campaign: ThesisCampaign, role: Role) -> date:
    """Return the last day, in Paris, on which a role takes its step."""
    day: date = getattr(campaign, f"{role}_until")
    return day


_ORGANISATION: Final = Text(
    "La campagne n’a pas de structure de cette nature et de ce code.",
    "The campaign has no organisation of this kind and code.",
)
_COMMUNE: Final = Text("Aucune commune n’a ce code.", "No commune has this code.")
_OUTSIDE: Final = Text(
    "Le laboratoire doit être dans une région de la campagne.",
    "The laboratory must be in a region of the campaign.",
)
_REASON: Final = Text("Dites pourquoi.", "Say why.")
_RANK: Final = Text("Donnez le rang de ce sujet.", "Give the rank of this subject.")
_UNUSED: Final = Text("Un rang ne va qu’avec « rank ».", "A rank goes with `rank` only.")
OWN: Final = Text(
    "Qui décide d’une campagne n’y propose pas de sujet.",
    "Who decides a campaign proposes no subject in it.",
)
