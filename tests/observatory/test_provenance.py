"""From one figure to its release, its formula and its source files; and the sentence it reads."""

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.observatory.publishing import Publisher, lines, table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
ORIGIN = {
    "title": {"fr": "Recensement", "en": "Census"},
    "producer": "INSEE",
    "vintage": "2022",
    "licence": "Licence Ouverte 2.0",
    "url": "https://www.insee.fr/fr/statistiques/1",
    "files": [{"name": "rp2022.csv", "sha256": "ab" * 32}],
}
FORMULA = {"fr": "E = somme des postes", "en": "E = sum of posts"}
ROWS = [("R32", "A", "2020", 1234.0), ("75", "A", "2020", 2.0), ("R32", "A", "2021", 3.0)]


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = await publisher.flow()
    told: dict[str, Any] = {"formula": FORMULA, "origins": [ORIGIN]}
    await publisher.release(made, table(ROWS), **told)
    changed = [("R32", "A", "2020", 5000.0), *ROWS[1:]]
    await publisher.release(made, table(changed), source="second")
    return made


async def traced(client: httpx.AsyncClient, flow: str, **asked: Any) -> httpx.Response:
    return await client.get(f"/v1/indicators/{flow}/provenance", params=asked)


def one(area: str, period: str) -> dict[str, str]:
    return {"c[REF_AREA]": area, "c[TIME_PERIOD]": period}


async def test_a_figure_is_traced_to_the_release_that_brought_it_and_its_files(
    publisher: Publisher, flow: str
) -> None:
    client = publisher.client
    found = (await traced(client, flow, **one("75", "2020"))).json()
    assert found["figure"]["value"] == 2.0
    assert [each["code"] for each in found["figure"]["key"]] == ["75", "A"]
    assert [each["label"] for each in found["figure"]["key"]] == ["75 fr", "A fr"]
    assert (found["release"]["ordinal"], found["known_in"]) == (1, 2), "it has not changed since"
    assert found["method"] == {
        "name": "count/1.0.0",
        "formula": FORMULA["fr"],
        "address": None,
    }
    (origin,) = found["release"]["origins"]
    assert ORIGIN.items() <= origin.items()
    assert found["licence"] == "Licence Ouverte 2.0"
    revised = (await traced(client, flow, **one("R32", "2020"))).json()
    assert (revised["figure"]["value"], revised["release"]["ordinal"]) == (5000.0, 2)
    assert revised["release"]["origins"] == []
    then = revised["release"]["published_at"]
    first = (await client.get(f"/v1/releases?dataflow={flow}")).json()["items"][-1]
    assert first["published_at"] < then
    before = await traced(client, flow, **one("R32", "2020"), asOf=first["published_at"])
    assert (before.json()["figure"]["value"], before.json()["release"]["id"]) == (
        1234.0,
        first["id"],
    )
    here = httpx.URL(f"http://door/v1/indicators/{flow}/provenance")
    history = await client.get(here.join(revised["history"]).raw_path.decode())
    assert [row["OBS_VALUE"] for row in lines(history)] == ["1234", "5000"]


async def test_n_the_mean_of_the_region_is_traced_to_the_bytes_of_the_official_files(
    publisher: Publisher,
) -> None:
    """The figure of the README, walked from its address to files of the producers."""
    client = publisher.client
    asked = {"c[REF_AREA]": "R32"}
    rows = lines(await publisher.data("EXPOSURE_TERRITORY", **asked))
    assert len(rows) == 1
    found = (await traced(client, "EXPOSURE_TERRITORY", **asked)).json()
    assert round(found["figure"]["value"], 3) == 0.303 == round(float(rows[0]["OBS_VALUE"]), 3)
    assert found["figure"]["attributes"]["CI_LOW"] == float(rows[0]["CI_LOW"])
    assert "Σ" in found["method"]["formula"] or "moyenne" in found["method"]["formula"]
    here = httpx.URL("http://door/v1/indicators/EXPOSURE_TERRITORY/provenance")
    method = await client.get(here.join(found["method"]["address"]).raw_path.decode())
    assert (method.status_code, method.json()["id"]) == (200, "ilo-2025")
    origins = {each["table"]: each for each in found["release"]["origins"]}
    assert set(origins) == {
        "scores",
        "crosswalk",
        "family_jobs",
        "family_employment",
        "territories",
    }
    for each in origins.values():
        assert each["vintage"]
        assert each["licence"]
        assert each["files"]
    listed = (await client.get("/v1/datasets?limit=200")).json()["items"]
    datasets = {each["table"]: each for each in listed}
    for name, each in origins.items():
        assert datasets[name]["files"] == each["files"]
    if DATA.exists():
        file = DATA / "ilo-genai-isco08-2025" / origins["scores"]["files"][0]["name"]
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert digest == origins["scores"]["files"][0]["sha256"]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "figure-ambiguous"),
        ({"c[REF_AREA]": "R32"}, 422, "figure-ambiguous"),
        ({"c[REF_AREA]": "NOWHERE"}, 404, "figure-unknown"),
        ({"c[REF_AREA]": "R32", "asOf": "2000-01-01"}, 404, "figure-unknown"),
        ({"includeHistory": "true"}, 422, "selection-invalid"),
        ({"limit": 1}, 422, "selection-invalid"),
        ({"labels": "name"}, 422, "selection-invalid"),
        ({"startPeriod": "soon"}, 422, "selection-invalid"),
    ],
)
async def test_what_is_not_one_figure_is_refused(
    publisher: Publisher, flow: str, asked: dict[str, Any], status: int, code: str
) -> None:
    answer = await traced(publisher.client, flow, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code == "figure-ambiguous" and asked:
        assert "TIME_PERIOD" in answer.json()["detail"]


async def test_an_answer_that_is_still_right_is_not_sent_again(
    publisher: Publisher, flow: str
) -> None:
    answer = await traced(publisher.client, flow, **one("75", "2020"))
    again = await publisher.client.get(
        answer.request.url.raw_path.decode(), headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_b4_each_figure_has_the_sentence_that_reads_it(
    publisher: Publisher, flow: str
) -> None:
    rows = lines(await publisher.data(flow, reading="true", **one("R32", "2020")))
    assert rows[0]["READING_KEY"] == "figure-reading/1.0.0"
    assert rows[0]["READING"] == "Lecture : Emplois, R32 fr, A fr, 2020 : 5\u202f000 (emplois)."
    english = await publisher.data(flow, "json", reading="true", lang="en", **one("R32", "2020"))
    told = english.json()["observations"][0]
    assert told["READING"] == "Reading: Jobs, R32 en, A en, 2020: 5,000 (jobs)."
    plain = await publisher.data(flow, **one("R32", "2020"))
    assert "READING" not in lines(plain)[0]
    mean = lines(
        await publisher.data("EXPOSURE_TERRITORY", reading="true", **{"c[REF_AREA]": "R32"})
    )
    assert "0,303 (fraction, de 0 à 1)" in mean[0]["READING"]
    cube = await publisher.data(flow, "jsonstat", reading="true")
    assert (cube.status_code, cube.json()["errors"][0]["code"]) == (422, "sentences-in-a-cube")
    workbook = await publisher.data(flow, "xlsx", reading="true")
    assert workbook.status_code == 200
    paged = await publisher.data(flow, reading="true", limit=1)
    after = dict(httpx.QueryParams(paged.links["next"]["url"][1:]))
    assert "READING" in lines(await publisher.data(flow, **after))[0]


async def test_b4_what_is_not_shown_is_in_no_sentence(publisher: Publisher) -> None:
    made = await publisher.flow()
    rows = [("R32", "A", "2020", 77.0, "A"), ("75", "A", "2020", "", "M")]
    release = await publisher.release(made, table(rows, "OBS_STATUS"))
    why = {"reason": {"fr": "erreur", "en": "error"}}
    missing = lines(await publisher.data(made, reading="true", **{"c[REF_AREA]": "75"}))
    assert missing[0]["READING"].endswith("2020 : valeur non disponible.")
    publisher.known(await publisher.act(release, "withdraw", why))
    hidden = await publisher.data(made, reading="true")
    assert "77" not in hidden.text
    assert "valeur retirée par le producteur" in lines(hidden)[-1]["READING"] + hidden.text
    traced_ = await traced(publisher.client, made, **{"c[REF_AREA]": "R32"})
    assert traced_.json()["figure"]["value"] is None
    assert "retirée" in traced_.json()["reading"]


@pytest.mark.parametrize(
    "changed",
    [
        {"origins": [{**ORIGIN, "files": [{"name": "x", "sha256": "not"}]}]},
        {"origins": [{**ORIGIN, "url": "javascript:alert(1)"}]},
        {"origins": [ORIGIN] * 51},
        {"formula": {"fr": "x"}},
    ],
)
async def test_an_origin_that_says_nothing_is_refused(
    publisher: Publisher, flow: str, changed: dict[str, Any]
) -> None:
    body = {
        "dataflow": flow,
        "notes": {"fr": "n", "en": "n"},
        "method": "m",
        "source": "s",
        **changed,
    }
    answer = await publisher.client.post("/v1/releases", json=body, headers=publisher.headers)
    assert answer.status_code == 422
