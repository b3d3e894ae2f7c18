"""Respondents over HTTP: who may be invited, what is known of them, and who sees it."""

import asyncio
import secrets
from typing import Any

import asyncpg
import pytest

from diagnostic.respondents.service import MOST, MOST_EVER
from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.people import invited, person

pytestmark = pytest.mark.usefixtures("mini_ia")


async def test_a_respondent_is_invited_with_sections_and_a_weight(acting: Acting) -> None:
    started = await acting.assessment()
    body = person(sections=["STR", "DATA"], weight=2)
    path = f"/v1/assessments/{started['id']}/respondents"

    response = await acting.post(path, body)

    found = response.json()
    assert response.status_code == 201, found
    assert response.headers["location"] == f"{path}/{found['id']}"
    assert {name: found[name] for name in body} == body
    assert (found["status"], found["version"], found["erased_at"]) == ("invited", 1, None)
    again = await acting.get(response.headers["location"])
    assert (again.json(), again.headers["etag"]) == (found, '"1"')


async def test_only_a_name_is_needed(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/respondents"
    found = (await acting.post(path, {"name": "Paul"})).json()
    assert (found["email"], found["role"], found["sections"], found["weight"]) == (
        None,
        None,
        None,
        1,
    )
    assert (await acting.post(path, {"name": "Paul"})).status_code == 201  # a namesake


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": " "}, {"/name": "text-padded"}),
        ({"name": "A\u202eB"}, {"/name": "text-unseen"}),
        ({"name": "A" * 201}, {"/name": "string-too-long"}),
        ({"role": "B" * 121}, {"/role": "string-too-long"}),
        ({"role": "B\nC"}, {"/role": "text-unseen"}),
        ({"email": "anne"}, {"/email": "email-invalid"}),
        ({"email": "anne@localhost"}, {"/email": "email-invalid"}),
        ({"email": "anne@a..fr"}, {"/email": "email-invalid"}),
        ({"email": "anne@exemple.fr\n"}, {"/email": "email-invalid"}),
        ({"email": "é@exemple.fr"}, {"/email": "email-invalid"}),
        ({"email": f"{'a' * 65}@exemple.fr"}, {"/email": "email-invalid"}),
        ({"sections": []}, {"/sections": "too-short"}),
        ({"sections": ["STR", "STR"]}, {"/sections": "duplicate"}),
        ({"sections": ["STR", "NOPE"]}, {"/sections/1": "dimension-unknown"}),
        ({"sections": "STR"}, {"/sections": "list-type"}),
        ({"weight": 0}, {"/weight": "greater-than-equal"}),
        ({"weight": 11}, {"/weight": "less-than-equal"}),
        ({"weight": True}, {"/weight": "int-type"}),
        ({"weight": None}, {"/weight": "int-type"}),
        (
            {"name": None, "email": 3, "status": "done"},
            {"/name": "string-type", "/email": "string-type", "/status": "extra-forbidden"},
        ),
    ],
)
async def test_what_cannot_be_a_respondent_is_refused_and_not_stored(
    acting: Acting, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/respondents"

    response = await acting.post(path, person(**fields))

    assert (response.status_code, faults(response)) == (422, expected)
    assert (await acting.get(path)).json()["items"] == []
    found = await invited(acting, started)
    where = f"{path}/{found['id']}"
    changed = await acting.send("PATCH", where, fields, '"1"')
    assert (changed.status_code, faults(changed)) == (422, expected)
    assert (await acting.get(where)).json() == found


async def test_a_respondent_is_changed_field_by_field(acting: Acting) -> None:
    started = await acting.assessment()
    found = await invited(acting, started)
    other = await invited(acting, started)
    path = f"/v1/assessments/{started['id']}/respondents/{found['id']}"

    without = await acting.send("PATCH", path, {"weight": 3})
    changed = await acting.send("PATCH", path, {"sections": None, "role": "DG"}, '"1"')
    stale = await acting.send("PATCH", path, {"weight": 3}, '"1"')
    taken = await acting.send("PATCH", path, {"email": other["email"]}, '"2"')
    same = await acting.send("PATCH", path, {"email": found["email"]}, '"2"')

    assert without.status_code == 428
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"2"'
    assert changed.json() == found | {"sections": None, "role": "DG", "version": 2}
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert (taken.status_code, taken.json()["code"]) == (409, "respondent-exists")
    assert (same.status_code, same.json()["version"]) == (200, 3)


async def test_an_address_is_invited_once_per_diagnostic_whoever_is_faster(acting: Acting) -> None:
    started, body = await acting.assessment(), person()
    path = f"/v1/assessments/{started['id']}/respondents"

    answers = await asyncio.gather(*(acting.post(path, body) for _ in range(6)))

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {
        "respondent-exists"
    }
    other = await acting.assessment()
    assert (await acting.post(f"/v1/assessments/{other['id']}/respondents", body)).is_success


async def test_an_invitation_sent_twice_with_one_key_invites_once(acting: Acting) -> None:
    started, body, key = await acting.assessment(), person(), secrets.token_hex(8)
    path = f"/v1/assessments/{started['id']}/respondents"

    first = await acting.post(path, body, **{"idempotency-key": key})
    again = await acting.post(path, body, **{"idempotency-key": key})
    other = await acting.post(path, person(), **{"idempotency-key": key})

    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_diagnostic_has_at_most_fifty_respondents(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/respondents"
    await sql.execute(
        "INSERT INTO diagnostic.respondent"
        " (id, tenant, assessment_id, pseudonym, name, weight, status, version)"
        " SELECT gen_random_uuid(), 'medef-hdf', $1::uuid, gen_random_uuid(), 'Anne ' || n, 1,"
        " 'invited', 1 FROM generate_series(3, $2) n",
        started["id"],
        MOST,
    )

    answers = await asyncio.gather(*(acting.post(path, person()) for _ in range(5)))

    refused = [one for one in answers if one.status_code != 201]
    assert {one.json()["code"] for one in refused} == {"respondents-full"}
    listed = (await acting.get(f"{path}?limit=200&count=true")).json()
    assert (len(listed["items"]), listed["total"], len(refused)) == (MOST, MOST, 3)
    first = (await acting.get(f"{path}?limit=20")).json()
    rest = (await acting.get(f"{path}?limit=200&after={first['next']}")).json()
    assert first["items"] + rest["items"] == listed["items"]


async def test_the_erased_make_room_up_to_a_bound(acting: Acting, sql: asyncpg.Connection) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/respondents"
    await sql.execute(
        "INSERT INTO diagnostic.respondent"
        " (id, tenant, assessment_id, pseudonym, weight, status, version, erased_at)"
        " SELECT gen_random_uuid(), 'medef-hdf', $1::uuid, gen_random_uuid(), 1, 'erased', 2, now()"
        " FROM generate_series(2, $2)",
        started["id"],
        MOST_EVER,
    )
    last, beyond = await acting.post(path, person()), await acting.post(path, person())
    assert (last.status_code, beyond.status_code) == (201, 409)
    assert beyond.json()["code"] == "respondents-full"


async def test_a_submitted_diagnostic_takes_no_respondent_but_corrections(acting: Acting) -> None:
    started = await acting.assessment()
    found = await invited(acting, started)
    await acting.answer_all(started["id"], BASE)
    await acting.post(f"/v1/assessments/{started['id']}/submit")
    path = f"/v1/assessments/{started['id']}/respondents"

    late = await acting.post(path, person())
    corrected = await acting.send("PATCH", f"{path}/{found['id']}", {"name": "Anne Le"}, '"1"')

    assert (late.status_code, late.json()["code"]) == (409, "assessment-closed")
    assert (corrected.status_code, corrected.json()["name"]) == (200, "Anne Le")


async def test_respondents_are_seen_by_their_own_tenant_and_with_the_scope(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    started, elsewhere = await acting.assessment(), await acting.assessment()
    found = await invited(acting, started)
    path = f"/v1/assessments/{started['id']}/respondents"
    where = f"{path}/{found['id']}"
    nobody = Acting(acting.http, {})

    assert (await nobody.post(path, person())).status_code == 401
    assert (await nobody.send("PATCH", where, {"weight": 3}, '"1"')).status_code == 401
    assert (await onlooker.post(path, person())).status_code == 403
    assert (await onlooker.send("PATCH", where, {"weight": 3}, '"1"')).status_code == 403
    assert (await onlooker.get(where)).json() == found
    for refused in (
        await stranger.post(path, person()),
        await stranger.get(path),
        await stranger.get(where),
        await stranger.send("PATCH", where, {"weight": 3}, '"1"'),
        await acting.get(f"/v1/assessments/{elsewhere['id']}/respondents/{found['id']}"),
    ):
        assert refused.status_code == 404
    assert (await acting.get(where)).json() == found


async def test_a_row_is_named_until_it_is_erased(acting: Acting, sql: asyncpg.Connection) -> None:
    started = await acting.assessment()
    found = await invited(acting, started)
    path = f"/v1/assessments/{started['id']}/respondents/{found['id']}"
    for half in ("name = NULL", "status = 'erased'", "erased_at = now()"):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute(
                f"UPDATE diagnostic.respondent SET {half} WHERE id = $1::uuid", found["id"]
            )
    await sql.execute(
        "UPDATE diagnostic.respondent SET status = 'erased', erased_at = now(), name = NULL,"
        " email = NULL, role = NULL, version = version + 1 WHERE id = $1::uuid",
        found["id"],
    )

    read = await acting.get(path)
    late = await acting.send("PATCH", path, {"name": "Anne"}, '"2"')

    assert (read.json()["name"], read.json()["status"]) == (None, "erased")
    assert read.json()["pseudonym"] == found["pseudonym"]
    assert (late.status_code, late.json()["code"]) == (409, "respondent-erased")
