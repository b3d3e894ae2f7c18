"""Exposure by several indices: classes, the range across them, and the arithmetic of a cell."""

import csv
import io
from typing import Any

import httpx
import pytest

from observatory.formulas.percentiles import BOUNDS, band, percentile
from observatory.indices.catalogue import headlines, methods

SHIPPED = {"ilo-2025", "eloundou-beta", "microsoft-2025"}
"""Headlines whose licence lets us ship them."""


async def read(client: httpx.AsyncClient, path: str, language: str = "fr") -> Any:
    response = await client.get(f"/v1/exposure/{path}", headers={"accept-language": language})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_region_is_read_by_several_indices_as_a_range(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "territories/32/range")
    assert (body["code"], body["basis"]) == ("R32", "R32")
    leading = {each["method"]["id"]: each for each in body["methods"] if each["headline"]}
    assert set(leading) >= SHIPPED
    places = {name: each["place"] for name, each in leading.items()}
    for end, choose in (("low", min), ("high", max)):
        assert body["range"][end]["place"] == choose(places.values())
        assert places[body["range"][end]["method"]["id"]] == choose(places.values())
        shares = [each["exposed_share"] for each in leading.values()]
        assert body["range"]["exposed_share"][end] == choose(shares)
    assert leading["ilo-2025"]["native"] == 0.303
    assert body["coverage"]["share"] == min(each["coverage"] for each in leading.values())
    for each in body["methods"]:
        assert sum(share["share"] for share in each["classes"]) == pytest.approx(1, abs=1e-3)
        assert each["interval"]["low"] <= each["place"] <= each["interval"]["high"]
        assert each["unknown"] == ([] if each["method"]["id"].startswith("ilo") else ["scores"])


async def test_the_budget_of_doubt_sums_to_one_and_counts_the_choice_of_the_index(
    observatory: httpx.AsyncClient,
) -> None:
    for path in ("territories/32", "sectors/62", "jobs/M1607", "jobs/E1105"):
        budget = (await read(observatory, f"{path}/range"))["budget"]
        parts = [budget[name] for name in ("scores", "crosswalk", "weights", "index")]
        assert sum(parts) == pytest.approx(1, abs=1e-3)
        assert 0 < budget["se_within"] < budget["se_total"]
    software = (await read(observatory, "sectors/62/range"))["budget"]
    assert software["index"] > 0.9, "indices differ more than each doubts itself"


async def test_coverage_is_shown_where_an_index_misses_jobs(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "sectors/62/range")
    by_method = {each["method"]["id"]: each for each in body["methods"]}
    assert by_method["ilo-2025"]["coverage"] == 1
    assert 0.5 < by_method["microsoft-2025"]["coverage"] < 0.7  # SOC 2018 recoded developers
    assert body["coverage"]["share"] == by_method["microsoft-2025"]["coverage"]
    assert "58,8" in body["reading"]


async def test_a_sentence_reads_a_range_in_both_languages(observatory: httpx.AsyncClient) -> None:
    french = await read(observatory, "sectors/62/range")
    english = await read(observatory, "sectors/62/range", "en")
    assert french["reading"].startswith("Lecture : selon l’indice retenu")
    assert "« Programmation, conseil et autres activités informatiques »" in french["reading"]
    assert english["reading"].startswith("Reading: depending on the index")
    for body in (french, english):
        for end in ("low", "high"):
            assert body["range"][end]["class"]["label"] in body["reading"]
            assert str(body["range"][end]["place"]) in body["reading"]
    keys = await read(observatory, "reading-keys")
    assert french["reading_key"] == {
        "id": keys["items"][0]["id"],
        "version": keys["items"][0]["version"],
    }
    agreed = await read(observatory, "jobs/M1607/range")
    assert agreed["agreement"]["methods"] == agreed["agreement"]["of"]
    assert agreed["reading"].startswith("Lecture : quel que soit l’indice retenu")


async def test_a_small_territory_is_read_on_the_region_around_it(
    observatory: httpx.AsyncClient,
) -> None:
    body = await read(observatory, "territories/59/range")
    assert (body["code"], body["basis"]) == ("D59", "R32")
    assert "« Hauts-de-France »" in body["reading"]
    assert body["range"] == (await read(observatory, "territories/32/range"))["range"]
    division = await read(observatory, "sectors/62.01Z/range")
    assert (division["code"], division["basis"]) == ("62.01Z", "62")


async def test_classes_follow_the_published_grid(observatory: httpx.AsyncClient) -> None:
    (grid,) = (await read(observatory, "grids"))["items"]
    bounds = {each["code"]: each["at_least"] for each in grid["classes"]}
    assert bounds == BOUNDS
    page = await read(observatory, "cells?kind=sectors&limit=200")
    for cell in page["items"]:
        assert cell["grid"] == {"id": grid["id"], "version": grid["version"]}
        below = [code for code, bound in bounds.items() if bound <= cell["place"]]
        assert cell["class"]["code"] == below[-1]


async def test_cells_are_the_same_in_json_and_csv(observatory: httpx.AsyncClient) -> None:
    page = await read(observatory, "cells?kind=territories&limit=200&count=true")
    response = await observatory.get("/v1/exposure/cells.csv?kind=territories")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-language"] == "fr"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == page["total"] == len(page["items"])
    lines = {(row["code"], row["method"]): row for row in rows}
    for cell in page["items"]:
        row = lines[cell["code"], cell["method"]["id"]]
        assert row["reading"] == cell["reading"]
        assert row["reading"].startswith("Lecture : ")
        assert (row["class"], int(row["place"])) == (cell["class"]["code"], cell["place"])
        assert (float(row["coverage"]), row["release"]) == (cell["coverage"], page["release"])
        assert row["reading_key"] == "/".join(cell["reading_key"].values())
    again = await observatory.get(
        "/v1/exposure/cells.csv?kind=territories",
        headers={"if-none-match": response.headers["etag"]},
    )
    assert again.status_code == 304


async def test_cells_of_one_method_come_page_by_page(observatory: httpx.AsyncClient) -> None:
    query = "cells?kind=jobs&method=microsoft-2025"
    first = await read(observatory, f"{query}&limit=2&count=true")
    second = await read(observatory, f"{query}&limit=2&after={first['next']}")
    found = first["items"] + second["items"]
    assert [cell["code"] for cell in found] == sorted({cell["code"] for cell in found})
    assert {cell["method"]["id"] for cell in found} == {"microsoft-2025"}
    english = await observatory.get(
        "/v1/exposure/cells.csv?kind=jobs&method=microsoft-2025",
        headers={"accept-language": "en"},
    )
    rows = list(csv.DictReader(io.StringIO(english.text)))
    assert len(rows) == first["total"]
    assert all(row["reading"].startswith("Reading: ") for row in rows)


async def test_a_method_is_a_version_with_its_frozen_constants(
    observatory: httpx.AsyncClient,
) -> None:
    listed = (await read(observatory, "methods"))["items"]
    assert {each["id"] for each in listed} == set(methods())
    assert {each["id"] for each in listed if each["headline"]} == headlines()
    for each in listed:
        assert each["citation"]
        assert each["limits"]
        body = await read(observatory, f"methods/{each['id']}/{each['version']}")
        frozen = body["constants"]["percentiles"]
        assert (len(frozen), frozen) == (101, sorted(frozen))
        assert body["constants"]["unit_groups"] == 382
        for golden in body["constants"]["golden"]:
            found = percentile(golden["score"], frozen)
            assert (found, band(found)) == (golden["place"], golden["class"]["code"])
    felten = next(each for each in listed if each["id"] == "felten-aioe")
    assert felten["licence"].startswith("None stated")


@pytest.mark.parametrize("path", ["ilo-2025/9.9.9", "nobody/1.0.0", "nobody/latest/replay"])
async def test_an_unknown_method_or_version_is_a_404(
    observatory: httpx.AsyncClient, path: str
) -> None:
    query = {"kind": "jobs", "code": "M1607"} if path.endswith("replay") else {}
    refused = await observatory.get(f"/v1/exposure/methods/{path}", params=query)
    assert (refused.status_code, refused.json()["code"]) == (404, "method-unknown")


@pytest.mark.parametrize(
    ("kind", "code"),
    [("territories", "32"), ("sectors", "C"), ("jobs", "M1607"), ("jobs", "E1105")],
)
@pytest.mark.parametrize("method", sorted(SHIPPED))
async def test_a_cell_is_computed_again_from_its_inputs(
    observatory: httpx.AsyncClient, method: str, kind: str, code: str
) -> None:
    query = f"methods/{method}/1.0.0/replay?kind={kind}&code={code}"
    body = await read(observatory, query)
    assert sum(term["share"] for term in body["terms"]) == pytest.approx(1, abs=1e-12)
    adds = sum(term["weight"] * term["mean"] for term in body["terms"])
    mean = adds / sum(term["weight"] for term in body["terms"])
    assert mean == pytest.approx(body["sum"], abs=1e-12)
    for term in body["terms"]:
        places = {group: body["inputs"][group]["place"] for group in term["occupations"]}
        inner = sum(share * places[group] for group, share in term["occupations"].items())
        assert inner == pytest.approx(term["mean"], abs=1e-12)
    for each in body["inputs"].values():
        linked = [score for score in each["linked"].values() if score is not None]
        assert (method == "ilo-2025") == (not each["linked"])
        if linked:
            assert sum(linked) / len(linked) == pytest.approx(each["native"], abs=1e-12)
    assert body["agrees"] is True
    unit = await read(observatory, f"{kind}/{code}/range")
    (published,) = [each for each in unit["methods"] if each["method"]["id"] == method]
    assert published["place"] == body["published"] == int(100 * body["sum"] + 1e-9)
    variance = sum(part["value"] for part in body["variance"].values())
    assert variance**0.5 == pytest.approx(body["se"], rel=1e-9)
    assert body["sources"]["scores"]


async def test_an_index_that_is_not_loaded_says_so(observatory: httpx.AsyncClient) -> None:
    felten = await read(observatory, "methods/felten-image/latest")
    assert felten["loaded"] is False
    path = "methods/felten-image/latest/replay?kind=jobs&code=M1607"
    refused = await observatory.get(f"/v1/exposure/{path}")
    assert (refused.status_code, refused.json()["code"]) == (404, "index-not-loaded")
    for method in ("felten-image", "microsoft-2025"):
        body = await read(observatory, f"sector-routes?method={method}")
        assert (body["spearman"], body["divisions"]) == (None, 0)
        assert {each["industry"] for each in body["items"]} == {None}
        assert body["items"][0]["reading"].endswith("embauche en France.")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("jobs/M9999/range", 404, "code-unknown"),
        ("methods/ilo-2025/latest/replay?kind=jobs&code=K1701", 404, "exposure-unmeasured"),
        ("jobs/secretaire/range", 422, None),
        ("people/M1607/range", 422, None),
        ("cells?kind=people", 422, None),
        ("sector-routes?method=nobody", 404, "method-unknown"),
        ("cells?kind=jobs&method=nobody", 404, "method-unknown"),
        ("cells.csv?kind=jobs&method=nobody", 404, "method-unknown"),
        ("cells?kind=jobs&colour=red", 400, None),
    ],
)
async def test_bad_input_is_a_clear_problem(
    observatory: httpx.AsyncClient, path: str, status: int, code: str | None
) -> None:
    refused = await observatory.get(f"/v1/exposure/{path}")
    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert code in (None, refused.json()["code"])
