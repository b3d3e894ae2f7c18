"""Runs the golden vectors of a kit on this node, and signs what came out (B5)."""

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from observatory.kits import certificates, signing
from observatory.kits.manifest import golden
from observatory.kits.methods import agree, methods
from observatory.kits.schemas import MOST_VECTORS, ConformanceReport, Place, VectorResult
from observatory.kits.service import Kept, KitRefused, file
from observatory.kits.signing import SigningKey
from platformkit.errors import Fault
from platformkit.i18n import Text


async def run(raw: Any, kit: Kept) -> list[VectorResult]:  # noqa: ANN401  # asyncpg's connection, untyped
    """Ask this program for every golden vector of a kit; raises KitRefused for unreadable ones."""
    tables = {}
    paths = {each.path for each in kit.manifest.files}
    for method, version in kit.manifest.methods.items():
        path = golden(method, version)
        tables[method] = await file(raw, kit, path) if path in paths else b""
    return await asyncio.to_thread(_run, kit, tables)


def _run(kit: Kept, tables: Mapping[str, bytes]) -> list[VectorResult]:
    found: list[VectorResult] = []
    for method, version in sorted(kit.manifest.methods.items()):
        found += _results(method, version, tables[method], MOST_VECTORS - len(found))
    return found


def _results(method: str, version: str, table: bytes, most: int) -> Sequence[VectorResult]:
    try:
        rows = list(csv.DictReader(io.StringIO(table.decode()), strict=True))
        read = [
            (row["vector"], json.loads(row["input"]), json.loads(row["expected"])) for row in rows
        ]
        if len(read) > most:
            raise _too_many(method, version)
        results = [_result(method, version, *each) for each in read]
    except (ValueError, KeyError, TypeError, csv.Error, RecursionError) as failure:
        raise _unreadable(method, version) from failure
    if not results:
        raise _unreadable(method, version)
    return results


def _unreadable(method: str, version: str) -> KitRefused:
    told = Text(
        "Ce ne sont pas des vecteurs d’or : vector, input, expected.",
        "These are no golden vectors: vector, input, expected.",
    )
    return KitRefused([Fault("", "vectors-unreadable", told, place=golden(method, version))])


def _too_many(method: str, version: str) -> KitRefused:
    told = Text(
        f"Un kit a au plus {MOST_VECTORS} vecteurs d’or.",
        f"A kit has at most {MOST_VECTORS} golden vectors.",
    )
    return KitRefused([Fault("", "vectors-too-many", told, place=golden(method, version))])


def _result(method: str, version: str, vector: str, given: Any, expected: Any) -> VectorResult:  # noqa: ANN401  # JSON values
    found: Any = None
    here = methods().get(method)
    if here is not None and here.version == version:
        try:
            found = here.compute(given)
        except (ValidationError, ArithmeticError):
            found = None  # an input that the method here does not take: not met
    return VectorResult(
        method=method,
        vector=vector,
        expected=signing.canonical(expected).decode(),
        found=None if found is None else signing.canonical(found).decode(),
        passed=found is not None and agree(expected, found),
    )


def report(
    node: str,
    kit: Kept,
    given: Place,
    results: Sequence[VectorResult],
    key: SigningKey,
    at: datetime,
) -> ConformanceReport:
    """Sign what came out, whether it passed or not."""
    return certificates.signed(
        {
            "document": "vigie-conformance-report/1",
            "node": node,
            "region": given.region,
            "base_url": given.base_url,
            "kit": {"agency": kit.agency, "version": str(kit.version), "sha256": kit.sha256},
            "methods": kit.manifest.methods,
            "vectors": [each.model_dump(mode="json") for each in results],
            "passed": all(each.passed for each in results),
            "at": at.isoformat().replace("+00:00", "Z"),
        },
        key,
    )
