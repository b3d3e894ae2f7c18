"""What an operator sets and sees of a client's limits."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.audit import service as audit
from gateway.audit.service import Actor
from gateway.clients import queries as clients
from gateway.clients.administration import ClientUnknown, announce
from gateway.limits.models import ClientUse
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text


class PlanUnknown(Invalid):
    """A plan must be one of the installation's, a quota at least one request."""

    code = "plan-unknown"
    title = Text("Formule inconnue", "Unknown plan")


async def set_plan(
    session: AsyncSession,
    actor: Actor,
    client_id: str,
    plan: str,
    known: Collection[str],
    *,
    per_day: int | None = None,
    per_month: int | None = None,
) -> None:
    """Give the client this plan, and quotas of its own where they are not the plan's.

    Every gateway holds to them within five seconds. Raises PlanUnknown, ClientUnknown.
    """
    names = ", ".join(sorted(known))
    which = Text(f"Les formules sont : {names}.", f"The plans are: {names}.")
    faults = [] if plan in known else [Fault("/plan", "unknown", which)]
    least = Text("Au moins une requête.", "At least one request.")
    given = {"quota_per_day": per_day, "quota_per_month": per_month}
    faults += [
        Fault(f"/{name}", "too-small", least)
        for name, quota in given.items()
        if quota is not None and quota < 1
    ]
    if faults:
        raise PlanUnknown(faults)
    tenant = await clients.change(session, client_id, {"plan": plan, **given})
    if tenant is None:
        raise ClientUnknown(client=client_id)
    detail = f"{plan}; per day {per_day or '-'}; per month {per_month or '-'}"
    await audit.record(
        session, actor, "set_plan", "client", client_id, tenant=tenant, detail=detail
    )
    await announce(session)


async def use(session: AsyncSession, client_id: str, since: date) -> Sequence[dict[str, Any]]:
    """List what the client used since that day, the newest first; raises ClientUnknown."""
    if await clients.locked(session, client_id) is None:
        raise ClientUnknown(client=client_id)
    statement = select(ClientUse.day, ClientUse.requests).where(
        ClientUse.client_id == client_id, ClientUse.day >= since
    )
    rows = await session.execute(statement.order_by(ClientUse.day.desc()))
    return [dict(row) for row in rows.mappings()]
