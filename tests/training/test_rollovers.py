"""A provider's year becomes drafts of the next, which it corrects, discards or publishes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from platformkit.app import do_chores
from tests import harness
from tests.harness import anonymous, as_client
from tests.training.expiring import certified, certify, offer, period, session
from tests.training.importing import Importer, catalogue_of, fresh_copy, importer
from tests.training.offering import SIRET, formation, lheo
from training.imports import retention
from training.offers.lheo import identity
from training.rollovers.schemas import DraftRead, LineRead, RolloverRead
from training.settings import Settings

KEEPING = Settings.model_validate({"database_url": "", "secret_key": "", "trusted_issuers": {}})
YEAR = {"provider": SIRET, "first": "2026-01-01", "last": "2026-12-31"}
PLACED = (
    "<acces-handicapes>Locaux accessibles</acces-handicapes><langue-formation>fr</langue-formation>"
)


@pytest.fixture(scope="module")
async def school(template: Any, importing: FastAPI) -> AsyncIterator[Importer]:
    """Open a catalogue in which one school has offers of a year."""
    async with importer(importing, await fresh_copy(template, catalogue_of(template))) as opened:
        new = "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>RS82002"
        new += "</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
        await certify(opened, "RS82001", "2027-06-30", NOUVELLES_CERTIFICATIONS=new)
        await certify(opened, "RS82002", "2031-06-30")
        autumn, spring = period("2026-10-05", "2026-11-06"), period("2026-03-02", "2026-03-27")
        await offer(
            opened,
            formation("whole-2026", certifications="", period=autumn, after_sessions=PLACED),
            formation("bare", certifications="", period=autumn),
            formation("ends", certifications=certified("RS82001"), period=autumn),
            formation(
                "half",
                certifications=certified("RS82001"),
                period=spring,
                after_sessions=PLACED,
                sessions=session("S2", "2026-10-05", "2026-11-06"),
            ),
            formation("other year", certifications="", period=period("2025-10-06", "2025-11-07")),
        )
        yield opened


async def post(school: Importer, path: str, body: Any, **headers: str) -> httpx.Response:
    return await school.client.post(path, json=body, headers=headers)


async def lines(school: Importer, rollover: str) -> dict[str, Any]:
    answer = await school.client.get(f"/v1/rollovers/{rollover}/lines")
    items = answer.json()["items"]
    for one in items:
        assert LineRead.model_validate(one).model_dump(mode="json") == one
    return {one["former_number"]: one for one in items}


async def drafts(school: Importer) -> dict[str, Any]:
    items = (await school.client.get("/v1/rollover-drafts")).json()["items"]
    return {one["number"]: one for one in items}


async def seen(school: Importer) -> tuple[list[str], int, int]:
    """Return what everybody sees: the list, the search, the feed."""
    listed = (await school.client.get("/v1/formations?limit=200")).json()["items"]
    found = (await school.client.get("/v1/search?kind=offer&count=true")).json()
    fed = await school.rows("SELECT 1 FROM training.change WHERE entity = 'formation'")
    return sorted(one["number"] for one in listed), found["total"], len(fed)


async def test_a_rehearsal_reports_each_formation_and_makes_nothing(school: Importer) -> None:
    answer = await post(school, "/v1/rollovers", {**YEAR, "dry_run": True})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert RolloverRead.model_validate(body).model_dump(mode="json") == body
    assert (body["to_first"], body["to_last"]) == ("2027-01-01", "2027-12-31")
    assert (body["counts"], body["sessions"]) == ({"created": 3, "certification_ended": 1}, 3)
    assert await drafts(school) == {}
    found = await lines(school, body["id"])
    assert {number: one["outcome"] for number, one in found.items()} == {
        "bare": "created",
        "ends": "certification_ended",
        "half": "created",
        "whole-2026": "created",
    }
    assert (found["half"]["sessions"], found["half"]["sessions_left"]) == (1, 1)
    for number in ("ends", "half"):
        assert (found[number]["certification"], found[number]["starts_on"]) == (
            "RS82001",
            "2027-10-04",
        )
        assert found[number]["replacement"]["number"] == "RS82002"
    read = await school.client.get(answer.headers["location"])
    assert read.json() == body


async def test_drafts_are_made_once_and_nobody_else_sees_them(school: Importer) -> None:
    before = await seen(school)
    key = {"idempotency-key": "rollover-1"}
    first = await post(school, "/v1/rollovers", YEAR, **key)
    again = await post(school, "/v1/rollovers", YEAR, **key)
    assert first.json() == again.json()
    made = await drafts(school)
    assert sorted(made) == ["bare-2027", "half-2027", "whole-2027"]
    assert made["bare-2027"]["id"] == identity(SIRET, "bare-2027")
    assert made["bare-2027"]["copy_of"] == identity(SIRET, "bare")
    draft = await school.client.get(f"/v1/rollover-drafts/{made['whole-2027']['id']}")
    body = draft.json()
    assert DraftRead.model_validate(body).payload["actions"][0]["sessions"][0]["period"] == {
        "start": "2027-10-04",
        "end": "2027-11-05",
    }
    second = (await post(school, "/v1/rollovers", YEAR)).json()
    assert second["counts"] == {"already_there": 3, "certification_ended": 1}
    assert await drafts(school) == made
    assert await seen(school) == before
    hidden = await school.client.get(f"/v1/formations/{made['bare-2027']['id']}")
    assert hidden.status_code == 404
    stranger = as_client("training", tenant="other-school")
    path = f"/v1/rollover-drafts/{made['bare-2027']['id']}"
    assert (await school.client.get(path, headers=stranger)).status_code == 404
    listed = await school.client.get("/v1/rollover-drafts?count=true", headers=stranger)
    assert listed.json()["total"] == 0


async def test_what_is_offered_after_the_first_rollover_comes_with_the_next(
    school: Importer,
) -> None:
    """DFE-Digital/publish-teacher-training, PR #6409: it had no way into the next cycle."""
    await post(school, "/v1/rollovers", YEAR)
    autumn = period("2026-10-05", "2026-11-06")
    await offer(school, formation("late", certifications="", period=autumn))
    body = (await post(school, "/v1/rollovers", YEAR)).json()
    found = await lines(school, body["id"])
    assert found["late"]["outcome"] == "created"
    assert found["bare"]["outcome"] == "already_there"


async def test_each_draft_is_published_on_its_own_and_the_others_say_what_is_in_the_way(
    school: Importer,
) -> None:
    await post(school, "/v1/rollovers", YEAR)
    made = await drafts(school)
    nobody = identity(SIRET, "nothing")
    asked = [
        {"id": made["whole-2027"]["id"], "version": 1},
        {"id": made["bare-2027"]["id"], "version": 1},
        {"id": made["half-2027"]["id"], "version": 2},
        {"id": nobody, "version": 1},
    ]
    answer = await post(school, "/v1/rollover-drafts/publish", {"drafts": asked})
    body = answer.json()
    assert [one["status"] for one in body["items"]] == [200, 422, 412, 404]
    assert body["published"] == 1
    assert [(one["pointer"], one["code"]) for one in body["items"][1]["errors"]] == [
        ("/payload/actions/0/disabled_access", "missing"),
        ("/payload/actions/0/languages", "missing"),
    ]
    path = f"/v1/formations/{made['whole-2027']['id']}"
    read = (await school.client.get(path)).json()
    assert (read["number"], read["source"]["kind"]) == ("whole-2027", "rollover")
    assert read["actions"][0]["sessions"][0]["period"]["start"] == "2027-10-04"
    listed, _, _ = await seen(school)
    assert ("whole-2027" in listed, "bare-2027" in listed) == (True, False)
    again = await post(school, "/v1/rollover-drafts/publish", {"drafts": asked[:1]})
    assert again.json()["items"] == [{"id": made["whole-2027"]["id"], "status": 409, "errors": []}]
    right = await post(
        school,
        "/v1/rollover-drafts/publish",
        {"drafts": [{"id": made["half-2027"]["id"], "version": 1}]},
    )
    (item,) = right.json()["items"]
    assert [one["code"] for one in item["errors"]] == ["not-habilitated"]
    await school.send(lheo(formation("F1")), form="lheo", force=True)
    assert (await school.client.get(path)).status_code == 200  # in no file, and not withdrawn


async def test_a_draft_is_corrected_or_discarded_by_who_has_read_it(school: Importer) -> None:
    autumn = period("2026-10-05", "2026-11-06")
    await offer(school, *(formation(one, certifications="", period=autumn) for one in ("c1", "c2")))
    await post(school, "/v1/rollovers", YEAR)
    made = await drafts(school)
    path = f"/v1/rollover-drafts/{made['c1-2027']['id']}"
    client, tag = school.client, {"if-match": '"1"'}
    payload = (await client.get(path)).json()["payload"]
    payload["actions"][0] |= {"disabled_access": "Rampe", "languages": ["fr"]}

    assert (await client.put(path, json={"payload": payload})).status_code == 428
    moved = {**payload, "number": "other"}
    fixed = await client.put(path, json={"payload": moved}, headers=tag)
    assert (fixed.status_code, fixed.json()["code"]) == (422, "rollover-draft-key-fixed")
    reviewed = {"title": "Autre chose", "certifications": [{"rncp": "RNCP37873"}]}
    for name, value in reviewed.items():  # what nobody has reviewed is to be proposed
        fixed = await client.put(path, json={"payload": payload | {name: value}}, headers=tag)
        assert (fixed.status_code, fixed.json()["code"]) == (422, "rollover-draft-key-fixed")
        assert fixed.json()["errors"][0]["pointer"] == f"/payload/{name}"
    bad = await client.put(path, json={"payload": {**payload, "nonsense": 1}}, headers=tag)
    assert (bad.status_code, bad.json()["code"]) == (422, "proposal-payload-invalid")
    done = await client.put(path, json={"payload": payload}, headers=tag)
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    assert (await client.put(path, json={"payload": payload}, headers=tag)).status_code == 412
    asked = {"drafts": [{"id": made["c1-2027"]["id"], "version": 2}]}
    assert (await post(school, "/v1/rollover-drafts/publish", asked)).json()["published"] == 1
    late = await client.put(path, json={"payload": payload}, headers={"if-match": '"2"'})
    assert (late.status_code, late.json()["code"]) == (409, "rollover-draft-published")

    other = f"/v1/rollover-drafts/{made['c2-2027']['id']}"
    theirs = as_client("training", tenant="other-school")
    assert (await client.delete(other)).status_code == 428
    assert (await client.delete(other, headers={**tag, **theirs})).status_code == 404
    assert (await client.delete(other, headers=tag)).status_code == 204
    assert (await client.delete(other, headers=tag)).status_code == 404
    again = (await post(school, "/v1/rollovers", YEAR)).json()
    assert (await lines(school, again["id"]))["c2"]["outcome"] == "created"


async def test_who_may_not_or_asks_nonsense_is_told_and_nothing_is_stored(
    school: Importer,
) -> None:
    before = await school.rows("SELECT count(*) FROM training.rollover")
    for headers, status in (
        (anonymous("training"), 401),
        (as_client("training", scopes={"training:read"}), 403),
        (as_client("training", tenant="other-school"), 404),
    ):
        answer = await post(school, "/v1/rollovers", YEAR, **headers)
        assert answer.status_code == status
    for body, count in (
        ({**YEAR, "last": "2027-01-02"}, 1),
        ({**YEAR, "last": "2025-12-31"}, 1),
        ({"provider": "1", "first": "1999-01-01", "more": 1}, 4),
    ):
        answer = await post(school, "/v1/rollovers", body)
        assert (answer.status_code, len(answer.json()["errors"])) == (422, count)
    assert await school.rows("SELECT count(*) FROM training.rollover") == before
    theirs = as_client("training", tenant="other-school")
    mine = (await school.client.get("/v1/rollovers")).json()["items"][0]["id"]
    for path in (f"/v1/rollovers/{mine}", f"/v1/rollovers/{mine}/lines"):
        answer = await school.client.get(path, headers=theirs)
        assert (answer.status_code, answer.json()["code"]) == (404, "rollover-unknown")


async def test_what_nobody_published_is_forgotten_and_what_was_published_keeps_its_rollover(
    school: Importer,
) -> None:
    app = harness.application(school.database, "training", import_worker=False)

    async def after(months: int) -> tuple[int, int]:
        for table in ("rollover", "rollover_draft"):
            moved = "created_at" if table == "rollover" else "updated_at"
            await school.rows(
                f"UPDATE training.{table} SET {moved} = now() - make_interval(months => $1)",
                months,
            )
        async with harness.opened(app):
            await do_chores(app, [retention.chore(KEEPING)], datetime.now(UTC))
        [left] = await school.rows(
            "SELECT (SELECT count(*) FROM training.rollover_draft WHERE published_at IS NULL) AS"
            " waiting, (SELECT count(*) FROM training.rollover) AS rollovers"
        )
        return left["waiting"], left["rollovers"]

    late = formation(
        "for the archive", certifications="", period=period("2026-10-05", "2026-11-06")
    )
    await offer(school, late)
    await post(school, "/v1/rollovers", YEAR)
    waiting, rollovers = await after(23)
    assert min(waiting, rollovers) >= 1
    [kept] = await school.rows(
        "SELECT count(DISTINCT rollover_id) AS n FROM training.rollover_draft"
        " WHERE published_at IS NOT NULL"
    )
    assert rollovers > kept["n"]
    assert await after(25) == (0, kept["n"])
