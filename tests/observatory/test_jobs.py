"""Exposure of jobs."""

import httpx
import pytest

from tests.observatory.test_territories import read


async def test_a_job_is_read_in_full(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "jobs/M1607")
    assert (body["code"], body["label"]) == ("M1607", "Secrétaire")
    assert body["basis"]["exact"] is True
    assert (body["mean"], body["sd"], body["tasks"]) == (0.58, 0.1, 8)
    assert body["class"]["code"] == "gradient_3"
    assert body["occupations"] == [
        {
            "code": "4120",
            "label": "Secrétaires (fonctions générales)",
            "weight": 1.0,
            "mean": 0.58,
            "sd": 0.1,
            "tasks": 8,
        }
    ]
    assert body["ranges"]["score"] == {"low": 0.5107, "high": 0.6493}  # 0.58 ± 1.96 × 0.1 / √8
    assert body["ranges"]["tasks"] == {"low": 0.48, "high": 0.68}
    assert "0,58 sur une échelle de 0 à 1" in body["reading"]


async def test_a_job_of_rome_4_takes_the_job_it_comes_from_and_says_so(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "jobs/M1889", "en")
    assert (body["basis"]["code"], body["basis"]["exact"]) == ("M1805", False)
    assert "split from" in body["basis"]["reason"]
    assert body["mean"] == (await read(observatory, "jobs/M1805"))["mean"]
    assert body["reading"].startswith("Reading: ")


async def test_a_job_whose_group_is_not_scored_has_a_mean_but_no_class(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "jobs/E1105")
    assert body["class"] is None
    assert body["basis"]["exact"] is False
    assert "n’a pas de score" in body["basis"]["reason"]
    assert [group["code"] for group in body["occupations"]] == ["3431", "3432", "3433", "3434"]
    assert sum(group["weight"] for group in body["occupations"]) == 1
    crosswalk = body["ranges"]["crosswalk"]
    assert crosswalk["low"] < body["mean"] < crosswalk["high"]
    assert "pas de classe de l’OIT" in body["reading"]


async def test_the_armed_forces_are_not_measured(observatory: httpx.AsyncClient) -> None:
    response = await observatory.get("/v1/exposure/jobs/K1701")
    assert response.status_code == 404
    assert response.json()["code"] == "exposure-unmeasured"
    assert "K1701" in response.json()["detail"]


async def test_every_job_is_in_the_list_or_unmeasured(observatory: httpx.AsyncClient) -> None:
    codes: list[str] = []
    path = "jobs?limit=200&count=true"
    while path:
        body = await read(observatory, path)
        codes += [item["code"] for item in body["items"]]
        path = f"jobs?limit=200&after={body['next']}" if body["next"] else ""
    assert codes == sorted(set(codes))
    assert 1500 < len(codes) < 1584


async def test_jobs_are_found_by_class_and_words(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "jobs?class=gradient_4&limit=200")
    assert body["items"]
    assert {item["class"]["code"] for item in body["items"]} == {"gradient_4"}
    unclassified = await read(observatory, "jobs?class=unclassified&limit=200")
    assert unclassified["items"]
    assert {item["class"] for item in unclassified["items"]} == {None}
    found = await read(observatory, "jobs?q=SECRETAIRE%20medicale")
    assert found["items"]
    assert all("Secrétaire" in item["label"] for item in found["items"])


async def test_fifty_codes_are_looked_up_at_once(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "jobs?codes=m1607,M1203, D1406 ,K1701,A9999,M1607")
    assert [item["code"] for item in body["items"]] == ["D1406", "M1203", "M1607"]
    assert body["unknown"] == ["A9999", "K1701"]


async def test_every_fault_of_a_batch_is_named(observatory: httpx.AsyncClient) -> None:
    codes = ",".join(["M1607", "nope", *["M1203"] * 48, "1"])
    response = await observatory.get("/v1/exposure/jobs", params={"codes": codes})
    assert response.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [
        ("/codes/1", "code-malformed"),
        ("/codes/50", "code-malformed"),
        ("/codes", "too-many-codes"),
    ]
    assert "50" in response.json()["errors"][2]["detail"]


async def test_an_unknown_class_or_parameter_is_refused(observatory: httpx.AsyncClient) -> None:
    response = await observatory.get("/v1/exposure/jobs?class=gradient_5")
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/class"
    response = await observatory.get("/v1/exposure/jobs?colour=blue")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("code", "status", "problem"),
    [
        ("M9999", 404, "code-unknown"),
        ("Z1607", 422, "code-malformed"),
        ("M16070", 422, "code-malformed"),
        ("M16٠7", 422, "code-malformed"),
    ],
)
async def test_a_wrong_code_is_refused_by_name(
    observatory: httpx.AsyncClient, code: str, status: int, problem: str
) -> None:
    response = await observatory.get(f"/v1/exposure/jobs/{code}")
    assert response.status_code == status
    body = response.json()
    if status == 404:
        assert body["code"] == problem
        assert "ROME 4.0" in body["detail"]
    else:
        assert body["errors"][0]["code"] == problem
        assert "M1607" in body["errors"][0]["detail"]
