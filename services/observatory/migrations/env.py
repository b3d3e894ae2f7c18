"""Alembic's entry: every model of the service, then the kit's runner."""

from observatory.database import Base
from observatory.references import models as _references  # noqa: F401  # registers its tables
from platformkit import migrations

migrations.run(Base.metadata)
