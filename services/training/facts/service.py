"""Reading what the views tell of, and whether it may be told: unknown is 404, withdrawn is 410."""

import uuid
from datetime import date

from platformkit.reads import ReadPool
from training.certifications import service as certifications
from training.facts import queries
from training.facts.certifications import CertificationFacts
from training.facts.formations import FormationFacts
from training.offers import service as offers


async def certification(reads: ReadPool, spelling: str, day: date) -> CertificationFacts:
    """Read a certification; raises as `certifications.service.read` does."""
    reference = certifications.named(spelling)
    codes = certifications.pair(reference)
    rows = await reads.fetch("certification facts", queries.CERTIFICATION, day, *codes)
    row = certifications.present(rows, reference)
    return CertificationFacts.model_validate_json(row["facts"])


async def formation(reads: ReadPool, formation_id: uuid.UUID, day: date) -> FormationFacts:
    """Read a formation with its certifications; raises FormationUnknown, FormationWithdrawn."""
    row = await reads.fetchrow("formation facts", queries.FORMATION, day, formation_id)
    return FormationFacts.model_validate_json(offers.present(row)["facts"])
