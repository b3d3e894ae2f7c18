"""Indicator sheets: definition, quality, method, newest release and sources at once (M10)."""

from typing import Any, get_args

import pytest

from observatory.sheets.texts import SECTIONS
from observatory.shipped import readings
from observatory.structures.sheet_schemas import Section
from tests.harness import as_client
from tests.observatory.publishing import Publisher, name, table

SHEETS = "/v1/sheets/HDF"
ORIGIN = {
    "title": {"fr": "Une enquête <b>", "en": "A survey"},
    "producer": "INSEE",
    "vintage": "2020",
    "licence": "Licence Ouverte 2.0",
    "citation": "INSEE (2021)",
    "derived": "two columns",
    "table": "survey",
    "files": [{"name": "x.csv", "sha256": "0" * 64}],
}


def sheet(flow: str, **changed: Any) -> dict[str, Any]:
    made = {
        "id": flow,
        "version": "1.0.0-draft",
        "name": {"fr": "Fiche", "en": "Sheet"},
        "indicator": f"{flow}(1.0+)",
        "short_unit": {"fr": "emplois", "en": "jobs"},
        "description_short": {"fr": "Les emplois <script>", "en": "Jobs"},
        "description_key": [{"fr": "À savoir", "en": "To know"}],
        "description_processing": name("none"),
        "processing_level": "minor",
        "sections": {"ACCURACY": name("good"), "STAT_UNIT": name("job")},
        "sources": [
            {
                "table": "survey",
                "attribution": "INSEE, enquête",
                "url_main": "https://www.insee.fr/x",
                "date_published": "2021-05-01",
            }
        ],
    }
    return made | changed


async def test_a_sheet_joins_what_its_author_wrote_with_what_the_release_tells(
    publisher: Publisher,
) -> None:
    flow, client = await publisher.flow(), publisher.client
    path = f"/v1/indicators/{flow}/sheet"
    bare = (await client.get(path)).json()
    assert (bare["sheet"], bare["release"], bare["sections"]) == (None, None, [])
    formula = {"fr": "somme", "en": "sum"}
    rows = table([("R32", "A", "2020", 1.0)])
    await publisher.release(flow, rows, origins=[ORIGIN], formula=formula)
    headers = publisher.headers | {"if-match": '"0"'}
    draft = f"{SHEETS}/{flow}/1.0.0-draft"
    written = await client.put(draft, json=sheet(flow), headers=headers)
    assert written.status_code == 200, written.text
    assert (await client.get(path)).json()["sheet"] is None, "a draft is not told"
    tagged = publisher.headers | {"if-match": written.headers["etag"]}
    assert (await client.post(f"{draft}/publish", headers=tagged)).status_code == 200
    told = (await client.get(path, headers={"accept-language": "en"})).json()
    assert told["sheet"].endswith(f"x-vigie.IndicatorSheet=HDF:{flow}(1.0.0)")
    assert [each["id"] for each in told["sections"]] == ["STAT_UNIT", "ACCURACY"]
    assert told["sections"][1]["name"] == "Accuracy and reliability"
    (source,) = told["sources"]
    assert (source["attribution"], source["version_producer"]) == ("INSEE, enquête", "2020")
    assert (source["date_published"], source["dataset"]) == ("2021-05-01", "survey/1")
    assert source["files"] == ORIGIN["files"]
    assert (told["method"]["formula"], told["release"]["ordinal"]) == ("sum", 1)
    assert told["release"]["days_after"] > 365
    page = await client.get(f"{path}.html", params={"lang": "fr"})
    assert "Les emplois &lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert '<html lang="fr">' in page.text


async def test_every_shipped_indicator_has_its_sheet_with_sources_and_keys(
    publisher: Publisher,
) -> None:
    listed = (await publisher.client.get("/v1/sheets", params={"limit": 200})).json()["items"]
    ours = {each.id for each in readings.structures().sheets}
    shipped = [each for each in listed if each["id"] in ours]
    assert len(shipped) >= 12
    for each in shipped:
        told = (await publisher.client.get(f"/v1/indicators/{each['id']}/sheet")).json()
        assert told["sheet"] == each["urn"]
        assert told["sources"], each["id"]
        assert len(told["sections"]) > 10
        assert told["method"]["name"]
    exposure = (await publisher.client.get("/v1/indicators/EXPOSURE_PLACE/sheet")).json()
    (fifths,) = exposure["reading_keys"]
    assert fifths["urn"].endswith("HDF:exposure-fifths(1.0.0)")
    assert exposure["grids"][0]["urn"].endswith("territory-exposure(1.0.0)")
    assert "HDF" in exposure["citation"]
    assert (await publisher.client.get("/v1/indicators/NONE/sheet")).status_code == 404
    assert (await publisher.client.get("/v1/indicators/NONE/sheet.html")).status_code == 404
    cited = await publisher.client.get(f"{SHEETS}/EXPOSURE_PLACE/1.0.0/citation.json")
    assert cited.json()[0]["genre"] == "fiche d’indicateur"
    assert (await publisher.client.get(f"{SHEETS}/EXPOSURE_PLACE/1.0.0")).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"indicator": "EMPLOYMENT(1.0+)"}, "id-of-another"),
        ({"indicator": "HIRES(9.0+)"}, "reference-unknown"),
        ({"sections": {"MOOD": name("x")}}, "literal-error"),
        ({"sections": {}}, "too-short"),
        ({"sources": [{"table": "t", "attribution": "x", "url_main": "file:///etc"}]}, None),
    ],
)
async def test_a_sheet_that_breaks_a_rule_is_refused(
    publisher: Publisher, changed: dict[str, Any], code: str | None
) -> None:
    body = sheet("HIRES", version="2.0.0-draft", **changed)
    path, client = f"{SHEETS}/HIRES/2.0.0-draft", publisher.client
    answer = await client.put(path, json=body, headers=publisher.headers | {"if-match": '"0"'})
    assert answer.status_code == 422
    assert code is None or code in [each["code"] for each in answer.json()["errors"]], answer.text


async def test_writing_a_sheet_is_guarded(publisher: Publisher) -> None:
    body = sheet("HIRES", version="3.0.0-draft")
    path, client = f"{SHEETS}/HIRES/3.0.0-draft", publisher.client
    reader = as_client("observatory", scopes={"observatory:feed"}) | {"if-match": '"0"'}
    assert (await client.put(path, json=body, headers=reader)).status_code == 403
    assert (await client.put(path, json=body, headers=publisher.headers)).status_code == 428
    assert (await client.post(f"{path}/publish", headers=reader)).status_code == 403
    tagged = publisher.headers | {"if-match": '"0"'}
    assert (await client.post(f"{path}/publish", headers=tagged)).json()["code"] == "cited-unknown"
    foreign = path.replace("/HDF/", "/GES/")
    assert (await client.put(foreign, json=body, headers=tagged)).json()[
        "code"
    ] == "artefact-foreign"


def test_every_section_has_its_name() -> None:
    assert set(SECTIONS) == set(get_args(Section))
