"""Exposure of territories, and the figures that the programme quotes."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness import Database

MEAN_OF_REGION = """
WITH scored AS (
    SELECT c.job, coalesce(
        (SELECT s.mean FROM observatory.score s WHERE s.code = c.occupation),
        (SELECT avg(s.mean) FROM observatory.score s WHERE left(s.code, 3) = left(c.occupation, 3))
    ) AS mean
    FROM observatory.crosswalk c
), family AS (
    SELECT f.family, avg(s.mean) AS mean
      FROM observatory.family_job f JOIN scored s USING (job)
     WHERE s.mean IS NOT NULL GROUP BY f.family
)
SELECT (sum(e.jobs * family.mean) / sum(e.jobs))::float
  FROM observatory.family_employment e JOIN family USING (family)
 WHERE e.region = $1
"""


async def read(client: httpx.AsyncClient, path: str, language: str = "fr") -> Any:
    response = await client.get(f"/v1/exposure/{path}", headers={"accept-language": language})
    assert response.status_code == 200, response.text
    return response.json()


async def test_the_figures_that_the_programme_quotes(observatory: httpx.AsyncClient) -> None:
    region = await read(observatory, "territories/32")
    country = await read(observatory, "territories/FR")
    assert (round(region["mean"], 3), round(country["mean"], 3)) == (0.303, 0.314)
    assert (round(region["exposed_share"], 3), round(country["exposed_share"], 3)) == (0.292, 0.323)
    most_exposed = region["top_families"][0]
    assert (most_exposed["code"], round(most_exposed["mean"], 3)) == ("L2Z", 0.593)


async def test_the_mean_is_the_one_that_sql_computes_from_the_tables(
    observatory: httpx.AsyncClient, database: Database
) -> None:
    connection = await asyncpg.connect(database.dsn("observatory"))
    for region in ("32", "11", "94"):
        expected = await connection.fetchval(MEAN_OF_REGION, region)
        assert (await read(observatory, f"territories/R{region}"))["mean"] == round(expected, 4)
    await connection.close()


async def test_a_region_is_read_in_full(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "territories/32")
    assert (body["id"], body["code"], body["kind"]) == ("R32", "32", "region")
    assert body["basis"]["exact"] is True
    assert body["employment"] == 2_109_998
    assert body["coverage"]["share"] == 0.9995
    interval = body["uncertainty"]["interval"]
    assert interval["low"] < body["mean"] < interval["high"]
    shares = [body["uncertainty"][part] for part in ("scores", "crosswalk", "weights")]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    total = sum(grade["share"] for grade in body["grades"]) + body["unclassified_share"]
    assert total == pytest.approx(1, abs=1e-3)
    comparison = body["comparison"]
    assert comparison["code"] == "FR"
    assert comparison["difference"] == round(0.30323 - 0.31429, 4)
    assert 0 < comparison["difference_se"] < body["uncertainty"]["se"]
    assert body["method"]["id"] == "ilo-2025"
    assert body["method"]["limits"]
    assert {source["table"] for source in body["sources"]} >= {"scores", "family_employment"}
    assert body["reading"].startswith("Lecture : pour le territoire « Hauts-de-France »")
    assert "0,303" in body["reading"]


async def test_english_is_spoken(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "territories/32", "en")
    assert body["reading"].startswith("Reading: for the territory “Hauts-de-France”")
    assert "0.303" in body["reading"]
    assert body["top_families"][0]["label"] == "Administrative employees in companies"
    assert body["comparison"]["label"] == "Metropolitan France"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("32", "R32"),
        ("r32", "R32"),
        ("59", "D59"),
        ("02", "D02"),
        ("R02", "R02"),
        ("3216", "ZE3216"),
        ("ZE0054", "ZE0054"),
        ("200093201", "EPCI200093201"),
        ("EPCI200093201", "EPCI200093201"),
        ("fe", "FE"),
    ],
)
async def test_a_territory_is_found_by_the_codes_people_write(
    observatory: httpx.AsyncClient, asked: str, found: str
) -> None:
    assert (await read(observatory, f"territories/{asked}"))["id"] == found


@pytest.mark.parametrize("code", ["02", "59", "60", "62", "80", "3216", "200093201"])
async def test_a_small_territory_gets_the_figures_of_the_region_and_says_so(
    observatory: httpx.AsyncClient, code: str
) -> None:
    body = await read(observatory, f"territories/{code}")
    region = await read(observatory, "territories/32")
    assert body["basis"]["code"] == "R32"
    assert body["basis"]["exact"] is False
    assert "n’est pas connu à cette échelle" in body["basis"]["reason"]
    same = ("mean", "exposed_share", "employment", "uncertainty", "reading")
    assert [body[name] for name in same] == [region[name] for name in same]


async def test_a_zone_across_two_regions_says_so(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "territories/0058")
    assert body["basis"]["reason"].endswith("Le territoire déborde sur une autre région.")


async def test_the_country_with_its_overseas_regions_is_another_territory(
    observatory: httpx.AsyncClient,
) -> None:
    whole = await read(observatory, "territories/FE")
    metropolitan = await read(observatory, "territories/FR")
    assert whole["employment"] > metropolitan["employment"]
    assert whole["exposed_share"] < metropolitan["exposed_share"]
    assert metropolitan["comparison"]["difference"] == 0


async def test_families_come_most_exposed_first_page_by_page(
    observatory: httpx.AsyncClient,
) -> None:
    first = await read(observatory, "territories/32/families?limit=50&count=true")
    second = await read(observatory, f"territories/32/families?after={first['next']}")
    items = first["items"] + second["items"]
    assert first["total"] == len(items) == len({item["code"] for item in items}) == 86
    assert second["next"] is None
    means = [item["mean"] for item in items]
    assert means == sorted(means, reverse=True)
    assert items[0]["code"] == "L2Z"
    assert sum(item["share"] for item in items) == pytest.approx(1, abs=1e-2)
    body = await read(observatory, "territories/32")
    adds = sum(item["contribution"] for item in items)
    assert adds == pytest.approx(body["comparison"]["difference"], abs=1e-4)
    assert first["territory"] == "R32"


async def test_families_of_a_department_are_those_of_the_region(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "territories/62/families?limit=1")
    assert body["territory"] == "D62"
    assert body["basis"]["code"] == "R32"


async def test_mayotte_which_has_few_families_is_measured_on_those(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "territories/R06")
    assert body["basis"]["exact"] is True
    assert body["employment"] < 100_000


@pytest.mark.parametrize("code", ["33", "R99", "9999", "123456789", "D75", "2A"])
async def test_an_unknown_territory_is_a_404_that_names_it(
    observatory: httpx.AsyncClient, code: str
) -> None:
    response = await observatory.get(f"/v1/exposure/territories/{code}")
    assert response.status_code == 404
    problem = response.json()
    assert problem["code"] == "code-unknown"
    assert code in problem["detail"]
    assert "territoires de l’observatoire" in problem["detail"]


@pytest.mark.parametrize("code", ["59350", "Lille", "3", "٣٢", "R", "EPCI1", "%20"])
async def test_a_code_that_cannot_be_a_territory_is_a_422_that_says_what_can(
    observatory: httpx.AsyncClient, code: str
) -> None:
    for path in (f"territories/{code}", f"territories/{code}/families"):
        response = await observatory.get(f"/v1/exposure/{path}")
        assert response.status_code == 422
        (fault,) = response.json()["errors"]
        assert (fault["in"], fault["pointer"], fault["code"]) == ("path", "/code", "code-malformed")
        assert "ZE3216" in fault["detail"]


async def test_the_jobs_of_a_territory_share_its_employment(observatory: httpx.AsyncClient) -> None:
    region, jobs = await read(observatory, "territories/32"), []
    after: str | None = ""
    while after is not None:
        following = f"&after={after}" if after else ""
        page = await read(observatory, f"territories/32/jobs?limit=200{following}")
        jobs += page["items"]
        after = page["next"]
    assert (page["territory"], page["basis"]["code"]) == ("R32", "R32")
    assert len({job["code"] for job in jobs}) == len(jobs) == 530
    covered = sum(job["employment"] for job in jobs)
    assert covered == pytest.approx(region["coverage"]["covered"], abs=1)
    exposed = sum(
        job["employment"]
        for job in jobs
        if job["class"] and job["class"]["code"].startswith("gradient")
    )
    assert exposed / covered == pytest.approx(region["exposed_share"], abs=5e-5)


async def test_an_employment_zone_has_the_jobs_of_its_region_and_says_so(
    observatory: httpx.AsyncClient,
) -> None:
    zone = await read(observatory, "territories/ZE3216/jobs?limit=1")
    assert (zone["territory"], zone["basis"]["code"], zone["basis"]["exact"]) == (
        "ZE3216",
        "R32",
        False,
    )
    region = await read(observatory, "territories/32/jobs?limit=1")
    assert zone["items"] == region["items"]
    assert zone["release"] == region["release"]
