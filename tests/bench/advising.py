"""Measures recommendations over 50,000 offers and 20,000 skills: against the bare SQL, and memory.

Offers are those of the search; to what their texts name come eight declared skills each, some
skills a hundred times as frequent as others. Bare SQL is the statement that fetches the candidates
of the same profile, by one asyncpg connection: without codes, rules, scores, path, texts or HTTP.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import asyncpg
import orjson
from rich.table import Table

from tests.bench import searching
from tests.bench.load import Stream, percentile
from tests.bench.pace import ROUNDS
from tests.bench.rounds import console
from tests.bench.stage import Stage
from training.recommendations import queries
from training.recommendations.readiness import Want, gap, requirements

SKILLS: Final = 20_000
JOBS: Final = 200
WANTED: Final = 30
TAUGHT: Final = 8
TIMES: Final = 100
_AT_ONCE: Final = 20

_FIRST: Final = 9_000_000
"""Codes of our own skills, beside those that are shipped."""

Job = Sequence[Want]


def _skill(chance: random.Random) -> str:
    return str(_FIRST + int(SKILLS * chance.random() ** 2))


def jobs(chance: random.Random) -> dict[str, Job]:
    """Draw what jobs want, and count how many jobs want a skill."""
    drawn = {
        f"N{number}": sorted({_skill(chance) for _ in range(WANTED)})
        for number in range(9000, 9000 + JOBS)
    }
    wanted = Counter(skill for skills in drawn.values() for skill in skills)
    return {
        job: [
            Want(skill, 3 if place % 3 else 2, essential=place % 3 > 0, jobs=wanted[skill])
            for place, skill in enumerate(skills)
        ]
        for job, skills in drawn.items()
    }


def profiles(known: Mapping[str, Job], chance: random.Random) -> Iterator[tuple[str, Any]]:
    """Draw people: a target, some of its skills, and limits that most have."""
    for _ in range(TIMES):
        job = chance.choice(list(known))
        held = {one.skill: chance.randint(1, 3) for one in known[job] if chance.random() < 0.3}
        yield (
            job,
            {
                "targets": [job],
                "held": [{"skill": skill, "level": level} for skill, level in held.items()],
                "constraints": {
                    "hours": chance.choice((60, 150, 400)),
                    "euros": chance.choice((500, 2000, 5000)),
                    "place": {"commune": "59350", "radius_km": chance.choice((30, 100))},
                    "status": "employee",
                },
            },
        )


async def seed(stage: Stage, known: Mapping[str, Job], chance: random.Random) -> None:
    """Load the offers unless the search has, wait for their links, and declare more of them."""
    connection = await asyncpg.connect(stage.admin_dsn)
    if not await connection.fetchval("SELECT count(*) FROM training.formation"):
        await searching.seed(stage.admin_dsn)
    begun = time.perf_counter()
    pending = """SELECT count(*) FROM training.formation f
      WHERE NOT EXISTS (SELECT FROM training.skill_mark m WHERE m.id = f.id)"""
    while await connection.fetchval(pending):  # noqa: ASYNC110  # it has no event for us
        await asyncio.sleep(0.5)
    console.print(f"offers linked with skills in {time.perf_counter() - begun:.1f} s")
    codes = [str(_FIRST + number) for number in range(SKILLS)]
    await connection.executemany(
        "INSERT INTO training.reference_concept (scheme, version, code, kind, label_fr,"
        " replaced_by, search_text, fingerprint)"
        " VALUES ('rome-skill', '347-460', $1, 'knowledge', $1, '{}', '', '')",
        [(one,) for one in codes],
    )
    await connection.executemany(
        "INSERT INTO training.skill (code, label_fr, said, jobs) VALUES ($1, $1, $1, 1)",
        [(one,) for one in codes],
    )
    await connection.executemany(
        "INSERT INTO training.reference_concept (scheme, version, code, kind, label_fr,"
        " replaced_by, search_text, fingerprint) VALUES ('rome', '460', $1, 'job', $1, '{}', '',"
        " '')",
        [(job,) for job in known],
    )
    await connection.copy_records_to_table(
        "job_skill",
        schema_name="training",
        columns=("job", "skill", "essential", "required"),
        records=[
            (job, one.skill, one.essential, one.level)
            for job, wants in known.items()
            for one in wants
        ],
    )
    formations = await connection.fetch("SELECT id FROM training.formation ORDER BY id")
    await connection.copy_records_to_table(
        "formation_skill",
        schema_name="training",
        columns=("formation_id", "skill", "prerequisite", "level", "method", "confidence"),
        records=[
            (row["id"], skill, False, chance.randint(1, 4), "declared", 1.0)
            for row in formations
            for skill in {_skill(chance) for _ in range(TAUGHT)}
        ],
    )
    await connection.execute(
        "UPDATE training.skill s SET jobs = (SELECT count(*) FROM"
        " training.job_skill j WHERE j.skill = s.code) WHERE jobs = 1"
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def recommending(stage: Stage) -> None:
    """Ask for a hundred people, one after the other, beside the bare statement of each."""
    chance = random.Random(8)  # noqa: S311  # always the same people
    known = jobs(chance)
    await seed(stage, known, chance)
    people = list(profiles(known, chance))
    in_all = 532 + JOBS
    connection = await asyncpg.connect(stage.dsn("training"))
    before = stage.memory()["training"]
    times: list[float] = []
    bare: list[float] = []
    rows = 0
    for number in range(ROUNDS + 1):
        for first in range(0, TIMES, _AT_ONCE):
            stream = await _opened(stage)
            for job, profile in people[first : first + _AT_ONCE]:
                body = orjson.dumps(profile)
                begun = time.perf_counter()
                await stream.ask(body)
                answered = time.perf_counter()
                told = _told(known[job], profile, in_all)
                found = await connection.fetch(queries.CANDIDATES, *told)
                if number:
                    times.append((answered - begun) * 1000)
                    bare.append((time.perf_counter() - answered) * 1000)
                    rows += len(found)
            stream.close()
    await connection.close()
    table = Table(
        title="Recommendation over 50,000 offers, 20,000 skills (ms)", title_justify="left"
    )
    for column in ("", "p50", "p95", "candidates"):
        table.add_column(column, justify="right" if column else "left")
    for name, values in (("bare SQL of the candidates", bare), ("service", times)):
        shares = [percentile(values, share) for share in (0.5, 0.95)]
        table.add_row(name, *(f"{one:.1f}" for one in shares), f"{rows / len(bare):.0f}")
    ratios = [percentile(times, share) / percentile(bare, share) for share in (0.5, 0.95)]
    table.add_row("ratio", *(f"{one:.2f}" for one in ratios), "")
    console.print(table)
    grown = stage.memory()["training"] - before
    console.print(f"memory of the service: {grown:+.0f} MB after {len(times)} recommendations")


async def _opened(stage: Stage) -> Stream:
    """Connect anew: a token of ours lives a minute."""
    headers = {**stage.inside("training"), "content-type": "application/json"}
    return await Stream.open(stage.url("training", "/v1/recommendations"), headers, "POST")


def _told(wants: Job, profile: Mapping[str, Any], in_all: int) -> tuple[Any, ...]:
    have = {one["skill"]: one["level"] for one in profile["held"]}
    lacking = [one for one in requirements(wants, in_all) if gap(one, have) > 0]
    return (
        [one.skill for one in lacking],
        [one.weight for one in lacking],
        [have.get(one.skill, 0) for one in lacking],
        [one.level for one in lacking],
        date.today(),  # noqa: DTZ011  # of this machine
    )
