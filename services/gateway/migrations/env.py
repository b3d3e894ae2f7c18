"""Alembic's entry: every model of the gateway, then the kit's runner."""

from gateway.api_keys import models as _api_keys  # noqa: F401  # registers its tables
from gateway.audit import models as _audit  # noqa: F401  # likewise
from gateway.clients import models as _clients  # noqa: F401  # likewise
from gateway.database import Base
from gateway.feeds import models as _feeds  # noqa: F401  # likewise
from gateway.limits import models as _limits  # noqa: F401  # likewise
from gateway.people import models as _people  # noqa: F401  # likewise
from gateway.tokens import models as _tokens  # noqa: F401  # likewise
from gateway.webhooks import models as _webhooks  # noqa: F401  # likewise
from platformkit import migrations

migrations.run(Base.metadata)
