"""A roadmap as the diagnostic sends it: actions, what answers them, and what could not be asked."""

from uuid import UUID

from platformkit.clients.base import Read


class Certification(Read):
    """A certification that answers an action."""

    number: str
    title: str
    level: int | None


class Opportunity(Read):
    """A public aid."""

    code: str
    title: str
    operator: str
    rate_max: float | None
    cap_eur: float | None


class MissingFact(Read):
    """A fact that would decide, and the question to put."""

    fact: str
    question: str


class Eligibility(Read):
    """Whether the company can have an aid: yes, no, or not known yet."""

    status: str
    window: str
    missing: tuple[MissingFact, ...]


class Funding(Read):
    """An aid and the company's eligibility for it."""

    opportunity: Opportunity
    eligibility: Eligibility


class Action(Read):
    """An action of the roadmap, in its place."""

    position: int
    code: str
    title: str
    why: str
    effort: str
    impact: int
    gain: float
    quadrant: str
    certifications: tuple[Certification, ...]
    funding: tuple[Funding, ...]


class Prospect(Read):
    """The score today, after the first five actions, and after all."""

    now: float | None
    after_first: float | None
    projected: float | None


class Unavailable(Read):
    """A part that a neighbour could not give."""

    part: str
    reason: str


class Sector(Read):
    """How exposed the company's sector is to generative AI."""

    code: str
    label: str
    mean: float
    low: float
    high: float


class Roadmap(Read):
    """The actions that the answers call for."""

    id: UUID
    score: Prospect
    sector: Sector | None
    actions: tuple[Action, ...]
    unavailable: tuple[Unavailable, ...]
