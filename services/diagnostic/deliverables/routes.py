"""HTTP of the archive."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from diagnostic.audit import service as audit
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.dashboards import service as dashboards
from diagnostic.deliverables import service as deliverables
from diagnostic.deliverables.service import DeliverablesBusy, Sources
from platformkit.auth import Principal, needs
from platformkit.clients.base import client
from platformkit.clients.training import TrainingClient
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.i18n import language
from platformkit.reads import Reads
from platformkit.streaming import Streamed, begun

router = APIRouter(prefix="/v1/cohorts/{cohort_id}", tags=["cohorts"])


@router.get(
    "/deliverables.zip",
    response_class=Streamed,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(CohortUnknown, DeliverablesBusy),
    },
)
async def download_cohort_deliverables(
    cohort_id: UUID,
    request: Request,
    session: Session,
    reads: Reads,
    training: Annotated[TrainingClient, client("training")],
    caller: Annotated[Principal, needs("diagnostic:read")],
) -> Streamed:
    """Download what a week left: of all companies as its facilitator, else of your own.

    Per delivered diagnostic the report (PDF, workbook) and the roadmap; attendance, calendar, heat
    map; a manifest with SHA-256. The same state gives the same bytes. Each download is audited.
    """
    settings = request.app.state.settings
    sources = Sources(reads, training, caller, settings.benchmark_k, settings.release)
    week = await dashboards.week(reads, caller, cohort_id)
    await audit.record(session, caller, "download_deliverables", "cohort", cohort_id)
    headers = {
        "content-disposition": f'attachment; filename="cohorte-{week["code"]}.zip"',
        "cache-control": "private, no-store",
        "content-language": language(),
        "vary": "Accept-Language",
    }
    pieces = await begun(deliverables.pieces(sources, cohort_id, week))
    return Streamed(pieces, headers=headers, media_type="application/zip")
