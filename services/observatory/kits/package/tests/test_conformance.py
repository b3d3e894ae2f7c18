"""Asks a node for every golden vector of this kit; see README.md."""

import csv
import json
import math
import os
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BASE_URL = os.environ.get("VIGIE_BASE_URL", "http://localhost:8000/v1/observatory")
METHODS = Path(__file__).parent.parent / "methods"


def vectors() -> Iterator[tuple[str, str, str, str, str]]:
    for file in sorted(METHODS.glob("*/*/golden.csv")):
        method, version = file.parent.parent.name, file.parent.name
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield method, version, row["vector"], row["input"], row["expected"]


def agree(expected: Any, found: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            agree(each, found[name]) for name, each in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(agree, expected, found))
    return bool(expected == found)


@pytest.mark.parametrize(("method", "version", "vector", "given", "expected"), list(vectors()))
def test_golden(method: str, version: str, vector: str, given: str, expected: str) -> None:
    query = urllib.parse.urlencode({"input": given})
    url = f"{BASE_URL}/kit-methods/{method}/{version}/result?{query}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        found = json.load(answer)
    assert agree(json.loads(expected), found["output"]), (vector, found)
