"""Which certifications answer which action: named by it, on its themes, or leading to its jobs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from platformkit.clients.training import Certification

SHOWN = 3
"""How many certifications an action shows at most."""

_NO_REASON = 3


def asked(actions: Iterable[Mapping[str, Any]], what: str) -> list[str]:
    """Gather what all actions look for under this name, for one request to the catalogue."""
    return list(dict.fromkeys(wanted for one in actions for wanted in one[what]))


def suited(action: Mapping[str, Any], catalogue: Sequence[Certification]) -> list[Certification]:
    """Choose for one action: those it names, then those on its themes, then those for its jobs."""

    def rank(one: Certification) -> int:
        if one.number in action["certification_refs"]:
            return 0
        if set(one.editorial.themes) & set(action["certification_themes"]):
            return 1
        if {job.code for job in one.rome} & set(action["rome_codes"]):
            return 2
        return _NO_REASON

    ranked = sorted(((rank(one), n, one) for n, one in enumerate(catalogue)), key=lambda x: x[:2])
    return [one for place, _, one in ranked if place < _NO_REASON][:SHOWN]
