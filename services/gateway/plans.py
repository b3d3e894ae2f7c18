"""What callers may ask in a minute and in a day, by class of route."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import BaseModel, ConfigDict, PositiveInt

from platformkit.classes import CLASSES, RouteClass

WINDOW_SECONDS: Final = 60
"""A minute, which begins with the first request that is counted in it."""

STANDARD: Final = "standard"
"""Plan of clients that were given none."""

KEY_SHARE: Final = 0.5
"""Of its client's rates, for one API key: whoever holds it leaves the rest to the others."""

ORGANISATION_SHARE: Final = 2
"""Of the plan's rates, for all clients of an organisation together."""


class Rates(BaseModel):
    """Requests a minute, of each class."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    read: PositiveInt = 600
    write: PositiveInt = 120
    bulk: PositiveInt = 60
    sdmx: PositiveInt = 120
    overview: PositiveInt = 120
    token: PositiveInt = 60


class AddressRates(Rates):
    """Requests a minute from one address, of whoever does not say who they are.

    A school has one address for all of its pupils.
    """

    read: PositiveInt = 1_200
    token: PositiveInt = 120
    """A class of pupils signs in at the same time."""
    refusal: PositiveInt = 300
    """What the door may refuse to one address before it answers it 429 only."""


class Plan(BaseModel):
    """What a client may ask; quotas are of its own days and months, Europe/Paris."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rates: Rates = Rates()
    per_day: PositiveInt | None = None
    per_month: PositiveInt | None = None


def built_in() -> dict[str, Plan]:
    """Give the plans of an installation that has none of its own."""
    more = Rates(read=3_000, write=600, bulk=240, sdmx=600, overview=600)
    return {
        STANDARD: Plan(per_day=200_000, per_month=4_000_000),
        "partner": Plan(rates=more),
    }


@dataclass(frozen=True)
class Rule:
    """A policy as headers name it: so many requests in so many seconds."""

    name: str
    quota: int
    seconds: int
    of_strangers: bool = False
    """It holds for addresses, of which there are more than there is memory."""

    @cached_property
    def label(self) -> bytes:
        """Its name as a string of RFC 9651."""
        return b'"%b"' % self.name.encode()

    @cached_property
    def policy(self) -> bytes:
        """An item of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11)."""
        return b"%b;q=%d;w=%d" % (self.label, self.quota, self.seconds)


Rules = dict[RouteClass, Rule]


def rules(who: str, rates: Rates, share: float, *, of_strangers: bool = False) -> Rules:
    """Make the rules of one sort of caller, who may have a share of these rates."""
    found: Rules = {}
    for kind in CLASSES:
        quota = max(1, int(getattr(rates, kind) * share))
        found[kind] = Rule(f"{who}-{kind}", quota, WINDOW_SECONDS, of_strangers)
    return found
