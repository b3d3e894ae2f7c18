"""The diagnostic service: grids, answers, scores, cohorts, funding, roadmaps, reports."""

from fastapi import FastAPI

from diagnostic.actions.routes import router as actions
from diagnostic.assessments.routes import router as assessments
from diagnostic.attendance.routes import router as attendance
from diagnostic.audit.routes import router as audit
from diagnostic.benchmarks.rebuild import rebuild
from diagnostic.benchmarks.routes import router as benchmarks
from diagnostic.cohort_changes.routes import router as cohort_changes
from diagnostic.cohorts.routes import router as cohorts
from diagnostic.comparisons.routes import router as comparisons
from diagnostic.consolidations.routes import router as consolidations
from diagnostic.crosswalks.routes import router as crosswalks
from diagnostic.dashboards.routes import router as dashboards
from diagnostic.deliverables.routes import router as deliverables
from diagnostic.drafts.routes import router as drafts
from diagnostic.enrolments.routes import hot_writes as enrolling
from diagnostic.enrolments.routes import router as enrolments
from diagnostic.evidence.routes import router as evidence
from diagnostic.exchanges.routes import router as exchanges
from diagnostic.funders.routes import router as funders
from diagnostic.heat_maps.routes import router as heat_maps
from diagnostic.invitations.routes import cohort_invitations
from diagnostic.invitations.routes import router as invitations
from diagnostic.opportunities.routes import router as opportunities
from diagnostic.organisations.routes import hot_writes as registering
from diagnostic.organisations.routes import router as organisations
from diagnostic.plans.routes import router as plans
from diagnostic.pooling.routes import router as pooling
from diagnostic.progress.routes import router as progress
from diagnostic.protection import retention
from diagnostic.protection.routes import router as protection
from diagnostic.questionnaires.routes import router as questionnaires
from diagnostic.reminders import service as reminders
from diagnostic.reminders.routes import router as reminder_list
from diagnostic.reports.routes import router as reports
from diagnostic.respondents.routes import router as respondents
from diagnostic.reviews.routes import router as reviews
from diagnostic.revisions.routes import router as revisions
from diagnostic.roadmaps.routes import router as roadmaps
from diagnostic.scores.contributions import RESERVED
from diagnostic.scores.routes import hot_reads
from diagnostic.scores.routes import router as scores
from diagnostic.sessions.routes import router as sessions
from diagnostic.settings import Settings
from diagnostic.shares.routes import links as share_links
from diagnostic.shares.routes import router as shares
from diagnostic.simulations.routes import router as simulations
from diagnostic.statistics.rebuild import rebuild as rebuild_statistics
from diagnostic.statistics.routes import router as statistics
from diagnostic.summaries.routes import router as summaries
from diagnostic.targets.routes import router as targets
from platformkit.app import build_app
from platformkit.clients.observatory import ObservatoryClient
from platformkit.clients.training import TrainingClient
from platformkit.i18n import Text


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the service from these settings, or from its environment."""
    settings = settings or Settings()
    k = settings.benchmark_k
    policy = retention.Policy.of(settings)
    return build_app(
        service="diagnostic",
        title=Text("Diagnostic de maturité IA", "AI maturity diagnostic"),
        settings=settings,
        routers=[
            assessments,  # the busiest first: routes are tried one after the other
            scores,
            organisations,
            summaries,
            exchanges,  # before its neighbour: template.xlsx is no code of a grid
            questionnaires,
            drafts,
            crosswalks,
            cohorts,
            cohort_changes,
            cohort_invitations,
            invitations,
            enrolments,
            sessions,
            attendance,
            dashboards,
            heat_maps,
            deliverables,
            respondents,
            consolidations,
            evidence,
            reviews,
            revisions,
            targets,
            comparisons,
            benchmarks,
            statistics,
            pooling,
            funders,  # before its neighbour: mine is no code of an aid
            progress,
            opportunities,
            roadmaps,
            simulations,
            actions,
            reminder_list,
            plans,
            reports,
            share_links,
            shares,
            audit,
            protection,
        ],
        clients={"training": TrainingClient, "observatory": ObservatoryClient},
        hot_reads=hot_reads,
        hot_writes={**registering, **enrolling},
        reserved=RESERVED,
        hourly=[
            lambda session, now: rebuild(session, k, now),
            lambda session, now: rebuild_statistics(session, k, now),
            lambda session, now: retention.run(session, now, policy),
            reminders.run,
        ],
    )
