"""Exposure of sectors."""

import httpx
import pytest

from tests.observatory.test_territories import read


async def test_a_division_is_read_in_full(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "sectors/62")
    assert (body["code"], body["level"]) == ("62", "division")
    assert round(body["mean"], 4) == 0.4734
    assert body["basis"]["exact"] is True
    assert body["coverage"] == {
        "share": 1.0,
        "covered": 43928.0,
        "total": 43928.0,
        "unit": "hires",
    }
    assert body["rank"]["of"] == 85
    weights = [job["weight"] for job in body["top_jobs"]]
    assert len(weights) == 10
    assert weights == sorted(weights, reverse=True)
    assert all(job["class"]["code"].startswith("gradient_") for job in body["top_jobs"])
    assert body["top_jobs"][0]["code"] == "M1805"
    assert body["reading"].startswith("Lecture : pondérée par les embauches")
    assert {source["table"] for source in body["sources"]} >= {"sector_hires", "sectors"}


@pytest.mark.parametrize("code", ["62.01Z", "6201Z", "6201z"])
async def test_a_sub_class_gets_its_division_and_says_so(
    observatory: httpx.AsyncClient, code: str
) -> None:
    body = await read(observatory, f"sectors/{code}")
    assert (body["code"], body["level"]) == ("62.01Z", "subclass")
    assert body["label"] == "Programmation informatique"
    assert (body["basis"]["code"], body["basis"]["exact"]) == ("62", False)
    assert "division" in body["basis"]["reason"]
    assert body["mean"] == (await read(observatory, "sectors/62"))["mean"]


async def test_a_division_without_hires_gets_its_section(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "sectors/05")
    assert (body["basis"]["code"], body["basis"]["kind"]) == ("B", "section")
    assert body["mean"] == (await read(observatory, "sectors/B"))["mean"]
    assert (await read(observatory, "sectors/05.10Z"))["basis"]["code"] == "B"


async def test_a_section_is_its_divisions_weighted_by_hires(
    observatory: httpx.AsyncClient,
) -> None:
    section = await read(observatory, "sectors/J")
    divisions = [await read(observatory, f"sectors/{code}") for code in range(58, 64)]
    hires = [each["coverage"]["covered"] for each in divisions]
    mean = sum(each["mean"] * count for each, count in zip(divisions, hires, strict=True)) / sum(
        hires
    )
    assert section["mean"] == pytest.approx(mean, abs=1e-4)
    assert section["coverage"]["covered"] == sum(hires)


async def test_sectors_are_listed_with_their_rank(observatory: httpx.AsyncClient) -> None:
    body = await read(observatory, "sectors?limit=200&count=true")
    codes = [item["code"] for item in body["items"]]
    assert body["total"] == len(codes) == 85
    assert codes == sorted(codes)
    by_rank = sorted(body["items"], key=lambda item: item["rank"]["position"])
    means = [item["mean"] for item in by_rank]
    assert means == sorted(means, reverse=True)
    sections = await read(observatory, "sectors?level=section&limit=20", "en")
    assert [item["code"] for item in sections["items"]][:3] == ["A", "B", "C"]
    assert sections["items"][2]["label"] == "Manufacturing"
    assert sections["next"]
    found = await read(observatory, "sectors?q=assurance")
    assert "65" in {item["code"] for item in found["items"]}


@pytest.mark.parametrize("code", ["04", "99.99Z", "6299Z", "34"])
async def test_an_unknown_sector_is_a_404_that_names_the_referential(
    observatory: httpx.AsyncClient, code: str
) -> None:
    response = await observatory.get(f"/v1/exposure/sectors/{code}")
    assert response.status_code == 404
    problem = response.json()
    assert problem["code"] == "code-unknown"
    assert "NAF rév. 2" in problem["detail"]


@pytest.mark.parametrize("code", ["Z", "620", "62.01", "informatique", "62..01Z"])
async def test_a_code_that_cannot_be_a_sector_is_a_422(
    observatory: httpx.AsyncClient, code: str
) -> None:
    response = await observatory.get(f"/v1/exposure/sectors/{code}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "code-malformed"
