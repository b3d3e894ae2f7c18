"""Consent to the comparison: who follows the feed hears of it for every score it concerns."""

from typing import Any

import asyncpg
import orjson

from tests.diagnostic.acting import BASE, Acting


async def told(sql: asyncpg.Connection, assessment_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Give what the feed said of a diagnostic, oldest first."""
    rows = await sql.fetch(
        "SELECT c.kind, c.payload FROM diagnostic.change c JOIN diagnostic.assessment a"
        " ON a.pseudonym::text = c.entity_id WHERE a.id = $1 ORDER BY c.seq",
        assessment_id,
    )
    return [(row["kind"], orjson.loads(row["payload"])) for row in rows]


async def consent(acting: Acting, organisation_id: str, *, given: bool) -> None:
    path = f"/v1/organisations/{organisation_id}"
    tag = (await acting.get(path)).headers["etag"]
    answer = await acting.send("PATCH", path, {"benchmark_consent": given}, tag)
    assert answer.status_code == 200, answer.text


async def test_withdrawing_takes_back_every_contribution(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    first = await acting.submitted(BASE, organisation_id=company["id"])
    second = await acting.submitted(BASE, organisation_id=company["id"], milestone="T1")
    begun = await acting.assessment(organisation_id=company["id"], milestone="T2")
    await consent(acting, company["id"], given=False)
    for one in (first, second):
        assert (await told(sql, one["id"]))[-1] == ("deleted", {"reason": "consent_withdrawn"})
    assert [kind for kind, _ in await told(sql, begun["id"])].count("deleted") == 0


async def test_consenting_again_tells_what_the_submission_told(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=company["id"])
    submission = (await told(sql, one["id"]))[-1]
    assert submission[1]["score"] == 72.1
    await consent(acting, company["id"], given=False)
    await consent(acting, company["id"], given=True)
    assert (await told(sql, one["id"]))[-1] == ("updated", submission[1])


async def test_consenting_later_contributes_what_was_kept_back(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation(benchmark_consent=False)
    one = await acting.submitted(BASE, organisation_id=company["id"])
    assert "score" not in (await told(sql, one["id"]))[-1][1]
    await consent(acting, company["id"], given=True)
    assert (await told(sql, one["id"]))[-1][1]["score"] == 72.1


async def test_a_change_of_something_else_says_nothing_of_scores(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=company["id"])
    before = len(await told(sql, one["id"]))
    path = f"/v1/organisations/{company['id']}"
    tag = (await acting.get(path)).headers["etag"]
    await acting.send("PATCH", path, {"postcode": "59100"}, tag)
    assert len(await told(sql, one["id"])) == before
