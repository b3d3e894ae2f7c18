"""A score's hot read answers what its route answers, to the byte, and lets nobody else in."""

from typing import Any

import httpx

from tests import harness
from tests.architecture.test_hot_reads import Unhurried, without_trace
from tests.diagnostic.acting import BASE, Acting
from tests.harness import Database


async def test_both_ways_answer_the_same(
    database: Database, acting: Acting, stranger: Acting, mini_ia: dict[str, Any]
) -> None:
    frozen = (await acting.submitted(BASE))["id"]
    begun = (await acting.assessment())["id"]
    app = harness.application(database, "diagnostic")
    async with (
        harness.opened(app) as hot,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(Unhurried(app)), base_url="http://service"
        ) as cold,
    ):
        for named in (frozen, begun, frozen.upper(), frozen.replace("-", ""), "no-uuid", "0" * 36):
            path = f"/v1/assessments/{named}/score"
            for caller in (acting.headers, stranger.headers, harness.anonymous("diagnostic")):
                for language in ("fr", "en"):
                    asked = {**caller, "accept-language": language}
                    ours = await hot.get(path, headers=asked)
                    theirs = await cold.get(path, headers=asked)
                    assert ours.status_code == theirs.status_code, path
                    assert ours.headers == theirs.headers, path
                    assert without_trace(ours) == without_trace(theirs), path
        path = f"/v1/assessments/{frozen}/score"
        answer = await hot.get(path, headers=acting.headers)
        assert answer.json()["score"] == 72.1
        tag = {"if-none-match": answer.headers["etag"]}
        assert (await hot.get(path, headers={**acting.headers, **tag})).status_code == 304
