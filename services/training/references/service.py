"""The rules of the nomenclatures."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.errors import NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from training.references import queries
from training.references.models import Rome


class RomeUnknown(NotFound):
    """ROME has no such job in the release that we hold."""

    code = "rome-unknown"
    title = Text("Code ROME inconnu", "Unknown ROME code")
    detail = Text("Le ROME ne contient pas {code}.", "ROME does not contain {code}.")


async def read_rome(reads: ReadPool, code: str) -> bytes:
    """Return the document of a job."""
    document: str | None = await reads.fetchval("rome", queries.ROME, code.upper())
    if document is None:
        raise RomeUnknown(code=code.upper())
    return document.encode()


async def record_rome(session: AsyncSession, rows: Sequence[dict[str, object]]) -> int:
    """Store the jobs of a release; return how many were new or different."""
    statement = insert(Rome)
    new = statement.excluded
    changing = statement.on_conflict_do_update(
        index_elements=[Rome.code],
        set_={
            "label": new.label,
            "parent_code": new.parent_code,
            "release": new.release,
            "released_on": new.released_on,
        },
        where=(
            Rome.label.is_distinct_from(new.label)
            | Rome.parent_code.is_distinct_from(new.parent_code)
            | Rome.release.is_distinct_from(new.release)
            | Rome.released_on.is_distinct_from(new.released_on)
        ),
    ).returning(Rome.code)
    return len((await session.execute(changing, list(rows))).all())
