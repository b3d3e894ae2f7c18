"""What overviews and the search ask for is what the services publish, and nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from gateway.overviews import subjects
from gateway.overviews.parts import Ask
from gateway.overviews.plans import Step
from gateway.proxy.table import Table, read
from gateway.search import reading
from gateway.search.merging import ORDER

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "api" / "openapi.json").read_text())
TABLE = Table(read(DOCUMENT))

SUMMARY = {
    "organisation": {"naf_code": "62.01Z", "postcode": "59000", "region_code": "32"},
    "assessment": {"id": "a1", "actions": [{"certifications": ["RS7423"]}]},
}
BEFORE = {
    "organisation": SUMMARY,
    "exposure": {"top_jobs": [{"code": "M1805"}]},
    "certification": {"rome": [{"code": "M1805"}]},
}
ID = "0d4e0b0e-0000-4000-8000-000000000001"


def _published(ask: Ask, scope: str | None) -> None:
    path, _, query = ask.href.partition("?")
    route = TABLE.find("GET", path)
    assert route is not None, ask.href
    assert route.scopes == (frozenset() if scope is None else {scope}), ask.href
    operation = DOCUMENT["paths"][route.template]["get"]
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    assert {name for name, _ in parse_qsl(query)} <= known, ask.href


@pytest.mark.parametrize(
    "steps",
    [
        subjects.job("M1607"),
        subjects.sector("62"),
        subjects.territory("59"),
        subjects.territory("R32"),
        subjects.territory("200093201"),
        subjects.certification("RNCP37873"),
        subjects.organisation(ID),
    ],
)
def test_every_part_is_a_published_read_with_the_scope_that_it_says(steps: Sequence[Step]) -> None:
    for step in steps:
        for before in (BEFORE.get(step.after or ""), None):
            ask = step.make(before)
            if ask is not None:
                _published(ask, step.scope)


def test_every_request_of_the_search_is_open_data() -> None:
    asks = reading.asks("data", ORDER, 20)
    assert len(asks) == 4
    for ask in asks.values():
        _published(ask, None)
    for kind in ORDER:
        assert TABLE.find("GET", reading.more(kind, "data").partition("?")[0]) is not None
