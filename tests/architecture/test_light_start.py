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


SERVICES = ("diagnostic", "gateway", "observatory", "training")
LOAD = """
import gc, importlib, os, sys
gc.disable()
import platformkit.app
for service in sys.argv[1:]:
    if os.fork() == 0:
        importlib.import_module(f"{service}.main")
        print(*sys.modules, flush=True)
        os._exit(0)
    if os.wait()[1] != 0:
        sys.exit(f"{service} cannot be imported")
"""
"""Each in a process of its own, to which the kit, that all of them load, is given."""


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """Give the modules that each service loads to start."""
    said = subprocess.run(
        [sys.executable, "-c", LOAD, *SERVICES], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return dict(zip(SERVICES, (set(line.split()) for line in said.splitlines()), strict=True))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_without_what_few_requests_need(
    service: str, loaded: dict[str, set[str]]
) -> None:
    assert f"{service}.main" in loaded[service]
    heavy = HEAVY & loaded[service]
    assert not heavy, f"{service}.main loads {sorted(heavy)}"
