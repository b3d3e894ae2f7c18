"""A certification leaves by a person's deed, with a tombstone that says why (C11, F3)."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.conftest import AsClient
from tests.training.conftest import Enter
from tests.training.importing import Importer, fiche, flux
from tests.training.test_feed import Follower, compare

REASON = "Radiée par décision du directeur général."
NUMBERS = [f"RS{number}" for number in range(92_100, 92_120)]
LOST = NUMBERS[0]
NEW = (
    "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>RS92101"
    "</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
)


def directory(*numbers: str) -> bytes:
    more = {LOST: {"NOUVELLES_CERTIFICATIONS": NEW}}
    return flux(*(fiche(number, **more.get(number, {})) for number in numbers))


async def lose(partner: Importer, days: int = 30) -> None:
    """Have the directory lack one certification since so many days."""
    await partner.send(directory(*NUMBERS))
    assert (await partner.send(directory(*NUMBERS[1:]))).count("absent") == 1
    await partner.rows(
        "UPDATE training.certification SET absent_since = now() - make_interval(days => $2)"
        " WHERE code = $1",
        LOST,
        days,
    )


async def withdraw(
    partner: Importer, number: str = LOST, *, reason: Any = REASON, **headers: str
) -> httpx.Response:
    if "if-match" not in headers:
        shown = await partner.client.get(f"/v1/certifications/{number}")
        headers = {"if-match": shown.headers.get("etag", "*"), **headers}
    return await partner.client.post(
        f"/v1/certifications/{number}/withdraw", json={"reason": reason}, headers=headers
    )


async def test_what_was_withdrawn_is_gone_and_its_follower_knows_why(partner: Importer) -> None:
    await lose(partner)
    follower = Follower()
    await follower.follow(partner)
    done = await withdraw(partner)
    assert done.status_code == 200, done.text
    assert (done.json()["number"], done.json()["reason"]) == (LOST, REASON)
    for tail in ("", "/blocs", "/description", "/habilitations?siret=11004301500012", "?fields=id"):
        gone = await partner.client.get(f"/v1/certifications/{LOST}{tail}")
        assert (gone.status_code, gone.json()["code"]) == (410, "certification-withdrawn")
        assert "RS92101" in gone.json()["detail"]
        assert REASON in gone.json()["detail"]
    goes_on = (await partner.client.get(f"/v1/certifications/{LOST}/continuity")).json()
    assert goes_on["enrol_in"] == ["RS92101"]
    listed = await partner.client.get(
        "/v1/certifications", params={"numbers": f"{LOST},RS92101", "count": "true"}
    )
    assert [one["number"] for one in listed.json()["items"]] == ["RS92101"]
    assert listed.json()["total"] == 1
    await follower.follow(partner)
    assert follower.gone == {LOST: done.json()}
    await compare(partner, follower)
    assert (await withdraw(partner)).status_code == 410


async def test_the_directory_brings_back_what_was_withdrawn(partner: Importer) -> None:
    await lose(partner)
    assert (await withdraw(partner)).status_code == 200
    assert (await partner.send(directory(*NUMBERS[1:]))).count("absent") == 0
    assert (await partner.send(directory(*NUMBERS))).count("restored") == 1
    assert (await partner.client.get(f"/v1/certifications/{LOST}")).status_code == 200
    follower = Follower()
    await follower.follow(partner)
    assert follower.gone == {}
    await compare(partner, follower)


@pytest.mark.parametrize("days", [0, 28])
async def test_c11_what_is_absent_for_less_than_a_month_stays(partner: Importer, days: int) -> None:
    await lose(partner, days)
    changes = await partner.changes()
    refused = await withdraw(partner)
    assert (refused.status_code, refused.json()["code"]) == (409, "certification-not-absent")
    there = await withdraw(partner, NUMBERS[1])
    assert (there.status_code, there.json()["code"]) == (409, "certification-not-absent")
    assert await partner.changes() == changes


async def test_a_withdrawal_names_the_version_that_it_means(partner: Importer) -> None:
    await lose(partner)
    path = f"/v1/certifications/{LOST}/withdraw"
    missing = await partner.client.post(path, json={"reason": REASON})
    assert (missing.status_code, missing.json()["code"]) == (428, "if-match-required")
    current = (await partner.client.get(f"/v1/certifications/{LOST}")).headers["etag"]
    for tag in ('"x"', f"W/{current}"):  # E2: the comparison is strong
        stale = await withdraw(partner, **{"if-match": tag})
        assert (stale.status_code, stale.headers["etag"]) == (412, current)
    unknown = await withdraw(partner, "RS1", **{"if-match": "*"})
    assert unknown.status_code == 404


async def test_a_withdrawal_sent_twice_with_its_key_is_one(partner: Importer) -> None:
    await lose(partner)
    tag = (await partner.client.get(f"/v1/certifications/{LOST}")).headers["etag"]
    headers = {"if-match": tag, "idempotency-key": str(uuid.uuid4())}
    first = await withdraw(partner, **headers)
    again = await withdraw(partner, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    tombstones = [one for one in await partner.changes() if one["kind"] == "deleted"]
    assert len(tombstones) == 1
    other = await withdraw(partner, reason="Une tout autre raison.", **headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("reason", ["", "  trop   ", "x" * 501, None, "a\x00bcdefghijkl"])
async def test_a_withdrawal_gives_a_reason_that_can_be_read(partner: Importer, reason: Any) -> None:
    refused = await withdraw(partner, "RS7423", reason=reason)
    assert refused.status_code == 422


async def test_only_who_imports_may_withdraw(
    training: httpx.AsyncClient, enter: Enter, as_client: AsClient
) -> None:
    path = f"/v1/certifications/{await enter()}/withdraw"
    body = {"reason": REASON}
    tag = {"if-match": "*"}
    nobody = await training.post(path, headers=tag, json=body)
    assert nobody.status_code == 401
    reader = as_client("training", scopes=["training:feed"])
    refused = await training.post(path, headers=tag | reader, json=body)
    assert refused.status_code == 403


async def test_e1_of_two_withdrawals_with_the_same_tag_one_succeeds(partner: Importer) -> None:
    numbers = [f"RS{number}" for number in range(92_200, 92_300)]
    await partner.send(flux(*map(fiche, numbers)))
    await partner.rows(
        "UPDATE training.certification SET absent_since = now() - interval '40 days'"
        " WHERE code = ANY($1)",
        numbers,
    )
    for number in numbers:
        tag = (await partner.client.get(f"/v1/certifications/{number}")).headers["etag"]
        both = await asyncio.gather(
            *(withdraw(partner, number, **{"if-match": tag}) for _ in range(2))
        )
        assert sorted(one.status_code for one in both) == [200, 410]
    tombstones = [one["entity_id"] for one in await partner.changes() if one["kind"] == "deleted"]
    assert sorted(tombstones) == numbers
    trail = (await partner.client.get("/v1/audit-events?limit=200")).json()["items"]
    assert sum(one["action"] == "withdraw_certification" for one in trail) == 100
