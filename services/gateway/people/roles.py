"""What each role may do; a person has besides no more than the application it came through."""

from collections.abc import Mapping
from typing import Final, Literal

Role = Literal[
    "learner", "reader", "adviser", "author", "publisher", "funder", "cataloguer", "protector",
    "statistician", "school", "reviewer", "steerer", "laboratory",
]  # fmt: skip

SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "learner": frozenset({"overviews:read"}),
    "reader": frozenset({"overviews:read", "diagnostic:read"}),
    "adviser": frozenset(
        {"overviews:read", "diagnostic:read", "diagnostic:write", "diagnostic:facilitate"}
    ),
    "author": frozenset({"overviews:read", "diagnostic:read", "diagnostic:author"}),
    "publisher": frozenset(
        {"overviews:read", "diagnostic:read", "diagnostic:publish", "observatory:publish"}
    ),
    "funder": frozenset(
        {
            "overviews:read",
            "diagnostic:read",
            "diagnostic:fund",
            "training:theses",
            "training:grants",
        }
    ),
    "cataloguer": frozenset({"overviews:read", "training:import", "training:audit"}),
    "protector": frozenset({"diagnostic:read", "diagnostic:protect"}),
    "statistician": frozenset({"overviews:read", "diagnostic:statistics"}),
    "school": frozenset(
        {
            "overviews:read",
            "training:read",
            "training:write",
            "training:theses",
            "training:alerts",
        }
    ),
    "reviewer": frozenset({"overviews:read", "training:read", "training:review"}),
    "steerer": frozenset({"overviews:read", "observatory:steer"}),
    "laboratory": frozenset({"overviews:read", "training:theses", "training:alerts"}),
}
"""Nobody's role opens a feed or the keys of a client: those are for programs."""


def scopes_of(roles: frozenset[str]) -> frozenset[str]:
    """Join what the roles may do."""
    return frozenset().union(*(SCOPES[role] for role in roles))
