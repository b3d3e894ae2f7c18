"""Contributions to the observatory: with consent, coarse, and for nobody else (invariant 15)."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from platformkit import auth
from platformkit.auth import Principal
from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.market import BEST, NA
from tests.harness import Database

KEY = "observatory to diagnostic, a key of the tests"
FEED = frozenset({"diagnostic:feed"})


@dataclass
class Observatory:
    """Follows the feed as the observatory may, and keeps what it needs to count: nothing else."""

    http: httpx.AsyncClient
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    cursor: str | None = None

    async def follow(self) -> None:
        """Take what is new."""
        caller = Principal("observatory", "observatory", "service:observatory", "", scopes=FEED)
        token = auth.mint(KEY, "observatory", "diagnostic", caller)
        headers = {"authorization": f"Bearer {token}"}
        while True:
            asked = {"limit": "1000"} | ({"after": self.cursor} if self.cursor else {})
            answer = await self.http.get("/v1/changes", params=asked, headers=headers)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            for one in page["items"]:
                if one["entity"] == "contribution" and one["kind"] == "deleted":
                    self.kept.pop(one["entity_id"], None)
                elif one["entity"] == "contribution":
                    self.kept[one["entity_id"]] = one["payload"]
            self.cursor = page["next"]
            if not page["more"]:
                return

    def levels(self, programme: str) -> Counter[tuple[str, str, str]]:
        """Count by milestone, sector and level."""
        return Counter(
            (one["milestone"], one["naf_section"], one["level"])
            for one in self.kept.values()
            if one.get("programme") == programme
        )


@pytest.fixture(scope="module")
async def trusting(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """Open a diagnostic that the observatory may call, as in an installation."""
    issuers = {"gateway": harness.GATEWAY_KEY, "observatory": KEY}
    app = harness.application(database, "diagnostic", trusted_issuers=issuers)
    async with harness.opened(app) as client:
        yield client


async def told(
    sql: asyncpg.Connection, assessment_id: str, entity: str = "contribution"
) -> list[tuple[str, dict[str, Any]]]:
    """Give what the feed said of a diagnostic, oldest first."""
    rows = await sql.fetch(
        "SELECT c.kind, c.payload FROM diagnostic.change c JOIN diagnostic.assessment a"
        " ON a.pseudonym::text = c.entity_id WHERE a.id = $1 AND c.entity = $2 ORDER BY c.seq",
        assessment_id,
        entity,
    )
    return [(row["kind"], orjson.loads(row["payload"])) for row in rows]


async def change(acting: Acting, organisation_id: str, **fields: object) -> None:
    path = f"/v1/organisations/{organisation_id}"
    tag = (await acting.get(path)).headers["etag"]
    answer = await acting.send("PATCH", path, fields, tag)
    assert answer.status_code == 200, answer.text


async def test_withdrawing_takes_back_every_contribution(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    first = await acting.submitted(BASE, organisation_id=company["id"])
    second = await acting.submitted(BASE, organisation_id=company["id"], milestone="T1")
    begun = await acting.assessment(organisation_id=company["id"], milestone="T2")
    await change(acting, company["id"], benchmark_consent=False)
    for one in (first, second):
        for entity in ("assessment", "contribution"):
            last = (await told(sql, one["id"], entity))[-1]
            assert last == ("deleted", {"reason": "consent_withdrawn"})
    assert await told(sql, begun["id"]) == []


async def test_consenting_again_tells_what_the_submission_told(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=company["id"])
    submissions = [
        (await told(sql, one["id"], entity))[-1][1] for entity in ("assessment", "contribution")
    ]
    await change(acting, company["id"], benchmark_consent=False)
    await change(acting, company["id"], benchmark_consent=True)
    for entity, submission in zip(("assessment", "contribution"), submissions, strict=True):
        assert (await told(sql, one["id"], entity))[-1] == ("updated", submission)


async def test_consenting_later_contributes_what_was_kept_back(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation(benchmark_consent=False)
    one = await acting.submitted(BASE, organisation_id=company["id"])
    assert await told(sql, one["id"]) == []
    await change(acting, company["id"], benchmark_consent=True)
    assert (await told(sql, one["id"]))[-1][1]["level"] == "moderately_advanced"


async def test_a_change_of_something_else_says_nothing_of_scores(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=company["id"])
    before = await told(sql, one["id"])
    await change(acting, company["id"], postcode="59100")
    assert await told(sql, one["id"]) == before
    await change(acting, company["id"], naf_code="62.01Z")
    assert (await told(sql, one["id"]))[-1][1]["naf_section"] == "J"


async def test_a_contribution_is_coarse_and_of_nobody(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    company = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=company["id"])
    partial = await acting.submitted({**BASE, "Q5": NA, "Q6": NA})
    ((kind, payload),) = await told(sql, one["id"])
    assert (kind, payload) == (
        "updated",
        {
            "questionnaire": "MINI-IA",
            "scoring_hash": payload["scoring_hash"],
            "milestone": "T0",
            "programme": None,
            "region_code": "32",
            "naf_section": "C",
            "size_band": "10-49",
            "level": "moderately_advanced",
            "dimensions": payload["dimensions"],
        },
    )
    assert payload["dimensions"].keys() == {"STR", "DATA", "SKILL"}
    assert set(payload["dimensions"].values()) <= {
        "basic", "average", "moderately_advanced", "advanced",
    }  # fmt: skip
    pseudonym = await sql.fetchval(
        "SELECT pseudonym::text FROM diagnostic.organisation WHERE id = $1", company["id"]
    )
    assert pseudonym not in str(payload)
    assert await told(sql, partial["id"]) == []  # a dimension is left out: it is never counted


async def test_contributions_are_for_the_observatory_and_for_no_client(
    acting: Acting,
    mini_ia: dict[str, Any],
    trusting: httpx.AsyncClient,
    as_client: AsClient,
) -> None:
    await acting.submitted(BASE)
    follower = Observatory(trusting)
    await follower.follow()
    assert follower.kept
    after: str | None = None
    entities = set()
    while True:
        asked = {"limit": "1000"} | ({"after": after} if after else {})
        # whatever it is called and may do, it comes through the door
        headers = as_client("diagnostic", client="observatory")
        page = (await trusting.get("/v1/changes", params=asked, headers=headers)).json()
        entities |= {one["entity"] for one in page["items"]}
        after = page["next"]
        if not page["more"]:
            break
    assert "assessment" in entities
    assert "contribution" not in entities


async def test_who_follows_from_zero_counts_what_the_diagnostic_counts(
    acting: Acting, mini_ia: dict[str, Any], trusting: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    made = []
    for values in (BASE, BASE, BEST):
        company = await acting.organisation()
        seats = f"/v1/cohorts/{cohort['id']}/enrolments"
        assert (await acting.post(seats, {"organisation_id": company["id"]})).status_code == 201
        one = await acting.submitted(
            values, organisation_id=company["id"], cohort_id=cohort["id"], milestone="T0"
        )
        made.append((company["id"], one["id"]))
    steady = Observatory(trusting)
    await steady.follow()
    programme = cohort["programme"]
    both = {("T0", "C", "moderately_advanced"): 2, ("T0", "C", "advanced"): 1}
    assert steady.levels(programme) == both
    await change(acting, made[0][0], benchmark_consent=False)
    path = f"/v1/assessments/{made[2][1]}/enter-in-error"
    assert (await acting.post(path, {"reason": "Saisi deux fois."})).status_code == 200
    await steady.follow()
    late = Observatory(trusting)
    await late.follow()
    counted = await sql.fetch(
        "SELECT s.result ->> 'level' AS level, count(*) AS count FROM diagnostic.score s"
        " JOIN diagnostic.assessment a ON a.id = s.assessment_id"
        " JOIN diagnostic.organisation o ON o.id = a.organisation_id"
        " WHERE a.cohort_id = $1 AND o.benchmark_consent AND a.status = 'submitted' GROUP BY 1",
        cohort["id"],
    )
    exact = {("T0", "C", row["level"]): row["count"] for row in counted}
    assert steady.levels(programme) == late.levels(programme) == exact
    assert exact == {("T0", "C", "moderately_advanced"): 1}
    assert steady.kept == late.kept
