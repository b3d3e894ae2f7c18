"""A programme's public statistics, through HTTP (cases B6, B8, B9 and B10 of the statistics)."""

import csv
import io
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from tests import harness
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.market import BEST, WORST
from tests.diagnostic.programmes import Play
from tests.diagnostic.weeks import PARIS
from tests.harness import Database


@pytest.fixture(scope="module")
async def models(acting: Acting, mini_ia: dict[str, Any]) -> dict[str, str]:
    """Submit three diagnostics outside any programme, to be copied."""
    return {
        name: (await acting.submitted(values))["id"]
        for name, values in {"base": BASE, "best": BEST, "worst": WORST}.items()
    }


@pytest.fixture
async def play(database: Database, sql: asyncpg.Connection, acting: Acting) -> Play:
    return Play(database, sql, acting, await acting.programme())


async def test_companies_are_counted_by_size_sector_and_department(
    play: Play, models: dict[str, str]
) -> None:
    await play.companies(7, models["base"], size="10-49", naf="25.62B", postcode="59000")
    await play.companies(6, models["best"], size="50-249", naf="62.01Z", postcode="62000")
    await play.companies(6, models["worst"], size="10-49", naf="62.01Z", postcode="20137")
    await play.rebuild()
    answer = await play.ask()
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(one["level"], one["title"], one["companies"]) for one in found["groups"]] == [
        ("programme", "Toutes les entreprises du programme", 15),
        ("department", "Entreprises du département 2A", 5),
        ("department", "Entreprises du département 59", 5),
        ("department", "Entreprises du département 62", 5),
        ("size", "Entreprises de 10 à 49 salariés", 10),
        ("size", "Entreprises de 50 à 249 salariés", 5),
        ("section", "Entreprises de 10 à 49 salariés, industrie manufacturière", 5),
        ("section", "Entreprises de 10 à 49 salariés, information et communication", 5),
        ("section", "Entreprises de 50 à 249 salariés, information et communication", 5),
    ]
    assert found["groups"][0]["steps"]["diagnosed"] == 15
    (scores,) = found["scores"]
    assert (scores["questionnaire"], scores["milestone"]) == ("MINI-IA", "T0")
    assert [(one["code"], one["companies"]) for one in scores["groups"][0]["levels"]] == [
        ("basic", 5), ("average", 0), ("moderately_advanced", 5), ("advanced", 5),
    ]  # fmt: skip
    assert scores["groups"][0]["median"] == 72
    assert [one["median"] for one in scores["groups"][0]["dimensions"]] == [75, 63, 75]
    english = (await play.ask(**{"accept-language": "en"})).json()
    assert english["groups"][5]["title"] == "Companies with 50 to 249 employees"
    assert (english["language"], found["licence"]) == ("en", "Licence Ouverte 2.0")
    assert "29" in found["reading_key"][0]


async def test_the_table_says_what_the_document_says(play: Play, models: dict[str, str]) -> None:
    await play.companies(6, models["base"], "T0", "T1", size="10-49")
    await play.rebuild()
    answer = await play.ask(".csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    document = (await play.ask()).json()
    for line in lines:
        assert (line["programme"], line["as_of"]) == (play.code, document["as_of"])
    diagnosed = [
        int(line["value"])
        for line in lines
        if (line["subject"], line["level"], line["code"]) == ("journey", "programme", "diagnosed")
    ]
    assert diagnosed == [document["groups"][0]["steps"]["diagnosed"]] == [5]
    assert {line["subject"] for line in lines} == {"cohorts", "journey", "score", "movement"}
    assert len(lines) == len({tuple(line.values())[:11] for line in lines})


async def test_movement_is_of_companies_measured_twice(play: Play, models: dict[str, str]) -> None:
    gained = await play.companies(6, models["worst"])
    kept = await play.companies(6, models["base"])
    for company in gained:
        await play.measure(company, models["best"], "T1")
    for company in kept:
        await play.measure(company, models["base"], "T1")
    await play.companies(6, models["base"])
    await play.rebuild()
    found = (await play.ask()).json()
    assert found["groups"][0]["steps"]["remeasured"] == 10
    (movement,) = found["movements"]
    assert movement["groups"][0]["companies"] == 10
    assert movement["groups"][0]["moves"] == {"up": 5, "same": 5, "down": 0}
    assert movement["groups"][0]["median"] == 50


async def test_b6_too_few_and_none_are_the_same_bytes(
    play: Play, models: dict[str, str], acting: Acting
) -> None:
    await play.companies(7, models["base"], size="10-49", naf="25.62B", postcode="59000")
    await play.companies(2, models["best"], size="250+", naf="62.01Z", postcode="62000")
    await play.rebuild()
    for few, none in (
        ("?size_band=250%2B", "?size_band=0"),
        ("?department=62", "?department=974"),
        ("?section=J", "?section=A"),
    ):
        for suffix in ("", ".csv"):
            hidden, empty = await play.ask(suffix + few), await play.ask(suffix + none)
            assert hidden.status_code == empty.status_code == 200
            assert hidden.content == empty.content
            assert hidden.headers == empty.headers
    assert (await play.ask("?department=59")).json()["groups"] == []  # 62 would be the rest of it
    found = (await play.ask()).json()
    assert [one["companies"] for one in found["groups"]] == [5]  # seven to nine


async def test_b6_a_programme_of_four_looks_like_an_empty_one(
    play: Play, models: dict[str, str], database: Database, sql: asyncpg.Connection, acting: Acting
) -> None:
    empty = Play(database, sql, acting, await acting.programme())
    await play.companies(4, models["base"], "T0", "T1")
    await play.rebuild()
    await empty.rebuild()
    said = [
        (await one.ask()).text.replace(one.code, "").replace(one.now.isoformat()[:26], "")
        for one in (play, empty)
    ]
    assert said[0] == said[1]
    assert await play.body() == await empty.body()


async def test_b8_a_newcomer_changes_nothing_before_two_others_and_the_next_day(
    play: Play, models: dict[str, str]
) -> None:
    await play.companies(8, models["base"], tenant="medef-hdf")
    await play.rebuild()
    before = await play.ask()
    for _ in range(2):
        await play.company(models["best"], tenant="medef-hdf")
        await play.rebuild()
        assert (await play.ask()).content == before.content
    await play.company(models["best"], tenant="medef-hdf")
    assert (await play.ask()).content == before.content
    await play.rebuild()
    after = (await play.ask()).json()
    assert after["as_of"] > before.json()["as_of"]
    assert after["groups"][0]["companies"] == 10


async def test_each_day_stays_citable(
    play: Play, models: dict[str, str], sql: asyncpg.Connection
) -> None:
    await play.rebuild()
    first = await play.ask()
    await play.companies(8, models["base"], tenant="medef-hdf")
    await play.rebuild()
    second = await play.ask()
    assert second.json()["groups"][0]["companies"] == 5
    for answer in (first, second):
        kept = await play.ask(answer.json()["permalink"])
        assert kept.content == answer.content
        assert kept.headers["etag"] == answer.headers["etag"]
    days = (await play.ask("/days?count=true")).json()
    assert [one["as_of"] for one in days["items"]] == [
        second.json()["as_of"], first.json()["as_of"],
    ]  # fmt: skip
    assert days["total"] == 2
    page = (await play.ask("/days?limit=1")).json()
    assert (await play.ask(f"/days?limit=1&after={page['next']}")).json()["items"] == (
        days["items"][1:]
    )
    earlier = (play.now - timedelta(days=9)).date()
    answer = await play.ask(f"?as_of={earlier}")
    assert (answer.status_code, answer.json()["code"]) == (404, "statistics-unknown")
    ahead = await play.ask("?as_of=2199-01-01")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "day-ahead")
    assert (await play.ask("?as_of=yesterday")).status_code == 422
    service = await asyncpg.connect(play.database.dsn("diagnostic"))
    for deed in ("UPDATE diagnostic.programme_statistics SET k = 6",
                 "DELETE FROM diagnostic.programme_statistics"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(deed)
    await service.close()


async def test_b9_a_company_counts_once_whatever_its_tenants_and_revisions(
    play: Play, models: dict[str, str], sql: asyncpg.Connection
) -> None:
    companies = await play.companies(5, models["base"], tenant="medef-hdf")
    twin = await play.company(models["worst"], tenant="cci-hdf")
    await sql.execute(
        "UPDATE diagnostic.organisation SET siren ="
        " (SELECT siren FROM diagnostic.organisation WHERE id = $1) WHERE id = $2",
        companies[0],
        twin,
    )
    await play.rebuild()
    assert (await play.ask()).json()["groups"] == []  # five of two tenants, not six


async def test_b10_who_withdraws_is_in_no_score_of_the_next_day(
    play: Play, models: dict[str, str], sql: asyncpg.Connection
) -> None:
    companies = await play.companies(9, models["base"], tenant="medef-hdf")
    await play.rebuild()
    assert (await play.body())["scores"]
    for company in companies[:3]:
        await play.consent(company, given=False)
    before = await play.ask()
    await play.rebuild()
    found = (await play.ask()).json()
    assert found["scores"][0]["groups"][0]["companies"] == 5  # six
    assert found["groups"][0]["companies"] == 5  # nine: who takes part is no secret of a score
    facts = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.statistics_contribution"
        " WHERE organisation_id = ANY ($1) AND subject <> 'journey' AND facts <> '{}'",
        companies[:3],
    )
    assert facts == 0
    cited = await play.ask(before.json()["permalink"])
    assert cited.content == before.content  # an aggregate that was published stays
    await play.consent(companies[3], given=False)
    await play.rebuild()
    assert (await play.ask()).json()["scores"] == []  # one alone would betray itself
    await play.consent(companies[4], given=False)
    await play.rebuild()
    assert (await play.ask()).json()["scores"] == []  # and four are too few


async def test_b10_who_refuses_takes_part_and_has_no_score(
    play: Play, models: dict[str, str]
) -> None:
    await play.companies(6, models["base"], consent=False)
    await play.rebuild()
    found = (await play.ask()).json()
    assert found["groups"][0]["steps"]["diagnosed"] == 5
    assert found["scores"] == []


async def test_a_larger_k_hides_what_a_smaller_one_had_published(
    play: Play, models: dict[str, str], database: Database
) -> None:
    await play.companies(6, models["base"], tenant="medef-hdf")
    await play.rebuild()
    app = harness.application(database, "diagnostic", benchmark_k=7)
    path = f"/v1/programmes/{play.code}/statistics"
    async with harness.opened(app) as careful:
        headers = harness.anonymous("diagnostic")
        assert (await careful.get(path, headers=headers)).status_code == 404
        await play.rebuild(k=7)
        assert (await careful.get(path, headers=headers)).json()["groups"] == []


async def test_figures_are_open_to_anybody_and_kept_by_caches(
    play: Play, models: dict[str, str], service: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    await play.rebuild()
    path = f"/v1/programmes/{play.code}/statistics"
    for suffix in ("", ".csv", "/days"):
        answer = await service.get(path + suffix, headers=harness.anonymous("diagnostic"))
        assert answer.status_code == 200
        assert answer.headers["cache-control"].startswith("public, max-age=300")
        again = {**harness.anonymous("diagnostic"), "if-none-match": answer.headers["etag"]}
        assert (await service.get(path + suffix, headers=again)).status_code == 304
    told = await sql.fetch(
        "SELECT kind, version, payload::text AS payload FROM diagnostic.change"
        " WHERE entity = 'programme_statistics' AND entity_id = $1",
        play.code,
    )
    day = play.now.astimezone(PARIS).date().isoformat()
    [(kind, version, payload)] = [tuple(one) for one in told]
    assert (kind, version) == ("created", 1)
    assert orjson.loads(payload) == {"as_of": day, "enrolled": None}, "too few are as good as none"
    unknown = await play.acting.get("/v1/programmes/NOWHERE/statistics")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-unknown")


async def test_making_them_anew_is_for_operators_and_once_a_day(
    play: Play, acting: Acting, onlooker: Acting
) -> None:
    path = "/v1/statistics/rebuild"
    assert (await onlooker.post(path)).status_code == 403
    assert (await acting.http.post(path)).status_code == 401
    assert play.code in (await acting.post(path)).json()
    assert play.code not in (await acting.post(path)).json()


async def test_nothing_of_a_company_is_in_what_is_published(
    play: Play, models: dict[str, str], sql: asyncpg.Connection
) -> None:
    companies = await play.companies(8, models["base"], "T0", "T1")
    await play.rebuild()
    said = (await play.ask()).text + (await play.ask(".csv")).text + str(await play.body())
    [whole] = [one for one in (await play.body())["groups"] if one["level"] == "programme"]
    enrolled = await sql.fetchval(
        "SELECT (payload ->> 'enrolled')::int FROM diagnostic.change WHERE entity_id = $1"
        " AND entity = 'programme_statistics' ORDER BY seq DESC LIMIT 1",
        play.code,
    )
    assert enrolled == whole["steps"]["enrolled"], "the feed tells what everybody may read"
    rows = await sql.fetch(
        "SELECT o.id::text, o.siren, o.pseudonym::text, o.tenant, a.id::text AS assessment,"
        " a.pseudonym::text AS told FROM diagnostic.organisation o JOIN diagnostic.assessment a"
        " ON a.organisation_id = o.id WHERE o.id = ANY ($1)",
        companies,
    )
    for row in rows:
        assert not any(value in said for value in row.values())
