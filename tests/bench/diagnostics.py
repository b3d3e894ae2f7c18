"""A year of diagnostics for measures: 5,000 companies, 15,000 diagnostics of 36 questions, by COPY.

    async with staged() as stage:
        seeded = await seed(stage)

Everything belongs to the demo client's tenant, so `stage.inside("diagnostic", scopes=…)` and
`stage.at_the_door()` may read it. Each company has T0, T1 and T2; one T2 in ten is in progress
with all its answers, every other diagnostic is submitted, scored and consented to for comparison.
Loading takes well under a minute; `organisations=` makes it smaller. The draw is always the same.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson

from deploy.credentials import DEMO_TENANT
from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import ENGINE_VERSION, score
from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.questionnaires.grid import GridContent, Question
from diagnostic.reference import load as shipped
from tests.bench.stage import Stage
from tests.diagnostic.acting import publish, siren

CODE = "BENCH-36"
QUESTIONS = 36
MILESTONES = ("T0", "T1", "T2")
_UNFINISHED = 10
"""One T2 in so many is in progress."""
_DRAWS = 300
"""Different sets of answers; drawing and scoring one per diagnostic would take longer than COPY."""

_NAF: tuple[str, ...] = (
    "10.71C",
    "25.62B",
    "28.22Z",
    "41.20A",
    "43.21A",
    "46.90Z",
    "47.11F",
    "49.41A",
    "56.10A",
)
_NAF += ("62.01Z", "62.02A", "69.20Z", "70.22Z", "71.12B", "73.11Z", "81.21Z", "86.10Z", "96.02A")
_REGIONS = ("32", "32", "32", "11", "84", "44", "76", "93")
_BANDS = (("1-9", 6), ("10-49", 25), ("50-249", 120), ("250+", 400))


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was loaded: identifiers in the order of loading, and the grid they are answers to."""

    organisations: list[uuid.UUID]
    submitted: list[uuid.UUID]
    unfinished: list[uuid.UUID]
    grid: PreparedGrid
    answers: dict[str, Answer]
    """One complete set of answers."""


@dataclass(frozen=True, slots=True)
class _Draw:
    """A set of answers with what the service would have frozen of it."""

    answers: dict[str, Answer]
    input_hash: str
    result: str
    explanation: str
    result_hash: str


def content() -> GridContent:
    """Bring the shipped grid to 36 questions, by repeating some of its single choices."""
    raw = shipped.grids()[0].model_dump(mode="json")
    raw["code"] = CODE
    questions: list[dict[str, Any]] = raw["questions"]
    again = [one for one in questions if one["type"] == "single" and one["dimension"]]
    missing = QUESTIONS - len(questions)
    questions.extend({**one, "code": f"{one['code']}_BIS"} for one in again[:missing])
    return GridContent.model_validate(raw)


def drawn(grid: PreparedGrid, chance: random.Random) -> dict[str, Answer]:
    """Answer every question, at random."""
    return {
        code: Answer(State.ANSWERED, _value(question, chance))
        for code, question in grid.questions.items()
    }


def _value(question: Question, chance: random.Random) -> Any:
    """Draw a value of the types that the shipped grid has."""
    raw = question.model_dump(mode="json")
    options = [one["code"] for one in raw.get("options") or () if not one.get("exclusive")]
    draws: dict[str, Callable[[], Any]] = {
        "single": lambda: chance.choice(options),
        "multiple": lambda: chance.sample(options, chance.randint(1, len(options))),
        "boolean": lambda: chance.choice((True, False)),
        "matrix": lambda: {row["code"]: chance.randint(0, 5) for row in raw["rows"]},
        "number": lambda: chance.randint(0, 100),
        "text": lambda: "Mieux servir nos clients.",
    }
    return draws[question.type]()


async def seed(stage: Stage, organisations: int = 5000) -> Seeded:
    """Load companies, diagnostics, answers, their events and scores, and tell the planner."""
    chance = random.Random(36)  # noqa: S311  # a draw that is always the same
    grid = prepare(content())
    await publish(stage, grid.content)
    draws = [_scored(grid, drawn(grid, chance)) for _ in range(_DRAWS)]
    connection = await asyncpg.connect(stage.admin_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")  # no look-up per row
        questionnaire, version = await connection.fetchrow(
            "SELECT questionnaire_id, v.id FROM diagnostic.questionnaire_version v"
            " JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id WHERE q.code = $1",
            CODE,
        )
        begun = datetime.now(UTC) - timedelta(days=365)
        companies = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(organisations)]
        assessments = [
            (uuid.UUID(int=chance.getrandbits(128)), company, milestone, chance.choice(draws), done)
            for number, company in enumerate(companies)
            for milestone in MILESTONES
            for done in (milestone != MILESTONES[-1] or number % _UNFINISHED > 0,)
        ]
        await _copy(connection, "organisation", _ORGANISATION, _companies(companies, begun, chance))
        await _copy(
            connection,
            "assessment",
            _ASSESSMENT,
            (
                (
                    *(one, uuid.uuid4(), DEMO_TENANT, company, questionnaire, version, milestone),
                    *("submitted" if done else "in_progress", 1, begun, begun if done else None),
                )
                for one, company, milestone, _, done in assessments
            ),
        )
        given = [(one, draw) for one, _, _, draw, _ in assessments]
        await _copy(connection, "answer", _ANSWER, _answers(given, begun))
        await _copy(connection, "answer_event", [*_ANSWER[:-1], "at"], _answers(given, begun))
        await _copy(
            connection,
            "score",
            _SCORE,
            (
                (
                    *(uuid.uuid4(), one, 1, version, ENGINE_VERSION, draw.input_hash),
                    *(draw.result, draw.explanation, draw.result_hash, begun),
                )
                for one, _, _, draw, done in assessments
                if done
            ),
        )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return Seeded(
        companies,
        [one for one, _, _, _, done in assessments if done],
        [one for one, _, _, _, done in assessments if not done],
        grid,
        draws[0].answers,
    )


_ORGANISATION = ["id", "tenant", "pseudonym", "siren", "name", "naf_code", "headcount", "size_band"]
_ORGANISATION += ["postcode", "region_code", "benchmark_consent", "consent_at", "version"]
_ORGANISATION += ["created_at", "updated_at"]
_ASSESSMENT = ["id", "pseudonym", "tenant", "organisation_id", "questionnaire_id", "version_id"]
_ASSESSMENT += ["milestone", "status", "revision", "started_at", "submitted_at"]
_ANSWER = ["assessment_id", "question", "state", "value", "version", "respondent", "answered_at"]
_SCORE = ["id", "assessment_id", "assessment_revision", "version_id", "engine_version"]
_SCORE += ["input_hash", "result", "explanation", "result_hash", "computed_at"]


async def _copy(
    connection: asyncpg.Connection, table: str, columns: list[str], records: Iterator[Any]
) -> None:
    await connection.copy_records_to_table(
        table, schema_name="diagnostic", columns=columns, records=records, timeout=300
    )


def _companies(
    companies: list[uuid.UUID], begun: datetime, chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    for number, company in enumerate(companies):
        band, headcount = chance.choices(_BANDS, weights=(5, 6, 3, 1))[0]
        yield (
            *(company, DEMO_TENANT, uuid.uuid4(), siren(), f"Mesure {number}"),
            *(chance.choice(_NAF), headcount, band, "59000", chance.choice(_REGIONS)),
            *(True, begun, 1, begun, begun),
        )


def _answers(given: list[tuple[uuid.UUID, _Draw]], begun: datetime) -> Iterator[tuple[Any, ...]]:
    for assessment, draw in given:
        for question, one in draw.answers.items():
            value = orjson.dumps(one.value).decode()
            yield (assessment, question, "answered", value, 1, "bench", begun)


def _scored(grid: PreparedGrid, answers: dict[str, Answer]) -> _Draw:
    figures = score(grid, answers)
    return _Draw(
        answers,
        figures.input_hash,
        orjson.dumps(figures.as_json()).decode(),
        orjson.dumps(explain(figures).as_json()).decode(),
        figures.result_hash(),
    )
