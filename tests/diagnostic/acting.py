"""Short ways to arrange companies, cohorts and diagnostics through HTTP."""

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import httpx
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from stdnum import luhn

from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import GridContent
from platformkit.auth import Principal

_numbers = itertools.count(secrets.randbelow(40_000_000) + 10_000_000)

BASE: Mapping[str, Any] = {
    "Q1": "o2",
    "Q2": "o3",
    "Q3": ["a", "b", "c"],
    "Q4": {"r1": 5, "r2": 0, "r3": 3, "r4": 2, "r5": 0},
    "Q5": True,
    "Q6": "o1",
}
"""The base answers B of the scoring cases on MINI-IA."""


def siren() -> str:
    """Draw a SIREN that no test has used."""
    number = str(next(_numbers))
    return number + luhn.calc_check_digit(number)


def company(**fields: object) -> dict[str, Any]:
    """Describe a company nobody registered yet."""
    return {
        "siren": siren(),
        "name": "Atelier Dupont",
        "naf_code": "25.62B",
        "headcount": 42,
        "postcode": "59000",
        "region_code": "32",
        "benchmark_consent": True,
        **fields,
    }


_weeks = itertools.count(20 + secrets.randbelow(10))


def week() -> tuple[date, date]:
    """Draw a future Monday and Friday that no test has used."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=-today.weekday() % 7 + 7 * next(_weeks))
    return monday, monday + timedelta(days=4)


class Reachable(Protocol):
    """A database that lets each service in under its own role."""

    def dsn(self, service: str) -> str: ...


async def publish(database: Reachable, content: GridContent) -> None:
    """Publish a grid as the service would, with its own role."""
    engine = create_async_engine(
        database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    actor = Principal("test", "author", "author", "medef-hdf")
    try:
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            await questionnaires.publish(session, actor, content, "tests", datetime.now(UTC))
    finally:
        await engine.dispose()


def plain_value(question: Mapping[str, Any], *, best: bool = False) -> Any:
    """Pick a value that fits a question of a grid: its last options when `best`."""
    options = [one["code"] for one in question.get("options", ()) if not one.get("exclusive")]
    step = question.get("maximum", 5) if best else 1
    low, high = question.get("minimum", 0), question.get("maximum", 100)
    values: dict[str, Any] = {
        "single": options[-1 if best else 0] if options else None,
        "multiple": options if best else options[:1],
        "boolean": best,
        "scale": step,
        "matrix": {row["code"]: step for row in question.get("rows", ())},
        "number": high if best else low,
        "date": "2026-11-23",
        "text": "Mieux servir nos clients.",
    }
    return values[question["type"]]


@dataclass(frozen=True)
class Acting:
    """A caller of the service."""

    http: httpx.AsyncClient
    headers: Mapping[str, str]

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers={**self.headers, **headers})

    async def every(self, path: str) -> list[dict[str, Any]]:
        """Read a list to its end: other tests add to those of all."""
        found: list[dict[str, Any]] = []
        start = f"{path}{'&' if '?' in path else '?'}limit=200"
        address: str | None = start
        while address is not None:
            page = (await self.get(address)).json()
            found += page["items"]
            address = page["next"] and f"{start}&after={page['next']}"
        return found

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers={**self.headers, **headers})

    async def send(
        self, method: str, path: str, body: object, tag: str | None = None
    ) -> httpx.Response:
        headers = {**self.headers, **({"if-match": tag} if tag is not None else {})}
        return await self.http.request(method, path, json=body, headers=headers)

    async def send_file(
        self, path: str, content: bytes, media_type: str, **headers: str
    ) -> httpx.Response:
        headers = {**self.headers, "content-type": media_type, **headers}
        return await self.http.post(path, content=content, headers=headers)

    async def organisation(self, **fields: object) -> dict[str, Any]:
        response = await self.post("/v1/organisations", company(**fields))
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found

    async def programme(self) -> str:
        code = f"P-{secrets.token_hex(4).upper()}"
        title = {"fr": "Programme d’essai", "en": "Trial programme"}
        response = await self.post("/v1/programmes", {"code": code, "title": title})
        assert response.status_code == 201, response.text
        return code

    async def cohort(self, **fields: object) -> dict[str, Any]:
        monday, friday = week()
        body = {
            "programme": fields.get("programme") or await self.programme(),
            "code": f"C-{secrets.token_hex(5).upper()}",
            "title": "Cohorte d’essai",
            "facilitator": "Medef Hauts-de-France",
            "starts_on": monday.isoformat(),
            "ends_on": friday.isoformat(),
            **fields,
        }
        response = await self.post("/v1/cohorts", body)
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found

    async def assessment(self, questionnaire: str = "MINI-IA", **fields: object) -> dict[str, Any]:
        organisation_id = fields.get("organisation_id") or (await self.organisation())["id"]
        body = {"organisation_id": organisation_id, "questionnaire": questionnaire, **fields}
        response = await self.post("/v1/assessments", body)
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found

    async def answer(
        self, assessment_id: str, question: str, body: object, tag: str = '"0"'
    ) -> httpx.Response:
        return await self.send(
            "PUT", f"/v1/assessments/{assessment_id}/answers/{question}", body, tag
        )

    async def answer_all(self, assessment_id: str, values: Mapping[str, Any]) -> None:
        for question, value in values.items():
            body = value if isinstance(value, dict) and "state" in value else None
            given = body or {"state": "answered", "value": value}
            response = await self.answer(assessment_id, question, given)
            assert response.status_code == 200, response.text

    async def answer_visible(self, assessment_id: str, grid: Mapping[str, Any]) -> int:
        """Answer what is shown until nothing required is missing; returns how many answers."""
        questions = {one["code"]: one for one in grid["questions"]}
        count = 0
        while True:
            state = (await self.get(f"/v1/assessments/{assessment_id}")).json()
            missing = state["progress"]["missing"]
            if not missing:
                return count
            await self.answer_all(
                assessment_id, {code: plain_value(questions[code]) for code in missing}
            )
            count += len(missing)

    async def submitted(self, values: Mapping[str, Any], **fields: object) -> dict[str, Any]:
        started = await self.assessment(**fields)  # type: ignore[arg-type]
        await self.answer_all(started["id"], values)
        response = await self.post(f"/v1/assessments/{started['id']}/submit")
        assert response.status_code == 200, response.text
        return started


def faults(response: httpx.Response) -> dict[str, str]:
    """Give the code of each fault by its pointer."""
    return {one["pointer"]: one["code"] for one in response.json()["errors"]}
