"""From the comparison with peers to what a report says of it."""

from __future__ import annotations

from diagnostic.benchmarks.schemas import BenchmarkRead, StandingRead
from diagnostic.questionnaires.grid import Language
from diagnostic.reports.document import PeerLine, Peers
from diagnostic.reports.texts import words
from platformkit.paris import day_in_paris


def peers(found: BenchmarkRead, k: int, language: Language) -> Peers:
    """Say where the company stands, or why that may not be shown; `k` is the floor of a group."""
    if found.group is None or found.overall is None or found.as_of is None:
        return Peers(group=None, as_of=None, count=None, floor=k, reason=found.reason)
    return Peers(
        group=found.group.title,
        as_of=day_in_paris(found.as_of),
        count=found.n,
        floor=k,
        overall=_line(words(language)["overall"], found.overall),
        lines=tuple(_line(one.title, one) for one in found.dimensions),
    )


def _line(title: str, one: StandingRead) -> PeerLine:
    return PeerLine(title, one.score, one.q1, one.median, one.q3, one.rank)
