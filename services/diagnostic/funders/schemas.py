"""Aids on the wire as their funders write them, in both languages."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from diagnostic.opportunities.content import Opportunity
from platformkit.wire import Wire

Standing = Literal["draft", "published", "withdrawn"]


class OpportunityWrite(Wire, Opportunity):
    """An aid, whole; what its operator did not publish stays out, or is null."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "HDF-AAP-IA-2027",
                    "title": {"fr": "Appel à projets IA 2027", "en": "AI call for projects 2027"},
                    "operator": {"fr": "Région Hauts-de-France"},
                    "nature": "grant",
                    "is_call_for_projects": True,
                    "recurrence": "one_off",
                    "summary": {"fr": "Premiers projets d’IA des PME."},
                    "perimeter": {"scale": "region", "regions": ["32"]},
                    "opens_on": "2027-01-11",
                    "pre_deposit_on": "2027-02-26",
                    "closes_on": "2027-03-28",
                    "closes_time": "17:30",
                    "rate_max": 0.5,
                    "cap_eur": 50000,
                    "rules": [
                        {
                            "code": "region",
                            "label": {"fr": "Site dans les Hauts-de-France"},
                            "condition": "region_code == '32'",
                        }
                    ],
                    "source": "Délibération de la commission permanente",
                    "source_url": "https://guide-aides.hautsdefrance.fr/",
                    "vintage": "2026-11",
                }
            ]
        }
    )

    source_url: Annotated[str, Field(pattern=r"^https://\S+$", max_length=2000)]
    """Where its rules can be read; what is shown to companies has an address."""


class OpportunityHeld(BaseModel):
    """Where an aid of yours stands; `version` is its entity tag."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    status: Standing
    version: int
    updated_at: datetime


class OpportunityContent(OpportunityHeld):
    """An aid of yours as you wrote it."""

    content: Opportunity
