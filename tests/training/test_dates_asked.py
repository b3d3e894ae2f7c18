"""A date in a question is written as a date; a number is not read as seconds since 1970."""

import httpx
import pytest

from tests.conftest import OpenApp
from tests.harness import anonymous


@pytest.mark.parametrize(
    "query",
    [
        "RS7423/continuity?on=0",
        "RS7423/continuity?on=1803859200",
        "RS7423/continuity?on=20270301",
        "RS7423/continuity?on=2027-03-01T00:00:00Z",
        "RS7423/continuity?on=２027-03-01",
        "RS7423?at=0.5",
        "RS7423?at=1800000000",
        "RS7423?at=2027-03-01",
        "RS7423?at=2027-03-01T00:00:00",
        "RS7423?at=2300-01-01T00:00:00Z",
        "?at=0",
    ],
)
async def test_what_is_not_written_as_a_date_is_refused(open_app: OpenApp, query: str) -> None:
    answer = await _asked(open_app, query)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["in"], fault["pointer"]) == ("query", "/on" if "?on=" in query else "/at")


@pytest.mark.parametrize(
    "query",
    [
        "RS7423/continuity?on=2027-03-01",
        "RS7423?at=2027-03-01T00:00:00%2B01:00",
        "?at=2027-03-01T00:00Z",
    ],
)
async def test_a_date_is_read_as_it_is_written(open_app: OpenApp, query: str) -> None:
    assert (await _asked(open_app, query)).status_code == 200


async def _asked(open_app: OpenApp, query: str) -> httpx.Response:
    async with open_app("training") as client:
        return await client.get(
            f"/v1/certifications/{query}".replace("/?", "?"), headers=anonymous("training")
        )
