"""What every format shows of a report: all words, numbers and dates in its language.

A format only lays this out, so that the PDF, the page and the sheets cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from diagnostic.questionnaires.grid import Language
from diagnostic.reports import radar
from diagnostic.reports.document import Action, Axis, Part, PeerLine, Peers, Report, Uncounted
from diagnostic.reports.figures import long_date, number, percent, rounded
from diagnostic.reports.sentences import absence, most_left, sentences, sums
from diagnostic.reports.texts import words
from platformkit.glyphs import legible
from platformkit.paris import day_in_paris

FULL = 100.0


def worded(report: Report) -> dict[str, Any]:
    """Write the whole report as JSON of finished texts, and the few numbers that are drawn."""
    say = words(report.language)
    language = report.language
    shown = {
        "t": say | sentences(report),
        "language": language,
        "organisation": report.organisation,
        "identifiers": list(report.identifiers),
        "milestone": report.milestone,
        "date": long_date(day_in_paris(report.computed_at), language),
        "score": number(report.score, language),
        "value": report.score,
        "level": report.level,
        "levels": list(report.levels),
        "thresholds": list(report.thresholds),
        "axes": [_axis(axis, place, report) for place, axis in enumerate(report.axes)],
        "strengths": [one.title for one in _extremes(report.axes, best=True)],
        "weaknesses": [one.title for one in _extremes(report.axes, best=False)],
        "parts": [_part(part, language) for part in most_left(report.parts)],
        "annex": list(_annex(report)),
        "uncounted": [_uncounted(one, say) for one in report.uncounted],
        "peers": _peers(report.peers, language) if report.peers else None,
        "dont_know": list(report.dont_know),
        "actions": [_action(action, report, say) for action in report.actions],
        "more_actions": list(report.more_actions),
        "reference": [
            f"{report.grid}, {say['version']} {report.grid_version}",
            f"{report.profile}, {say['engine']} {report.engine_version}",
            report.result_hash,
        ],
    }
    found: dict[str, Any] = legible(shown)
    return found


def _axis(axis: Axis, place: int, report: Report) -> dict[str, Any]:
    across, down = radar.end(place, len(report.axes))
    far = (axis.score if axis.score is not None else FULL) / FULL
    say = words(report.language)
    return asdict(axis) | {
        "number": place + 1,
        "shown": number(axis.score, report.language),
        "share": percent(axis.share, report.language),
        "absence": absence(axis, say),
        "absence_why": _absence_why(axis, report.language),
        "aim": _aim(axis, report.language),
        "end": [across, down],
        "point": [far * across, far * down],
    }


def _aim(axis: Axis, language: Language) -> str:
    """Say the target and what is missing; nothing without a target."""
    if axis.target is None:
        return ""
    say, target = words(language), number(axis.target, language)
    if axis.gap is None:
        return say["aim"].format(target=target)
    if axis.gap == 0:
        return say["aim_reached"].format(target=target)
    return say["aim_missing"].format(target=target, gap=number(axis.gap, language))


def _absence_why(axis: Axis, language: Language) -> str:
    say = words(language)
    if axis.interval is None:
        return say["not_assessed_why"]
    low, high = (number(one, language) for one in axis.interval)
    return say["incomplete_why"].format(between=say["between"].format(low=low, high=high))


def _extremes(axes: Sequence[Axis], *, best: bool) -> list[Axis]:
    """Name the one or two ends of the profile, or none when all axes are level."""
    scored = [one for one in axes if one.score is not None]
    scores = {one.score for one in scored}
    if len(scores) < 2:  # noqa: PLR2004  # nothing to compare
        return []
    edge = max if best else min
    return [one for one in scored if one.score == edge(x for x in scores if x is not None)][:2]


def _part(part: Part, language: Language) -> dict[str, Any]:
    return asdict(part) | {
        "answer": " – ".join([part.answer, *_asides(part, language)]),
        "ratio": percent(part.ratio, language),
        "contribution": number(part.contribution, language, 2),
        "lost": number(part.lost, language, 2),
    }


def _asides(part: Part, language: Language) -> Iterator[str]:
    """Say how sure an answer is, what stands behind it, and what that takes from it."""
    say = words(language)
    if part.confidence is not None:
        yield say["confidence"].format(sure=part.confidence)
    if part.backing is not None:
        held = say[f"backing_{part.backing}"]
        if part.declared_ratio is not None and part.declared_ratio > part.ratio:
            alone = percent(part.declared_ratio, language)
            held = say["limited"].format(
                backing=held, ratio=percent(part.ratio, language), alone=alone
            )
        yield held


def _annex(report: Report) -> Iterator[dict[str, Any]]:
    """Give every counted question under its dimension, with sums that add up to the score."""
    for place, axis in enumerate(report.axes):
        own = [one for one in report.parts if one.axis == axis.code]
        if own:
            gained, left = sums(own)
            yield {
                "number": place + 1,
                "title": axis.title,
                "parts": [_part(one, report.language) for one in own],
                "gained": rounded(gained, report.language, 2),
                "gained_exact": str(gained),
                "left": rounded(left, report.language, 2),
            }


def _uncounted(one: Uncounted, say: dict[str, str]) -> dict[str, Any]:
    return asdict(one) | {"why": say[f"why_{one.why}"]}


def _peers(peers: Peers, language: Language) -> dict[str, Any]:
    lines = [*([peers.overall] if peers.overall else []), *peers.lines]
    return {"reason": peers.reason, "lines": [_peer_line(one, language) for one in lines]}


def _peer_line(line: PeerLine, language: Language) -> dict[str, Any]:
    drawn = {name: getattr(line, name) for name in ("own", "q1", "median", "q3")}
    return {
        "title": line.title,
        "drawn": drawn,
        **{name: number(value, language) for name, value in drawn.items()},
        "rank": number(line.rank, language, 0),
    }


def _action(action: Action, report: Report, say: dict[str, str]) -> dict[str, Any]:
    return asdict(action) | {
        "gain": number(action.gain, report.language),
        "effort": say[f"effort_{action.effort}"],
        "quadrant": say[f"quadrant_{action.quadrant}"],
        "fundings": [
            asdict(one)
            | {
                "state": say[one.window if one.window != "open" else one.status],
                "missing": list(one.missing),
            }
            for one in action.fundings
        ],
    }
