"""Saved searches over HTTP, and what newly matches them, on a catalogue of the module's own."""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from platformkit.reads import ReadPool
from tests import harness
from tests.harness import Database, anonymous, as_client
from tests.training.importing import fiche, flux, until
from tests.training.searching import Finder, found_in, offer
from training.alerts.evaluation import evaluate
from training.certifications import moments

OFFERS = {
    "lille": offer("lille", title="L’IA au secrétariat", commune="59350", price="900"),
    "amiens": offer("amiens", title="Bureautique", commune="80021", mode="remote", price="1900"),
    "python": offer("python", title="Python pour l’IA", rome="M1805", hours="35", price="0"),
    "rs": offer("rs", title="Certifiée", certifications="RS7423", start="20320101", end="20320630"),
}


@pytest.fixture(scope="module")
async def finder(template: Database) -> AsyncIterator[Finder]:
    async with found_in(template, [OFFERS["lille"]]) as opened:
        yield opened


class Following:
    """An organisation of its own that follows searches."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.http = finder, finder.partner.client
        self.tenant = secrets.token_hex(4)
        self.headers = as_client("training", tenant=self.tenant, client=self.tenant)
        self.after: dict[str, str | None] = {}

    async def save(self, query: str, label: str = "À suivre", **headers: str) -> httpx.Response:
        return await self.http.post(
            f"/v1/saved-searches?{query}", json={"label": label}, headers=self.headers | headers
        )

    async def follow(self, query: str) -> str:
        answer = await self.save(query)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    async def look(self, search: str) -> list[str]:
        """Read what is new since the last look, two at a time: titles."""
        items: list[dict[str, Any]] = []
        while True:
            asked = {"limit": "2"} | ({"after": at} if (at := self.after.get(search)) else {})
            path = f"/v1/saved-searches/{search}/matches"
            page = (await self.http.get(path, params=asked, headers=self.headers)).json()
            items += page["items"]
            self.after[search] = page["next"]
            if not page["more"]:
                return [one["title"] for one in items]


async def ask(finder: Finder, kind: type[ReadPool] = ReadPool) -> None:
    """Ask the saved searches about every change there is, reading by a pool of this kind."""
    database = finder.partner.database
    dsn = database.dsn("training").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    reads = kind(harness.settings(database, "training"), "training")
    more = True
    try:
        while more:
            async with (
                AsyncSession(engine, info={"schema": "training"}) as session,
                session.begin(),
            ):
                more = await evaluate(session, reads, moments.now().day)
    finally:
        await reads.close()
        await engine.dispose()


QUERIES = (
    "q=secretariat",
    "q=ia&price_max=1000",
    "q=bureautique+python",
    "mode=remote",
    "around=59350&radius_km=30",
    "around=80021&radius_km=200&q=ia",
    "certification=RS7423",
    "rome=M1805&hours_max=40",
    "price_band=free",
    "department=80&kind=offer",
    "starts_from=2031-12-01",
    "starts_to=2031-06-01&kind=offer",
    "provider=13002612300013",
    "commune=59350",
    "next_session=upcoming&q=ia",
    "q=RS7423",
)


async def test_what_newly_matches_is_what_the_search_finds_and_did_not_before(
    finder: Finder,
) -> None:
    many = [Following(finder) for _ in range(2)]
    saved = {query: await many[0].follow(query) for query in QUERIES}
    before = {query: await ids(finder, query) for query in QUERIES}
    await ask(finder)
    for query, search in saved.items():
        assert await many[0].look(search) == [], query
    await finder.import_(*OFFERS.values(), force=True)
    await ask(finder)
    told = {
        query: {row["entry_id"] for row in await finder.partner.rows(
            "SELECT entry_id::text FROM training.saved_search_match"
            " WHERE search_id = $1::uuid AND number IS NOT NULL", search)}
        for query, search in saved.items()
    }  # fmt: skip
    for query in QUERIES:
        assert told[query] == await ids(finder, query) - before[query], query
    assert sum(map(bool, told.values())) > len(QUERIES) / 2
    assert sorted(await many[0].look(saved["provider=13002612300013"])) == [
        "Bureautique",
        "Certifiée",
        "Python pour l’IA",
    ]
    assert await many[0].look(saved["provider=13002612300013"]) == []


async def ids(finder: Finder, query: str) -> set[str]:
    """Ask the search itself, which shows what has all the words first and then some of them."""
    answer = await finder.partner.client.get(f"/v1/search?{query}&limit=200&facets=false")
    body = answer.json()
    assert answer.status_code == 200
    if body["query"]["matched"] != "some":
        return {one["id"] for one in body["items"]}
    return set()


async def test_what_changes_otherwise_is_not_new_and_what_ends_may_be_new_again(
    finder: Finder,
) -> None:
    following = Following(finder)
    await finder.import_(OFFERS["lille"], OFFERS["python"], force=True)
    search = await following.follow("q=python&price_max=500")
    told = await finder.partner.changes("saved_search")
    other = offer("python", title="Python pour l’IA", rome="M1805", hours="42", price="0")
    await finder.import_(OFFERS["lille"], other, force=True)
    await ask(finder)
    assert await following.look(search) == [], "it matched before"
    dear = offer("python", title="Python pour l’IA", price="5000")
    await finder.import_(OFFERS["lille"], dear, force=True)
    await ask(finder)
    await finder.import_(OFFERS["lille"], OFFERS["python"], force=True)
    await ask(finder)
    assert await following.look(search) == ["Python pour l’IA"]
    await ask(finder)
    assert await following.look(search) == []
    since = (await finder.partner.changes("saved_search"))[len(told) :]
    mine = [one for one in since if one["entity_id"] == search]
    assert [(one["kind"], one["version"], one["payload"]) for one in mine] == [("updated", 2, "{}")]
    await finder.import_(OFFERS["lille"], force=True)
    await ask(finder)
    following.after.clear()
    assert await following.look(search) == [], "what is withdrawn is not shown"


async def test_a_certification_that_changes_is_asked_about_with_what_quotes_it(
    finder: Finder,
) -> None:
    await finder.import_(offer("quoting", title="Parcours", certifications="RS91777"), force=True)
    following = Following(finder)
    own = await following.follow("q=zythologie&kind=certification")
    level = await following.follow("q=zythologie&kind=offer")
    sent = await finder.partner.send(flux(fiche("RS91777", "Zythologie assistée")), extract="true")
    assert sent.state == "done"
    await ask(finder)
    assert await following.look(own) == ["Zythologie assistée"]
    assert await following.look(level) == ["Parcours"]


async def test_what_may_not_be_saved_is_refused_as_by_the_search(finder: Finder) -> None:
    following = Following(finder)
    for query, status, code in (
        ("couleur=bleu", 400, "unknown-parameter"),
        ("limit=5", 400, "unknown-parameter"),
        ("latitude=50.6", 422, "search-contradictory"),
        ("around=75056", 422, "commune-unknown"),
        ("level=9", 422, "invalid"),
        ("certification=RNCP123456", 422, "certification-number-invalid"),
        ("q=" + "a" * 201, 422, "invalid"),
    ):
        answer = await following.save(query)
        assert (answer.status_code, answer.json()["code"]) == (status, code), query
    assert (await following.save("q=ia", label=" ")).status_code == 422
    listed = await following.http.get("/v1/saved-searches", headers=following.headers)
    assert listed.json()["items"] == []


async def test_an_organisation_follows_twenty_searches_its_own_and_forgets_them(
    finder: Finder,
) -> None:
    following, other = Following(finder), Following(finder)
    saved = [await following.follow(f"q=ia&hours_max={number}") for number in range(19)]
    answers = await asyncio.gather(*(following.save(f"q={word}") for word in ("a", "b", "c")))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    full = next(one for one in answers if one.status_code == 409)
    assert full.json()["code"] == "saved-searches-full"
    path = f"/v1/saved-searches/{saved[0]}"
    for method, address in (("GET", path), ("GET", f"{path}/matches"), ("DELETE", path)):
        answer = await finder.partner.client.request(method, address, headers=other.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "saved-search-unknown")
    read = (await following.http.get(path, headers=following.headers)).json()
    assert (read["query"], read["label"], read["version"]) == ("q=ia&hours_max=0", "À suivre", 1)
    first = await following.http.get(
        "/v1/saved-searches?limit=7&count=true", headers=following.headers
    )
    assert (len(first.json()["items"]), first.json()["total"]) == (7, 20)
    gone = await following.http.delete(path, headers=following.headers)
    assert gone.status_code == 204
    again = await following.http.delete(path, headers=following.headers)
    assert again.status_code == 404
    left = await finder.partner.rows(
        "SELECT FROM training.saved_search_match WHERE search_id = $1::uuid", saved[0]
    )
    assert left == []
    assert (await following.save("q=z")).status_code == 201


async def test_saving_wants_a_caller_and_a_scope_and_answers_a_key_once(finder: Finder) -> None:
    following = Following(finder)
    narrow = as_client("training", tenant=following.tenant, scopes={"training:feed"})
    path, body = "/v1/saved-searches?q=ia", {"label": "IA"}
    for headers, status in ((anonymous("training"), 401), (narrow, 403)):
        answer = await following.http.post(path, json=body, headers=headers)
        assert answer.status_code == status
    keyed = [await following.save("q=ia", **{"idempotency-key": "k"}) for _ in range(2)]
    assert [one.status_code for one in keyed] == [201, 201]
    assert keyed[0].content == keyed[1].content
    matches = f"/v1/saved-searches/{keyed[0].json()['id']}/matches"
    other = await following.follow("q=secretariat")
    cursor = (await following.http.get(matches, headers=following.headers)).json()["next"]
    for address in (matches.replace(keyed[0].json()["id"], other), "/v1/saved-searches"):
        answer = await following.http.get(
            address, params={"after": cursor}, headers=following.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor-refused")


async def test_a_change_that_is_under_way_when_a_search_is_saved_is_asked_about(
    finder: Finder,
) -> None:
    """Its transaction began before the search was saved, and ends after the next asking."""
    await finder.import_(OFFERS["lille"], force=True)
    dsn = finder.partner.database.dsn("training")
    (row,) = await finder.partner.rows(
        "SELECT a.id, a.formation_id FROM training.action a"
        " JOIN training.formation f ON f.id = a.formation_id WHERE f.withdrawn_at IS NULL"
    )
    slow = await asyncpg.connect(dsn)
    under_way = slow.transaction()
    await under_way.start()
    await slow.execute(
        "INSERT INTO training.change (entity, entity_id, kind, version, payload)"
        " VALUES ('formation', $1, 'updated', 2, '{}')",
        str(row["formation_id"]),
    )
    await slow.execute(
        "UPDATE training.search_entry SET price = 777 WHERE action_id = $1", row["id"]
    )
    following = Following(finder)
    search = await following.follow("price_min=777&price_max=777")
    await finder.import_(OFFERS["lille"], OFFERS["amiens"])  # a later change that ends before
    await ask(finder)
    assert await following.look(search) == []
    await under_way.commit()
    await slow.close()
    await ask(finder)
    assert await following.look(search) == ["L’IA au secrétariat"]


async def test_the_service_asks_by_itself_where_it_is_told_to(finder: Finder) -> None:
    following = Following(finder)
    search = await following.follow("q=veilleuse")
    await finder.import_(offer("veilleuse", title="Veilleuse"), force=True)
    own = finder.partner.database
    app = harness.application(own, "training", import_worker=False, alert_worker=True)
    async with harness.opened(app) as following.http:

        async def is_told() -> bool:
            return await following.look(search) == ["Veilleuse"]

        await until(is_told)


async def test_two_that_ask_at_once_tell_of_each_change_once(finder: Finder) -> None:
    following = Following(finder)
    number = itertools.count(1)
    search = await following.follow("q=concurrence")
    for _ in range(3):
        named = f"Concurrence {next(number)}"
        await finder.import_(offer(named.lower().replace(" ", "-"), title=named), force=True)
        await asyncio.gather(*(ask(finder) for _ in range(4)))
        await ask(finder)
    assert await following.look(search) == ["Concurrence 3"], "the others are withdrawn"
    told = [one for one in await finder.partner.changes("saved_search")
            if one["entity_id"] == search]  # fmt: skip
    assert [one["version"] for one in told] == [2, 3, 4]


class _Cut(ReadPool):
    """Loses its connection whenever it asks what a search finds."""

    async def fetch(self, name: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        if name == "search matching":
            sql, arguments = "SELECT pg_terminate_backend(pg_backend_pid())", ()
        return await super().fetch(name, sql, *arguments)


async def test_what_was_not_asked_for_want_of_the_database_is_asked_later(finder: Finder) -> None:
    following = Following(finder)
    search = await following.follow("q=coupure")
    await finder.import_(offer("coupure", title="Coupure"), force=True)
    with contextlib.suppress(asyncpg.PostgresError):
        await ask(finder, _Cut)
    await ask(finder)
    assert await following.look(search) == ["Coupure"]
