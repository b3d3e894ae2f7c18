"""Calls for projects over HTTP: found by window and kind, judged for a company."""

from datetime import UTC, datetime, timedelta

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting
from tests.diagnostic.test_funders import FUTURE, PAST, public, published


async def test_calls_are_found_by_window_nature_and_kind(acting: Acting) -> None:
    days = {
        "closed": ("2020-01-06", "2020-02-28"),
        "open": (PAST, FUTURE),
        "upcoming": ("2098-01-01", FUTURE),
    }
    made = {
        name: (
            await published(
                acting, nature="voucher", opens_on=opens, closes_on=closes, pre_deposit_on=None,
                pre_deposit_time=None,
            )
        )[0]["code"]
        for name, (opens, closes) in days.items()
    }  # fmt: skip

    async def found(query: str) -> set[str]:
        path = f"/v1/opportunities?limit=200&count=true&nature=voucher&{query}"
        body = (await public(acting, path)).json()
        assert body["total"] == len(body["items"])
        return {one["code"] for one in body["items"]} & set(made.values())

    for name, code in made.items():
        assert await found(f"window={name}") == {code}
    assert await found("is_call_for_projects=true") == set(made.values())
    assert await found("is_call_for_projects=false") == set()
    assert await found("window=open&on=2020-02-28") == {made["closed"]}
    assert await found("window=open&on=2020-02-29") == set()
    assert await found("window=upcoming&on=2020-01-05") == set(made.values())
    assert made["open"] not in {
        one["code"]
        for one in (await public(acting, "/v1/opportunities?limit=200&nature=loan")).json()["items"]
    }
    shown = (await public(acting, f"/v1/opportunities/{made['open']}?on=2098-12-31")).json()
    assert shown["window"] == "open"
    for query in ("on=2026-13-01", "on=1000-01-01", "window=ajar", "nature=gift"):
        assert (await public(acting, f"/v1/opportunities?{query}")).status_code == 422


async def test_a_deadline_at_an_hour_closes_at_that_instant(acting: Acting) -> None:
    paris = datetime.now(UTC) - timedelta(hours=30)
    fields = {"pre_deposit_on": None, "pre_deposit_time": None}
    body, path = await published(
        acting, closes_on=paris.date().isoformat(), closes_time="00:01", **fields
    )
    found = (await public(acting, path)).json()
    assert (found["window"], found["code"]) == ("closed", body["code"])
    same_day = (await public(acting, f"{path}?on={paris.date()}")).json()
    assert same_day["window"] == "open"  # for a minute of it


async def test_a_company_is_told_the_one_question_that_decides_most(acting: Acting) -> None:
    body, _ = await published(acting, nature="tax_credit")
    code = body["code"]
    path = f"/v1/organisations/{(await acting.organisation(headcount=None))['id']}/funding"
    chosen = f"{path}?nature=tax_credit&is_call_for_projects=true"

    asked = (await acting.get(chosen, **{"accept-language": "en"})).json()
    mine = {one["opportunity"]["code"]: one["eligibility"] for one in asked["items"]}
    assert (mine[code]["status"], [one["fact"] for one in mine[code]["missing"]]) == (
        "unknown",
        ["headcount", "turnover_eur"],
    )
    question = asked["next_question"]
    assert (question["fact"], question["question"], question["kind"]) == (
        "headcount",
        "Number of employees of the company",
        "count",
    )
    assert (question["settles"], code in question["may_settle"]) == ([], True)
    french = (await acting.get(chosen)).json()["next_question"]
    assert french["question"] == "Effectif salarié de l’entreprise"
    then = (await acting.get(f"{chosen}&headcount=251")).json()
    assert code in then["next_question"]["settles"]
    assert then["next_question"]["fact"] == "turnover_eur"
    done = (await acting.get(f"{chosen}&headcount=250&status=eligible")).json()
    assert code in [one["opportunity"]["code"] for one in done["items"]]
    assert {one["eligibility"]["status"] for one in done["items"]} == {"eligible"}
    assert (await acting.get(chosen)).json() == asked | {
        "items": (await acting.get(chosen)).json()["items"],
        "next_question": french,
    }  # what was said is not stored


async def test_r8_a_department_is_refused_where_a_region_is_asked(acting: Acting) -> None:
    path = f"/v1/organisations/{(await acting.organisation())['id']}/funding"
    answer = await acting.get(f"{path}?region_code=59")
    assert (answer.status_code, answer.json()["code"]) == (422, "facts-refused")
    assert [(one["in"], one["pointer"]) for one in answer.json()["errors"]] == [
        ("query", "/region_code")
    ]
    assert (await acting.get(f"{path}?region_code=11")).status_code == 200


async def test_funding_is_its_tenants(
    acting: Acting, stranger: Acting, as_client: AsClient
) -> None:
    path = f"/v1/organisations/{(await acting.organisation())['id']}/funding"
    assert (await stranger.get(path)).status_code == 404
    assert (await public(acting, path)).status_code == 401
    nothing = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:fund"}))
    assert (await nothing.get(path)).status_code == 403
