"""What a search is asked: words, filters, a place, an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

Sort = Literal["relevance", "starts_on", "price", "distance"]

DEFAULT_RADIUS_KM: Final = 30.0
LARGEST_RADIUS_KM: Final = 200.0


@dataclass(frozen=True, slots=True)
class Centre:
    """From where distances are told, and how far is near enough; a commune is looked up."""

    latitude: float | None
    longitude: float | None
    radius_km: float
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One search; `values` are those of facets, of which one is enough in each facet."""

    words: str | None = None
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    certifications: Sequence[str] = ()
    blocs: Sequence[str] = ()
    providers: Sequence[str] = ()
    communes: Sequence[str] = ()
    formation: UUID | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    hours_max: int | None = None
    is_open: bool = False
    past: bool = False
    named: Sequence[str] = ()
    """Certifications that the words name by their number: shown also when they are over."""
    centre: Centre | None = None
    sort: Sort = "relevance"
    among: Sequence[UUID] = field(default=(), repr=False)
    """Formations and certifications outside of which nothing is looked at, where there are any."""
