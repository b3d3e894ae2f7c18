"""Who did what is written with the deed, and nothing is kept without end (M12)."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from platformkit.app import do_chores
from tests import harness
from tests.harness import as_client
from tests.training.importing import Importer, fiche, flux
from tests.training.offering import formation, lheo
from tests.training.test_withdrawals import LOST, lose, withdraw
from training.audit.schemas import AuditEventRead
from training.imports import retention, service
from training.settings import Settings

TRAIL = "/v1/audit-events"
SETTINGS = Settings.model_validate({"database_url": "", "secret_key": "", "trusted_issuers": {}})


async def trail(partner: Importer, **asked: Any) -> list[dict[str, Any]]:
    answer = await partner.client.get(TRAIL, params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    for item in items:
        assert AuditEventRead.model_validate(item).model_dump(mode="json").keys() == item.keys()
    return items


async def test_imports_and_withdrawals_are_in_the_trail_of_their_organisation(
    partner: Importer,
) -> None:
    await lose(partner)
    assert (await withdraw(partner)).status_code == 200
    last, *starts = await trail(partner)
    assert (last["action"], last["entity"], last["entity_id"]) == (
        "withdraw_certification",
        "certification",
        LOST,
    )
    assert [one["action"] for one in starts] == ["start_import"] * 2
    runs = (await partner.client.get("/v1/imports")).json()["items"]
    assert [one["entity_id"] for one in starts] == [run["id"] for run in runs]
    assert starts[0]["detail"] == f"rncp atomic sha256:{runs[0]['sha256']}"
    first = (await partner.client.get(TRAIL, params={"limit": 1, "count": True})).json()
    assert (len(first["items"]), first["total"]) == (1, 3)
    following = await trail(partner, after=first["next"])
    assert [one["id"] for one in following] == [one["id"] for one in starts]
    assert await trail(partner, action="withdraw_certification") == [last]
    assert await trail(partner, entity_id=LOST) == [last]
    other = as_client("training", tenant="another")
    seen = await partner.client.get(TRAIL, headers=other)
    assert seen.json()["items"] == []


async def test_a_deed_that_was_refused_is_in_no_trail(partner: Importer) -> None:
    key = {"idempotency-key": "one"}
    data = flux(fiche("RS92001"))
    for headers in (key, key):
        assert (await partner.post(data, headers=headers)).status_code == 202
    assert (await withdraw(partner, "RS7423")).status_code == 409
    assert len(await trail(partner)) == 1


async def test_the_trail_is_read_with_a_scope_of_its_own(partner: Importer) -> None:
    reader = as_client("training", scopes={"training:import"})
    assert (await partner.client.get(TRAIL, headers=reader)).status_code == 403
    nobody = harness.anonymous("training")
    assert (await partner.client.get(TRAIL, headers=nobody)).status_code == 401


@pytest.mark.parametrize("deed", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}"])
async def test_the_service_itself_cannot_change_the_trail(partner: Importer, deed: str) -> None:
    connection = await asyncpg.connect(partner.database.dsn("training"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(deed.format("training.audit_event"))
    finally:
        await connection.close()


async def test_old_imports_are_forgotten_but_for_what_their_facts_come_from(
    partner: Importer,
) -> None:
    gave = await partner.send(flux(fiche("RS92001", "IntÃ©grer")))
    tried = await partner.send(flux(fiche("RS92002", "IntÃ©grer")), mode="dry_run")
    offered = await partner.send(lheo(formation("F1")), form="lheo")
    waiting = (await partner.post(flux(fiche("RS92003")))).json()["id"]
    chore = retention.chore(SETTINGS)
    app = harness.application(partner.database, "training", import_worker=False)

    async def after(days: int) -> tuple[set[str], int]:
        """Have it be so many days ago."""
        await partner.rows(
            "UPDATE training.import_run SET finished_at = now() - make_interval(days => $1)"
            " WHERE finished_at IS NOT NULL",
            days,
        )
        async with harness.opened(app):
            for _ in range(2):  # what a batch empties of anomalies, the next may delete
                await do_chores(app, [chore], datetime.now(UTC))
        runs = {run["id"] for run in (await partner.client.get("/v1/imports")).json()["items"]}
        [anomalies] = await partner.rows("SELECT count(*) FROM training.import_anomaly")
        return runs, anomalies["count"]

    everything = {gave.run["id"], tried.run["id"], offered.run["id"], waiting}
    assert await after(170) == (everything, 2)
    assert await after(200) == (everything, 0)
    assert await after(800) == (everything - {tried.run["id"]}, 0)
    assert (await partner.client.get(f"/v1/imports/{gave.run['id']}/certificate")).is_success


async def test_the_trail_is_kept_for_years_and_then_forgotten(partner: Importer) -> None:
    await partner.post(flux(fiche("RS92001")))
    app = harness.application(partner.database, "training", import_worker=False)
    for months, left in ((59, 1), (61, 0)):
        await partner.rows(
            "UPDATE training.audit_event SET at = now() - make_interval(months => $1)", months
        )
        async with harness.opened(app):
            await do_chores(app, [retention.chore(SETTINGS)], datetime.now(UTC))
        assert len(await trail(partner)) == left


async def test_files_that_wait_are_bounded_and_a_known_key_is_answered_all_the_same(
    partner: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_OPEN", 2)
    data, key = flux(fiche("RS92001")), {"idempotency-key": "one"}
    first = await partner.post(data, headers=key)
    second = await partner.post(data)
    refused = await partner.post(data)
    assert (refused.status_code, refused.json()["code"]) == (429, "imports-waiting")
    assert refused.headers["retry-after"] == "60"
    again = await partner.post(data, headers=key)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    other = await partner.post(data, headers=as_client("training", tenant="another"))
    assert other.status_code == 202
    await partner.work(second.json()["id"])
    assert (await partner.post(data)).status_code == 202
