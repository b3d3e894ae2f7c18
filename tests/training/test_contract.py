"""The OpenAPI document and the behaviour agree (I3): schemathesis asks what the document allows."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests import harness
from tests.harness import Database, as_client

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
QUICK = settings(
    max_examples=4,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def ask(
    operation: Any, mode: GenerationMode, send: Any, failures: list[str], asked: list[int]
) -> None:
    """Ask one operation a few times, and note what the document does not say of the answers."""

    @seed(26)
    @QUICK
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        told = case.as_transport_kwargs(base_url="http://service")
        names = ("method", "url", "params", "headers", "json", "content")
        told["content"] = told.pop("data", None)
        answer = send({name: told.get(name) for name in names})
        asked.append(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except Exception as failure:  # noqa: BLE001  # schemathesis groups what it finds
            failures.append(f"{operation.label}: {answer.request.url} {failure!r}"[:2000])

    with contextlib.suppress(Unsatisfiable):  # nothing of it can be wrong
        once()


async def test_i3_the_document_and_the_behaviour_agree(database: Database) -> None:
    app = harness.application(database, "training", import_worker=False)
    schema = schemathesis.openapi.from_dict(app.openapi())
    loop, failures, asked = asyncio.get_running_loop(), [], []  # type: ignore[var-annotated]
    async with harness.opened(app) as client:
        client.headers.update(as_client("training"))

        def send(told: dict[str, Any]) -> httpx.Response:
            request: Coroutine[Any, Any, httpx.Response] = client.request(**told)
            return asyncio.run_coroutine_threadsafe(request, loop).result(30)

        result: Any
        for result in schema.get_all_operations():
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                await asyncio.to_thread(ask, operation, mode, send, failures, asked)
    assert failures == []
    assert len(asked) > 150
