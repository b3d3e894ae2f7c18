"""Taking a step in the life of a diagnostic: after its start, nothing else changes its state."""

import uuid

from sqlalchemy import select, text

from diagnostic.assessments.access import readable
from diagnostic.assessments.lifecycle import TRANSITIONS, Verb, after
from diagnostic.assessments.models import Assessment, AssessmentStep, Status
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.audit import service as audit
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text


class StepRefused(Conflict):
    """The state that the diagnostic is in does not lead there."""

    code = "step-refused"
    title = Text("Étape impossible", "Step not possible")
    detail = Text(
        "Le diagnostic est à l’état « {status} » ; « {verb} » part de : {sources}.",
        "The assessment is “{status}”; “{verb}” starts from: {sources}.",
    )


_LOCK = text(
    f"SELECT a.* FROM diagnostic.assessment a WHERE a.id = :id"  # noqa: S608  # a rule of ours
    f" AND {readable(':tenant', ':facilitator')} FOR UPDATE OF a"
)


async def locked(
    session: Session, assessment_id: uuid.UUID, reach: tuple[str, str | None]
) -> Assessment:
    """Hold a diagnostic until the commit, or raise AssessmentUnknown; `reach` as in `access`.

    Whoever saves an answer waits, and so does the next step.
    """
    tenant, facilitator = reach
    found: Assessment | None = await session.scalar(
        select(Assessment).from_statement(_LOCK),
        {"id": assessment_id, "tenant": tenant, "facilitator": facilitator},
    )
    if found is None:
        raise AssessmentUnknown
    return found


async def take(
    session: Session,
    caller: Principal,
    found: Assessment,
    verb: Verb,
    *,
    reason: str | None = None,
    before: str | None = None,
    outcome: str | None = None,
) -> None:
    """Move a locked diagnostic and write down who did, or raise StepRefused.

    A frozen score is never opened again: going back to the answers begins the next revision.
    `before` and `outcome` are the hashes of the audit trail.
    """
    target = after(verb, Status(found.status))
    if target is None:
        sources = ", ".join(sorted(TRANSITIONS[verb][0]))
        raise StepRefused(status=found.status, verb=verb, sources=sources)
    if target is Status.AMENDED:
        found.revision += 1
    found.status = target
    found.version += 1
    session.add(
        AssessmentStep(
            assessment_id=found.id,
            revision=found.revision,
            verb=verb,
            status=target,
            reason=reason,
            actor=caller.subject,
        )
    )
    await session.flush()
    await audit.record(session, caller, verb, "assessment", found.id, before=before, after=outcome)
