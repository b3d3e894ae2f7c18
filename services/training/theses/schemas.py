"""Subjects on the wire: no field holds a person, and an unknown one is refused."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from platformkit.wire import Wire
from training.theses.lifecycle import Action, Role, Status
from training.thesis_campaigns.amounts import Euros, Line, Percent, Prose
from training.thesis_campaigns.schemas import Code, OrganisationRead

Commune = Annotated[
    str, Field(pattern=r"^([0-9][0-9]|2[AB])[0-9]{3}$", description="code of INSEE")
]


class LaboratoryWrite(Wire):
    """The laboratory that proposes, and the commune it is in."""

    name: Line
    commune: Commune


class CofinancierWrite(Wire):
    """An organisation that pays a share of the cost."""

    name: Line
    percent: Percent


class ThesisWrite(Wire):
    """A subject, whole; codes are those of the campaign's organisations."""

    title: Line
    summary: Prose
    laboratory: LaboratoryWrite
    unit: Code
    doctoral_school: Code
    institution: Code
    cost: Annotated[Euros, Field(le=10_000_000, description="of all months of the campaign")]
    regional_percent: Annotated[Percent, Field(description="asked of the Région")]
    cofinanciers: Annotated[tuple[CofinancierWrite, ...], Field(max_length=10)] = ()


class ThesisPropose(ThesisWrite):
    """A subject for a campaign."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "campaign_id": "5b6a0c5e-0a3d-4a53-9f0f-6b1f6a1f1c11",
                    "title": "Modèles de langue frugaux pour l’industrie",
                    "summary": "Réduire le coût d’inférence des modèles de langue en atelier.",
                    "laboratory": {"name": "Équipe Frugal", "commune": "59009"},
                    "unit": "UMR9189",
                    "doctoral_school": "ED631",
                    "institution": "ULILLE",
                    "cost": "120000.00",
                    "regional_percent": "50",
                    "cofinanciers": [{"name": "Université de Lille", "percent": "50"}],
                }
            ]
        }
    )

    campaign_id: UUID


class Move(Wire):
    """A step; a reason goes with sending back, declining and withdrawing, a rank with ranking."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"action": "rank", "rank": 1}, {"action": "endorse"}]}
    )

    action: Literal["submit", "endorse", "rank", "send_back", "decline", "withdraw"]
    reason: Annotated[Prose | None, Field(description="read by those who see the subject")] = None
    rank: Annotated[int | None, Field(strict=True, ge=1, le=1000)] = None


class Decision(Wire):
    """What the Région decides; not to select has a reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "select"}]})

    decision: Literal["select", "reserve", "reject"]
    reason: Prose | None = None


class LaboratoryRead(BaseModel):
    """A laboratory; the commune's name is null outside Hauts-de-France."""

    name: str
    commune: str
    city: str | None
    department: str


class CofinancierRead(BaseModel):
    """An organisation that pays a share."""

    name: str
    percent: Decimal
    amount: Decimal


class FinancingRead(BaseModel):
    """Who pays; euros, shares rounded down to the cent."""

    cost: Decimal = Field(examples=["120000.00"])
    regional_percent: Decimal
    regional_amount: Decimal
    cofinanciers: list[CofinancierRead]
    uncovered_percent: Decimal = Field(description="that nobody pays yet")


class ThesisRead(BaseModel):
    """A subject as you may see it; `actions` are what you may do now, where the day allows."""

    id: UUID
    campaign_id: UUID
    status: Status
    waits_for: Role | None
    roles: list[Role] = Field(description="what your organisation is to it")
    actions: list[Action]
    title: str
    summary: str
    laboratory: LaboratoryRead
    unit: OrganisationRead
    doctoral_school: OrganisationRead
    institution: OrganisationRead
    financing: FinancingRead
    rank: int | None = Field(description="among those of its institution")
    version: int
    created_at: datetime
    changed_at: datetime


class EventRead(BaseModel):
    """A step that was taken; `actor` is told to the organisation of who took it only."""

    id: int
    at: datetime
    role: Role
    client: str
    actor: str | None
    action: Action | Literal["propose", "change"]
    was: Status | None
    status: Status
    rank: int | None
    reason: str | None


class GrantRead(BaseModel):
    """A subject that was selected: open data, without any person."""

    id: UUID
    campaign_id: UUID
    year: int
    title: str
    laboratory: LaboratoryRead
    unit: OrganisationRead
    doctoral_school: OrganisationRead
    institution: OrganisationRead
    financing: FinancingRead
    months: int
    granted_at: datetime
    version: int
