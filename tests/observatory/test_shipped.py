"""What is there at the first start: real structures, real figures."""

import csv
import io
from typing import Any

import httpx
import pytest

from observatory.exposure.classes import Grade
from tests.harness import Database
from tests.observatory.publishing import Publisher

FLOWS = {
    "DF_EXPOSURE_TERRITORY",
    "DF_EXPOSURE_PLACE",
    "DF_EXPOSURE_SECTOR",
    "DF_EXPOSURE_JOB",
    "DF_ILO_SCORES",
    "DF_EMPLOYMENT",
    "DF_HIRES",
    "DF_EXPOSURE_FAMILY",
    "DF_EMPLOYMENT_JOB",
    "DF_PLACE_SECTOR",
    "DF_PLACE_JOB",
}


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("flow", sorted(FLOWS))
async def test_every_shipped_dataflow_has_figures(
    observatory: httpx.AsyncClient, flow: str
) -> None:
    found = (await observatory.get(f"/v1/dataflows/{flow}")).json()
    assert found["release"] >= 1
    assert found["observations"] >= 200
    assert found["series"] == found["observations"], "one period each"
    for dimension in found["dimensions"]:
        assert found["present"][dimension["id"]]
    assert found["indicators"]
    names = [each["id"] for each in (await observatory.get("/v1/dataflows")).json()["items"]]
    assert set(names) >= FLOWS


async def test_the_region_has_the_figures_of_the_exposure_service(
    publisher: Publisher, observatory: httpx.AsyncClient
) -> None:
    """Region 32: mean 0.303, gradients 1 to 4 29.2 % (issue 5)."""
    exposure = (await observatory.get("/v1/exposure/territories/R32")).json()
    (mean,) = rows(await publisher.data("EXPOSURE_TERRITORY", **{"c[REF_AREA]": "R32"}))
    (share,) = rows(await publisher.data("EXPOSED_SHARE_TERRITORY", **{"c[REF_AREA]": "R32"}))
    assert float(mean["OBS_VALUE"]) == exposure["mean"] == pytest.approx(0.303, abs=5e-4)
    assert float(share["OBS_VALUE"]) == exposure["exposed_share"]
    assert share["OBS_VALUE"].startswith("0.29")
    quotient = float(mean["NUMERATOR"]) / float(mean["DENOMINATOR"])
    assert quotient == pytest.approx(exposure["mean"], abs=5e-5), "invariant 9"


async def test_a_client_reads_the_range_across_indices(
    publisher: Publisher, observatory: httpx.AsyncClient
) -> None:
    found = rows(await publisher.data("EXPOSURE_PLACE", **{"c[REF_AREA]": "R32"}))
    body = (await observatory.get("/v1/exposure/territories/R32/range")).json()
    shown = {each["method"]["id"]: each["place"] for each in body["methods"]}
    read = {row["INDEX"].replace("_", "-").lower(): float(row["OBS_VALUE"]) for row in found}
    assert {name: int(place) for name, place in read.items()} == shown
    for row in found:
        assert float(row["CI_LOW"]) < float(row["OBS_VALUE"]) < float(row["CI_HIGH"])
        quotient = float(row["NUMERATOR"]) / float(row["DENOMINATOR"])
        assert quotient == pytest.approx(float(row["OBS_VALUE"]), abs=1e-4), "invariant 9"


async def test_the_classes_are_those_that_the_ilo_published(
    database: Database, observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    """N1: 427 of 427."""
    flow = (await observatory.get("/v1/dataflows/DF_ILO_SCORES")).json()
    assert len(flow["present"]["OCCUPATION"]) == 427
    (mean,) = rows(await publisher.data("ILO_SCORE", **{"c[OCCUPATION]": "4120"}))
    assert mean["OBS_VALUE"] == "0.58"
    assert len(list(Grade)) == 6


async def test_codes_are_text(observatory: httpx.AsyncClient) -> None:
    found: dict[str, Any] = {}
    after: dict[str, str] = {}
    while True:
        path = "/v1/codelists/CL_ACTIVITY/codes"
        body = (await observatory.get(path, params={"limit": "200", **after})).json()
        found |= {each["id"]: each for each in body["items"]}
        if body["next"] is None:
            break
        after = {"after": body["next"]}
    assert found["01"]["parent"] == "A"
    assert "1" not in found
