"""The restitution of a cohort, as participants and their facilitator see it."""

import re
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting
from tests.diagnostic.market import BEST, WORST, Market, open_market
from tests.harness import Database

FIGURES = ("as_of", "k", "n", "overall")


def path(cohort: dict[str, Any], form: str = "") -> str:
    return f"/v1/cohorts/{cohort['id']}/heat-map{form}"


async def heat_map(who: Acting, cohort: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = await who.get(path(cohort), **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    if found["status"] == "suppressed":
        assert [found[name] for name in FIGURES] == [None] * len(FIGURES)
        assert (found["levels"], found["dimensions"]) == ([], [])
    return found


@pytest.fixture(scope="module")
async def restitution(database: Database, acting: Acting) -> dict[str, Any]:
    """Hold a cohort in which five diagnostics were best, and five worst."""
    market = await open_market(database, acting)
    cohort = await acting.cohort()
    await market.peers(5, values=BEST, cohort_id=cohort["id"], milestone="T0")
    await market.peers(5, values=WORST, cohort_id=cohort["id"], milestone="T0")
    await market.rebuild()
    return cohort


async def test_k9_a_cohort_with_four_of_fifteen_completed_is_suppressed(
    market: Market, acting: Acting, onlooker: Acting
) -> None:
    cohort = await acting.cohort()
    asked = {"cohort_id": cohort["id"], "milestone": "T0"}
    await market.peers(4, **asked)
    for _ in range(11):
        company = await acting.organisation()
        seat = {"organisation_id": company["id"]}
        await acting.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)
    await market.rebuild()
    facilitator = await heat_map(acting, cohort)
    assert facilitator["status"] == "suppressed"
    assert await heat_map(onlooker, cohort) == facilitator, "a participant sees the same"
    dashboard = (await acting.get(f"/v1/cohorts/{cohort['id']}/dashboard")).json()
    assert (dashboard["seats_taken"], dashboard["completed"]) == (15, 4)
    assert Counter(one["completion"] for one in dashboard["companies"]) == {1.0: 4, 0.0: 11}


async def test_suppressed_and_not_yet_begun_look_the_same(market: Market, acting: Acting) -> None:
    thin, empty = await acting.cohort(), await acting.cohort()
    await market.peers(3, cohort_id=thin["id"], milestone="T0")
    await market.rebuild()
    bodies = [
        (await acting.get(path(one))).text.replace(one["id"], "").replace(one["title"], "")
        for one in (thin, empty)
    ]
    assert bodies[0] == bodies[1]


async def test_figures_stay_until_three_companies_have_changed(
    market: Market, acting: Acting
) -> None:
    cohort = await acting.cohort()
    asked = {"cohort_id": cohort["id"], "milestone": "T0"}
    await market.peers(6, values=WORST, **asked)
    await market.rebuild()
    before = await heat_map(acting, cohort)
    assert (before["status"], before["n"], before["overall"]["median"]) == ("shown", 5, 0.0)
    for _ in range(2):
        await market.peer(BEST, **asked)
        await market.rebuild()
        assert await heat_map(acting, cohort) == before, "one more, then two, tell nothing"
    await market.peers(5, values=BEST, **asked)
    assert await heat_map(acting, cohort) == before, "nor does the day itself"
    await market.rebuild()
    after = await heat_map(acting, cohort)
    assert (after["n"], after["overall"]["median"]) == (10, 100.0)


async def test_a_map_shows_bands_of_levels_and_medians(
    acting: Acting, restitution: dict[str, Any]
) -> None:
    cohort = restitution
    found = await heat_map(acting, cohort)
    assert (found["status"], found["k"], found["n"]) == ("shown", 5, 10)
    levels = [one["code"] for one in found["levels"]]
    assert len(levels) == 4
    assert [one["code"] for one in found["dimensions"]] == ["STR", "DATA", "SKILL"]
    for line in (found["overall"], *found["dimensions"]):
        assert line["median"] == 50.0
        assert [one["share"] for one in line["bands"]] == [50, 50]
        assert [line["bands"][0]["first"], line["bands"][-1]["last"]] == [levels[0], levels[-1]]
    english = await heat_map(acting, cohort, **{"accept-language": "en"})
    assert (english["language"], english["overall"]["title"]) == ("en", "Global score")
    other = (await acting.get(f"{path(cohort)}?milestone=T1")).json()
    assert other["status"] == "suppressed", "milestones are never mixed"
    assert (await acting.get(f"{path(cohort)}?milestone=T9")).status_code == 422
    first = await acting.get(path(cohort))
    kept = await acting.get(path(cohort), **{"if-none-match": first.headers["etag"]})
    assert kept.status_code == 304


async def test_companies_that_see_their_own_count_as_one_less(
    market: Market, acting: Acting, service: httpx.AsyncClient, as_client: AsClient
) -> None:
    cohort = await acting.cohort()
    asked = {"cohort_id": cohort["id"], "milestone": "T0"}
    people = [
        Acting(service, as_client("diagnostic", tenant=f"sme-{one}", client=f"sme-{one}"))
        for one in range(6)
    ]
    for one in people[:5]:
        await market.peer(by=one, **asked)
    await market.rebuild()
    assert (await heat_map(people[0], cohort))["status"] == "suppressed", "four others are too few"
    await market.peer(by=people[5], **asked)
    await market.rebuild()
    found = await heat_map(people[0], cohort)
    assert found["status"] == "shown"
    whole = [one["code"] for one in found["levels"]]
    for line in found["dimensions"]:
        assert line["bands"] == [{"first": whole[0], "last": whole[-1], "share": 100}]


async def test_the_page_is_an_accessible_table_that_loads_nothing(
    acting: Acting, restitution: dict[str, Any]
) -> None:
    cohort = restitution
    answer = await acting.get(path(cohort, ".html"))
    page = answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<html lang="fr">' in page
    assert page.count("<caption>") == 1
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    assert [name for name, _ in rows][-1] == "Score global"
    for _, cells in rows:
        spans = [int(one) for one in re.findall(r'colspan="(\d)"', cells)]
        assert sum(spans) == 4, "each row covers every level"
        assert "50 %" in cells.replace("\u202f", " ")
        assert "50,0" in cells
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    thin = await acting.cohort(title="<b>Lille</b>")
    hidden = (await acting.get(path(thin, ".html"))).text
    assert "&lt;b&gt;Lille" in hidden
    assert "<table>" not in hidden


async def test_only_who_takes_part_sees_a_map(
    acting: Acting, stranger: Acting, restitution: dict[str, Any]
) -> None:
    cohort = restitution
    for form in ("", ".html"):
        hidden = await stranger.get(path(cohort, form))
        assert (hidden.status_code, hidden.json()["code"]) == (404, "cohort-unknown")
        nobody = await Acting(acting.http, {}).get(path(cohort, form))
        assert nobody.status_code == 401
