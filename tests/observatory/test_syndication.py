"""S3: the feed of releases, as an independent reader of feeds reads it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import asyncpg
import feedparser  # type: ignore[import-untyped]  # no types shipped
import httpx
import pytest

from gateway.webhooks import catalogue as webhooks
from observatory.syndication import queries, service
from tests.harness import Database
from tests.observatory.publishing import Publisher, name, table

ROWS = [("R32", "A", "2019", 1.5), ("R32", "A", "2020", 2.5)]
BASE = "http://127.0.0.1:8000/v1/observatory"


async def read(client: httpx.AsyncClient, address: str = "", **headers: str) -> Any:
    answer = await client.get(f"/v1/releases.atom{address}", headers=headers)
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not found.bozo
    return found


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    flow = await publisher.flow()
    for rows in (ROWS[:1], ROWS, [*ROWS, ("D02", "C", "2020", 1.0)]):
        await publisher.release(flow, table(rows))
    return flow


async def test_a_reader_of_feeds_sees_what_appeared_the_newest_first(
    publisher: Publisher, flow: str
) -> None:
    found = await read(publisher.client, f"?dataflow={flow}")
    assert (found.version, found.feed.title) == ("atom10", "Livraisons de l’observatoire de l’IA")
    assert found.feed.language == "fr"
    titles = [each.title for each in found.entries]
    assert titles == [f"Flux {flow} : livraison {ordinal}" for ordinal in (3, 2, 1)]
    newest = found.entries[0]
    assert newest.id.startswith("urn:uuid:")
    assert found.feed.updated == newest.updated == newest.published
    assert newest.summary.splitlines() == ["notes", "1 ajoutées, 0 révisées, 0 supprimées"]
    assert [(each.term, each.label) for each in newest.tags] == [
        (flow, f"Flux {flow}"),
        ("data", "données"),
    ]
    (enclosure,) = newest.enclosures
    told = await publisher.client.get(f"/v1{newest.link.removeprefix(BASE)}")
    assert told.json()["ordinal"] == 3
    assert enclosure.href == f"{BASE}/{told.json()['bulk']}"


async def test_the_feed_speaks_english_by_header_and_by_parameter(
    publisher: Publisher, flow: str
) -> None:
    by_header = await read(publisher.client, f"?dataflow={flow}", **{"accept-language": "en"})
    assert by_header.entries[0].title == f"Flow {flow}: release 3"
    by_parameter = await read(publisher.client, f"?dataflow={flow}&lang=en")
    assert by_parameter.feed.language == "en"
    assert by_parameter.entries[0].title == by_header.entries[0].title


async def test_pages_go_back_in_time_by_rfc_5005(publisher: Publisher, flow: str) -> None:
    seen, following = [], f"?dataflow={flow}&limit=2&count=true"
    for _ in range(2):
        page = await read(publisher.client, following)
        seen += [each.id for each in page.entries]
        links = {each.rel: each.href for each in page.feed.links}
        assert links["first"] == f"{BASE}/releases.atom?dataflow={flow}&limit=2"
        following = links.get("next", "").removeprefix(f"{BASE}/releases.atom")
    assert (len(seen), len(set(seen)), following) == (3, 3, "")
    whole = await read(publisher.client, f"?dataflow={flow}&count=true")
    assert [each.id for each in whole.entries] == seen
    assert whole.feed.os_totalresults == "3"


async def test_a_reader_that_holds_the_page_is_told_so(publisher: Publisher, flow: str) -> None:
    address = f"/v1/releases.atom?dataflow={flow}"
    first = await publisher.client.get(address)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    again = await publisher.client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    later = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    both = {"if-none-match": '"other"', "if-modified-since": later}
    assert (await publisher.client.get(address, headers=both)).status_code == 200
    nonsense = await publisher.client.get(address, headers={"if-modified-since": "yesterday"})
    assert nonsense.status_code == 200


def test_a_date_is_told_only_when_nothing_of_its_second_can_follow() -> None:
    class At:
        updated_at = datetime(2026, 11, 27, 12, 0, 0, 300_000, tzinfo=UTC)

    items: Any = [At()]
    assert service.last_modified([], At.updated_at) is None
    assert service.last_modified(items, At.updated_at + timedelta(milliseconds=600)) is None
    told = service.last_modified(items, At.updated_at + timedelta(seconds=1))
    assert told == "Fri, 27 Nov 2026 12:00:00 GMT"
    assert service.unchanged_since(told, told)
    assert not service.unchanged_since(told, "Fri, 27 Nov 2026 11:59:59 GMT")
    assert not service.unchanged_since(None, told)
    assert not service.unchanged_since(told, "Fri, 27 Nov 2026 12:00:00 -0000")


async def test_what_is_withdrawn_comes_up_again_with_its_reason(publisher: Publisher) -> None:
    flow = await publisher.flow()
    first = await publisher.release(flow, table(ROWS))
    await publisher.release(flow, table(ROWS[:1]))
    before = await read(publisher.client, f"?dataflow={flow}")
    now = publisher.known(await publisher.client.get(f"/v1/releases/{first['id']}"))
    answer = await publisher.act(now, "withdraw", {"reason": name("wrong file")})
    assert answer.status_code == 200, answer.text
    after = await read(publisher.client, f"?dataflow={flow}")
    assert [each.id for each in after.entries] == [each.id for each in before.entries][::-1]
    top = after.entries[0]
    assert (top.title, top.summary.splitlines()[0]) == (
        f"Flux {flow} : livraison 1 retirée",
        "wrong file",
    )
    assert top.updated > top.published


async def test_an_embargoed_release_is_in_no_page(publisher: Publisher) -> None:
    flow = await publisher.flow()
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(ROWS)))
    far = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    publisher.known(await publisher.act(loaded, "publish", {"at": far}))
    found = await read(publisher.client, f"?dataflow={flow}&count=true")
    assert (found.entries, found.feed.os_totalresults) == ([], "0")


async def test_a_name_with_markup_is_text(publisher: Publisher) -> None:
    flow = await publisher.flow()
    notes = {"fr": "</summary><script>x</script> & co", "en": "notes"}
    await publisher.release(flow, table(ROWS), notes=notes)
    found = await read(publisher.client, f"?dataflow={flow}")
    assert found.entries[0].summary_detail.type == "text/plain"
    assert found.entries[0].summary.startswith(notes["fr"])
    answer = await publisher.client.get(f"/v1/releases.atom?dataflow={flow}")
    assert b"<script>" not in answer.content


async def test_a_page_is_read_in_the_order_of_its_index(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        await connection.execute("SET enable_seqscan = off; SET enable_sort = off")
        rows = await connection.fetch(f"EXPLAIN {queries.PAGE}", None, None, None, 20)
    finally:
        await connection.close()
    plan = "\n".join(row[0] for row in rows)
    assert "ix_release_updated" in plan


def test_programs_that_want_to_be_called_have_webhooks() -> None:
    assert webhooks.is_known("observatory.release.created")
    assert webhooks.is_known("observatory.release.deleted")
