"""Alembic's entry: every model of the gateway, then the kit's runner."""

from gateway.clients import models as _clients  # noqa: F401  # registers its tables
from gateway.database import Base
from platformkit import migrations

migrations.run(Base.metadata)
