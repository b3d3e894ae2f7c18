"""From stored results and grid texts to a report in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal, format_percent

from diagnostic.opportunities.eligibility import FACTS, Opportunity, Verdict
from diagnostic.questionnaires.grid import GridContent, Language
from diagnostic.reports.document import (
    Action,
    Axis,
    Certification,
    Funding,
    Part,
    Report,
    Robustness,
)
from diagnostic.roadmaps.priority import Recommendation

MILESTONES = {
    "T0": ("T0, avant le programme", "T0, before the programme"),
    "T1": ("T1, après le programme", "T1, after the programme"),
    "T2": ("T2, à douze mois", "T2, twelve months on"),
    "ad_hoc": ("hors programme", "outside the programme"),
}


def compose(
    *,
    content: GridContent,
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
    language: Language = "fr",
) -> Report:
    """Build a report from `Score.as_json()` and `Explanation.as_json()` as they were stored.

    `score_after` is the score once all `actions` are done (`priority.what_if`), if it is known.
    """
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
        axes=tuple(_axis(content, one, levels, language) for one in result["dimensions"]),
        parts=tuple(
            Part(
                questions[one["code"]],
                titles[one["dimension"]],
                one["contribution"],
                one["lost"],
            )
            for one in explanation["questions"]
        ),
        robustness=Robustness(**robust) if robust else None,
        dont_know=tuple(questions[code] for code in result["dont_know"]),
        actions=tuple(actions),
        score_after=score_after,
        more_actions=tuple(more_actions),
        unavailable=tuple(unavailable),
    )


def _axis(
    content: GridContent, line: Mapping[str, Any], levels: Mapping[str, str], language: Language
) -> Axis:
    dimension = next(one for one in content.dimensions if one.code == line["code"])
    text = dimension.levels.get(line["level"]) if line["level"] else None
    return Axis(
        title=dimension.title.text(language),
        summary=dimension.summary.text(language) if dimension.summary else "",
        score=line["score"],
        level=levels.get(line["level"]),
        text=text.text(language) if text else None,
        interval=(line["interval"][0], line["interval"][1]) if line["interval"] else None,
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
