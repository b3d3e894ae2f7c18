"""Alembic's entry: every model of the service, then the kit's runner."""

from diagnostic.assessments import models as _assessments
from diagnostic.audit import models as _audit
from diagnostic.cohorts import models as _cohorts
from diagnostic.database import Base
from diagnostic.enrolments import models as _enrolments
from diagnostic.opportunities import models as _opportunities
from diagnostic.organisations import models as _organisations
from diagnostic.questionnaires import models as _questionnaires
from diagnostic.roadmaps import models as _roadmaps
from diagnostic.scores import models as _scores
from platformkit import migrations

migrations.run(Base.metadata)
