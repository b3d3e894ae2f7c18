"""Short ways to arrange respondents and what they answer."""

import secrets
from typing import Any

from tests.diagnostic.acting import Acting


def person(**fields: object) -> dict[str, Any]:
    """Describe somebody nobody invited yet."""
    return {
        "name": "Anne Lefèvre",
        "email": f"{secrets.token_hex(6)}@atelier-dupont.fr",
        "role": "Directrice des opérations",
        **fields,
    }


async def invited(acting: Acting, started: dict[str, Any], **fields: object) -> dict[str, Any]:
    path = f"/v1/assessments/{started['id']}/respondents"
    response = await acting.post(path, person(**fields))
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def place(respondent: dict[str, Any]) -> str:
    """Give the address of a respondent."""
    return f"/v1/assessments/{respondent['assessment_id']}/respondents/{respondent['id']}"


async def answered(
    acting: Acting, respondent: dict[str, Any], question: str, value: Any, **fields: object
) -> dict[str, Any]:
    """Give the first answer of a respondent to a question."""
    body = {"state": "answered", "value": value, **fields}
    path = f"{place(respondent)}/answers/{question}"
    response = await acting.send("PUT", path, body, '"0"')
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found
