"""The ledger: nothing is spent twice, whoever asks at once, and a plain model agrees with it."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.programme.money import cents, euros, ratio
from observatory.programme.quarters import first_day, quarter_of
from tests.harness import Database
from tests.observatory.steering import COMPANY, Steerer, funder, line


@pytest.fixture(scope="module")
def steerer(observatory: httpx.AsyncClient) -> Steerer:
    return Steerer(observatory)


async def two_lines(steerer: Steerer, contribution: str = "100.00") -> str:
    return await steerer.opened(
        line("study", "60.00"),
        line("support", "60.00"),
        funders=[
            funder("state", contribution, may_fund=[
                {"line": "study", "ceiling": "50.00"}, {"line": "support"}]),
            funder("region", "100.00", "study"),
        ],
    )  # fmt: skip


async def balances(database: Database, code: str) -> tuple[Any, Any]:
    """Read the counters of lines and funders, and the same from the entries alone."""
    connection = await asyncpg.connect(database.admin_dsn)
    kept = await connection.fetch(
        "SELECT 'line' AS kind, code, committed_cents, paid_cents FROM observatory.programme_line"
        " WHERE programme = $1 UNION ALL"
        " SELECT 'funder', code, committed_cents, paid_cents FROM observatory.programme_funder"
        " WHERE programme = $1",
        code,
    )
    entries = await connection.fetch(
        "SELECT kind, line, funder, amount_cents FROM observatory.ledger_entry"
        " WHERE programme = $1",
        code,
    )
    await connection.close()
    added: Counter[tuple[str, str, str]] = Counter()
    for one in entries:
        sign = -1 if one["kind"].endswith("_reversal") else 1
        measure = one["kind"].partition("_")[0]
        for kind in ("line", "funder"):
            added[kind, one[kind], measure] += sign * one["amount_cents"]
    return [(one["committed_cents"], one["paid_cents"]) for one in kept], [
        (added[one["kind"], one["code"], "commitment"], added[one["kind"], one["code"], "payment"])
        for one in kept
    ]


async def test_a_commitment_tells_every_limit_that_it_breaks(steerer: Steerer) -> None:
    code = await two_lines(steerer, contribution="55.00")
    refused = await steerer.commit(code, "60.01")
    assert (refused.status_code, refused.json()["code"]) == (409, "over-committed")
    assert [one["code"] for one in refused.json()["errors"]] == [
        "line-short", "funder-short", "ceiling-short"
    ]  # fmt: skip
    assert "50.00" in refused.json()["errors"][2]["detail"]
    assert (await steerer.commit(code, "50.00")).status_code == 201
    again = await steerer.commit(code, "0.01")
    assert [one["code"] for one in again.json()["errors"]] == ["ceiling-short"]
    astray = await steerer.commit(code, "1.00", line="support", funder="region")
    assert (astray.status_code, astray.json()["code"]) == (409, "line-not-funded")
    for part in ("line", "funder"):
        unknown = await steerer.commit(code, "1.00", **{part: "nowhere"})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-part-unknown")


async def test_concurrent_commitments_never_take_more_than_there_is(
    steerer: Steerer, database: Database
) -> None:
    code = await two_lines(steerer)
    wanted = [("study", "state"), ("support", "state"), ("study", "region")] * 8
    answers = await asyncio.gather(
        *(steerer.commit(code, "9.00", line=one, funder=by) for one, by in wanted)
    )
    assert {one.status_code for one in answers} == {201, 409}
    told = await steerer.get(f"/{code}/standing")
    for one in (*told["lines"], *told["funders"]):
        assert cents(one["committed"]) <= cents(one["planned"])
    assert told["lines"][0]["committed"] == "54.00", "as many as fit, and no more"
    assert told["lines"][1]["committed"] == "54.00"
    assert sum(one.status_code == 201 for one in answers) == 12
    kept, added = await balances(database, code)
    assert kept == added


async def test_concurrent_payments_and_corrections_stay_within_their_commitment(
    steerer: Steerer, database: Database
) -> None:
    code = await two_lines(steerer)
    made = (await steerer.committed(code, "10.00"))["id"]
    answers = await asyncio.gather(
        *(steerer.pay(code, made, "3.00", "2026-04-02") for _ in range(6)),
        *(steerer.take_back(code, made, "3.00") for _ in range(6)),
    )
    assert Counter(one.status_code for one in answers) == {201: 3, 409: 9}
    kept, added = await balances(database, code)
    assert kept == added


async def test_what_is_paid_stays_committed_until_it_is_paid_back(steerer: Steerer) -> None:
    code = await two_lines(steerer)
    made = (await steerer.committed(code, "40.00"))["id"]
    paid = await steerer.pay(code, made, "30.00")
    assert (paid.json()["committed"], paid.json()["paid"]) == ("40.00", "30.00")
    over = await steerer.pay(code, made, "10.01")
    assert (over.status_code, over.json()["code"]) == (409, "over-paid")
    assert "10.00" in over.json()["errors"][0]["detail"]
    assert (await steerer.take_back(code, made, "10.01")).json()["code"] == "over-paid"
    back = await steerer.take_back(code, paid.json()["id"], "30.00")
    assert (back.json()["committed"], back.json()["paid"]) == ("40.00", "0.00")
    assert (await steerer.take_back(code, paid.json()["id"], "0.01")).status_code == 409
    gone = await steerer.take_back(code, made, "40.00")
    assert (gone.json()["committed"], gone.json()["reverses"]) == ("0.00", made)
    final = await steerer.take_back(code, gone.json()["id"], "1.00")
    assert (final.status_code, final.json()["code"]) == (409, "entry-final")
    entries = (await steerer.get(f"/{code}/entries"))["items"]
    assert [one["amount"] for one in entries] == ["40.00", "30.00", "30.00", "40.00"]
    assert (await steerer.commit(code, "50.00")).status_code == 201, "what came back is free again"


async def test_days_and_payees_that_make_no_sense_are_refused(steerer: Steerer) -> None:
    code = await two_lines(steerer)
    for on, fault in (("2025-12-31", "outside-programme"), ("2027-12-31", "day-ahead")):
        refused = await steerer.commit(code, "1.00", dated_on=on)
        assert refused.json()["errors"][0]["code"] == fault
    made = (await steerer.committed(code, "5.00"))["id"]
    early = await steerer.pay(code, made, "1.00", on="2026-01-31")
    assert early.json()["errors"][0]["code"] == "before-its-entry"
    for payee in (
        {**COMPANY, "siren": "732829321"},
        {**COMPANY, "kind": "sole_trader"},
        {"siren": COMPANY["siren"], "kind": "company"},
        {**COMPANY, "name": "=HYPERLINK(1)"},
        {**COMPANY, "person": "X"},
    ):
        assert (await steerer.commit(code, "1.00", payee=payee)).status_code == 422, payee
    paid = (await steerer.pay(code, made, "1.00")).json()["id"]
    assert (await steerer.pay(code, paid, "1.00")).status_code == 404, "a payment is not paid"
    assert (await steerer.pay(code, code_of_nothing(), "1.00")).status_code == 404
    assert (await steerer.take_back(code, code_of_nothing(), "1.00")).status_code == 404


def code_of_nothing() -> str:
    return "00000000-0000-4000-8000-000000000000"


async def test_a_repeated_key_commits_once(steerer: Steerer) -> None:
    code = await two_lines(steerer)
    body = {
        "line": "study", "funder": "state", "amount": "30.00", "dated_on": "2026-02-01",
        "payee": COMPANY, "reason": "Marché",
    }  # fmt: skip
    key = {"idempotency-key": f"commit-{code}"}
    first = await steerer.post(f"/{code}/commitments", body, **key)
    again = await steerer.post(f"/{code}/commitments", body, **key)
    assert again.json() == first.json()
    assert (await steerer.get(f"/{code}/standing"))["total"]["committed"] == "30.00"


@dataclass
class Model:
    """The same rules in plain numbers; each entry is kind, amount and which one it belongs to."""

    plan: dict[str, int]
    contribution: dict[str, int]
    entries: list[dict[str, Any]] = field(default_factory=list)

    def committed(self, part: str, code: str) -> int:
        return sum(
            int(one["amount"]) * (1 if one["kind"] == "commit" else -1)
            for one in self.entries
            if one[part] == code and one["kind"] in {"commit", "uncommit"}
        )

    def left(self, place: int) -> int:
        """Return what may be taken back of an entry, or paid of a commitment."""
        it = self.entries[place]
        back = sum(int(one["amount"]) for one in self.entries if one.get("back") == place)
        if it["kind"] == "pay":
            return int(it["amount"]) - back
        paid = sum(
            self.left(number)
            for number, one in enumerate(self.entries)
            if one["kind"] == "pay" and one["of"] == place
        )
        return int(it["amount"]) - back - paid

    def try_commit(self, line: str, funder: str, amount: int) -> bool:
        if (line, funder) == ("support", "region"):
            return False
        fits = (
            self.committed("line", line) + amount <= self.plan[line]
            and self.committed("funder", funder) + amount <= self.contribution[funder]
        )
        if fits:
            kept = {"kind": "commit", "line": line, "funder": funder, "amount": amount}
            self.entries.append(kept)
        return fits

    def try_part(self, kind: str, place: int, amount: int) -> bool:
        it = self.entries[place]
        if it["kind"] in {"uncommit", "unpay"} or (kind == "pay" and it["kind"] != "commit"):
            return False
        if amount > self.left(place):
            return False
        if kind == "pay":
            made = {"kind": "pay", "of": place}
        else:
            made = {"kind": "unpay" if it["kind"] == "pay" else "uncommit", "back": place}
        self.entries.append(made | {"amount": amount, "line": it["line"], "funder": it["funder"]})
        return True


deed = st.tuples(
    st.sampled_from(["commit", "commit", "pay", "back"]),
    st.sampled_from(["study", "support"]),
    st.sampled_from(["state", "region"]),
    st.integers(0, 9),
    st.integers(1, 4_000),
)


@settings(max_examples=6)
@given(deeds=st.lists(deed, min_size=4, max_size=14))
async def test_the_ledger_decides_as_a_plain_model_does(
    steerer: Steerer, deeds: list[tuple[str, str, str, int, int]]
) -> None:
    code = await steerer.opened(
        line("study", "60.00"),
        line("support", "60.00"),
        funders=[funder("state", "80.00", "study", "support"), funder("region", "40.00", "study")],
    )
    model = Model({"study": 6_000, "support": 6_000}, {"state": 8_000, "region": 4_000})
    ids: list[str] = []
    for kind, on, by, place, amount in deeds:
        if kind == "commit":
            expected = model.try_commit(on, by, amount)
            answer = await steerer.commit(code, euros(amount), line=on, funder=by)
        elif ids:
            chosen = place % len(ids)
            expected = model.try_part(kind, chosen, amount)
            act = steerer.pay if kind == "pay" else steerer.take_back
            answer = await act(code, ids[chosen], euros(amount), "2026-04-02")
        else:
            continue
        assert (answer.status_code == 201) == expected, answer.text
        if expected:
            ids.append(answer.json()["id"])
    told = await steerer.get(f"/{code}/standing")
    for part, rows in (("line", told["lines"]), ("funder", told["funders"])):
        for row in rows:
            assert cents(row["committed"]) == model.committed(part, row[part])
    paid = sum(model.left(n) for n, one in enumerate(model.entries) if one["kind"] == "pay")
    assert cents(told["total"]["paid"]) == paid


@given(st.integers(0, 10**11))
def test_no_cent_is_lost_between_euros_and_cents(amount: int) -> None:
    assert cents(euros(amount)) == amount
    assert euros(-amount) == (f"-{euros(amount)}" if amount else "0.00")


def test_quarters_and_ratios_are_those_of_the_calendar_and_of_totals() -> None:
    assert first_day("2026-Q4").isoformat() == "2026-10-01"
    assert [quarter_of(first_day(f"2027-Q{n}")) for n in range(1, 5)] == [
        f"2027-Q{n}" for n in range(1, 5)
    ]
    assert [ratio(1, 3), ratio(1, 0), ratio(-1, 3)] == [0.3333, None, -0.3333]
    assert ratio(0, -1) is None, "of a quarter that only takes back, there is no share"
