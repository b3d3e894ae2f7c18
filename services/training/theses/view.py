"""Renders subjects, as the roles of whoever reads may see them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from training.theses import financing, lifecycle
from training.theses.lifecycle import Role, Status
from training.theses.schemas import (
    CofinancierRead,
    FinancingRead,
    GrantRead,
    LaboratoryRead,
    ThesisRead,
)
from training.thesis_campaigns import regions

_TAKING_PART = (Role.UNIT, Role.DOCTORAL_SCHOOL, Role.INSTITUTION)


def roles(row: Mapping[str, Any], tenant: str) -> list[Role]:
    """Return what a tenant is to a subject, where the subject has come so far."""
    return [
        role
        for role in lifecycle.ROLES
        if row[f"{role}_tenant"] == tenant and lifecycle.sees(role, row["reached"])
    ]


def thesis(row: Mapping[str, Any], tenant: str) -> ThesisRead:
    """Render a subject for a tenant that may see it."""
    its, published = roles(row, tenant), row["campaign_status"] == "published"
    status = Status(row["status"])
    shown = lifecycle.shown(status, its, published=published)
    plain = ("id", "campaign_id", "title", "summary", "rank", "version", "created_at", "changed_at")
    return ThesisRead(
        **{name: row[name] for name in plain},
        **_what(row),
        status=shown,
        waits_for=lifecycle.ORDER.get(shown),
        roles=its,
        actions=lifecycle.allowed(status, its, published=published),
    )


def grant(row: Mapping[str, Any]) -> GrantRead:
    """Render what was selected, for anybody."""
    plain = ("id", "campaign_id", "year", "title", "months", "granted_at", "version")
    return GrantRead(**{name: row[name] for name in plain}, **_what(row))


def _what(row: Mapping[str, Any]) -> dict[str, Any]:
    """Render the laboratory, who takes part, and the money."""
    commune, cost = row["laboratory_commune"], row["cost"]
    others = [(one["name"], Decimal(one["percent"])) for one in orjson.loads(row["cofinanciers"])]
    return {
        "laboratory": LaboratoryRead(
            name=row["laboratory_name"],
            commune=commune,
            city=row["city"],
            department=regions.department(commune),
        ),
        **{
            role: {"code": row[f"{role}_code"], "kind": role, "name": row[f"{role}_name"]}
            for role in _TAKING_PART
        },
        "financing": FinancingRead(
            cost=cost,
            regional_percent=row["regional_percent"],
            regional_amount=row["regional_amount"],
            cofinanciers=[
                CofinancierRead(name=name, percent=share, amount=financing.amount(cost, share))
                for name, share in others
            ],
            uncovered_percent=financing.uncovered(
                row["regional_percent"], [share for _, share in others]
            ),
        ),
    }
