"""The companies of a sector, as their frozen groups show them to whoever may read diagnostics."""

import pytest

from diagnostic.benchmarks import sectors
from diagnostic.benchmarks.sectors import SectorUnknown
from tests.diagnostic.acting import Acting
from tests.diagnostic.market import BEST, WORST, Market
from tests.harness import anonymous, as_client


def path(market: Market, naf: str = "C", region: str = "32") -> str:
    return f"/v1/benchmarks/sectors/{naf}?questionnaire={market.grid}&region={region}"


async def test_a_sector_shows_its_groups_by_size_and_the_region_around_them(
    market: Market,
) -> None:
    await market.peers(3)
    await market.peers(2, values=WORST)
    await market.peer(BEST)
    await market.rebuild()
    answer = await market.acting.get(path(market, "25.62B"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    body = answer.json()
    assert (body["status"], body["section"], body["title"]) == (
        "shown",
        "C",
        "industrie manufacturière",
    )
    assert [(group["level"], group["size_band"], group["n"]) for group in body["groups"]] == [
        ("sector", "10-49", 5),
        ("region", None, 5),
    ]
    first = body["groups"][0]
    assert first["overall"] == {"q1": 18.0, "median": 72.1, "q3": 72.1}
    assert [one["code"] for one in first["dimensions"]] == ["STR", "DATA", "SKILL"]
    held = {"if-none-match": answer.headers["etag"]}
    assert (await market.acting.get(path(market, "25.62B"), **held)).status_code == 304


async def test_too_few_and_none_look_the_same_to_the_byte(market: Market) -> None:
    await market.peers(4, region_code="53")
    await market.rebuild()
    few = await market.acting.get(path(market, region="53"))
    none = await market.acting.get(path(market, region="94"))
    assert few.content.replace(b'"53"', b'"94"') == none.content
    assert few.json()["status"] == "insufficient_peers"
    assert few.json()["groups"] == []


async def test_a_sector_of_few_is_hidden_in_a_region_that_is_shown(market: Market) -> None:
    await market.peers(6)
    await market.peers(6, naf_code="62.01Z")
    await market.peers(2, naf_code="01.11Z")
    await market.rebuild()
    hidden = (await market.acting.get(path(market, "A"))).json()
    assert hidden["status"] == "insufficient_peers"
    assert {group["level"] for group in hidden["groups"]} <= {"region"}


async def test_who_may_not_read_diagnostics_reads_no_benchmark(market: Market) -> None:
    nobody = Acting(market.acting.http, anonymous("diagnostic"))
    assert (await nobody.get(path(market))).status_code == 401
    other = Acting(market.acting.http, as_client("diagnostic", scopes={"diagnostic:write"}))
    assert (await other.get(path(market))).status_code == 403


@pytest.mark.parametrize(
    ("naf", "section"), [("C", "C"), ("c", "C"), ("62", "J"), ("62.01Z", "J"), ("6201z", "J")]
)
def test_a_code_of_any_level_has_its_section(naf: str, section: str) -> None:
    assert sectors.section_of(naf) == section


@pytest.mark.parametrize("naf", ["", "V", "00", "04", "62.0", "62.01", "x2.01Z", "6٢"])
def test_what_is_no_sector_is_unknown(naf: str) -> None:
    with pytest.raises(SectorUnknown):
        sectors.section_of(naf)
