"""A file through the door: in pieces, hashed, and back; a file too large is refused on the way."""

import hashlib

from tests.diagnostic.acting import company
from tests.e2e.machine import Machine

LARGE = b"organisation;outil;usage\n" * 200_000


def test_a_file_larger_than_any_other_body_passes_the_door(machine: Machine) -> None:
    with machine.client() as door:
        found = door.post("/v1/diagnostic/organisations", json=company()).json()
        body = {"organisation_id": found["id"], "questionnaire": "MIA", "milestone": "ad_hoc"}
        started = door.post("/v1/diagnostic/assessments", json=body).json()
        path = f"/v1/diagnostic/assessments/{started['id']}/evidence?kind=register&title=Registre"
        headers = {"content-type": "text/csv"}

        kept = door.post(path, content=LARGE, headers=headers)
        beyond = door.post(path, content=bytes(50_000_000), headers=headers)  # X5
        piecewise = door.post(path, content=(LARGE for _ in range(5)), headers=headers)

        assert kept.status_code == 201, kept.text
        assert kept.json()["sha256"] == hashlib.sha256(LARGE).hexdigest()
        assert (beyond.status_code, beyond.json()["code"]) == (413, "body-too-large")
        assert (piecewise.status_code, piecewise.json()["code"]) == (413, "body-too-large")
        file = door.get(f"{kept.headers['location']}/content")
        assert file.status_code == 200
        assert file.content == LARGE
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["content-disposition"].startswith("attachment")
