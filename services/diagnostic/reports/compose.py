"""From stored results and grid texts to a report in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from babel.numbers import format_decimal, format_percent

from diagnostic.assessments.answers import Answers, State
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.eligibility import Verdict
from diagnostic.opportunities.facts import FACTS
from diagnostic.questionnaires.grid import Language
from diagnostic.reports.answered import in_words
from diagnostic.reports.document import (
    Action,
    Axis,
    Caps,
    Certification,
    Funding,
    Part,
    Peers,
    Report,
    Robustness,
    Uncounted,
)
from diagnostic.roadmaps.priority import Recommendation
from diagnostic.scores import aims

MILESTONES = {
    "T0": ("T0, avant le programme", "T0, before the programme"),
    "T1": ("T1, après le programme", "T1, after the programme"),
    "T2": ("T2, à douze mois", "T2, twelve months on"),
    "ad_hoc": ("hors programme", "outside the programme"),
}


def compose(
    *,
    grid: PreparedGrid,
    answers: Answers,
    result: Mapping[str, Any],
    explanation: Mapping[str, Any],
    result_hash: str,
    computed_at: datetime,
    organisation: str,
    siren: str | None,
    milestone: str,
    actions: Sequence[Action] = (),
    score_after: float | None = None,
    more_actions: Sequence[str] = (),
    unavailable: Sequence[str] = (),
    peers: Peers | None = None,
    targets: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    confidence: Mapping[str, int] = MappingProxyType({}),
    revision: int = 1,
    being_amended: bool = False,
    language: Language = "fr",
) -> Report:
    """Build a report from `Score.as_json()` and `Explanation.as_json()` as they were stored.

    `answers` are those that were scored, `confidence` says by question how sure they are,
    `targets` are by dimension as they were stored. `score_after` is the score once all `actions`
    are done (`priority.what_if`), if it is known.
    """
    content = grid.content
    levels = {one.code: one.title.text(language) for one in content.profile.levels}
    questions = {one.code: one.label.text(language) for one in content.questions}
    titles = {one.code: one.title.text(language) for one in content.dimensions}
    robust = explanation["robustness"]
    interval = result["interval"]
    return Report(
        language=language,
        organisation=organisation,
        identifiers=(f"SIREN {siren[:3]}\u00a0{siren[3:6]}\u00a0{siren[6:]}",) if siren else (),
        milestone=MILESTONES[milestone][0 if language == "fr" else 1],
        computed_at=computed_at,
        grid=content.title.text(language),
        grid_version=content.version,
        profile=result["profile"],
        engine_version=result["engine_version"],
        result_hash=result_hash,
        score=result["score"],
        interval=(interval[0], interval[1]) if interval else None,
        level=levels.get(result["level"]),
        levels=tuple(levels.values()),
        thresholds=content.profile.thresholds,
        axes=tuple(_axis(grid, result, one, targets, language) for one in result["dimensions"]),
        exact=result["exact"],
        complete=result["complete"],
        coverage=result["coverage"],
        known_share=result["known_share"],
        uncapped_level=levels.get(result["uncapped_level"]),
        capped_by=titles.get(result["capped_by"]),
        revision=revision,
        being_amended=being_amended,
        parts=tuple(
            Part(
                code=one["code"],
                question=questions[one["code"]],
                dimension=titles[one["dimension"]],
                axis=one["dimension"],
                answer=in_words(grid.questions[one["code"]], answers[one["code"]], language),
                ratio=one["ratio"],
                contribution=one["contribution"],
                contribution_exact=one["contribution_exact"],
                lost=one["lost"],
                lost_exact=one["lost_exact"],
                confidence=confidence.get(one["code"]),
                backing=one.get("backing"),
                declared_ratio=one.get("declared_ratio"),
            )
            for one in explanation["questions"]
        ),
        uncounted=tuple(_uncounted(grid, answers, explanation, language))
        if result["status"] == "final"
        else (),
        caps=Caps(**content.profile.evidence.model_dump()) if content.profile.evidence else None,
        peers=peers,
        robustness=Robustness(**robust) if robust else None,
        dont_know=tuple(questions[code] for code in result["dont_know"]),
        actions=tuple(actions),
        score_after=score_after,
        more_actions=tuple(more_actions),
        unavailable=tuple(unavailable),
    )


def _uncounted(
    grid: PreparedGrid, answers: Answers, explanation: Mapping[str, Any], language: Language
) -> Iterator[Uncounted]:
    """Name the questions that could have counted and did not."""
    counted = {one["code"] for one in explanation["questions"]}
    shown = visibility(grid, answers)
    for dimension in grid.dimensions:
        for code, _ in grid.scored[dimension.code]:
            if code in counted:
                continue
            why: Literal["not_applicable", "hidden", "excluded"] = "excluded"
            note = None
            if shown[code] is Visibility.HIDDEN:
                why = "hidden"
            elif answers[code].state is State.NOT_APPLICABLE:
                why, note = "not_applicable", answers[code].reason
            yield Uncounted(
                code,
                grid.questions[code].label.text(language),
                dimension.title.text(language),
                why,
                note,
            )


def _axis(
    grid: PreparedGrid,
    result: Mapping[str, Any],
    line: Mapping[str, Any],
    targets: Mapping[str, Mapping[str, Any]],
    language: Language,
) -> Axis:
    profile = grid.content.profile
    levels = {one.code: one.title.text(language) for one in profile.levels}
    dimension = next(one for one in grid.dimensions if one.code == line["code"])
    assessed = sum(
        grid.weights[one["code"]] for one in result["dimensions"] if one["interval"] is not None
    )
    text = dimension.levels.get(line["level"]) if line["level"] else None
    target = targets.get(dimension.code)
    aim = aims.points(profile, target) if target is not None else None
    return Axis(
        title=dimension.title.text(language),
        summary=dimension.summary.text(language) if dimension.summary else "",
        score=line["score"],
        level=levels.get(line["level"]),
        text=text.text(language) if text else None,
        interval=(line["interval"][0], line["interval"][1]) if line["interval"] else None,
        code=dimension.code,
        exact=line["exact"],
        share=float(grid.weights[dimension.code] / assessed) if line["interval"] else None,
        known_share=line["known_share"],
        target=None if aim is None else float(aim),
        gap=aims.gap(aim, line["exact"], profile.precision),
    )


def action(
    recommendation: Recommendation,
    figures: Mapping[str, Any],
    *,
    certifications: Sequence[Certification] = (),
    fundings: Sequence[tuple[Opportunity, Verdict]] = (),
    language: Language = "fr",
) -> Action:
    """Put a recommendation and its `Ranked.as_json()` into words."""
    return Action(
        position=figures["position"],
        title=recommendation.title.text(language),
        why=recommendation.why.text(language),
        how=tuple(step.text(language) for step in recommendation.how),
        effort=recommendation.effort,
        horizon_months=recommendation.horizon_months,
        impact=recommendation.impact,
        gain=figures["gain"],
        quadrant=figures["quadrant"],
        certifications=tuple(certifications),
        fundings=tuple(funding(one, verdict, language) for one, verdict in fundings),
    )


def funding(opportunity: Opportunity, verdict: Verdict, language: Language = "fr") -> Funding:
    """Put an opportunity and its verdict into words."""
    return Funding(
        title=opportunity.title.text(language),
        operator=opportunity.operator.text(language),
        status=verdict.status.value,
        window=verdict.window.value,
        amount=_amount(opportunity, language),
        note=opportunity.note.text(language) if opportunity.note else None,
        missing=tuple(FACTS[fact][1].text(language) for fact in verdict.missing),
    )


def _amount(opportunity: Opportunity, language: Language) -> str:
    rates = [
        format_percent(one, locale=language)
        for one in dict.fromkeys((opportunity.rate_min, opportunity.rate_max))
        if one is not None
    ]
    rate = " – ".join(rates)
    if opportunity.cap_eur is None:
        unknown = "montant à demander" if language == "fr" else "amount on request"
        return rate or unknown
    cap = format_decimal(opportunity.cap_eur, "#,##0", locale=language)
    limit = f"{cap}\u00a0€ au plus" if language == "fr" else f"at most €{cap}"
    return f"{rate}, {limit}" if rate else limit
