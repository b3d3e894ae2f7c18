"""A company among its peers, through HTTP (acceptance cases B)."""

import asyncpg

from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.market import BEST, NA, WORST, Market, withdraw


async def test_b3_five_with_oneself_are_too_few_and_six_are_shown(market: Market) -> None:
    south, north = await market.peers(5), await market.peers(6, region_code="11")
    await market.rebuild()
    for one in south:
        assert (await market.standing(one))["status"] == "insufficient_peers"
    for one in north:
        body = await market.standing(one)
        assert body["status"] == "shown"
        assert (body["n"], body["k"]) == (5, 5)
    assert body["group"] == {
        "level": "sector",
        "title": "Entreprises de 10 à 49 salariés, industrie manufacturière, région Île-de-France",
    }
    assert body["overall"] == {"score": 72.1, "q1": 72.1, "median": 72.1, "q3": 72.1, "rank": 50.0}
    assert [one["code"] for one in body["dimensions"]] == ["STR", "DATA", "SKILL"]


async def test_a_company_that_does_not_contribute_sees_a_group_of_five(market: Market) -> None:
    await market.peers(5)
    outside = await market.peer(BEST, benchmark_consent=False)
    await market.rebuild()
    body = await market.standing(outside)
    assert body["n"] == 5
    assert body["overall"] == {
        "score": 100.0,
        "q1": 72.1,
        "median": 72.1,
        "q3": 72.1,
        "rank": 100.0,
    }


async def test_the_company_itself_is_left_out_of_quartiles_and_rank(market: Market) -> None:
    lone = await market.peer(BEST)
    peers = [*await market.peers(3), *await market.peers(2, values=WORST)]
    await market.rebuild()
    assert (await market.standing(lone))["overall"] == {
        "score": 100.0, "q1": 0.0, "median": 72.1, "q3": 72.1, "rank": 100.0,
    }  # fmt: skip
    assert (await market.standing(peers[0]))["overall"] == {
        "score": 72.1, "q1": 0.0, "median": 72.1, "q3": 72.1, "rank": 60.0,
    }  # fmt: skip
    again = await market.standing(peers[-1])
    assert (again["overall"]["rank"], again["dimensions"][0]["rank"]) == (10.0, 10.0)


async def test_b6_too_few_and_none_at_all_look_the_same_to_the_byte(market: Market) -> None:
    pair = await market.peers(2, region_code="53")
    alone = await market.peer(benchmark_consent=False, region_code="94")
    await market.peers(6)
    await market.rebuild()
    path = "/v1/assessments/{}/benchmark?peers={}"
    for peers in ("auto", "sector", "size", "region", "programme", "cohort"):
        few = await market.acting.get(path.format(pair[0], peers))
        none = await market.acting.get(path.format(alone, peers))
        assert few.content.replace(pair[0].encode(), b"") == none.content.replace(
            alone.encode(), b""
        )
        assert few.headers.keys() == none.headers.keys()
        assert few.json()["status"] == "insufficient_peers"


async def test_b8_a_sixth_contributor_changes_nothing_before_three_and_the_next_day(
    market: Market,
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(5)
    await market.rebuild()
    before = await market.standing(outside)
    for _ in range(2):
        await market.peer(BEST)
        await market.rebuild()
        assert await market.standing(outside) == before
    await market.peer(BEST)
    assert await market.standing(outside) == before
    await market.rebuild()
    after = await market.standing(outside)
    assert after["snapshot_id"] != before["snapshot_id"]
    assert (after["n"], after["overall"]["rank"]) == (5, 31.3)  # five equal ones of eight
    await market.peers(3, values=BEST)
    await market.rebuild_again()  # of the same day
    assert await market.standing(outside) == after


async def test_b9_a_company_counts_once_per_milestone_whatever_its_tenants(
    market: Market, stranger: Acting
) -> None:
    company = await market.acting.organisation()
    twin = await market.peer(WORST, by=stranger, siren=company["siren"])
    for milestone in ("T0", "ad_hoc"):
        await market.acting.submitted(
            BASE, questionnaire=market.grid, organisation_id=company["id"], milestone=milestone
        )
    await market.peers(4)
    outside = await market.peer(benchmark_consent=False)
    await market.rebuild()
    assert (await market.standing(outside))["overall"]["rank"] == 50.0  # five, all equal
    assert (await market.standing(twin, by=stranger))["n"] == 5  # another tenant's is not its own


async def test_registering_the_siren_of_another_tenant_subtracts_nobody(
    market: Market, stranger: Acting
) -> None:
    victim = await stranger.organisation()
    await stranger.submitted(BEST, questionnaire=market.grid, organisation_id=victim["id"])
    await market.peers(6)
    for one in range(4):
        await market.peer(WORST if one % 2 else None, by=stranger)
    outside = await market.peer(benchmark_consent=False)
    impostor = await market.peer(benchmark_consent=False, siren=victim["siren"])
    await market.rebuild()
    seen = await market.standing(outside)
    assert seen["status"] == "shown"
    assert await market.standing(impostor) == seen | {"assessment_id": impostor}


async def test_b10_who_withdraws_is_gone_the_next_day(market: Market) -> None:
    outside = await market.peer(benchmark_consent=False)
    leaving = await market.peer(BEST)
    await market.peers(6)
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 5
    await withdraw(market.acting, leaving)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    await market.peer()
    await market.rebuild()  # two changes are not three
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    await market.peer()
    await market.rebuild()
    after = await market.standing(outside)
    assert after["status"] == "shown"
    assert after["overall"]["rank"] == 50.0  # of eight equal ones: the best has left
    for one in await market.peers(4):
        await withdraw(market.acting, one)
    await market.rebuild()
    assert await market.standing(outside) == after


async def test_b10_a_group_that_falls_below_k_disappears(market: Market) -> None:
    outside = await market.peer(benchmark_consent=False)
    contributors = await market.peers(7)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "shown"
    for one in contributors[:3]:
        await withdraw(market.acting, one)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"


async def test_b12_nothing_unlike_is_ever_mixed_in(market: Market, sql: asyncpg.Connection) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(4)
    partial = await market.peer({**BASE, "Q5": NA, "Q6": NA})
    wrong = await market.peer()
    await sql.execute(
        "UPDATE diagnostic.assessment SET status = 'entered_in_error' WHERE id = $1", wrong
    )
    await market.peers(3, milestone="T1")
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    assert (await market.standing(partial))["status"] == "not_comparable"
    begun = await market.acting.assessment(market.grid)
    assert (await market.standing(begun["id"]))["status"] == "not_final"
    await market.peer()
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 5


async def test_the_companies_of_one_tenant_do_not_corner_those_of_another(
    market: Market, stranger: Acting
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(6)
    victims = [await market.peer(BEST, by=stranger) for _ in range(4)]
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    assert (await market.standing(victims[0], by=stranger))["status"] == "insufficient_peers"
    await market.peer(BEST, by=stranger)
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 10


async def test_cohort_region_size_and_programme_can_be_asked_for(market: Market) -> None:
    cohort = await market.acting.cohort()
    inside = [await market.peer(cohort_id=cohort["id"]) for _ in range(6)]
    await market.rebuild()
    for peers, start in (
        ("auto", "Entreprises de 10 à 49 salariés, industrie manufacturière, région Hauts"),
        ("sector", "Entreprises de 10 à 49 salariés, industrie manufacturière, région Hauts"),
        ("size", "Entreprises de 10 à 49 salariés, région Hauts-de-France"),
        ("region", "Entreprises de la région Hauts-de-France"),
        ("programme", "Entreprises du programme « Programme d’essai »"),
        ("cohort", "Entreprises de la cohorte « Cohorte d’essai »"),
    ):
        body = await market.standing(inside[0], peers)
        assert body["group"]["title"].startswith(start)
        assert (peers, body["n"]) == (peers, 5)
    answer = await market.acting.get(
        f"/v1/assessments/{inside[0]}/benchmark?peers=cohort", **{"accept-language": "en"}
    )
    assert answer.json()["group"]["title"] == "Companies of cohort “Cohorte d’essai”"
    refused = await market.acting.get(f"/v1/assessments/{inside[0]}/benchmark?peers=mars")
    assert refused.status_code == 422


async def test_the_closest_group_with_enough_peers_is_shown(market: Market) -> None:
    bakery = await market.peer(naf_code="10.71C", headcount=5)
    await market.peers(6, naf_code="62.01Z", headcount=5)
    await market.rebuild()
    assert (await market.standing(bakery))["group"]["level"] == "size"
    assert (await market.standing(bakery, "sector"))["status"] == "insufficient_peers"


async def test_b10_withdrawing_holds_though_another_tenants_score_would_take_the_place(
    market: Market, stranger: Acting
) -> None:
    company = await market.acting.organisation()
    await market.peer(WORST, by=stranger, siren=company["siren"])
    latest = await market.acting.submitted(
        BEST, questionnaire=market.grid, organisation_id=company["id"]
    )
    await market.peers(6)
    outside = await market.peer(benchmark_consent=False)
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 5
    await withdraw(market.acting, latest["id"])
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
