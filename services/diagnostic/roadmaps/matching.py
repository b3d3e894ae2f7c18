"""Which certifications answer which action: named by it, on its themes, or leading to its jobs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from platformkit.clients.training import Certification

SHOWN = 3
"""How many certifications an action shows at most."""

_NO_REASON = 1


def asked(actions: Iterable[Mapping[str, Any]], what: str) -> list[str]:
    """Gather what all actions look for under this name, for one request to the catalogue."""
    return list(dict.fromkeys(wanted for one in actions for wanted in one[what]))


def suited(action: Mapping[str, Any], catalogue: Sequence[Certification]) -> list[Certification]:
    """Choose for one action: those it names, then those on most of its themes, then by job.

    Equals stay in the order of the catalogue, which puts the short ones first.
    """
    themes, jobs = set(action["certification_themes"]), set(action["rome_codes"])

    def rank(one: Certification) -> int:
        if one.number in action["certification_refs"]:
            return -len(themes) - 1
        shared = len(themes & set(one.editorial.themes))
        leads = any(job.code in jobs for job in one.rome)
        return -shared if shared or leads else _NO_REASON

    ranked = sorted(((rank(one), one) for one in catalogue), key=lambda found: found[0])
    return [one for place, one in ranked if place < _NO_REASON][:SHOWN]
