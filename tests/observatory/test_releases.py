"""Writing releases: who may, what is refused and why, and what a reload changes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from platformkit import db
from tests import harness
from tests.harness import Database, anonymous, as_client
from tests.observatory.publishing import Publisher, lines, name, structures, table

ROWS = [("R32", "A", "2020", 1.0), ("R32", "C", "2020", 2.5), ("2A", "J", "2021", 3.0)]
SAID = {"notes": name("n"), "method": "m/1", "source": "s"}


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    return await publisher.flow()


async def test_a_release_goes_from_draft_to_superseded(publisher: Publisher) -> None:
    flow = await publisher.flow()
    draft = await publisher.draft(flow)
    assert (draft["state"], draft["ordinal"], draft["observations"]) == ("draft", None, None)
    loaded = publisher.known(await publisher.load(draft, table(ROWS)))
    assert (loaded["state"], loaded["rows"], loaded["observations"]) == ("validated", 3, 3)
    assert (loaded["first_period"], loaded["last_period"]) == ("2020", "2021")
    published = publisher.known(await publisher.act(loaded, "publish"))
    assert (published["state"], published["ordinal"]) == ("published", 1)
    await publisher.release(flow, table(ROWS[:1]))
    first = (await publisher.client.get(f"/v1/releases/{draft['id']}")).json()
    assert first["state"] == "superseded"
    listed = (await publisher.client.get("/v1/releases", params={"dataflow": flow})).json()
    assert [each["ordinal"] for each in listed["items"]] == [2, 1]
    assert listed["items"][0]["diff"] == {
        "added": 0,
        "revised": 0,
        "deleted": 2,
        "max_delta": None,
    }


async def test_an_identical_file_changes_nothing(publisher: Publisher) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS))
    before = await publisher.data(flow, includeHistory="true")
    again = publisher.known(await publisher.load(await publisher.draft(flow), table(ROWS[::-1])))
    assert (again["state"], again["diff"]["added"], again["diff"]["revised"]) == ("draft", 0, 0)
    refused = await publisher.act(again, "publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "release-unloaded")
    after = await publisher.data(flow, includeHistory="true")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


async def test_a_partial_file_leaves_the_rest_and_deletes_what_it_says(
    publisher: Publisher,
) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS))
    more = [(*ROWS[0][:3], "", "D"), (*ROWS[1][:3], 4, "M"), ("D59", "A", "2020", 5, "A")]
    told = await publisher.release(flow, table(more, "ACTION"), mode="partial")
    assert told["diff"] == {"added": 1, "revised": 1, "deleted": 1, "max_delta": 1.5}
    found = {
        row["REF_AREA"] + row["SECTOR"]: row["OBS_VALUE"] for row in await _now(publisher, flow)
    }
    assert found == {"R32C": "4", "2AJ": "3", "D59A": "5"}


async def _now(publisher: Publisher, flow: str) -> list[dict[str, str]]:
    return lines(await publisher.data(flow))


async def test_a_release_may_be_loaded_again_before_it_is_seen(publisher: Publisher) -> None:
    flow = await publisher.flow()
    first = publisher.known(await publisher.load(await publisher.draft(flow), table(ROWS)))
    second = publisher.known(await publisher.load(first, table(ROWS[1:])))
    assert second["observations"] == 2
    await publisher.act(second, "publish")
    assert len(await _now(publisher, flow)) == 2


async def test_a_first_file_that_deletes_brings_only_the_rest(publisher: Publisher) -> None:
    flow = await publisher.flow()
    deletion = (*ROWS[2][:3], "", "D")
    draft = await publisher.draft(flow)
    nothing = publisher.known(await publisher.load(draft, table([deletion], "ACTION")))
    assert (nothing["state"], nothing["rows"], nothing["observations"]) == ("draft", 1, None)
    both = table([(*ROWS[0], "A"), deletion], "ACTION")
    loaded = publisher.known(await publisher.load(nothing, both))
    assert (loaded["observations"], loaded["series"], loaded["last_period"]) == (1, 1, "2020")
    await publisher.act(loaded, "publish")
    assert [row["REF_AREA"] for row in await _now(publisher, flow)] == ["R32"]
    told = (await publisher.client.get(f"/v1/dataflows/{flow}")).json()
    assert told["present"]["TIME_PERIOD"] == ["2020"]


FAULTS: dict[str, list[tuple[Any, ...]]] = {
    "code-unknown": [("R99", "A", "2020", 1.0), ("R32", "Z", "2020", 1.0)],
    "period-malformed": [("R32", "A", "2020-13", 1.0), ("R32", "A", "soon", 1.0)],
    "code-missing": [("", "A", "2020", 1.0)],
    "value-missing": [("R32", "A", "2020", "")],
    "value-not-finite": [("R32", "A", "2020", "NaN")],
    "cell-twice": [("R32", "A", "2020", 1.0), ("R32", "A", "2020-A1", 2.0)],
    "number-malformed": [("R32", "A", "2020", "1,5")],
    "line-unreadable": [("R32", "A", "2020", 1.0, "more")],
    "file-empty": [],
}


async def test_a_load_waits_for_its_turn_longer_than_a_statement_may_take(
    publisher: Publisher, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await publisher.draft(await publisher.flow())
    monkeypatch.setattr(db, "STATEMENT_SECONDS", 0.5)
    other = await asyncpg.connect(database.admin_dsn)
    app = harness.application(database, "observatory")
    async with harness.opened(app) as client:
        async with other.transaction():
            await other.execute("LOCK TABLE observatory.staged_observation")
            own = Publisher(client, publisher.headers)
            loading = asyncio.create_task(own.load(draft, table(ROWS)))
            await asyncio.wait({loading}, timeout=1)
        assert publisher.known(await loading)["rows"] == len(ROWS)
    await other.close()


async def test_who_sends_slowly_keeps_nobody_else_waiting(publisher: Publisher) -> None:
    slow, quick = [await publisher.draft(await publisher.flow()) for _ in range(2)]
    is_begun, may_end = asyncio.Event(), asyncio.Event()

    async def sent() -> AsyncIterator[bytes]:
        for line in table(ROWS).splitlines(keepends=True):
            yield line
        is_begun.set()
        await may_end.wait()

    sending = asyncio.create_task(publisher.load(slow, sent()))
    await is_begun.wait()
    loaded = publisher.known(await publisher.load(quick, table(ROWS)))
    assert (loaded["state"], loaded["rows"]) == ("validated", len(ROWS))
    may_end.set()
    assert publisher.known(await sending)["rows"] == len(ROWS)


@pytest.mark.parametrize("code", FAULTS)
async def test_a_faulty_file_is_refused_with_the_line_and_stores_nothing(
    publisher: Publisher, flow: str, code: str
) -> None:
    draft = await publisher.draft(flow)
    refused = await publisher.load(draft, table(FAULTS[code]))
    assert refused.status_code == 422, refused.text
    body = refused.json()
    assert body["code"] == "data-invalid"
    assert {each["code"] for each in body["errors"]} == {code}
    places = [each["place"] for each in body["errors"]]
    assert places in (["2"], ["2", "3"], ["3"])
    assert (
        publisher.known(
            await publisher.client.get(f"/v1/releases/{draft['id']}", headers=publisher.headers)
        )
        == draft
    )


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("Q", "C"), "value-confidential"),
        (("Q", ""), "value-of-missing"),
        (("M", ""), "value-of-missing"),
    ],
)
@pytest.mark.parametrize("brought", [("7.0", ""), ("", "7.0")])
async def test_a_file_that_says_a_value_is_secret_or_missing_does_not_bring_it(
    publisher: Publisher, flow: str, flags: tuple[str, str], code: str, brought: tuple[str, ...]
) -> None:
    """Invariant 6: whoever forgot to empty the cells would have had them published."""
    columns = ("OBS_STATUS", "CONF_STATUS", "CI_LOW")
    value, low = brought
    told = table([("R32", "A", "2020", value, *flags, low)], *columns)
    refused = await publisher.load(await publisher.draft(flow), told)
    assert refused.status_code == 422, refused.text
    assert code in {each["code"] for each in refused.json()["errors"]}
    empty = table([("R32", "A", "2020", "", *flags, "")], *columns)
    own = await publisher.flow()
    assert (await publisher.load(await publisher.draft(own), empty)).status_code == 200


async def test_all_faults_of_a_file_are_named_at_once(publisher: Publisher, flow: str) -> None:
    rows = [("R99", "A", "2020", 1.0), ("R32", "A", "never", 1.0), ("R32", "", "2020", "NaN")]
    refused = await publisher.load(await publisher.draft(flow), table(rows))
    found = [(each["code"], each["place"]) for each in refused.json()["errors"]]
    assert sorted(found) == [
        ("code-missing", "4"),
        ("code-unknown", "2"),
        ("period-malformed", "3"),
        ("value-not-finite", "4"),
    ]


async def test_the_header_says_all_that_is_wrong_with_it(publisher: Publisher, flow: str) -> None:
    refused = await publisher.load(
        await publisher.draft(flow), b"REF_AREA,TIME_PERIOD,TIME_PERIOD,UNIT_MEASURE,X\n"
    )
    codes = sorted(each["code"] for each in refused.json()["errors"])
    assert codes == [
        *("column-missing", "column-missing", "column-not-read"),
        *("column-twice", "column-unknown"),
    ]
    for data in (b"", b"REF_AREA", b"\xff\xfe\n", b"x" * 20_000):
        refused = await publisher.load(await publisher.draft(flow), data)
        assert (refused.status_code, refused.json()["code"]) == (422, "data-invalid")


async def test_a_ratio_brings_what_it_is_the_quotient_of(publisher: Publisher) -> None:
    """Invariant 9: any mean has its numerator and denominator stored."""
    made = structures("RATIO")
    made["data_structures"][0]["ratios"] = {"SECTOR": ["A"]}
    made["data_structures"][0]["attributes"] += [
        {"id": each, "name": name(each), "level": "observation"}
        for each in ("NUMERATOR", "DENOMINATOR")
    ]
    assert (await publisher.publish(made)).status_code == 200
    more = ("NUMERATOR", "DENOMINATOR")
    for row in (
        ("R32", "A", "2020", 0.5, "", ""),
        ("R32", "A", "2020", 0.5, 1, 0),
        ("R32", "A", "2020", 0.5, 1, 3),
    ):
        refused = await publisher.load(await publisher.draft("RATIO"), table([row], *more))
        assert [each["code"] for each in refused.json()["errors"]] == ["ratio-unfounded"]
    rows = [("R32", "A", "2020", 0.5, 10, 20), ("R32", "C", "2020", 7, "", "")]
    await publisher.release("RATIO", table(rows, *more))
    assert [row["NUMERATOR"] for row in await _now(publisher, "RATIO")] == ["10", ""]


async def test_only_publishers_publish(publisher: Publisher, flow: str) -> None:
    draft = await publisher.draft(flow)
    other = as_client("observatory", tenant="another")
    little = as_client("observatory", scopes={"observatory:feed"})
    nobody = anonymous("observatory")
    data = {"if-match": draft["etag"], "content-type": "text/csv"}
    attempts: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/releases", {"json": {"dataflow": flow, **SAID}}),
        ("PUT", f"/v1/releases/{draft['id']}/data", {"content": table(ROWS), "headers": data}),
        ("POST", f"/v1/releases/{draft['id']}/publish", {"json": {}, "headers": data}),
        *(
            (
                "POST",
                f"/v1/releases/{draft['id']}/{deed}",
                {"json": {"reason": name("r")}, "headers": data},
            )
            for deed in ("reject", "withdraw")
        ),
        ("GET", "/v1/pending-releases", {}),
    ]
    for method, path, told in attempts:
        sent = {**told.get("headers", {})}
        if "json" in told:
            sent.pop("content-type", None)
        for caller, status in ((nobody, 401), (little, 403), (other, 404)):
            if caller is other and path in ("/v1/releases", "/v1/pending-releases"):
                continue
            answer = await publisher.client.request(
                method, path, **{**told, "headers": {**sent, **caller}}
            )
            assert answer.status_code == status, (method, path, answer.text)
    for caller in (nobody, little, other):
        answer = await publisher.client.get(f"/v1/releases/{draft['id']}", headers=caller)
        assert answer.status_code == 404
    theirs = (await publisher.client.get("/v1/pending-releases", headers=other)).json()
    assert theirs["items"] == []


async def test_a_change_needs_the_tag_of_what_was_read(publisher: Publisher, flow: str) -> None:
    draft = await publisher.draft(flow)
    path = f"/v1/releases/{draft['id']}"
    deeds: dict[str, dict[str, Any]] = {"publish": {}, "reject": {"reason": name("r")}}
    for deed, body in deeds.items():
        for tag, status in (({}, 428), ({"if-match": '"old"'}, 412)):
            headers = {**publisher.headers, **tag}
            answer = await publisher.client.post(f"{path}/{deed}", json=body, headers=headers)
            assert answer.status_code == status
    for tag, status in (({}, 428), ({"if-match": '"old"'}, 412)):
        headers = {**publisher.headers, **tag, "content-type": "text/csv"}
        answer = await publisher.client.put(f"{path}/data", content=table(ROWS), headers=headers)
        assert answer.status_code == status
    assert (await publisher.act(draft, "publish")).json()["code"] == "release-unloaded"
    seen = await publisher.act(draft, "withdraw", {"reason": name("r")})
    assert (seen.status_code, seen.json()["code"]) == (409, "release-unseen")
    for body in ({"reason": "no names"}, {}, {"reason": name("r"), "more": 1}):
        assert (await publisher.act(draft, "reject", body)).status_code == 422
    headers = {**publisher.headers, "if-match": draft["etag"], "content-type": "text/xml"}
    unread = await publisher.client.put(f"{path}/data", content=b"<a/>", headers=headers)
    assert unread.status_code == 415


async def test_the_same_key_drafts_one_release(publisher: Publisher, flow: str) -> None:
    headers = {**publisher.headers, "idempotency-key": f"draft-{flow}"}
    body = {"dataflow": flow, **SAID}
    first = await publisher.client.post("/v1/releases", json=body, headers=headers)
    second = await publisher.client.post("/v1/releases", json=body, headers=headers)
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    for wrong, status in (({"dataflow": "NONE"}, 404), ({"reason": "whim"}, 422)):
        answer = await publisher.client.post(
            "/v1/releases", json={**body, **wrong}, headers=publisher.headers
        )
        assert answer.status_code == status


async def test_what_was_published_cannot_be_rewritten(
    publisher: Publisher, database: Database
) -> None:
    """Invariant 1, kept by the database against the service itself."""
    flow = await publisher.flow()
    release = await publisher.release(flow, table(ROWS))
    settled = await publisher.load(release, table(ROWS[:1]))
    assert (settled.status_code, settled.json()["code"]) == (409, "release-settled")
    own = await asyncpg.connect(database.dsn("observatory"))
    try:
        number = await own.fetchval("SELECT number FROM observatory.flow WHERE id = $1", flow)
        for attempt, refusal in (
            ("UPDATE observatory.obs SET value = 0", asyncpg.InsufficientPrivilegeError),
            (f"DELETE FROM observatory.obs WHERE flow = {number}", asyncpg.CheckViolationError),
            (f"SELECT * FROM observatory.obs_p{number}", asyncpg.InsufficientPrivilegeError),
            (
                f"INSERT INTO observatory.obs_p{number} SELECT * FROM observatory.obs",
                asyncpg.InsufficientPrivilegeError,
            ),
            ("DELETE FROM observatory.release", asyncpg.InsufficientPrivilegeError),
            (
                f"UPDATE observatory.release SET published_at = now() WHERE flow = {number}",
                asyncpg.CheckViolationError,
            ),
            ("DELETE FROM observatory.release_deed", asyncpg.InsufficientPrivilegeError),
            ("DELETE FROM observatory.artefact", asyncpg.CheckViolationError),
            ("DELETE FROM observatory.code", asyncpg.CheckViolationError),
        ):
            with pytest.raises(refusal):
                await own.execute(attempt)
        deeds = await own.fetch(
            "SELECT d.deed, d.client FROM observatory.release_deed d"
            " JOIN observatory.release r ON r.id = d.release WHERE r.flow = $1 ORDER BY seq",
            number,
        )
        assert [tuple(each) for each in deeds] == [
            ("drafted", "demo"),
            ("loaded", "demo"),
            ("published", "demo"),
        ]
    finally:
        await own.close()


async def test_a_new_dataflow_waits_for_no_reader_and_no_reader_for_it(
    publisher: Publisher, database: Database
) -> None:
    """An extraction of everything may take minutes; it holds a lock on the table meanwhile."""
    reader = await asyncpg.connect(database.dsn("observatory"))
    try:
        async with reader.transaction(), asyncio.timeout(60):
            for stored in ("obs", "series", "series_stat"):
                await reader.fetch(f"SELECT FROM observatory.{stored} LIMIT 1")
            flow = await publisher.flow()
            await publisher.release(flow, table(ROWS))
            answer = await publisher.client.get(f"/v1/indicators/{flow}/data.csv")
            assert len(lines(answer)) == len(ROWS)
    finally:
        await reader.close()


async def test_releases_are_open_data_with_a_tag(observatory: httpx.AsyncClient) -> None:
    answer = await observatory.get("/v1/releases", params={"dataflow": "DF_EMPLOYMENT"})
    release = answer.json()["items"][0]
    assert release["source"].startswith("DARES")
    one = await observatory.get(f"/v1/releases/{release['id']}")
    assert one.json() == release
    tag = {"if-none-match": one.headers["etag"]}
    assert (await observatory.get(f"/v1/releases/{release['id']}", headers=tag)).status_code == 304
    unknown = "00000000-0000-0000-0000-000000000000"
    assert (await observatory.get(f"/v1/releases/{unknown}")).status_code == 404
