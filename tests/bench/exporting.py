"""Measures the CSV of all offers, a million rows, against COPY of the same columns (case I5)."""

import asyncio
import time

import asyncpg
import httpx
import psutil

from tests.bench.pace import ROUNDS
from tests.bench.rounds import console, interleave, show
from tests.bench.stage import Stage
from training.exports import queries

ROWS = 1_000_000
_SESSIONS = 20
_MADE = (
    """
INSERT INTO training.import_run (tenant, client, format, mode, force, extract, media_type, size,
                                 sha256, state)
VALUES ('', 'bench', 'lheo', 'atomic', false, false, 'application/xml', 1, repeat('0', 64),
        'done')""",
    f"""
INSERT INTO training.formation (id, provider_siret, number, title, provider_name, certifications,
  rome, nsf, formacodes, departments, modes, document, source_kind, source_name, import_run_id,
  fingerprint, quality)
SELECT gen_random_uuid(), '13002612300013', 'HDF-' || n, 'Intégrer l’IA dans son métier ' || n,
       'Université Exemple', '{{RNCP37873,RS7423}}', '{{M1805}}', '{{326}}', '{{31028}}', '{{59}}',
       '{{mixed}}', '{{}}', 'provider_file', 'LHÉO 2.3',
       (SELECT id FROM training.import_run WHERE client = 'bench' LIMIT 1), repeat('0', 64), 50
  FROM generate_series(1, {ROWS // _SESSIONS}) n""",  # numbers of ours
    """
INSERT INTO training.action (id, formation_id, number, position, mode, entries, audiences, funders,
                             languages, price, hours)
SELECT f.id, f.id, 'A1', 0, 'mixed', 'fixed_dates', '{80056}', '{2}', '{fr}', 1200, 70
  FROM training.formation f""",
    f"""
INSERT INTO training.session (id, action_id, number, position, starts_on, ends_on,
                              recruitment_state, blocs)
SELECT gen_random_uuid(), a.id, 'S' || n, n, date '2026-10-05' + n, date '2026-11-05' + n, 'open',
       '{{}}'
  FROM training.action a, generate_series(1, {_SESSIONS}) n""",  # likewise
    """
INSERT INTO training.place (action_id, position, name, postcode, city, department, latitude,
                            longitude)
SELECT a.id, 0, 'Campus', '59000', 'LILLE', '59', 50.6292, 3.0573 FROM training.action a""",
    "ANALYZE training.formation, training.action, training.session, training.place",
)
_RAW = """
SELECT f.id, f.provider_siret, f.provider_name, f.number, f.title, f.certifications, f.formacodes,
       a.number, a.mode, a.price, a.hours, s.number, s.starts_on, s.ends_on, s.recruitment_state,
       p.name, p.postcode, p.city, p.department, p.latitude, p.longitude, f.source_licence
  FROM training.formation f
  JOIN training.action a ON a.formation_id = f.id
  JOIN training.session s ON s.action_id = a.id
  LEFT JOIN training.place p ON p.action_id = a.id AND p.position = 0
 WHERE f.withdrawn_at IS NULL
 ORDER BY f.provider_siret, f.number, a.position, s.position"""


async def table(stage: Stage) -> None:
    """Compare the export and its statement with COPY of the columns as they are."""
    admin = await asyncpg.connect(stage.admin_dsn)
    for statement in ("TRUNCATE training.formation CASCADE", *_MADE):
        await admin.execute(statement, timeout=600)
    url = stage.url("training", "/v1/exports/offers.csv")
    service = _service(stage)
    sizes: list[float] = []

    async def by_copy() -> float:
        return await _copied(admin, _RAW)

    async def by_statement() -> float:
        return await _copied(admin, queries.ROWS.replace("$1", "NULL"))

    async def by_export() -> float:
        begun = time.perf_counter()
        lines = 0
        async with (
            httpx.AsyncClient(timeout=600) as client,
            client.stream("GET", url, headers=stage.inside("training")) as answer,
        ):
            async for piece in answer.aiter_bytes():
                lines += piece.count(b"\n")
            sizes.append(service.memory_info().rss / 1e6)
        if lines != ROWS + 1:
            raise RuntimeError(lines)
        return ROWS / (time.perf_counter() - begun)

    before = service.memory_info().rss / 1e6
    found = await interleave(
        {"COPY": by_copy, "its statement": by_statement, "export": by_export}, ROUNDS
    )
    show(f"CSV of {ROWS:,} rows", "rows/s", found, "COPY")
    console.print(f"the service had {before:.0f} MB before, {max(sizes):.0f} MB at most after")
    await admin.close()


async def _copied(admin: asyncpg.Connection, sql: str) -> float:
    """Return the rows per second of a COPY, its bytes let go as they come."""

    async def forget(_: bytes) -> None:
        await asyncio.sleep(0)

    begun = time.perf_counter()
    await admin.copy_from_query(sql, output=forget, format="csv", delimiter=";")
    return ROWS / (time.perf_counter() - begun)


def _service(stage: Stage) -> psutil.Process:
    """Find the training service among the processes of the platform."""
    return next(
        one
        for one in psutil.Process(stage.process).children(recursive=True)
        if "training" in one.cmdline()
    )
