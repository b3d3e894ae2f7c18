"""What moved, and why: every split sums without a remainder (N4), on real answers."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from observatory import bootstrap
from observatory.reference import loading
from observatory.settings import Settings
from platformkit.db import transaction
from tests import harness
from tests.conftest import OpenApp
from tests.harness import Database, anonymous

EFFECTS = ("structure", "score", "revision", "boundary")


async def read(client: httpx.AsyncClient, path: str, language: str = "fr") -> Any:
    response = await client.get(f"/v1/exposure/{path}", headers={"accept-language": language})
    assert response.status_code == 200, response.text
    return response.json()


def sums(body: dict[str, Any]) -> None:
    """Check both identities of a change to 1e-9."""
    effects = body["effects"]
    assert abs(sum(effects.values()) - body["total"]) <= 1e-9
    assert abs(body["after"]["mean"] - body["before"]["mean"] - body["total"]) <= 1e-9
    groups = [*body["groups"], *([body["others"]] if body["others"] else [])]
    for name in ("structure", "score"):
        assert abs(sum(group[name] for group in groups) - effects[name]) <= 1e-9


@pytest.fixture(scope="module")
async def ordinals(
    observatory: httpx.AsyncClient, database: Database
) -> AsyncIterator[tuple[int, int]]:
    """Make a release with a revised score, a newer census, and a country without Corsica."""
    settings: Settings = harness.settings(database, "observatory")
    before = (await observatory.get("/v1/exposure/releases?limit=200")).json()["items"]
    shipped, sources = loading.shipped(), loading.sources()
    census = sources["family_employment"] | {"vintage": "Census 2022"}
    employment = shipped["family_employment"].decode().splitlines()
    grown = [
        f"{row.rpartition(',')[0]},{2 * int(row.rpartition(',')[2])}" if ",L" in row else row
        for row in employment[1:]
    ]
    contents = {
        "scores": (shipped["scores"].replace(b"4120,0.58", b"4120,0.68"), sources["scores"]),
        "family_employment": ("\n".join([employment[0], *grown, ""]).encode(), census),
        "territories": (
            shipped["territories"].replace(
                b"R94,94,region,Corse,Corse,FR", b"R94,94,region,Corse,Corse,FE"
            ),
            sources["territories"],
        ),
    }
    async with transaction(settings, "observatory") as session:
        for name, (content, source) in contents.items():
            assert await loading.replace(session, name, content, source, "shipped")
        await loading.release(session)
    after = (await observatory.get("/v1/exposure/releases?limit=200")).json()["items"]
    yield before[-1]["ordinal"], after[-1]["ordinal"]
    await bootstrap.run(settings)


async def test_a_release_says_what_it_changed(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int]
) -> None:
    items = (await read(observatory, "releases?limit=200"))["items"]
    by_ordinal = {each["ordinal"]: each for each in items}
    assert by_ordinal[ordinals[1]]["changed"] == ["family_employment", "scores", "territories"]
    assert items[0]["changed"] == sorted(items[0]["versions"])
    first, second = (by_ordinal[ordinal] for ordinal in ordinals)
    assert first["sha256"] != second["sha256"]
    assert first["released_at"] < second["released_at"]


async def test_a_change_between_releases_has_four_effects_that_sum_to_it(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int]
) -> None:
    old, new = ordinals
    query = f"from_release={old}&to_release={new}"
    for scale in ("place", "native"):
        body = await read(observatory, f"territories/FR/change?{query}&scale={scale}")
        sums(body)
        assert body["effects"]["revision"] > 0, "secretaries are more exposed"
        assert body["effects"]["boundary"] != 0, "Corsica left"
        assert body["effects"]["structure"] > 0, "administrative families doubled"
        assert body["effects"]["score"] == 0, "a revised score is no new one"
    region = await read(observatory, f"territories/32/change?{query}")
    sums(region)
    assert region["effects"]["boundary"] == 0
    back = await read(observatory, f"territories/32/change?from_release={new}&to_release={old}")
    assert back["total"] == pytest.approx(-region["total"], abs=1e-12)


async def test_each_effect_is_the_one_found_by_changing_one_thing(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int]
) -> None:
    old, new = ordinals
    sides = {}
    for ordinal in ordinals:
        query = f"from_release={ordinal}&to_release={ordinal}&scale=native"
        sides[ordinal] = await read(observatory, f"territories/R94/change?{query}")
        assert sides[ordinal]["total"] == 0
    assert sides[old]["before"]["mean"] != sides[new]["before"]["mean"]
    body = await read(
        observatory, f"territories/R94/change?from_release={old}&to_release={new}&scale=native"
    )
    assert body["before"]["mean"] == pytest.approx(sides[old]["before"]["mean"], abs=1e-12)
    assert body["after"]["mean"] == pytest.approx(sides[new]["after"]["mean"], abs=1e-12)
    sectors = await read(observatory, f"sectors/78/change?from_release={old}&to_release={new}")
    sums(sectors)
    assert sectors["effects"]["revision"] == sectors["total"] > 0, "hires are the same"


async def test_a_past_release_is_read_as_it_was(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int], open_app: OpenApp
) -> None:
    query = f"from_release={ordinals[0]}&to_release={ordinals[0]}&scale=native"
    old = await read(observatory, f"territories/32/change?{query}")
    assert round(old["before"]["mean"], 3) == 0.303
    now = await read(observatory, f"territories/32/change?from_release={ordinals[1]}&scale=native")
    assert now["total"] == 0
    async with open_app("observatory") as client:  # another worker, nothing at hand
        client.headers.update(anonymous("observatory"))
        again = await read(client, f"territories/32/change?{query}")
    assert again == old


async def test_another_method_is_a_score_effect(observatory: httpx.AsyncClient) -> None:
    for path in ("territories/32", "sectors/62", "jobs/M1607"):
        body = await read(
            observatory, f"{path}/change?from_method=ilo-2023&to_method=microsoft-2025"
        )
        sums(body)
        assert body["effects"]["revision"] == body["effects"]["boundary"] == 0
        assert body["before"]["method"]["id"] == "ilo-2023"
        assert body["after"]["class"]["code"]
    body = await read(observatory, "territories/32/change?from_method=ilo-2023")
    assert body["effects"]["structure"] == pytest.approx(0, abs=1e-12)
    assert body["effects"]["score"] != 0


async def test_another_year_is_a_structure_effect(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int]
) -> None:
    shipped = f"from_release={ordinals[0]}&to_release={ordinals[0]}"
    path = f"territories/FR/change?from_year=1995&to_year=2018&{shipped}"
    body = await read(observatory, f"{path}&scale=native")
    sums(body)
    assert body["effects"]["structure"] == pytest.approx(body["total"], abs=1e-12)
    assert body["total"] > 0, "there are more office jobs and fewer farmers than in 1995"
    assert body["before"]["place"] is None
    assert body["reading"].startswith("Lecture : l’exposition de « France métropolitaine » passe")
    assert (await read(observatory, path, "en"))["reading"].startswith("Reading: the exposure of")
    assert "passe de 0,301 à 0,311 (part de 0 à 1), soit +0,010" in body["reading"]
    assert "+0,000 par des révisions" in body["reading"]
    assert len(body["groups"]) == 20
    assert body["others"]["label"] == "Les autres"


async def test_growth_by_family_is_split_without_a_remainder(
    observatory: httpx.AsyncClient, ordinals: tuple[int, int]
) -> None:
    old, new = ordinals
    path = f"territories/32/shift-share?from_release={old}&to_release={new}&limit=200&count=true"
    body = await read(observatory, path)
    assert body["total"] == len(body["items"])
    for each in body["items"]:
        parts = each["national"] + each["mix"] + each["local"]
        assert parts == pytest.approx(each["after"] - each["before"], abs=1e-6)
    assert sum(each["mix"] for each in body["items"]) == pytest.approx(body["mix"])
    parts = body["national"] + body["mix"] + body["local"]
    assert parts == pytest.approx(body["growth"])
    growth = sum(each["after"] - each["before"] for each in body["items"])
    assert body["growth"] == pytest.approx(growth)
    assert body["reading"].startswith("Lecture : l’emploi de « Hauts-de-France » varie de +")


async def test_a_location_quotient_is_the_one_that_sql_computes(
    observatory: httpx.AsyncClient, database: Database
) -> None:
    body = await read(observatory, "territories/59/specialisations?limit=200")
    assert body["territory"] == "R32"
    connection = await asyncpg.connect(database.dsn("observatory"))
    expected = await connection.fetch(
        """
        WITH metropolitan AS (
            SELECT e.* FROM observatory.family_employment e
              JOIN observatory.territory t ON t.kind = 'region' AND t.code = e.region
             WHERE t.parent = 'FR'
        )
        SELECT family,
               sum(jobs) FILTER (WHERE region = '32') / sum(sum(jobs) FILTER (WHERE region = '32'))
                   OVER () / (sum(jobs) / sum(sum(jobs)) OVER ()) AS quotient
          FROM metropolitan GROUP BY family
        """
    )
    await connection.close()
    found = {each["code"]: each["quotient"] for each in body["items"]}
    for row in expected:
        assert found[row["family"]] == pytest.approx(float(row["quotient"]), abs=6e-4)
    quotients = [each["quotient"] for each in body["items"]]
    assert quotients == sorted(quotients, reverse=True)
    for each in body["items"]:
        low, high = each["interval"]["low"], each["interval"]["high"]
        assert low <= each["quotient"] <= high
        assert each["kind"] == ("specific" if low > 1 else "rare" if high < 1 else "usual")
        assert each["reading"].startswith("Lecture : les « ")
    mayotte = await read(observatory, "territories/R06/specialisations?limit=200")
    absent = [each for each in mayotte["items"] if each["interval"] is None]
    assert {each["unreliable"] for each in absent} == {True}
    assert all(each["reading"].startswith("Lecture : aucun emploi") for each in absent)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("territories/32/change?from_release=99999", 404, "release-unknown"),
        ("territories/32/shift-share?from_release=99999", 404, "release-unknown"),
        ("territories/32/change?from_method=nobody", 404, "method-unknown"),
        ("territories/32/change?from_method=felten-image", 404, "index-not-loaded"),
        ("territories/32/change?from_year=1995&to_year=2018", 404, "employment-unknown"),
        ("territories/FR/change?from_year=1950&to_year=2018", 404, "employment-unknown"),
        ("sectors/62/change?from_year=1995&to_year=2018", 404, "employment-unknown"),
        ("territories/FR/change?from_year=1995", 422, "one-year-only"),
        ("territories/FR/change?to_year=1995", 422, "one-year-only"),
        ("jobs/M1607/change?from_method=ilo-2023&scale=native", 422, "two-methods"),
        ("jobs/M9999/change", 404, "code-unknown"),
        ("jobs/K1701/change", 404, "exposure-unmeasured"),
        ("jobs/K1701/change?from_method=microsoft-2025", 404, "exposure-unmeasured"),
        ("territories/32/change?from_release=0", 422, None),
        ("territories/32/change?from_release=9999999999", 422, None),
        ("territories/32/change?from_year=-1", 422, None),
        ("people/32/change", 422, None),
    ],
)
async def test_bad_input_is_a_clear_problem(
    observatory: httpx.AsyncClient, path: str, status: int, code: str | None
) -> None:
    refused = await observatory.get(f"/v1/exposure/{path}")
    assert refused.status_code == status, refused.text
    problem = refused.json()
    found = problem["errors"][0]["code"] if status == 422 else problem["code"]
    assert code in (None, found)


async def test_what_was_released_cannot_be_changed(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn("observatory"))
    for table in ("dataset_version", "reference_release"):
        for statement in (f"DELETE FROM observatory.{table}", f"TRUNCATE observatory.{table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    await connection.close()
