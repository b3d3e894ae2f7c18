"""A campaign of thesis grants, and the organisations that take part in it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from platformkit.paris import day_in_paris
from tests.harness import as_client

STEPS = ("laboratory", "unit", "doctoral_school", "institution", "region")


def days(**moved: int) -> dict[str, Any]:
    """Give dates around today: began yesterday, each step ends ten days after the one before."""
    today = day_in_paris(datetime.now(UTC))
    ends = {name: 10 * place for place, name in enumerate(STEPS, start=1)}
    then = {name: (today + timedelta(days=moved.get(name, end))).isoformat()
            for name, end in ends.items()}  # fmt: skip
    return {
        "opens_on": (today + timedelta(days=moved.get("opens", -1))).isoformat(),
        "deadlines": then,
    }


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


@dataclass
class Granting:
    """Callers of one campaign, each an organisation of its own by its role."""

    http: httpx.AsyncClient
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    campaign: dict[str, Any] = field(default_factory=dict)
    region: str | None = None
    """Who grants, where it must be somebody."""

    def headers(self, role: str) -> dict[str, str]:
        name = f"{role}-{self.mark}"
        if role == "region" and self.region:
            name = self.region
        return as_client("training", tenant=name, client=f"{name}-client")

    async def send(
        self,
        role: str,
        method: str,
        path: str,
        body: object = None,
        tag: object = None,
        **headers: str,
    ) -> httpx.Response:
        told = {**self.headers(role), **headers}
        if tag is not None:
            told["if-match"] = f'"{tag}"'
        return await self.http.request(method, path, json=body, headers=told)

    def content(self, **changed: Any) -> dict[str, Any]:
        organisations = [
            {"code": code, "kind": kind, "name": f"{kind} {code}", "tenant": f"{who}-{self.mark}"}
            for code, kind, who in (
                ("UMR1", "unit", "unit"),
                ("ED1", "doctoral_school", "doctoral_school"),
                ("U1", "institution", "institution"),
                ("U2", "institution", "other"),
            )
        ]
        return {
            "year": 2027,
            "title": {"fr": f"Allocations {self.mark}", "en": f"Grants {self.mark}"},
            "budget": "150000.00",
            **days(),
            "organisations": organisations,
            **changed,
        }

    async def draft(self, **changed: Any) -> None:
        body = self.content(**changed)
        answer = await self.send("region", "POST", "/v1/thesis-campaigns", body)
        assert answer.status_code == 201, answer.text
        self.campaign = answer.json()

    async def turn(self, verb: str) -> httpx.Response:
        path = f"/v1/thesis-campaigns/{self.campaign['id']}/{verb}"
        answer = await self.send("region", "POST", path, tag=self.campaign["version"])
        if answer.status_code == 200:
            self.campaign = answer.json()
        return answer

    async def rewrite(self, **changed: Any) -> httpx.Response:
        path = f"/v1/thesis-campaigns/{self.campaign['id']}/content"
        held = (await self.send("region", "GET", path)).json()["version"]
        answer = await self.send("region", "PUT", path, self.content(**changed), held)
        if answer.status_code == 200:
            self.campaign = answer.json()
        return answer

    def subject(self, **changed: Any) -> dict[str, Any]:
        return {
            "campaign_id": self.campaign["id"],
            "title": "Modèles de langue frugaux",
            "summary": "Réduire le coût de l’inférence en atelier.",
            "laboratory": {"name": "Équipe Frugal", "commune": "59009"},
            "unit": "UMR1",
            "doctoral_school": "ED1",
            "institution": "U1",
            "cost": "120000.00",
            "regional_percent": "50",
            "cofinanciers": [{"name": "Université", "percent": "50"}],
            **changed,
        }

    async def propose(self, **changed: Any) -> dict[str, Any]:
        answer = await self.send("laboratory", "POST", "/v1/theses", self.subject(**changed))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def move(
        self, role: str, thesis: dict[str, Any], action: str, **more: Any
    ) -> httpx.Response:
        path = f"/v1/theses/{thesis['id']}/transitions"
        answer = await self.send(role, "POST", path, {"action": action, **more}, thesis["version"])
        if answer.status_code == 200:
            thesis.update(answer.json())
        return answer

    async def decide(
        self, thesis: dict[str, Any], decision: str, role: str = "region", **more: Any
    ) -> httpx.Response:
        path = f"/v1/theses/{thesis['id']}/decisions"
        body = {"decision": decision, **more}
        answer = await self.send(role, "POST", path, body, thesis["version"])
        if answer.status_code == 200:
            thesis.update(answer.json())
        return answer

    async def ranked(self, rank: int, **changed: Any) -> dict[str, Any]:
        """Take a subject to the Région."""
        thesis = await self.propose(**changed)
        for role, action in (
            ("laboratory", "submit"),
            ("unit", "endorse"),
            ("doctoral_school", "endorse"),
        ):
            assert (await self.move(role, thesis, action)).status_code == 200
        role = "institution" if thesis["institution"]["code"] == "U1" else "other"
        answer = await self.move(role, thesis, "rank", rank=rank)
        assert answer.status_code == 200, answer.text
        return thesis


async def opened(http: httpx.AsyncClient, **changed: Any) -> Granting:
    """Open a campaign that nobody else knows."""
    granting = Granting(http)
    await granting.draft(**changed)
    assert (await granting.turn("open")).status_code == 200
    return granting
