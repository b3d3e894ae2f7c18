"""A service starts without what only some requests and commands need: each start pays for it."""

import subprocess
import sys

import pytest

HEAVY = {
    "altair",
    "cel",
    "docx",
    "docxtpl",
    "duckdb",
    "fhir",
    "numpy",
    "openpyxl",
    "opentelemetry.exporter",
    "opentelemetry.sdk",
    "pandas",
    "pyarrow",
    "pysdmx",
    "pyxform",
    "scipy",
    "sdmx",
    "vl_convert",
    "xlrd",
    "xlsxwriter",
}
"""Import these where they are used (`# noqa: PLC0415`, with the reason)."""


@pytest.mark.parametrize("service", ["diagnostic", "gateway", "observatory", "training"])
def test_a_service_starts_without_what_few_requests_need(service: str) -> None:
    loaded = subprocess.run(  # our own words
        [sys.executable, "-c", f"import sys, {service}.main; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert f"{service}.main" in loaded
    assert HEAVY.isdisjoint(loaded), f"{service}.main loads {sorted(HEAVY.intersection(loaded))}"
