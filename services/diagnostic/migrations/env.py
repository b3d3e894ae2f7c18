"""Alembic's entry: every model of the service, then the kit's runner."""

from diagnostic.assessments import models as assessments
from diagnostic.attendance import models as attendance
from diagnostic.audit import models as audit
from diagnostic.benchmarks import models as benchmarks
from diagnostic.cohorts import models as cohorts
from diagnostic.database import Base
from diagnostic.enrolments import models as enrolments
from diagnostic.evidence import models as evidence
from diagnostic.invitations import models as invitations
from diagnostic.opportunities import models as opportunities
from diagnostic.organisations import models as organisations
from diagnostic.pooling import models as pooling
from diagnostic.questionnaires import models as questionnaires
from diagnostic.reminders import models as reminders
from diagnostic.respondents import models as respondents
from diagnostic.reviews import models as reviews
from diagnostic.roadmaps import models as roadmaps
from diagnostic.scores import models as scores
from diagnostic.shares import models as shares
from diagnostic.statistics import models as statistics
from diagnostic.targets import models as targets
from platformkit import migrations

KNOWN = (
    assessments,
    attendance,
    audit,
    benchmarks,
    cohorts,
    enrolments,
    evidence,
    invitations,
    opportunities,
    organisations,
    pooling,
    questionnaires,
    reminders,
    respondents,
    reviews,
    roadmaps,
    scores,
    shares,
    statistics,
    targets,
)
"""Importing a module of models registers its tables."""

migrations.run(Base.metadata)
