"""Recommendations for the fixture grid MINI-IA, and the way to load them."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.roadmaps import service as roadmaps
from diagnostic.roadmaps.priority import Recommendation
from tests.diagnostic.acting import Reachable

BEST_ROWS = {"r1": 5, "r2": 5, "r3": 5, "r4": 5, "r5": 5}


def entry(
    code: str, question: str, target: object, effort: str, **fields: object
) -> Recommendation:
    """Make a recommendation that one question calls for."""
    text = {"fr": f"Action {code}", "en": f"Action {code}"}
    return Recommendation.model_validate(
        {
            "code": code,
            "title": text,
            "why": text,
            "how": [text],
            "triggers": [{"question": question, "below": 1.0}],
            "question_uplift": {question: target},
            "impact": 3,
            "effort": effort,
            "horizon_months": 6,
            **fields,
        }
    )


R1 = (
    entry("A1", "Q1", "o3", "S", certification_themes=["ai_literacy"]),
    entry("A2", "Q6", "o2", "XS", funding_refs=["HDF-BTR3"]),
    entry("A3", "Q4", BEST_ROWS, "M"),
    entry("A4", "Q3", ["a", "b", "c", "d"], "S"),
)
"""The four actions of case R1."""


async def stock(database: Reachable, questionnaire: str, entries: Iterable[Recommendation]) -> None:
    """Load recommendations as the service would, with its own role."""
    engine = create_async_engine(
        database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    try:
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            await roadmaps.load(session, questionnaire, entries)
    finally:
        await engine.dispose()
