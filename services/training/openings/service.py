"""Openings: the dates of sessions and certifications, asked together on a day."""

import uuid
from datetime import date

from platformkit.reads import ReadPool
from training.certifications import lifecycle
from training.certifications.service import validity_of
from training.offers.service import FormationUnknown, FormationWithdrawn
from training.openings import queries, rules
from training.openings.schemas import CertificationThen, Opening, OpeningsRead


async def openings(reads: ReadPool, formation: uuid.UUID, day: date) -> bytes:
    """Say into which sessions one may enrol; raises FormationUnknown, FormationWithdrawn."""
    row = await reads.fetchrow("formation opened", queries.FORMATION, formation)
    if row is None:
        raise FormationUnknown
    if row["withdrawn_reason"] is not None:
        raise FormationWithdrawn
    codes = row["certifications"]
    rows = await reads.fetch("certifications opened", queries.CERTIFICATIONS, codes)
    known = {one["code"]: validity_of(one) for one in rows}
    found = {code: known.get(code) for code in codes}
    sessions = []
    for one in await reads.fetch("sessions opened", queries.SESSIONS, formation):
        session = rules.Session(**{name: one[name] for name in rules.Session.__slots__})
        reasons = rules.against(session, found, day)
        sessions.append(
            Opening(
                **{name: one[name] for name in ("id", "action", "number", "starts_on", "ends_on")},
                state=rules.phase(session, day),
                may_enrol=rules.may_enrol(reasons),
                reasons=reasons,
            )
        )
    answers = {one.may_enrol for one in sessions}
    first, last = rules.effective(list(known.values()))
    return (
        OpeningsRead(
            formation=formation,
            on=day,
            may_enrol=True if True in answers else None if None in answers else False,
            valid_from=first,
            valid_until=last,
            certifications=[
                CertificationThen(number=code, state=one and lifecycle.state(one, day))
                for code, one in found.items()
            ],
            sessions=sessions,
        )
        .model_dump_json()
        .encode()
    )
