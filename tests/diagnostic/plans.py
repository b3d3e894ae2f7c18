"""A grid with a catalogue of its own, and roadmaps made on it."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from diagnostic.questionnaires.grid import GridContent
from diagnostic.roadmaps.priority import Recommendation
from tests.diagnostic.acting import BASE, Acting, publish
from tests.diagnostic.recommending import entry, stock
from tests.harness import Database

MINI_IA = Path(__file__).parent / "data" / "mini-ia.json"


CATALOGUE = (
    entry("A1", "Q1", "o3", "S"),
    entry("A2", "Q6", "o2", "XS", prerequisites=["A1"], funding_refs=["HDF-BTR3"]),
    entry("A3", "Q3", ["a", "b", "c", "d"], "M"),
)
"""On the base answers in this order; A2 comes after A1."""


async def new_grid(database: Database, catalogue: Iterable[Recommendation] = CATALOGUE) -> str:
    """Publish MINI-IA under a code that no test has used, with its recommendations."""
    code = f"ACT-{secrets.token_hex(4).upper()}"
    content = {**json.loads(MINI_IA.read_text(encoding="utf-8")), "code": code}
    await publish(database, GridContent.model_validate(content))
    await stock(database, code, catalogue)
    return code


@dataclass
class Plan:
    """A roadmap, and short ways to act on it."""

    acting: Acting
    assessment: dict[str, Any]
    made: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/assessments/{self.assessment['id']}/roadmap"

    def place(self, code: str) -> str:
        found = next(one for one in self.made["actions"] if one["code"] == code)
        return f"{self.path}/actions/{found['id']}"

    async def action(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.acting.get(self.place(code))).json()
        return found

    async def change(
        self, code: str, body: object, tag: str | None = None, by: Acting | None = None
    ) -> httpx.Response:
        """Change an action, from its present version unless a tag is given."""
        held = tag or f'"{(await self.action(code))["version"]}"'
        return await (by or self.acting).send("PATCH", self.place(code), body, held)

    async def move(self, code: str, *states: str) -> dict[str, Any]:
        """Bring an action through these states."""
        for state in states:
            reasoned = state in {"rejected", "on_hold", "dropped"}
            body = {"status": state, **({"reason": "Budget"} if reasoned else {})}
            response = await self.change(code, body)
            assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def add(self, **fields: object) -> httpx.Response:
        """Add an action of the company's own."""
        body = {"title": "Former l’atelier", "effort": "M", "impact": 4, **fields}
        response = await self.acting.post(f"{self.path}/actions", body)
        if response.status_code == 201:
            self.made["actions"].append(response.json())
        return response

    async def read(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.acting.get(self.path)).json()
        return found


async def planned(acting: Acting, grid: str, **fields: object) -> Plan:
    """Submit the base answers on a grid and make their roadmap."""
    started = await acting.submitted(BASE, questionnaire=grid, **fields)
    made = await acting.post(f"/v1/assessments/{started['id']}/roadmap")
    assert made.status_code == 201, made.text
    return Plan(acting, started, made.json())
