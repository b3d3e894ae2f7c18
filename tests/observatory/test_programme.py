"""A programme's budget: what it holds, who may change it, and what never fits."""

import csv
import io
from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness import ALL_SCOPES, Database, as_client
from tests.observatory.steering import COMPANY, TRADER, Steerer, funder, line, programme, said


@pytest.fixture(scope="module")
def steerer(observatory: httpx.AsyncClient) -> Steerer:
    return Steerer(observatory)


@pytest.fixture(scope="module")
async def code(steerer: Steerer) -> str:
    """Open the programme of the issue, 1.4 M€ by five funders, with some money spent."""
    support = line("support", "600000.00", "2026-Q3")
    support["plan"].append({"quarter": "2027-Q1", "amount": "200000.00"})
    code = await steerer.opened(
        line("study", "200000.00"),
        support,
        line("training", "300000.00", "2026-Q4"),
        line("observatory", "100000.00"),
        funders=[
            funder("state", "500000.00", "study", "support"),
            funder("region", "400000.00", "study", "training", "observatory", kind="region"),
            funder("opco", "200000.00", "training", kind="opco"),
            funder("medef", "100000.00", "support", kind="employers"),
            funder("feder", "200000.00", "support", "observatory", kind="european"),
        ],
    )
    study = await steerer.committed(code, "120000.50")
    assert (await steerer.pay(code, study["id"], "40000.25")).status_code == 201
    await steerer.committed(code, "9000.00", payee=TRADER)
    await steerer.committed(code, "80000.00", line="support", dated_on="2026-08-01", payee=TRADER)
    last = await steerer.committed(code, "22999.99", line="training", funder="opco")
    assert (await steerer.take_back(code, last["id"], "2999.99")).status_code == 201
    return code


async def test_one_sees_where_the_money_stands(steerer: Steerer, code: str) -> None:
    told = await steerer.get(f"/{code}/standing")
    assert (told["budget"], told["contributed"]) == ("1400000.00", "1400000.00")
    assert told["total"] == {
        "planned": "1400000.00",
        "committed": "229000.50",
        "paid": "40000.25",
        "left": "1170999.50",
        "committed_ratio": 0.1636,
        "paid_ratio": 0.1747,
    }
    lines = {one["line"]: one for one in told["lines"]}
    assert (lines["study"]["committed"], lines["study"]["paid"]) == ("129000.50", "40000.25")
    assert (lines["observatory"]["committed"], lines["observatory"]["paid_ratio"]) == ("0.00", None)
    funders = {one["funder"]: one for one in told["funders"]}
    assert (funders["state"]["committed"], funders["state"]["left"]) == ("209000.50", "290999.50")
    quarters = {one["quarter"]: one for one in told["quarters"]}
    assert sorted(quarters) == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]
    assert (quarters["2026-Q1"]["planned"], quarters["2026-Q1"]["committed"]) == (
        "300000.00",
        "152000.49",
    )
    assert quarters["2026-Q2"]["committed"] == "-2999.99", "a correction counts when it is made"
    assert {(one["line"], one["funder"]): one["committed"] for one in told["cells"]} == {
        ("study", "state"): "129000.50",
        ("support", "state"): "80000.00",
        ("training", "opco"): "20000.00",
    }
    assert "229000.50 € sont engagés (16.36 %)" in told["reading"]
    english = await steerer.get(f"/{code}/standing", **{"accept-language": "en"})
    assert "229000.50 are committed" in english["reading"]


async def test_the_table_says_the_same_in_one_figure_a_line(steerer: Steerer, code: str) -> None:
    answer = await steerer.client.get(f"/v1/programmes/{code}/standing.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    told = await steerer.get(f"/{code}/standing")
    found = {
        (row["subject"], row["line"], row["funder"], row["quarter"], row["measure"]): row["value"]
        for row in rows
    }
    assert len(found) == len(rows)
    assert found["programme", "", "", "", "committed"] == told["total"]["committed"]
    for one in told["lines"]:
        assert found["line", one["line"], "", "", "left"] == one["left"]
    for one in told["cells"]:
        assert found["line_funder", one["line"], one["funder"], "", "paid"] == one["paid"]
    again = await steerer.client.get(
        f"/v1/programmes/{code}/standing.csv", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_who_is_promised_more_than_23000_eur_within_a_year_is_named(steerer: Steerer) -> None:
    """Above it, a yearly amount, a grant needs an agreement (décret n° 2001-495, art. 1)."""
    code = (await steerer.made("", programme(starts_on="2025-01-01")))["code"]
    await steerer.made(f"/{code}/lines", line("study", "200000.00"))
    await steerer.made(f"/{code}/funders", funder("state", "500000.00", "study"))
    club = {"siren": "552100554", "kind": "association", "name": "Club Exemple"}

    async def named() -> list[str]:
        items = (await steerer.get(f"/{code}/entries"))["items"]
        return [one["amount"] for one in items if one["payee"] == club]

    await steerer.committed(code, "30.00", payee=club, dated_on="2025-12-31")
    await steerer.committed(code, "20000.00", payee=club)
    last = await steerer.committed(code, "3000.00", payee=club, dated_on="2026-10-01")
    assert await named() == [], "23,000 EUR are not more"
    assert (await steerer.take_back(code, last["id"], "3000.00", "2026-10-02")).status_code == 201
    await steerer.committed(code, "0.01", payee=club, dated_on="2026-10-03")
    assert await named() == ["20000.00", "3000.00", "0.01"], "gross, and of that year alone"


async def test_open_entries_name_no_person_no_small_payee_and_no_reason(
    steerer: Steerer, code: str
) -> None:
    everybody = (await steerer.get(f"/{code}/entries"))["items"]
    assert all("reason" not in one and "subject" not in one for one in everybody)
    assert [one["payee"] for one in everybody if one["payee"]] == [COMPANY] * 2, "in one year"
    answer = await steerer.client.get(f"/v1/programmes/{code}/ledger", headers=steerer.headers)
    inside = answer.json()["items"]
    assert [one["id"] for one in inside] == [one["id"] for one in everybody]
    assert [one["payee"]["siren"] for one in inside if one["payee"]] == [
        COMPANY["siren"],
        TRADER["siren"],
        TRADER["siren"],
        COMPANY["siren"],
    ]
    table = await steerer.client.get(f"/v1/programmes/{code}/entries.csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["payee_name"] for row in rows if row["payee_name"]} == {COMPANY["name"]}
    assert TRADER["siren"] not in table.text
    assert [row["id"] for row in rows] == [one["id"] for one in everybody]
    chosen = await steerer.get(f"/{code}/entries?line=training&funder=opco&count=true&limit=1")
    assert (chosen["total"], len(chosen["items"])) == (2, 1)


async def test_every_deed_is_in_the_trail_and_in_the_feed_without_payee(
    steerer: Steerer, code: str
) -> None:
    trail = await steerer.client.get(
        f"/v1/programmes/{code}/deeds?limit=200&count=true", headers=steerer.headers
    )
    deeds = trail.json()["items"]
    assert trail.json()["total"] == len(deeds) == 1 + 4 + 5 + 6
    assert [one["action"] for one in deeds[:2]] == ["commitment_reversal", "commitment"]
    assert {one["client"] for one in deeds} == {"demo"}
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await steerer.client.get(
            f"/v1/changes?limit=1000{after}", headers=as_client("observatory")
        )
        found += [one for one in page.json()["items"] if one["entity"].startswith("programme")]
        after = f"&after={page.json()['next']}"
        if not page.json()["more"]:
            break
    ours = [one for one in found if one["payload"]["programme"] == code]
    assert [one["entity"] for one in ours] == [
        "programme",
        *4 * ["programme_line"],
        *5 * ["programme_funder"],
        *6 * ["programme_entry"],
    ]
    assert COMPANY["name"] not in str(ours)
    assert TRADER["siren"] not in str(ours)
    assert "Marché" not in str(ours)


async def test_nothing_is_planned_or_promised_beyond_the_budget(steerer: Steerer) -> None:
    code = await steerer.opened(
        line("study", "1000000.00"), funders=[funder("state", "1000000.00", "study")]
    )
    plan = await steerer.post(f"/{code}/lines", line("more", "400000.01"))
    assert (plan.status_code, plan.json()["code"]) == (409, "budget-overrun")
    assert plan.json()["errors"][0]["pointer"] == "/plan"
    promise = await steerer.post(f"/{code}/funders", funder("region", "400000.01", "study"))
    assert promise.json()["code"] == "budget-overrun"
    changed = programme(budget="999999.99")
    del changed["code"]
    assert (await steerer.put(f"/{code}", changed)).json()["code"] == "budget-overrun"
    await steerer.committed(code, "5000.00")
    less = line("study", "4999.99")
    del less["code"]
    below = await steerer.put(f"/{code}/lines/study", less)
    assert below.json()["errors"][0]["code"] == "below-committed"
    poorer = funder("state", "4999.99", "study")
    del poorer["code"]
    below = await steerer.put(f"/{code}/funders/state", poorer)
    assert below.json()["errors"][0]["code"] == "below-committed"
    elsewhere = funder("state", "1000000.00")
    del elsewhere["code"]
    below = await steerer.put(f"/{code}/funders/state", elsewhere)
    assert below.json()["errors"][0]["pointer"] == "/may_fund/study"


async def test_a_budget_is_changed_by_whoever_holds_its_version(steerer: Steerer) -> None:
    code = await steerer.opened(line("study", "10.00"), funders=[funder("state", "10.00", "study")])
    for path, body in (
        (f"/{code}", programme(budget="1500000.00")),
        (f"/{code}/lines/study", line("study", "20.00", "2027-Q4")),
        (f"/{code}/funders/state", funder("state", "20.00", "study")),
    ):
        del body["code"]
        assert (await steerer.put(path, body, '"7"')).status_code == 412
        bare = await steerer.client.put(f"/v1/programmes{path}", json=body, headers=steerer.headers)
        assert bare.status_code == 428
        changed = await steerer.put(path, body, '"1"')
        assert (changed.status_code, changed.headers["etag"]) == (200, '"2"'), changed.text
    read = await steerer.get(f"/{code}")
    assert read["programme"]["budget"] == "1500000.00"
    assert read["lines"][0]["plan"] == [{"quarter": "2027-Q4", "amount": "20.00"}]
    assert read["funders"][0]["may_fund"] == [
        {"line": "study", "ceiling": None, "committed": "0.00"}
    ]
    shorter = programme(ends_on="2027-03-31")
    del shorter["code"]
    refused = await steerer.put(f"/{code}", shorter)
    assert refused.json()["errors"][0] | {"detail": ""} == {
        "in": "body",
        "pointer": "/ends_on",
        "code": "days-in-use",
        "detail": "",
    }


async def test_bad_bodies_are_refused_with_every_fault(steerer: Steerer) -> None:
    code = await steerer.opened(line("study", "10.00"), funders=[])
    odd = programme(
        code="x y", starts_on="2027-01-01", ends_on="2026-01-01", budget="1,4", title={"fr": "x"}
    )
    answer = await steerer.post("", odd)
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} >= {"/code", "/budget", "/title/en"}
    for amount in ("0", "0.001", "-5", "1e3", "NaN", "9999999999", 12.5):
        refused = await steerer.post(f"/{code}/lines", line("more", amount))  # type: ignore[arg-type]
        assert refused.status_code == 422, amount
    twice = line("more", "1.00")
    twice["plan"] *= 2
    assert (await steerer.post(f"/{code}/lines", twice)).status_code == 422
    outside = await steerer.post(f"/{code}/lines", line("more", "1.00", "2028-Q1"))
    assert outside.json()["errors"][0]["pointer"] == "/plan/0/quarter"
    stray = await steerer.post(f"/{code}/funders", funder("state", "1.00", "study", "nowhere"))
    assert stray.json()["errors"][0]["pointer"] == "/may_fund/1/line"
    again = await steerer.post(f"/{code}/lines", line("study", "1.00"))
    assert (again.status_code, again.json()["code"]) == (409, "programme-code-taken")
    assert (await steerer.post("", programme(code=code))).status_code == 409
    assert [one["code"] for one in (await steerer.get(f"/{code}"))["lines"]] == ["study"]


async def test_who_may_not_steer_sees_403_and_another_organisation_404(steerer: Steerer) -> None:
    code = await steerer.opened(line("study", "10.00"), funders=[funder("state", "10.00", "study")])
    made = await steerer.committed(code, "1.00")
    payment = {"amount": "1.00", "dated_on": "2026-03-01", "reason": "Acompte"}
    changed = {key: value for key, value in programme().items() if key != "code"}
    poorer = {key: value for key, value in funder("state", "9.00").items() if key != "code"}
    less = {key: value for key, value in line("study", "9.00").items() if key != "code"}
    writes: list[tuple[str, str, Any]] = [
        ("PUT", f"/{code}", changed),
        ("POST", f"/{code}/lines", line("more", "1.00")),
        ("PUT", f"/{code}/lines/study", less),
        ("POST", f"/{code}/funders", funder("region", "1.00")),
        ("PUT", f"/{code}/funders/state", poorer),
        ("POST", f"/{code}/commitments/{made['id']}/payments", payment),
        ("POST", f"/{code}/entries/{made['id']}/reversals", payment),
        ("POST", f"/{code}/milestones", {"code": "m", "title": said("m"), "due_on": "2027-01-01"}),
        ("POST", f"/{code}/events", {"kind": "other", "title": said("m"), "held_on": "2027-01-01"}),
        ("GET", f"/{code}/ledger", None),
        ("GET", f"/{code}/deeds", None),
    ]
    stranger = as_client("observatory", tenant="another", client="another")
    reader = as_client("observatory", scopes=ALL_SCOPES - {"observatory:steer"})
    for method, path, body in writes:
        for headers, status in ((stranger, 404), (reader, 403), ({}, 401)):
            answer = await steerer.client.request(
                method, f"/v1/programmes{path}", json=body, headers={**headers, "if-match": "*"}
            )
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
    assert (await steerer.get(f"/{code}"))["programme"]["version"] == 1


async def test_a_repeated_key_opens_one_programme(steerer: Steerer) -> None:
    body = programme()
    key = {"idempotency-key": f"open-{body['code']}"}
    first = await steerer.post("", body, **key)
    again = await steerer.post("", body, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()


async def test_the_role_of_the_service_changes_no_entry_and_no_deed(
    database: Database, code: str
) -> None:

    connection = await asyncpg.connect(database.dsn("observatory"))
    try:
        for table in ("ledger_entry", "programme_deed"):
            for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET client = 'x'"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(deed)
    finally:
        await connection.close()
