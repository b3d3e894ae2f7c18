"""The sentences of a report that carry figures; one with nothing to say is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction

from diagnostic.reports.document import Axis, Part, Report
from diagnostic.reports.figures import long_date, number, percent, rounded
from diagnostic.reports.texts import words

SHOWN_PARTS = 10


def sentences(report: Report) -> dict[str, str]:
    """Fill every sentence of the report, by its name among the fixed words."""
    return _always(report) | _about_score(report) | _about_limits(report) | _about_peers(report)


def _always(report: Report) -> dict[str, str]:
    say, language = words(report.language), report.language
    gained, left = sums(report.parts)
    return {
        "radar_alt": say["radar_alt"].format(
            list=", ".join(
                f"{axis.title} {number(axis.score, language) or absence(axis, say)}"
                for axis in report.axes
            )
        ),
        "made_of_intro": say["made_of_intro"].format(count=len(most_left(report.parts))),
        "gained_total": say["gained_total"].format(
            gained=rounded(gained, language, 1), left=rounded(left, language, 1)
        ),
        "method_3": say["method_3"].format(
            thresholds=", ".join(f"{one:g}" for one in report.thresholds),
            levels=", ".join(report.levels),
        ),
        "revision": say["revision"].format(revision=report.revision),
    }


def _about_score(report: Report) -> dict[str, str]:
    say, language = words(report.language), report.language
    made = dict.fromkeys(("between", "adds_up", "robust", "all_done", "known"), "")
    if report.interval is not None:
        low, high = (number(one, language) for one in report.interval)
        made["between"] = say["between"].format(low=low, high=high)
    if report.exact is not None:
        gained, _ = sums(report.parts)
        made["adds_up"] = say["adds_up"].format(
            exact=gained,
            points=rounded(gained, language, 2),
            score=number(report.score, language),
        )
    if report.robustness is not None:
        made["robust"] = say["robust"].format(
            low=number(report.robustness.low, language),
            high=number(report.robustness.high, language),
            verdict=say["level_holds" if report.robustness.level_holds else "level_moves"],
        )
    if report.score_after is not None:
        made["all_done"] = say["all_done"].format(score=number(report.score_after, language))
    if report.known_share is not None and report.known_share < 1:
        made["known"] = say["known"].format(share=percent(report.known_share, language))
    return made


def _about_limits(report: Report) -> dict[str, str]:
    say = words(report.language)
    made = dict.fromkeys(("capped", "partial", "amended", "unavailable", "method_caps"), "")
    if report.caps is not None:
        shares = asdict(report.caps).items()
        made["method_caps"] = say["method_caps"].format(
            **{name: percent(share, report.language) for name, share in shares}
        )
        made["limits_1"] = say["limits_caps"]
    if report.capped_by is not None:
        made["capped"] = say["capped"].format(
            level=report.uncapped_level, dimension=report.capped_by
        )
    excluded = [one.title for one in report.axes if one.score is None and one.interval is None]
    if excluded and report.score is not None:
        made["partial"] = say["partial"].format(list=", ".join(excluded))
    if report.being_amended:
        made["amended"] = say["amended"].format(revision=report.revision)
    if report.unavailable:
        made["unavailable"] = say["unavailable"].format(list=", ".join(report.unavailable))
    return made


def _about_peers(report: Report) -> dict[str, str]:
    peers, say = report.peers, words(report.language)
    if peers is None or peers.as_of is None:
        return {"peers_group": ""}
    return {
        "peers_group": say["peers_group"].format(
            group=peers.group,
            count=peers.count,
            day=long_date(peers.as_of, report.language),
            floor=peers.floor,
        )
    }


def absence(axis: Axis, say: dict[str, str]) -> str:
    """Name why an axis has no number: still open, or not assessable."""
    return say["incomplete"] if axis.interval is not None else say["not_assessed"]


def most_left(parts: Sequence[Part]) -> list[Part]:
    """Choose the questions with most left to win, the most first."""
    left = [one for one in parts if one.lost > 0]
    return sorted(left, key=lambda one: (-one.lost, one.question))[:SHOWN_PARTS]


def sums(parts: Sequence[Part]) -> tuple[Fraction, Fraction]:
    """Add what parts bring and leave, exactly."""
    return (
        sum((Fraction(one.contribution_exact) for one in parts), Fraction(0)),
        sum((Fraction(one.lost_exact) for one in parts), Fraction(0)),
    )
