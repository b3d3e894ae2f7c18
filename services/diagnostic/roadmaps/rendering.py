"""From a stored roadmap and what is known today to what the wire shows, in the language asked."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.opportunities.schemas import FundingRead
from diagnostic.questionnaires.grid import Label
from diagnostic.roadmaps.matching import Catalogue, suited
from diagnostic.roadmaps.schemas import (
    ActionRead,
    CertificationRead,
    Missing,
    QuestionRef,
    RoadmapRead,
)
from platformkit.clients.training import Certification
from platformkit.i18n import Language


def roadmap(
    row: Mapping[str, Any],
    grid: PreparedGrid,
    catalogue: Catalogue,
    funding: Sequence[FundingRead],
    language: Language,
) -> RoadmapRead:
    """Show every action; without the catalogue, with the certifications stored at its making."""
    by_code = {one.opportunity.code: one for one in funding}
    actions = [
        _action(one, grid, _certifications(one, catalogue, language), by_code, language)
        for one in orjson.loads(row["actions"] or "[]")
    ]
    missing = []
    if catalogue.reason is not None:
        missing.append(Missing(part="certifications", reason=catalogue.reason))
    return RoadmapRead(
        id=row["id"],
        assessment_id=row["assessment_id"],
        organisation_id=row["organisation_id"],
        created_at=row["created_at"],
        score=orjson.loads(row["score"]),
        actions=actions,
        unavailable=missing,
    )


def _action(
    stored: dict[str, Any],
    grid: PreparedGrid,
    certifications: list[CertificationRead],
    funding: Mapping[str, FundingRead],
    language: Language,
) -> ActionRead:
    def spoken(label: dict[str, Any]) -> str:
        return Label.model_validate(label).text(language)

    return ActionRead.model_validate(
        {
            **{name: stored.get(name) for name in ActionRead.model_fields},
            "title": spoken(stored["title"]),
            "why": spoken(stored["why"]),
            "how": [spoken(one) for one in stored["how"]],
            "because": [
                QuestionRef(code=code, label=grid.questions[code].label.text(language))
                for code in stored["because"]
            ],
            "certifications": certifications,
            "funding": [funding[code] for code in stored["funding_refs"] if code in funding],
        }
    )


def _certifications(
    stored: dict[str, Any], catalogue: Catalogue, language: Language
) -> list[CertificationRead]:
    if catalogue.reason is None:
        return [_fresh(one, language) for one in suited(stored, catalogue.items)]
    return [
        CertificationRead(
            number=one["number"],
            title=_title(one["title"], language),
            level=one["level"],
            state=None,
            registration_end=None,
            source_url=None,
        )
        for one in stored["certifications"]
    ]


def _fresh(one: Certification, language: Language) -> CertificationRead:
    return CertificationRead(
        number=one.number,
        title=_title(one.title.model_dump(), language),
        level=one.level,
        state=one.state,
        registration_end=one.registration_end,
        source_url=one.source.url,
    )


def _title(title: dict[str, Any], language: Language) -> str:
    return str(title.get(language) or title["fr"])
