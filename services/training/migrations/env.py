"""Alembic's entry: every model of the service, then the kit's runner."""

from platformkit import migrations
from training.alerts import models as _alerts  # noqa: F401  # likewise
from training.audit import models as _audit  # noqa: F401  # registers its tables
from training.capacities import models as _capacities  # noqa: F401  # likewise
from training.certifications import models as _certifications  # noqa: F401  # likewise
from training.database import Base
from training.expiries import models as _expiries  # noqa: F401  # likewise
from training.habilitations import models as _habilitations  # noqa: F401  # likewise
from training.imports import models as _imports  # noqa: F401  # likewise
from training.indexing import models as _indexing  # noqa: F401  # likewise
from training.offers import models as _offers  # noqa: F401  # likewise
from training.proposals import models as _proposals  # noqa: F401  # likewise
from training.providers import models as _providers  # noqa: F401  # likewise
from training.references import models as _references  # noqa: F401  # likewise
from training.rollovers import models as _rollovers  # noqa: F401  # likewise
from training.skills import models as _skills  # noqa: F401  # likewise
from training.theses import models as _theses  # noqa: F401  # likewise
from training.thesis_campaigns import models as _thesis_campaigns  # noqa: F401  # likewise

migrations.run(Base.metadata)
