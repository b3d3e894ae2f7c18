"""Steers a programme over HTTP as the Région would."""

import itertools
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.harness import as_client

_numbers = itertools.count(1)
COMPANY: Final = {"siren": "732829320", "kind": "company", "name": "Cabinet Exemple"}
TRADER: Final = {"siren": "552100554", "kind": "sole_trader"}


def said(text: str) -> dict[str, str]:
    return {"fr": text, "en": f"{text} (en)"}


def programme(**changed: Any) -> dict[str, Any]:
    """Describe two years and 1.4 M€ under a code that no test has used."""
    return {
        "code": f"T{next(_numbers)}",
        "title": said("Programme régional IA"),
        "region": "32",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "budget": "1400000.00",
        **changed,
    }


def line(code: str, amount: str, quarter: str = "2026-Q1", **changed: Any) -> dict[str, Any]:
    plan = [{"quarter": quarter, "amount": amount}]
    return {"code": code, "name": said(code), "plan": plan, **changed}


def funder(code: str, amount: str, *lines: str, **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "state",
        "name": said(code),
        "contribution": amount,
        "may_fund": [{"line": one} for one in lines],
        **changed,
    }


@dataclass
class Steerer:
    """One organisation that steers."""

    client: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=lambda: as_client("observatory"))

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.post(
            f"/v1/programmes{path}", json=body, headers={**self.headers, **headers}
        )

    async def put(self, path: str, body: Any, etag: str = "*", **headers: str) -> httpx.Response:
        told = {**self.headers, "if-match": etag, **headers}
        return await self.client.put(f"/v1/programmes{path}", json=body, headers=told)

    async def get(self, path: str, **headers: str) -> Any:
        answer = await self.client.get(f"/v1/programmes{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def made(self, path: str, body: Any) -> Any:
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def opened(self, *lines: dict[str, Any], funders: list[dict[str, Any]]) -> str:
        """Open a programme with these lines and funders."""
        code: str = (await self.made("", programme()))["code"]
        for one in lines:
            await self.made(f"/{code}/lines", one)
        for one in funders:
            await self.made(f"/{code}/funders", one)
        return code

    async def commit(self, code: str, amount: str, **changed: Any) -> httpx.Response:
        body = {
            "line": "study",
            "funder": "state",
            "amount": amount,
            "dated_on": "2026-02-01",
            "payee": COMPANY,
            "reason": "Marché d’étude, lot 1",
            **changed,
        }
        return await self.post(f"/{code}/commitments", body)

    async def committed(self, code: str, amount: str, **changed: Any) -> Any:
        answer = await self.commit(code, amount, **changed)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def pay(self, code: str, commitment: str, amount: str, on: str = "2026-03-01") -> Any:
        body = {"amount": amount, "dated_on": on, "reason": "Acompte"}
        return await self.post(f"/{code}/commitments/{commitment}/payments", body)

    async def take_back(self, code: str, entry: str, amount: str, on: str = "2026-04-02") -> Any:
        body = {"amount": amount, "dated_on": on, "reason": "Erreur de montant"}
        return await self.post(f"/{code}/entries/{entry}/reversals", body)
