"""Alembic's entry: every model of the service, then the kit's runner."""

from observatory.announcements import models as _announcements  # noqa: F401  # likewise
from observatory.bulk import models as _bulk  # noqa: F401  # likewise
from observatory.database import Base
from observatory.disclosure import models as _disclosure  # noqa: F401  # likewise
from observatory.emergence import models as _emergence  # noqa: F401  # likewise
from observatory.kits import models as _kits  # noqa: F401  # likewise
from observatory.kpis import models as _kpis  # noqa: F401  # likewise
from observatory.links import models as _links  # noqa: F401  # likewise
from observatory.nodes import models as _nodes  # noqa: F401  # likewise
from observatory.observations import models as _observations  # noqa: F401  # likewise
from observatory.programme import models as _programme  # noqa: F401  # likewise
from observatory.references import models as _references  # noqa: F401  # registers its tables
from observatory.releases import models as _releases  # noqa: F401  # likewise
from observatory.rollups import models as _rollups  # noqa: F401  # likewise
from observatory.shipped import models as _shipped  # noqa: F401  # likewise
from observatory.structures import models as _structures  # noqa: F401  # likewise
from platformkit import migrations

migrations.run(Base.metadata)
