"""A grid through the door: one demo client writes it, the other publishes it."""

import json
from pathlib import Path

from tests.e2e.machine import Machine

MINI = Path(__file__).parents[1] / "diagnostic" / "data" / "mini-ia.json"


def test_demo_writes_a_grid_and_its_colleague_publishes_it(machine: Machine) -> None:
    content = json.loads(MINI.read_text(encoding="utf-8")) | {"code": "E2E"}
    grids = "/v1/diagnostic/questionnaires"
    with machine.client() as author, machine.client("demo-colleague") as colleague:
        assert colleague.post(f"{grids}/E2E/versions", json=content).status_code == 403
        made = author.post(f"{grids}/E2E/versions", json=content)
        assert made.status_code == 201, made.text
        version = f"{grids}/E2E/versions/1.0.0"
        content["title"]["fr"] = "Grille d’essai"
        tag = {"if-match": made.headers["etag"]}
        assert author.put(version, json=content, headers=tag).status_code == 200
        assert author.post(f"{version}/request-review").status_code == 200
        assert author.post(f"{version}/publish").status_code == 403
        assert colleague.post(f"{version}/publish").status_code == 200
        assert author.get(f"{grids}/E2E").json()["content"]["title"]["fr"] == "Grille d’essai"
        assert author.delete(version, headers=tag).status_code == 409
