"""Taking a diagnostic through review, validation and delivery, and back to its answers."""

import uuid

from diagnostic.assessments import access, rendering, steps
from diagnostic.assessments import service as assessments
from diagnostic.assessments.lifecycle import Verb
from diagnostic.assessments.schemas import AssessmentRead
from diagnostic.reviews import comments
from diagnostic.roadmaps import delivery
from diagnostic.scores import contributions
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.reads import ReadPool

BY_THE_COMPANY = frozenset({Verb.AMEND, Verb.ABANDON})
"""What only the company's own tenant may do; the rest is also its cohort's facilitator's."""


async def step(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    verb: Verb,
    *,
    reason: str | None = None,
    if_match: str | None = None,
) -> AssessmentRead:
    """Take one step, or raise StepRefused; with `if_match`, only from what the caller has seen.

    Two who take the same step at once meet at the row's lock: the second is refused by the state
    that the first left.
    """
    reach = access.owned_by(caller) if verb in BY_THE_COMPANY else access.seen_by(caller)
    found = await steps.locked(session, assessment_id, reach)
    if if_match is not None:
        shown = await assessments.read_in(session, reads, found.id)
        etags.match(if_match, rendering.tag(shown))
    if verb is Verb.VALIDATE:
        await comments.refuse_open(session, found.id)
    await steps.take(session, caller, found, verb, reason=reason)
    if verb is Verb.DELIVER:
        await delivery.freeze(session, found.id, found.revision)
    await contributions.tell(session, found)
    return await assessments.read_in(session, reads, found.id)
