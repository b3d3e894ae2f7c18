"""Pooling over HTTP: opt-in, what each may see, and out at once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.market import BEST, WORST
from tests.diagnostic.seating import moved, seats

YES = {"terms": "1", "questionnaire": "MINI-IA"}
TENANTS = ("strong", "weak", "silent")


@dataclass(frozen=True)
class Week:
    """A cohort of the Medef with one company of each of three tenants."""

    path: str
    clients: Mapping[str, Acting]
    companies: Mapping[str, str]
    names: Mapping[str, str]
    assessments: Mapping[str, str]

    async def join(
        self, who: str, tag: str = '"0"', by: Acting | None = None, **said: object
    ) -> httpx.Response:
        caller = by or self.clients[who]
        return await caller.send("PUT", f"{self.path}/{self.companies[who]}", YES | said, tag)

    async def leave(self, who: str) -> None:
        answer = await self.clients[who].send("DELETE", f"{self.path}/{self.companies[who]}", None)
        assert answer.status_code == 204, answer.text

    async def seen(self, caller: Acting, **headers: str) -> dict[str, Any]:
        answer = await caller.get(self.path, **headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture
async def week(acting: Acting, as_client: AsClient, mini_ia: dict[str, Any]) -> Week:
    cohort = await acting.cohort()
    clients, companies, names, assessments = {}, {}, {}, {}
    for name, values in zip(TENANTS, (BEST, WORST, BEST), strict=True):
        scopes = {"diagnostic:read", "diagnostic:write"}
        headers = as_client("diagnostic", tenant=f"{name}-{cohort['code']}", scopes=scopes)
        one = Acting(acting.http, headers)
        company = await one.organisation(name=f"Société {name} {cohort['code'][-4:]}")
        seat = {"organisation_id": company["id"]}
        taken = await one.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)
        assert taken.status_code == 201, taken.text
        done = await one.submitted(values, organisation_id=company["id"], cohort_id=cohort["id"])
        clients[name], companies[name], names[name] = one, company["id"], company["name"]
        assessments[name] = done["id"]
    return Week(f"/v1/cohorts/{cohort['id']}/pooling", clients, companies, names, assessments)


def told(body: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (one["helper"]["name"], one["asker"]["name"], one["dimension"]["code"])
        for one in body["matches"]
    }


async def test_two_that_said_yes_are_matched_and_the_third_appears_nowhere(
    acting: Acting, week: Week
) -> None:
    assert (await week.join("strong")).status_code == 200
    assert (await week.join("weak")).status_code == 200
    strong, weak = week.names["strong"], week.names["weak"]
    expected = {(strong, weak, "DATA"), (strong, weak, "SKILL")}  # it helps twice at most
    for caller in (acting, week.clients["strong"], week.clients["weak"]):
        body = await week.seen(caller)
        assert told(body) == expected
        assert {one["strength"] for one in body["matches"]} == {"strong"}
        assert week.names["silent"] not in str(body)
        assert "score" not in str(body["matches"])
    mine = await week.seen(week.clients["weak"], **{"accept-language": "en"})
    assert (mine["view"], mine["is_in"]) == ("participant", True)
    assert [one["name"] for one in mine["companies"]] == [weak]
    assert {one["helper"]["organisation_id"] for one in mine["matches"]} == {None}
    assert {one["asker"]["organisation_id"] for one in mine["matches"]} == {week.companies["weak"]}
    assert mine["matches"][0]["reason"].startswith(f"The assessments show that {strong}")
    assert [one["dimension"]["code"] for one in mine["unmet"]] == ["STR"]
    assert (await week.seen(week.clients["strong"]))["unmet"] == []
    whole = await week.seen(acting)
    assert (whole["view"], len(whole["companies"])) == ("facilitator", 2)
    assert {one["organisation_id"] for one in whole["companies"]} == {
        week.companies["strong"],
        week.companies["weak"],
    }
    assert mine["rules"] == {"gap": 20, "helps_from": 50, "strong_from": 75, "asks_below": 50}


async def test_who_has_not_said_yes_sees_nobody(week: Week, stranger: Acting) -> None:
    for name in ("strong", "weak"):
        assert (await week.join(name)).status_code == 200
    body = await week.seen(week.clients["silent"])
    assert (body["is_in"], body["companies"], body["matches"], body["unmet"]) == (
        False, [], [], [],
    )  # fmt: skip
    assert (await stranger.get(week.path)).status_code == 404  # has no seat there
    assert (await stranger.get(week.path)).json()["code"] == "cohort-unknown"


async def test_out_is_at_once_and_needs_no_tag(acting: Acting, week: Week) -> None:
    for name in ("strong", "weak"):
        assert (await week.join(name)).status_code == 200
    await week.leave("strong")
    await week.leave("strong")  # again is the same
    for caller in (acting, week.clients["weak"]):
        body = await week.seen(caller)
        assert body["matches"] == []
        assert week.names["strong"] not in str(body)
    assert (await week.seen(week.clients["strong"]))["is_in"] is False
    path = f"{week.path}/{week.companies['strong']}"
    said = (await week.clients["strong"].get(path)).json()
    assert (said["is_in"], said["version"], said["offers"]) == (False, 2, None)
    assert said["consented_at"] <= said["withdrawn_at"]
    assert (await week.join("strong", '"2"')).json()["withdrawn_at"] is None
    assert (await week.seen(acting))["matches"] != []


async def test_the_consent_has_its_terms_its_day_and_its_trace(
    week: Week, sql: asyncpg.Connection
) -> None:
    path = f"{week.path}/{week.companies['weak']}"
    before = await week.clients["weak"].get(path)
    assert (before.headers["etag"], before.json()["consented_at"]) == ('"0"', None)
    assert before.json()["terms_text"].startswith("Les entreprises de la cohorte")
    answer = await week.join("weak", asks=["DATA"], offers=[], most_helped=0)
    body = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert (body["terms"], body["asks"], body["offers"], body["most_helped"]) == (
        "1", ["DATA"], [], 0,
    )  # fmt: skip
    assert body["consented_at"] is not None
    changed = await week.join("weak", '"1"', asks=["STR"])
    assert changed.json()["consented_at"] == body["consented_at"]
    await week.leave("weak")
    rows = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1 AND action LIKE '%pooling'"
        " ORDER BY id",
        week.companies["weak"],
    )
    assert [row["action"] for row in rows] == ["join_pooling", "change_pooling", "leave_pooling"]


async def test_what_is_offered_and_asked_is_matched_in_words_that_say_so(week: Week) -> None:
    assert (await week.join("weak", offers=["SKILL"], asks=["DATA"])).status_code == 200
    assert (await week.join("silent", offers=["DATA"], asks=["SKILL"])).status_code == 200
    body = await week.seen(week.clients["weak"])
    weak, silent = week.names["weak"], week.names["silent"]
    assert told(body) == {(weak, silent, "SKILL"), (silent, weak, "DATA")}
    strengths = {one["dimension"]["code"]: one["strength"] for one in body["matches"]}
    assert strengths == {"SKILL": "offered", "DATA": "strong"}
    reasons = {one["dimension"]["code"]: one["reason"] for one in body["matches"]}
    assert reasons["DATA"] == f"{weak} demande de l’aide sur « Données », que {silent} propose."


async def test_only_a_company_of_yours_with_a_seat_can_join(
    acting: Acting, week: Week, stranger: Acting, onlooker: Acting
) -> None:
    nobody = Acting(acting.http, {})
    for caller, status in ((acting, 404), (stranger, 404), (onlooker, 403), (nobody, 401)):
        assert (await week.join("weak", by=caller)).status_code == status
        path = f"{week.path}/{week.companies['weak']}"
        assert (await caller.send("DELETE", path, None)).status_code == status
    assert (await acting.get(f"{week.path}/{week.companies['weak']}")).status_code == 404
    seatless = await stranger.organisation()
    path = f"{week.path}/{seatless['id']}"
    refused = await stranger.send("PUT", path, YES, '"0"')
    assert (refused.status_code, refused.json()["code"]) == (409, "no-seat")
    nowhere = f"/v1/cohorts/{seatless['id']}/pooling/{seatless['id']}"
    unknown = await stranger.send("PUT", nowhere, YES, '"0"')
    assert (unknown.status_code, unknown.json()["code"]) == (404, "cohort-unknown")
    assert (await nobody.get(week.path)).status_code == 401


async def test_a_word_says_which_one_it_replaces(week: Week) -> None:
    path = f"{week.path}/{week.companies['weak']}"
    assert (await week.clients["weak"].send("PUT", path, YES)).status_code == 428
    assert (await week.join("weak", '"1"')).status_code == 412
    answers = await asyncio.gather(*(week.join("weak") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412, 412]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"terms": "0", "most_helped": 11, "offers": ["x"], "asks": ["DATA", "DATA"]},
            {
                "/terms": "literal-error",
                "/most_helped": "less-than-equal",
                "/offers/0": "string-pattern-mismatch",
                "/asks": "dimension-repeated",
            },
        ),
        (
            {"offers": ["DATA", "NONE"], "asks": ["NADA"]},
            {"/offers/1": "dimension-unknown", "/asks/0": "dimension-unknown"},
        ),
        ({"scores": {"DATA": 100}}, {"/scores": "extra-forbidden"}),
    ],
)
async def test_what_cannot_be_is_refused_with_all_its_faults(
    week: Week, said: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = await week.join("weak", **said)
    assert (answer.status_code, faults(answer)) == (422, expected)
    no_grid = await week.join("weak", questionnaire="NO-GRID")
    assert (no_grid.status_code, no_grid.json()["code"]) == (404, "questionnaire-unknown")
    path = f"{week.path}/{week.companies['weak']}"
    assert (await week.clients["weak"].get(path)).json()["version"] == 0


async def test_a_company_that_is_erased_or_a_cohort_called_off_leaves_nobody_behind(
    acting: Acting, week: Week, as_client: AsClient
) -> None:
    for name in ("strong", "weak"):
        assert (await week.join(name)).status_code == 200
    cohort = week.path.removesuffix("/pooling")
    code = (await acting.get(cohort)).json()["code"]
    owner = Acting(acting.http, as_client("diagnostic", tenant=f"strong-{code}"))
    path = f"/v1/organisations/{week.companies['strong']}"
    tag = (await owner.get(path)).headers["etag"]
    assert (await owner.post(f"{path}/erase", None, **{"if-match": tag})).status_code == 200
    body = await week.seen(acting)
    assert (body["matches"], [one["name"] for one in body["companies"]]) == (
        [],
        [week.names["weak"]],
    )
    cancelled = await acting.post(f"{cohort}/cancel")
    assert cancelled.status_code == 200
    assert (await week.seen(acting))["companies"] == []


async def test_who_gives_its_seat_up_is_asked_anew_when_it_comes_back(
    acting: Acting, week: Week
) -> None:
    for name in ("strong", "weak"):
        assert (await week.join(name, asks=["DATA"])).status_code == 200
    weak, company = week.clients["weak"], week.companies["weak"]
    cohort = (await acting.get(week.path.removesuffix("/pooling"))).json()
    (seat,) = (await weak.get(seats(cohort))).json()["items"]
    assert (await moved(weak, seat, "cancel"))[0] == 200
    said = (await weak.get(f"{week.path}/{company}")).json()
    assert (said["is_in"], said["asks"], said["version"]) == (False, None, 2)
    assert (await weak.post(seats(cohort), {"organisation_id": company})).status_code == 201
    assert (await week.seen(weak))["is_in"] is False
    assert [one["name"] for one in (await week.seen(acting))["companies"]] == [week.names["strong"]]
    assert (await week.join("weak", '"2"')).status_code == 200
    assert len((await week.seen(acting))["companies"]) == 2


async def test_a_cofacilitator_sees_all_proposals_and_nothing_of_who_did_not_come(
    acting: Acting, week: Week, as_client: AsClient, sql: asyncpg.Connection
) -> None:
    for name in ("strong", "weak"):
        assert (await week.join(name)).status_code == 200
    path = week.path.removesuffix("/pooling")
    scopes = {"diagnostic:read", "diagnostic:facilitate"}
    beside = Acting(acting.http, as_client("diagnostic", tenant="cci-lille", scopes=scopes))
    assert (await beside.get(week.path)).status_code == 404
    await acting.send("PATCH", path, {"co_facilitators": ["cci-lille"]}, "*")
    assert await week.seen(beside) == await week.seen(acting)
    assert (await week.seen(beside))["view"] == "facilitator"
    await sql.execute(
        "UPDATE diagnostic.enrolment SET status = 'no_show' WHERE organisation_id = $1::uuid",
        week.companies["strong"],
    )
    assert [one["name"] for one in (await week.seen(beside))["companies"]] == [week.names["weak"]]
