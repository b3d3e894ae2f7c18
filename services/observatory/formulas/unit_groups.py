"""Scores of ISCO-08 unit groups by any index, whatever classification its producer uses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from observatory.formulas.crosswalk import Carried, Estimate, carry

NATIVE: Final = "isco-08"
DETAILED: Final = "onet-soc-2018"
"""O*NET's details of SOC: `11-1011.03` is one of `11-1011`."""

_SOC_LENGTH: Final = 7


def scored(
    classification: str,
    scores: Mapping[str, Estimate],
    links: Mapping[str, Sequence[str]],
) -> dict[str, Carried]:
    """Scores by unit group: as published, or through the crosswalk with equal weights.

    The crosswalk of the BLS has no weights. It is of SOC 2010: an occupation that SOC 2018 gave
    another code has no link, which lowers the coverage of its group.
    """
    if classification == NATIVE:
        return {code: Carried(*each, 0.0, 1.0) for code, each in scores.items()}
    known = by_occupation(classification, scores)
    found = {code: carry(_evenly(targets), known) for code, targets in links.items()}
    return {code: carried for code, carried in found.items() if carried is not None}


def by_occupation(classification: str, scores: Mapping[str, Estimate]) -> Mapping[str, Estimate]:
    """Scores by SOC occupation: means of its details, whose dispersion is an error of the score."""
    if classification != DETAILED:
        return scores
    details: dict[str, list[str]] = {}
    for code in scores:
        details.setdefault(code[:_SOC_LENGTH], []).append(code)
    found = {}
    for code, members in details.items():
        carried = carry(_evenly(members), scores)
        if carried is not None:
            found[code] = Estimate(carried.value, carried.scores + carried.crosswalk)
    return found


def _evenly(codes: Iterable[str]) -> dict[str, float]:
    members = list(codes)
    return {code: 1 / len(members) for code in members}
