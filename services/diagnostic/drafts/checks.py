"""Everything the lint knows about a grid, its recommendations included; off the event loop."""

import asyncio

from sqlalchemy import text

from diagnostic.questionnaires.grid import Finding, GridContent
from diagnostic.questionnaires.lint import lint
from diagnostic.roadmaps import queries
from diagnostic.roadmaps.catalogue import by_code, check_catalogue, covered
from diagnostic.roadmaps.priority import Recommendation
from platformkit.db import Session


async def findings(session: Session, content: GridContent) -> list[Finding]:
    """Lint a grid with the recommendations that answer to its code; errors come first."""
    rows = await session.scalars(
        text(queries.CATALOGUE.replace("$1", ":code")), {"code": content.code}
    )
    catalogue = [Recommendation.model_validate_json(one) for one in rows]
    return await asyncio.to_thread(_lint, content, catalogue)


def _lint(content: GridContent, catalogue: list[Recommendation]) -> list[Finding]:
    found = lint(content, covered(catalogue))
    found.extend(by_code(check_catalogue(content, catalogue), catalogue))
    return sorted(found, key=lambda one: one.severity != "error")
