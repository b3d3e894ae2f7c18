"""Everything the lint knows about a grid, its recommendations included; off the event loop."""

import asyncio
from dataclasses import replace

from sqlalchemy import text

from diagnostic.questionnaires.grid import Finding, GridContent
from diagnostic.questionnaires.lint import lint
from diagnostic.roadmaps import queries
from diagnostic.roadmaps.catalogue import check_catalogue, covered
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
    found.extend(
        replace(one, pointer=_named(one.pointer, catalogue))
        for one in check_catalogue(content, catalogue)
    )
    return sorted(found, key=lambda one: one.severity != "error")


def _named(pointer: str, catalogue: list[Recommendation]) -> str:
    """Point at a recommendation by its code: its author never saw its place in the list."""
    if not pointer:
        return "/recommendations"
    _, place, *rest = pointer.split("/")
    return "/".join(["/recommendations", catalogue[int(place)].code, *rest])
