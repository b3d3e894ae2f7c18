"""New skills over HTTP: loaded, judged, watched, decided upon by people, and told to followers."""

import asyncio
import itertools
from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness import Database, as_client
from tests.observatory.emerging import GROWN, STILL, counts, quarter
from tests.observatory.publishing import Publisher

_sources = (f"ads-{number}" for number in itertools.count(1))


async def sent(
    publisher: Publisher, source: str, content: str | bytes, kind: str = "skill"
) -> httpx.Response:
    headers = {**as_client("observatory"), "content-type": "text/csv"}
    path = f"/v1/emergence/sources/{source}/{kind}/counts"
    return await publisher.client.put(path, content=content, headers=headers)


async def signals(publisher: Publisher, source: str, **query: str) -> list[dict[str, Any]]:
    answer = await publisher.client.get("/v1/emergence/signals", params={"source": source, **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def watched(publisher: Publisher) -> tuple[str, dict[str, Any]]:
    """Load a skill that is watched in the end."""
    source = next(_sources)
    answer = await sent(publisher, source, counts({"GROWN": GROWN, "STILL": STILL}))
    assert answer.status_code == 200, answer.text
    [found] = await signals(publisher, source)
    return source, found


async def decided(
    publisher: Publisher, signal: dict[str, Any], decision: str, **changed: Any
) -> httpx.Response:
    headers = {**as_client("observatory"), "if-match": f'"{signal["version"]}"'}
    body = {"decision": decision, "reason": "Étude de branche", "evidence": ["https://a.example/1"]}
    path = f"/v1/emergence/signals/{signal['id']}/decisions"
    return await publisher.client.post(path, json=body | changed, headers=headers)


async def test_a_planted_skill_is_watched_and_each_step_says_why(
    publisher: Publisher, database: Database
) -> None:
    source, found = await watched(publisher)
    assert (found["code"], found["state"]["code"], found["label"]) == (
        "GROWN",
        "watch",
        "Savoir GROWN",
    )
    whole = (await publisher.client.get(f"/v1/emergence/signals/{found['id']}")).json()
    steps = [(one["origin"], one["target"], one["quarter"]) for one in whole["steps"]]
    assert steps == [(None, "candidate", "2025-Q1"), ("candidate", "watch", "2025-Q2")]
    assert whole["steps"][1]["reason"] == "counts"
    told = whole["steps"][1]["evidence"]
    assert (told["count"], told["total"], told["count_before"]) == (80, 5_000, 0)
    assert told["p_value"] < 1e-6
    assert whole["series"][5] == {
        "quarter": "2025-Q2",
        "count": 80,
        "total": 5_000,
        "share": 0.016,
        "employers": 12,
        "largest_employer": 0.3,
        "hidden": 0,
    }
    assert whole["decisions"] == ["confirm", "reject"]
    assert whole["nearest"]["similarity"] <= 1
    connection = await asyncpg.connect(database.admin_dsn)
    told = await connection.fetch(
        "SELECT kind, payload->>'state' AS state FROM observatory.change"
        " WHERE entity = 'emergence' AND entity_id = $1",
        str(found["id"]),
    )
    await connection.close()
    assert [tuple(one) for one in told] == [("created", "watch")]
    again = await sent(publisher, source, counts({"GROWN": GROWN, "STILL": STILL}))
    assert again.json()["steps"] == {}
    [same] = await signals(publisher, source)
    assert same["version"] == found["version"]


async def test_quarters_that_come_one_by_one_lead_to_the_same(publisher: Publisher) -> None:
    source = next(_sources)
    states = []
    for number in range(len(GROWN)):
        one = {"GROWN": [GROWN[number]], "STILL": [STILL[number]]}
        await sent(publisher, source, counts(one, first=number))
        states.append([signal["state"]["code"] for signal in await signals(publisher, source)])
    assert states == [[]] * 4 + [["candidate"]] + [["watch"]] * 4


async def test_what_is_no_longer_asked_for_fades_and_may_come_back(publisher: Publisher) -> None:
    source, _ = await watched(publisher)
    gone = counts({"GROWN": [0] * 5, "STILL": [100] * 5}, first=len(GROWN))
    assert (await sent(publisher, source, gone)).json()["steps"] == {"faded": 1}
    back = counts({"GROWN": [60, 90], "STILL": [100] * 2}, first=len(GROWN) + 5)
    assert (await sent(publisher, source, back)).json()["steps"] == {"candidate": 1, "watch": 1}


async def test_one_employer_and_a_silent_quarter_alert_nobody(publisher: Publisher) -> None:
    burst, few, silent = next(_sources), next(_sources), next(_sources)
    await sent(publisher, burst, counts({"GROWN": GROWN}, largest="0.86"))
    await sent(publisher, few, counts({"GROWN": GROWN}, employers=2))
    gap = counts({"GROWN": GROWN[:4]}) + "".join(
        counts({"GROWN": GROWN[4:]}, first=6).splitlines(keepends=True)[1:]
    )
    answer = await sent(publisher, silent, gap)
    assert answer.json()["silent"] == [quarter(4), quarter(5)]
    assert await signals(publisher, burst) == await signals(publisher, few) == []
    [found] = await signals(publisher, silent)
    whole = (await publisher.client.get(f"/v1/emergence/signals/{found['id']}")).json()
    assert quarter(4) not in [one["quarter"] for one in whole["series"]]


async def test_people_confirm_and_map_with_reason_and_proof(publisher: Publisher) -> None:
    _, found = await watched(publisher)
    early = await decided(publisher, found, "map", target="M1607")
    assert (early.status_code, early.json()["code"]) == (409, "decision-refused")
    confirmed = await decided(publisher, found, "confirm")
    assert (confirmed.status_code, confirmed.json()["state"]["code"]) == (200, "confirmed")
    assert confirmed.json()["updated_at"] > found["updated_at"]
    stale = await decided(publisher, found, "map", target="100000")
    assert stale.status_code == 412
    unknown = await decided(publisher, confirmed.json(), "map", target="XXX")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "target-unknown")
    beside = await decided(publisher, confirmed.json(), "reject", target="100000")
    assert beside.json()["errors"][0]["code"] == "target-not-wanted"
    skill = found["nearest"]["code"]
    mapped = await decided(publisher, confirmed.json(), "map", target=skill)
    assert (mapped.status_code, mapped.json()["mapped_to"]) == (200, skill), mapped.text
    over = await decided(publisher, mapped.json(), "reject")
    assert over.status_code == 409
    whole = (await publisher.client.get(f"/v1/emergence/signals/{found['id']}")).json()
    last = whole["steps"][-1]
    assert (last["reason"], last["organisation"]) == ("Étude de branche", "medef-hdf")
    assert last["evidence"] == {"addresses": ["https://a.example/1"]}


async def test_two_who_decide_at_once_do_not_both(publisher: Publisher) -> None:
    _, found = await watched(publisher)
    answers = await asyncio.gather(
        decided(publisher, found, "confirm"), decided(publisher, found, "reject")
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


async def test_who_may_not_decides_and_loads_nothing(publisher: Publisher) -> None:
    source, found = await watched(publisher)
    path = f"/v1/emergence/signals/{found['id']}/decisions"
    body = {"decision": "confirm", "reason": "x", "evidence": ["https://a.example/1"]}
    nobody = await publisher.client.post(path, json=body, headers={"if-match": '"3"'})
    assert nobody.status_code == 401
    reader = as_client("observatory", scopes={"observatory:share"})
    assert (await publisher.client.post(path, json=body, headers=reader)).status_code == 403
    put = f"/v1/emergence/sources/{source}/skill/counts"
    csv = {**reader, "content-type": "text/csv"}
    assert (await publisher.client.put(put, content="x", headers=csv)).status_code == 403
    untagged = await publisher.client.post(path, json=body, headers=as_client("observatory"))
    assert untagged.status_code == 428
    unproven = await decided(publisher, found, "confirm", evidence=[])
    assert unproven.status_code == 422
    unknown = await decided(publisher, {"id": 2**31 - 1, "version": 1}, "confirm")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "signal-unknown")


HEAD = "CODE,LABEL_FR,LABEL_EN,TIME_PERIOD,COUNT,EMPLOYERS,LARGEST\n"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"\xff\xfe", {"encoding"}),
        (b"", {"column-missing"}),
        (b"CODE,COUNT,OTHER\n", {"column-missing", "column-unknown"}),
        (b",".join(b"X%d" % n for n in range(500)), {"column-missing", "column-unknown"}),
        (HEAD.encode(), {"total-missing"}),
        (
            (
                HEAD
                + "A,,,2026-Q1,1,1,1\nA,Savoir,,2026-T1,1,1,1\nB,Savoir,,2026-Q1,x,1,1\n"
                + "C,Savoir,,2026-Q1,3,4,1\nD,Savoir,,2026-Q1,3,1,2\nE,Savoir,,2026-Q1,3,1,nan\n"
                + "C,Savoir,,9999-Q4,3,3,1\n_T,,,2026-Q1,5,,\n"
                + "_T,,,2026-Q1,5,,\nF,Savoir,,2026-Q1,6,1,1\n"
                + "G,Savoir,,2026-Q1,1,1,1\nG,Savoir,,2026-Q1,1,1,1\n"
            ).encode(),
            {
                "label-missing",
                "period-invalid",
                "number-malformed",
                "count-impossible",
                "line-twice",
                "total-too-small",
            },
        ),
        ((HEAD + '"A').encode(), {"line-unreadable"}),
    ],
)
async def test_a_bad_file_has_every_fault_named_and_changes_nothing(
    publisher: Publisher, content: bytes, codes: set[str]
) -> None:
    source = next(_sources)
    answer = await sent(publisher, source, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "counts-invalid"), answer.text
    assert {one["code"] for one in answer.json()["errors"]} == codes
    assert len(answer.json()["errors"]) <= 100
    good = await sent(publisher, source, counts({"STILL": [1]}))
    assert (good.json()["terms"], good.json()["silent"]) == (1, [])


async def test_more_than_can_be_judged_at_once_is_refused(publisher: Publisher) -> None:
    lines = "".join(f"T{n},Savoir,,1900-Q1,1,1,1\n" for n in range(5_000))
    content = f"{HEAD}{lines}_T,,,1900-Q1,5000,,\n_T,,,2100-Q4,5000,,\n"
    answer = await sent(publisher, next(_sources), content)
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["code"]) == (422, "panel-too-large")


async def test_another_kind_of_file_is_not_read(publisher: Publisher) -> None:
    headers = {**as_client("observatory"), "content-type": "application/json"}
    path = f"/v1/emergence/sources/{next(_sources)}/skill/counts"
    answer = await publisher.client.put(path, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "counts-media-type-unread")


async def test_thresholds_and_backtests_are_published(publisher: Publisher) -> None:
    source, _ = await watched(publisher)
    method = (await publisher.client.get("/v1/emergence/method")).json()
    assert method["thresholds"]["false_discovery_rate"] == 0.05
    assert method["families"]["ads"] == method["thresholds"]
    assert method["families"]["survey"]["horizon"] == 1
    assert [one["code"] for one in method["states"]][:3] == ["candidate", "watch", "confirmed"]
    more = counts({"GROWN": [160, 160], "STILL": [100, 100]}, first=len(GROWN))
    await sent(publisher, source, more)
    lines = []
    after: dict[str, str] = {}
    while True:
        page = (
            await publisher.client.get("/v1/emergence/backtests", params={"limit": 2, **after})
        ).json()
        lines += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    own = [one for one in lines if one["source"] == source]
    assert [(one["quarter"], one["alerts"], one["decided"], one["lasting"]) for one in own[:5]] == [
        (quarter(10), 1, 1, 1),
        (quarter(9), 1, 1, 1),
        (quarter(8), 1, 0, 0),
        (quarter(7), 1, 0, 0),
        (quarter(6), 1, 0, 0),
    ]
    assert [one["quarter"] for one in own] == [quarter(number) for number in range(10, -1, -1)]
    assert (own[0]["precision"], own[2]["precision"]) == (1.0, None)
    assert (own[0]["recall"], own[0]["rule"], own[4]["recall"]) == (1.0, "1.0.0", None)
    assert own[0]["reading"].startswith("Lecture : ")
