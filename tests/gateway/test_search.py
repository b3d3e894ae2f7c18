"""One search over all services: asked together, one order, counts and gaps said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.search.merging import ORDER, Hit, is_named, merged
from platformkit.matching import Match
from tests.gateway.doors import Opened
from tests.gateway.scripted import Scripted, ok
from tests.gateway.test_overviews import json_answer, open_data, problem, world

FORMATION = "0d4e0b0e-0000-4000-8000-000000000001"


def trained(kind: str, titles: Sequence[str], total: int, matched: str | None = "all") -> bytes:
    data: dict[str, Any] = {"number": "RS1"} if kind == "certification" else {}
    if kind == "offer":
        data = {"formation": {"id": FORMATION}, "price": "12.00"}
    items = [{"kind": kind, "id": f"id{n}", "title": t, kind: data} for n, t in enumerate(titles)]
    query: dict[str, object] = {"words": [], "corrected": [], "matched": matched}
    return open_data({"items": items, "total": total, "query": query}, 60)


def named(**groups: list[dict[str, object]]) -> bytes:
    return open_data(
        {
            "query": {
                "words": ["x"],
                "corrected": [{"word": "dta", "instead": "data"}],
                "matched": "all",
            },
            "groups": [
                {"kind": kind, "total": len(items) + 10, "items": items}
                for kind, items in groups.items()
            ],
        },
        300,
    )


def name(code: str, label: str, match: Match = "all") -> dict[str, object]:
    return {"code": code, "label": label, "level": None, "match": match, "score": 1.0}


JOBS = [name("M1405", "Data scientist", "exact"), name("M1419", "Data analyst")]


def by_kind(body: dict[str, Any]) -> dict[str, int]:
    return {kind["kind"]: kind["count"] for kind in body["kinds"]}


async def training_answers(request: Any, writer: Any) -> None:
    kind = "offer" if "kind=offer" in request.target else "certification"
    titles = ["Apprendre la data"] if kind == "offer" else ["Data engineer", "Data scientist"]
    writer.write(trained(kind, titles, 40 if kind == "offer" else 2))


async def test_all_kinds_are_asked_for_at_once_and_come_in_one_order(tmp_path: Path) -> None:
    async with world(
        tmp_path,
        training=training_answers,
        observatory=named(jobs=JOBS, sectors=[], territories=[], indicators=[]),
        diagnostic=named(opportunities=[name("BPI", "Diag Data IA", "some")]),
    ) as all_:
        answer = await all_.gate.http.get("/v1/search?q=data+scientist")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert [(hit["kind"], hit["title"], hit["match"]) for hit in body["items"]] == [
            ("jobs", "Data scientist", "exact"),
            ("certifications", "Data scientist", "exact"),
            ("certifications", "Data engineer", "all"),
            ("offers", "Apprendre la data", "all"),
            ("jobs", "Data analyst", "all"),
            ("opportunities", "Diag Data IA", "some"),
        ]
        assert by_kind(body) == {
            "jobs": 12,
            "certifications": 2,
            "offers": 40,
            "sectors": 10,
            "territories": 10,
            "indicators": 10,
            "opportunities": 11,
        }
        assert body["unavailable"] == []
        offer = next(hit for hit in body["items"] if hit["kind"] == "offers")
        assert offer["href"] == f"/v1/training/formations/{FORMATION}"
        assert offer["data"]["price"] == "12.00"
        jobs = body["kinds"][0]
        assert (jobs["source"], jobs["href"]) == (
            "observatory",
            "/v1/observatory/search?q=data+scientist&kind=jobs&limit=50",
        )
        assert jobs["corrected"] == [{"word": "dta", "instead": "data"}]
        assert jobs["as_of"].endswith("Z")
        assert [len(all_.services[service].received) for service in all_.services] == [2, 1, 1]
        assert answer.headers["cache-control"] == "public, max-age=60"
        again = {"if-none-match": answer.headers["etag"]}
        assert (
            await all_.gate.http.get("/v1/search?q=data+scientist", headers=again)
        ).status_code == 304


async def test_only_the_services_of_the_kinds_asked_for_are_asked(tmp_path: Path) -> None:
    async with world(
        tmp_path, training=ok(b"{}"), observatory=named(jobs=JOBS, sectors=[]), diagnostic=ok(b"{}")
    ) as all_:
        answer = await all_.gate.http.get("/v1/search?q=data&kind=sectors&kind=jobs&limit=1")
        assert [hit["code"] for hit in answer.json()["items"]] == ["M1405"]
        assert all_.asked("observatory") == ["/v1/search?q=data&kind=jobs&kind=sectors&limit=1"]
        assert all_.asked("training") == all_.asked("diagnostic") == []


async def test_a_service_that_is_down_is_a_gap_for_each_of_its_kinds(tmp_path: Path) -> None:
    async with world(
        tmp_path, training=training_answers, observatory=None, diagnostic=named(opportunities=[])
    ) as all_:
        answer = await all_.gate.http.get("/v1/search?q=data")
        body = answer.json()
        assert [gap["part"] for gap in body["unavailable"]] == [
            "jobs",
            "sectors",
            "territories",
            "indicators",
        ]
        assert {gap["reason"] for gap in body["unavailable"]} == {"unreachable"}
        assert by_kind(body).keys() == {"certifications", "offers", "opportunities"}
        assert answer.headers["cache-control"] == "public, no-cache"


async def test_no_service_at_all_is_a_503(tmp_path: Path) -> None:
    broken = problem(b"500 Internal Server Error", "internal-error")
    async with world(tmp_path, training=broken, observatory=None, diagnostic=broken) as all_:
        answer = await all_.gate.http.get("/v1/search?q=data")
        assert (answer.status_code, answer.json()["code"]) == (503, "overview-unavailable")
        assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    "strange",
    [
        [],
        {"items": 7, "groups": {}, "total": "x"},
        {"items": [1, {"title": None}], "groups": [1, {"kind": "planets"}, {"kind": "jobs"}]},
        {"query": {"matched": "all", "corrected": 3}, "items": [{"offer": []}]},
    ],
)
async def test_a_strange_answer_breaks_nothing(tmp_path: Path, strange: object) -> None:
    odd = json_answer(strange)
    async with world(tmp_path, training=odd, observatory=odd, diagnostic=odd) as all_:
        assert (await all_.gate.http.get("/v1/search?q=data")).status_code == 200


async def test_words_that_say_nothing_find_nothing_instead_of_everything(tmp_path: Path) -> None:
    async with world(
        tmp_path,
        training=trained("certification", ["All there is"], 25, matched=None),
        observatory=named(jobs=[]),
        diagnostic=named(opportunities=[]),
    ) as all_:
        body = (await all_.gate.http.get("/v1/search?q=de+la")).json()
        assert body["items"] == []
        assert by_kind(body)["certifications"] == 0


@pytest.mark.parametrize(
    "bad", ["", "?q=", "?q=x&kind=planets", "?q=x&limit=51", "?q=" + "x" * 201]
)
async def test_what_cannot_be_searched_is_refused_before_anyone_is_asked(
    gate: Opened, behind: Scripted, bad: str
) -> None:
    before = len(behind.received)
    assert (await gate.http.get(f"/v1/search{bad}")).status_code == 422
    assert len(behind.received) == before


KIND = st.sampled_from(ORDER)
MATCH = st.sampled_from(["exact", "all", "some"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(KIND, MATCH, st.integers(1, 50)), max_size=30))
def test_the_order_is_total_and_keeps_that_of_each_service(
    drawn: list[tuple[str, Match, int]],
) -> None:
    hits = [
        Hit(kind, f"c{n}", "t", match, rank, "", {}) for n, (kind, match, rank) in enumerate(drawn)
    ]
    found = merged(hits)
    assert merged(reversed(hits)) == found
    for kind in ORDER:
        for match in ("exact", "all", "some"):
            ranks = [hit.rank for hit in found if (hit.kind, hit.match) == (kind, match)]
            assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("question", "names", "named_so"),
    [
        ("rncp 37873", ["RNCP37873"], True),
        ("Développeur Web", ["Other", "developpeur web"], True),
        ("web", ["developpeur web"], False),
        ("!!", ["??"], False),
    ],
)
def test_a_whole_name_is_recognised(question: str, names: list[str], named_so: bool) -> None:  # noqa: FBT001  # a table
    assert is_named(question, *names) is named_so
