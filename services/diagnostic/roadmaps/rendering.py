"""From a stored roadmap and what is known today to what the wire shows, in the language asked."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.questionnaires.grid import Label
from diagnostic.roadmaps.citing import certifications
from diagnostic.roadmaps.lifecycle import ActionStatus
from diagnostic.roadmaps.neighbours import Known
from diagnostic.roadmaps.schemas import (
    ActionRead,
    CertificationRead,
    CitedFunding,
    ExposureRead,
    QuestionRef,
    RoadmapRead,
)
from diagnostic.roadmaps.view import facts
from platformkit.clients.observatory import SectorExposure
from platformkit.i18n import Language


def roadmap(
    row: Mapping[str, Any],
    grid: PreparedGrid,
    known: Known,
    funding: Sequence[CitedFunding],
    language: Language,
) -> RoadmapRead:
    """Show every action; without training, with the certifications stored at its making.

    A delivered roadmap whose making training did not answer cites none, and shows today's.
    """
    lacking = {one["part"] for one in orjson.loads(row["unavailable"])}
    is_cited = row["delivered_at"] is not None and "certifications" not in lacking
    by_code = {one.opportunity.code: one for one in funding}
    stored = orjson.loads(row["actions"] or "[]")
    statuses = {one["code"]: ActionStatus(one["status"]) for one in stored}
    actions = [
        _action(
            one | facts(one, statuses, language),
            grid,
            certifications(one, known, language, is_cited=is_cited),
            by_code,
            language,
        )
        for one in stored
    ]
    return RoadmapRead(
        id=row["id"],
        assessment_id=row["assessment_id"],
        organisation_id=row["organisation_id"],
        created_at=row["created_at"],
        status="draft" if row["delivered_at"] is None else "delivered",
        delivered_at=row["delivered_at"],
        score=orjson.loads(row["score"]),
        progress=orjson.loads(row["progress"]),
        sector=_sector(known.sector) if known.sector else None,
        actions=actions,
        unavailable=known.missing,
    )


def _sector(found: SectorExposure) -> ExposureRead:
    return ExposureRead(
        code=found.code,
        label=found.label,
        mean=found.mean,
        low=found.uncertainty.interval.low,
        high=found.uncertainty.interval.high,
        exposed_share=found.exposed_share,
        reading=found.reading,
        method=found.method.name,
    )


def _action(
    stored: dict[str, Any],
    grid: PreparedGrid,
    offered: list[CertificationRead],
    funding: Mapping[str, CitedFunding],
    language: Language,
) -> ActionRead:
    def spoken(label: dict[str, Any]) -> str:
        return Label.model_validate(label).text(language)

    return ActionRead.model_validate(
        {
            **{name: stored.get(name) for name in ActionRead.model_fields},
            "why": "" if stored["is_own"] else spoken(stored["why"]),
            "how": [spoken(one) for one in stored["how"]],
            "because": [
                QuestionRef(code=code, label=grid.questions[code].label.text(language))
                for code in stored["because"]
            ],
            "certifications": offered,
            "funding": [funding[code] for code in stored["funding_refs"] if code in funding],
        }
    )
