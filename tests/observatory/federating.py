"""Registers nodes as a ministry would, and signs reports as regions do."""

from typing import Any

import asyncpg
import httpx

from observatory.kits import certificates, signing
from observatory.kits.methods import methods
from observatory.kits.signing import SigningKey
from tests.harness import Database, as_client
from tests.observatory.publishing import name

KEY, OTHER = SigningKey.derived("a node"), SigningKey.derived("another")
URL = "https://vigie.auvergnerhonealpes.example"


def node(**changed: Any) -> dict[str, Any]:
    told = {"name": name("ARA"), "region": "84", "base_url": URL, "public_key": KEY.public.x}
    return told | changed


def report(agency: str, key: SigningKey = KEY, **changed: Any) -> dict[str, Any]:
    golden = [
        (one.name, signing.canonical(one.expected).decode())
        for one in methods()["ilo-2025"].vectors
    ]
    told = {
        "document": "vigie-conformance-report/1",
        "node": agency,
        "region": "84",
        "base_url": f"{URL}/v1/observatory",
        "kit": {"agency": "HDF", "version": "1.0.0", "sha256": "0" * 64},
        "methods": {"ilo-2025": "1.0.0"},
        "vectors": [
            {"method": "ilo-2025", "vector": vector, "expected": expected, "found": expected}
            | {"passed": changed.get("passed", True)}
            for vector, expected in golden
        ],
        "passed": True,
        "at": "2026-11-27T16:00:00Z",
        **changed,
    }
    return certificates.signed(told, key).model_dump(mode="json")


async def put(
    client: httpx.AsyncClient, path: str, body: Any, tag: str | None = '"0"', **who: Any
) -> httpx.Response:
    headers = as_client("observatory", **who) | ({} if tag is None else {"if-match": tag})
    return await client.put(f"/v1/nodes/{path}", json=body, headers=headers)


async def federate(client: httpx.AsyncClient, database: Database, tenant: str) -> tuple[str, str]:
    """Have two of everything at the national level, of a tenant; return a node and a roll-up."""
    for agency in ("CNT1", "CNT2"):
        assert (await put(client, agency, node(), tenant=tenant)).status_code == 200
    for tag, minute in (('"1"', "00"), ('"2"', "01")):
        told = report("CNT1", at=f"2026-11-27T16:{minute}:00Z")
        assert (await put(client, "CNT1/certificate", told, tag, tenant=tenant)).is_success
    body = {
        "name": name("national"),
        "dataflow": "DF_EXPOSURE_TERRITORY",
        "source": "DF_EXPOSURE_TERRITORY",
        "area": "FR",
        "method": "ilo-2025",
        "method_version": "1.0",
        "errors": "shared",
        "least_coverage": 0.8,
        "parts": [{"area": "R32", "agency": "CNT1", "weight": 1}],
    }
    for rollup in ("CNT1", "CNT2"):
        headers = as_client("observatory", tenant=tenant) | {"if-match": '"0"'}
        made = await client.put(f"/v1/rollups/{rollup}", json=body, headers=headers)
        assert made.status_code == 200, made.text
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute(
        "INSERT INTO observatory.rollup_figure"
        " (rollup, key, period, area, numerator, denominator, round, hidden)"
        " SELECT 'CNT1', 'A.ILO_2025.MEAN', year::text, 'R32', 1, 2, 1, false"
        " FROM generate_series(2020, 2022) year"
    )
    await connection.execute(
        "INSERT INTO observatory.rollup_run"
        " (rollup, release, client, coverage, counts, definition, sources)"
        " SELECT 'CNT1', (SELECT id FROM observatory.release LIMIT 1), 'x', 1, '{}',"
        " to_jsonb(r) - '{tenant,updated_at}'::text[], '[]'"
        " FROM observatory.rollup r, generate_series(1, 2) WHERE r.id = 'CNT1'"
    )
    await connection.close()
    return "CNT1", "CNT1"
