"""Invitations to cohorts over HTTP: made, opened, accepted once, refused, revoked."""

import asyncio
import secrets
from typing import Any

import asyncpg
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults, siren
from tests.diagnostic.seating import step


async def invited(acting: Acting, cohort: dict[str, Any], *sirens: str) -> list[dict[str, Any]]:
    answer = await acting.post(f"/v1/cohorts/{cohort['id']}/invitations", {"sirens": sirens})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def answered(
    acting: Acting, made: dict[str, Any], company: dict[str, Any], verb: str = "accept"
) -> tuple[int, dict[str, Any]]:
    path = f"/v1/invitations/{made['token']}/{verb}"
    answer = await acting.post(path, {"organisation_id": company["id"]})
    return answer.status_code, answer.json()


async def test_an_invited_company_opens_its_link_and_takes_its_seat_once(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    cohort, company = await acting.cohort(), await stranger.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()["seats_taken"] == 0

    opened = (await stranger.get(f"/v1/invitations/{made['token']}")).json()
    assert (opened["status"], opened["cohort_id"]) == ("sent", cohort["id"])
    assert company["siren"] not in str(opened)
    clicks = await asyncio.gather(*(answered(stranger, made, company) for _ in range(4)))

    assert {status for status, _ in clicks} == {200}
    assert {(one["id"], one["seat_no"]) for _, one in clicks} == {(clicks[0][1]["id"], 1)}
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()["seats_taken"] == 1
    stored = await sql.fetchrow("SELECT * FROM diagnostic.invitation WHERE id = $1", made["id"])
    assert made["token"] not in str(stored)
    deeds = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1 ORDER BY id", made["id"]
    )
    assert [one["action"] for one in deeds] == ["invite", "open", "accepted"]


async def test_a_batch_gives_a_result_per_line_and_no_second_link(acting: Acting) -> None:
    cohort = await acting.cohort(status="planned")
    numbers = [siren() for _ in range(3)]
    first = await invited(acting, cohort, *numbers, numbers[0])
    again = await invited(acting, cohort, numbers[1])
    outcomes = [(one["siren"], one["outcome"]) for one in first]
    assert outcomes == [
        *((number, "invited") for number in numbers),
        (numbers[0], "already_invited"),
    ]
    assert (again[0]["outcome"], again[0]["token"], again[0]["id"]) == (
        "already_invited",
        None,
        first[1]["id"],
    )
    path = f"/v1/cohorts/{cohort['id']}/invitations"
    listed = (await acting.get(f"{path}?limit=2&count=true")).json()
    rest = (await acting.get(f"{path}?limit=2&after={listed['next']}")).json()
    assert (listed["total"], len(listed["items"] + rest["items"])) == (3, 3)
    assert "token" not in listed["items"][0]


@pytest.mark.parametrize("state", ["expired", "revoked", "declined"])
async def test_a_link_that_is_over_says_so_and_does_nothing(
    acting: Acting, sql: asyncpg.Connection, state: str
) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    path = f"/v1/cohorts/{cohort['id']}/invitations/{made['id']}/revoke"
    if state == "expired":
        await sql.execute(
            "UPDATE diagnostic.invitation SET created_at = now() - interval '2 days',"
            " expires_at = now() - interval '1 day' WHERE id = $1",
            made["id"],
        )
    elif state == "revoked":
        assert [(await acting.post(path)).status_code for _ in range(2)] == [200, 200]
    else:
        for _ in range(2):
            assert (await answered(acting, made, company, "decline"))[1]["status"] == "declined"
        assert (await acting.post(path)).json()["code"] == "invitation-over"

    status, refused = await answered(acting, made, company)

    assert (status, refused["code"]) == (409, "invitation-over")
    assert f"«\u00a0{state}\u00a0»" in refused["detail"]
    assert (await acting.get(f"/v1/invitations/{made['token']}")).json()["status"] == state
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()["seats_taken"] == 0
    [anew] = await invited(acting, cohort, company["siren"])
    assert (await answered(acting, anew, company))[0] == 200


async def test_a_link_is_replayed_in_vain_once_the_seat_was_given_up(acting: Acting) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    _, seat = await answered(acting, made, company)
    path = f"/v1/cohorts/{cohort['id']}/enrolments/{seat['id']}/cancel"
    assert (await acting.send("POST", path, None, "*")).status_code == 200
    status, refused = await answered(acting, made, company)
    assert (status, refused["code"]) == (409, "invitation-over")
    assert (await answered(acting, made, company, "decline"))[0] == 409


async def test_a_link_serves_only_the_company_it_invites(acting: Acting, stranger: Acting) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    another = await stranger.organisation()
    for verb in ("accept", "decline"):
        status, refused = await answered(stranger, made, another, verb)
        assert (status, refused["code"]) == (404, "invitation-unknown")
        status, refused = await answered(stranger, made, company, verb)
        assert (status, refused["code"]) == (404, "organisation-unknown")
    for token in (made["token"][::-1], made["token"][:-2] + "AA", made["token"] + "x", "é"):
        forged = {**made, "token": token}
        assert (await answered(acting, forged, company))[1]["code"] == "invitation-unknown"
        assert (await acting.get(f"/v1/invitations/{token}")).status_code == 404


async def test_a_refused_enrolment_leaves_the_invitation_as_it_was(acting: Acting) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    await step(acting, cohort, "close")
    status, refused = await answered(acting, made, company)
    assert (status, refused["code"]) == (409, "cohort-not-open")
    assert (await acting.get(f"/v1/invitations/{made['token']}")).json()["status"] == "sent"
    await step(acting, cohort, "cancel")
    late = await acting.post(
        f"/v1/cohorts/{cohort['id']}/invitations", {"sirens": [company["siren"]]}
    )
    assert (late.status_code, late.json()["code"]) == (409, "cohort-not-open")


async def test_a_company_that_enrolled_itself_keeps_its_seat(acting: Acting) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    body = {"organisation_id": company["id"]}
    seat = (await acting.post(f"/v1/cohorts/{cohort['id']}/enrolments", body)).json()
    assert (await answered(acting, made, company))[1]["id"] == seat["id"]
    assert (await acting.get(f"/v1/invitations/{made['token']}")).json()["status"] == "accepted"


async def test_inviting_wants_the_facilitator_and_sound_numbers(
    acting: Acting, stranger: Acting, onlooker: Acting, as_client: AsClient
) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}/invitations"
    [made] = await invited(acting, cohort, siren())
    nobody = Acting(acting.http, as_client("diagnostic", client="", tenant="", scopes=set()))
    body = {"sirens": [siren()]}
    for who, status in ((nobody, 401), (onlooker, 403), (stranger, 404)):
        assert (await who.post(path, body)).status_code == status
        assert (await who.get(path)).status_code == status
        assert (await who.post(f"{path}/{made['id']}/revoke")).status_code == status
    gone = f"{path}/{cohort['id']}/revoke"
    assert (await acting.post(gone)).json()["code"] == "invitation-unknown"
    odd = await acting.post(path, {"sirens": ["732829321"], "days": 61, "email": "a@b.fr"})
    assert faults(odd) == {
        "/sirens/0": "siren-invalid",
        "/days": "less-than-equal",
        "/email": "extra-forbidden",
    }
    many = await acting.post(path, {"sirens": [siren()] * 61})
    assert faults(many) == {"/sirens": "too-long"}


async def test_a_token_that_we_did_not_sign_is_looked_up_by_nobody(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort, company = await acting.cohort(), await acting.organisation()
    [made] = await invited(acting, cohort, company["siren"])
    random = secrets.token_urlsafe(48)
    await sql.execute(
        "UPDATE diagnostic.invitation SET digest = sha256($1) WHERE id = $2::uuid",
        random.encode(),
        made["id"],
    )
    status, refused = await answered(acting, {"token": random}, company)
    assert (status, refused["code"]) == (404, "invitation-unknown")
