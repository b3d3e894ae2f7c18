"""HTTP of webhooks: an organisation manages its own."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway.api_keys.service import ClientDisabled
from gateway.clients.administration import ClientUnknown
from gateway.webhooks import reading, replaying
from gateway.webhooks import service as webhooks
from gateway.webhooks.models import Webhook
from gateway.webhooks.problems import (
    BacklogFull,
    DeliveryPending,
    DeliveryUnknown,
    EventsGone,
    TooManyWebhooks,
    WebhookIdle,
    WebhookInvalid,
    WebhookUnknown,
)
from gateway.webhooks.schemas import (
    DeliveryRead,
    DeliveryWhole,
    NewWebhook,
    Range,
    Replayed,
    Rotation,
    SecretMade,
    State,
    WebhookChange,
    WebhookMade,
    WebhookRead,
)
from gateway.webhooks.service import Desk
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads

secrets_router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
"""Their answers show a secret, which a stored answer would keep."""

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=IdempotentRoute)

Manager = Annotated[Principal, needs("gateway:webhooks")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_SENT = problems(WebhookUnknown, WebhookIdle, BacklogFull)


async def _desk(request: Request, session: Session) -> Desk:
    state = request.app.state
    return Desk(session, state.settings, state.seal)


AtDesk = Annotated[Desk, Depends(_desk)]


def _shown(row: Webhook, response: Response) -> WebhookRead:
    etags.tagged(response, row.version)
    return WebhookRead.model_validate(row)


@router.get("", responses=problems(CursorRefused))
async def list_webhooks(reads: Reads, caller: Manager, paging: Paging) -> Page[WebhookRead]:
    """List your organisation's webhooks, the newest first."""
    return await reading.listed(reads, caller.tenant, paging)


@secrets_router.post(
    "",
    status_code=201,
    responses=problems(WebhookInvalid, ClientUnknown, ClientDisabled, TooManyWebhooks, EventsGone),
)
async def add_webhook(
    desk: AtDesk, caller: Manager, body: NewWebhook, response: Response
) -> WebhookMade:
    """Have what changes told to an address of yours, and get the secret that signs, this once.

    Each service whose events are wanted takes its feed's scope as well. It takes no
    `Idempotency-Key`: a stored answer would keep the secret. If the answer was lost, list the
    webhooks, and rotate the secret of the one that was made.
    """
    row, secret = await webhooks.add(desk, caller, body)
    response.headers["cache-control"] = "no-store"
    response.headers["location"] = f"/v1/webhooks/{row.id}"
    return WebhookMade(**_shown(row, response).model_dump(), secret=secret)


@router.get("/{webhook_id}", responses=problems(WebhookUnknown))
async def read_webhook(
    webhook_id: UUID, reads: Reads, caller: Manager, response: Response
) -> WebhookRead:
    """Read a webhook: how far it is, and how its receiver does."""
    found, version = await reading.one(reads, caller.tenant, webhook_id)
    etags.tagged(response, version)
    return found


@router.patch(
    "/{webhook_id}",
    responses=problems(
        WebhookUnknown, WebhookInvalid, EventsGone, etags.Stale, PreconditionRequired
    ),
)
async def change_webhook(
    webhook_id: UUID,
    body: WebhookChange,
    if_match: etags.IfMatch,
    desk: AtDesk,
    caller: Manager,
    response: Response,
) -> WebhookRead:
    """Change, pause or resume a webhook; resuming tries at once what waits."""
    now = datetime.now(UTC)
    row = await webhooks.change(desk, caller, webhook_id, if_match, body, now)
    return _shown(row, response)


@router.delete(
    "/{webhook_id}",
    status_code=204,
    responses=problems(WebhookUnknown, etags.Stale, PreconditionRequired),
)
async def delete_webhook(
    webhook_id: UUID, if_match: etags.IfMatch, desk: AtDesk, caller: Manager
) -> None:
    """End a webhook, with all that is known of its deliveries."""
    await webhooks.drop(desk, caller, webhook_id, if_match)


@secrets_router.post("/{webhook_id}/rotate-secret", responses=problems(WebhookUnknown))
async def rotate_webhook_secret(
    webhook_id: UUID, body: Rotation, desk: AtDesk, caller: Manager, response: Response
) -> SecretMade:
    """Get a new secret, this once; until `second_secret_until` the former one signs as well."""
    former = timedelta(hours=body.former_hours)
    now = datetime.now(UTC)
    row, secret = await webhooks.rotate(desk, caller, webhook_id, former, now)
    response.headers["cache-control"] = "no-store"
    etags.tagged(response, row.version)
    return SecretMade(secret=secret, second_secret_until=now + former)


@router.post("/{webhook_id}/ping", status_code=202, responses=_SENT)
async def ping_webhook(
    webhook_id: UUID, desk: AtDesk, caller: Manager, response: Response
) -> DeliveryRead:
    """Have a `ping` sent; what comes of it is in the delivery that the Location names."""
    row = await desk.found(caller, webhook_id)
    made = await replaying.ping(desk.session, row, datetime.now(UTC))
    response.headers["location"] = f"/v1/webhooks/{webhook_id}/deliveries/{made.id}"
    await desk.session.refresh(made)
    return DeliveryRead(**{name: getattr(made, name) for name in _STORED}, last=None)


_STORED = DeliveryRead.model_fields.keys() - {"last"}


@router.post("/{webhook_id}/replay", status_code=202, responses=_SENT | problems(EventsGone))
async def replay_webhook(webhook_id: UUID, body: Range, desk: AtDesk, caller: Manager) -> Replayed:
    """Have the events of a part of the log sent again, or for the first time; 500 at a time."""
    row = await desk.found(caller, webhook_id)
    base = desk.settings.issuer
    told = await replaying.replay(desk.session, row, body, base, datetime.now(UTC))
    await desk.record(caller, "replay_webhook", row, told.said(body.after))
    return told


@router.get("/{webhook_id}/deliveries", responses=problems(WebhookUnknown, CursorRefused))
async def list_deliveries(
    webhook_id: UUID, reads: Reads, caller: Manager, paging: Paging, state: State | None = None
) -> Page[DeliveryRead]:
    """List deliveries, the newest first: `state=dead` are those that were given up."""
    return await reading.deliveries(reads, caller.tenant, webhook_id, state, paging)


@router.get(
    "/{webhook_id}/deliveries/{delivery_id}", responses=problems(WebhookUnknown, DeliveryUnknown)
)
async def read_delivery(
    webhook_id: UUID, delivery_id: Number, reads: Reads, caller: Manager
) -> DeliveryWhole:
    """Read a delivery: what is sent, and what came of each attempt."""
    return await reading.delivery(reads, caller.tenant, webhook_id, delivery_id)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=204,
    responses=_SENT | problems(DeliveryUnknown, DeliveryPending),
)
async def replay_delivery(
    webhook_id: UUID, delivery_id: Number, desk: AtDesk, caller: Manager
) -> None:
    """Have a delivery made again that was given up, or that you lost."""
    row = await desk.found(caller, webhook_id)
    await replaying.again(desk.session, row, delivery_id, datetime.now(UTC))
    await desk.record(caller, "replay_webhook", row, f"delivery {delivery_id}")
