"""What operators see of this door: what rests, what waits, what was refused."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from gateway.operations.schemas import DoorRead, InstanceRead, UpstreamRead
from gateway.proxy.upstream import Member, Upstream
from platformkit.auth import Principal, needs

router = APIRouter(prefix="/v1/door", tags=["operations"])

Operator = Annotated[Principal, needs("gateway:operate")]


@router.get("")
async def read_door(request: Request, response: Response, _: Operator) -> DoorRead:
    """Read how this process of the gateway fares: breakers, instances, queues, what was refused."""
    response.headers["cache-control"] = "no-store"
    state = request.app.state
    return DoorRead(
        inside=state.load.inside,
        shed=state.load.shed,
        connections=len(state.crowd.guests),
        connections_refused=state.crowd.refused,
        draining=state.draining,
        upstreams=[_upstream(name, one) for name, one in state.upstreams.items()],
    )


def _upstream(name: str, upstream: Upstream) -> UpstreamRead:
    breaker = upstream.breaker
    return UpstreamRead(
        service=name,
        state=breaker.state,
        failures=breaker.failures,
        back_in=round(breaker.opens_in, 1),
        openings=upstream.openings,
        ejections=upstream.ejections,
        retries=upstream.retries,
        retries_left=upstream.budget.left,
        instances=[_instance(member) for member in upstream.members],
    )


def _instance(member: Member) -> InstanceRead:
    instance, breaker = member.instance, member.breaker
    return InstanceRead(
        address=instance.address,
        state=breaker.state,
        failures=breaker.failures,
        back_in=round(breaker.opens_in, 1),
        in_use=instance.in_use,
        waiting=instance.waiting,
        connections=instance.opened,
    )
