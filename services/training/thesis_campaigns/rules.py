"""What a campaign may look like, and which step follows which."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final, Protocol

from platformkit.errors import Fault
from platformkit.i18n import Text
from training.thesis_campaigns.regions import DEPARTMENTS
from training.thesis_campaigns.schemas import CampaignWrite, Deadlines


class Status(StrEnum):
    """Where a campaign is; nobody but its tenant sees a draft."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


NEXT: Final = {
    Status.DRAFT: (Status.OPEN,),
    Status.OPEN: (Status.CLOSED,),
    Status.CLOSED: (Status.OPEN, Status.PUBLISHED),
    Status.PUBLISHED: (),
}


STEPS: Final = tuple(Deadlines.model_fields)
"""Those who take a step, in their order: each has a last day."""


class Dated(Protocol):
    """A campaign's state and the days on which laboratories submit."""

    status: str
    opens_on: date
    laboratory_until: date


def is_accepting(campaign: Dated, today: date) -> bool:
    """Tell whether laboratories may submit on this legal day (case J1)."""
    return (
        campaign.status == Status.OPEN and campaign.opens_on <= today <= campaign.laboratory_until
    )


def wrong(tenant: str, asked: CampaignWrite) -> Iterator[Fault]:
    """Name every fault of a campaign of this tenant."""
    dates = [("opens_on", asked.opens_on)]
    dates += [(f"deadlines/{name}", getattr(asked.deadlines, name)) for name in STEPS]
    for (_, before), (name, after) in pairwise(dates):
        if after < before:
            yield Fault(f"/{name}", "deadline-before", _ORDER)
    for place, code in enumerate(asked.rules.regions):
        if code not in DEPARTMENTS:
            yield Fault(f"/rules/regions/{place}", "region-unknown", _REGION)
    counts = Counter(one.code for one in asked.organisations)
    for place, one in enumerate(asked.organisations):
        if counts[one.code] > 1:
            yield Fault(f"/organisations/{place}/code", "organisation-twice", _TWICE)
        if one.tenant == tenant:
            yield Fault(f"/organisations/{place}/tenant", "organisation-deciding", _DECIDING)


_ORDER: Final = Text("Cette date précède celle d’avant.", "This day is before the one before it.")
_REGION: Final = Text("Aucune région n’a ce code.", "No region has this code.")
_TWICE: Final = Text("Ce code sert deux fois.", "This code is used twice.")
_DECIDING: Final = Text(
    "Qui décide ne donne pas d’avis : nommez une autre organisation.",
    "Who decides does not advise: name another organisation.",
)
