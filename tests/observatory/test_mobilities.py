"""Where a job leads: the directory's own links, beside exposure and skills."""

from typing import Any

import httpx
import pytest


async def read(client: httpx.AsyncClient, rome: str) -> dict[str, Any]:
    response = await client.get(f"/v1/jobs/{rome}/mobilities")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_job_leads_to_others_in_the_order_of_the_directory(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "A1101")
    assert [item["code"] for item in body["items"][:4]] == ["A1414", "A1205", "A1416", "A1202"]
    assert body["reading"].startswith("Lecture : le ROME relie « Conducteur")
    assert body["sources"][0]["vintage"].startswith("ROME 4.0, version 460")


async def test_exposures_are_those_of_the_jobs_themselves(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "M1203")
    assert body["items"]
    for item in body["items"][:3]:
        alone = (await observatory.get(f"/v1/exposure/jobs/{item['code']}")).json()
        assert (item["mean"], item["class"]) == (alone["mean"], alone["class"])
        assert item["difference"] == pytest.approx(alone["mean"] - body["mean"], abs=1e-4)
    less = sum(item["difference"] < 0 for item in body["items"])
    assert f"{less} ont une exposition" in body["reading"]


async def test_skills_to_gain_are_those_that_the_present_job_does_not_want(
    observatory: httpx.AsyncClient,
) -> None:
    here, back = await read(observatory, "M1607"), None
    for item in here["items"]:
        if item["skills"] is None:
            continue
        there = await read(observatory, item["code"])
        back = next((one for one in there["items"] if one["code"] == "M1607"), None)
        if back is not None:
            assert back["skills"]["shared"] == item["skills"]["shared"], "what is shared is mutual"
            assert not set(back["skills"]["to_gain"]) & set(item["skills"]["to_gain"])
            break
    assert back is not None, "some job leads back"


async def test_jobs_of_one_origin_have_no_known_skills_between_them(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "M1889")
    kin = (await observatory.get("/v1/jobs/M1889")).json()["basis"]
    for item in body["items"]:
        basis = (await observatory.get(f"/v1/jobs/{item['code']}")).json()["basis"]
        assert (item["skills"] is None) == (basis == kin), item["code"]


async def test_a_job_without_an_exposure_still_leads_somewhere(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "K1705")
    assert body["items"]
    unmeasured = (await observatory.get("/v1/exposure/jobs/K1705")).status_code == 404
    assert (body["mean"] is None) == unmeasured


async def test_what_is_no_job_is_refused(observatory: httpx.AsyncClient) -> None:
    assert (await observatory.get("/v1/jobs/A9999/mobilities")).status_code == 404
    assert (await observatory.get("/v1/jobs/1607/mobilities")).status_code == 422
    english = await observatory.get("/v1/jobs/a1101/mobilities", headers={"accept-language": "en"})
    assert english.json()["reading"].startswith("Reading: ROME links")
