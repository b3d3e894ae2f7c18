"""Analysis grids: a unit assessed from measured figures, each cell linked to its figure."""

import csv
import io
from typing import Any

import httpx
import pytest

from observatory.grids.schemas import Assessment
from observatory.grids.service import as_csv
from tests.harness import as_client
from tests.observatory.publishing import Publisher, lines, name, table
from tests.observatory.test_reading_keys import Drafter, key

GRIDS = "/v1/grids/HDF"


def grid(ident: str, flow: str, **changed: Any) -> dict[str, Any]:
    """Make a grid of two dimensions and three criteria over one flow."""

    def criterion(sector: str) -> dict[str, Any]:
        return {
            "id": f"sector_{sector}",
            "question": name(f"how much in {sector}?"),
            "indicator": f"{flow}(1.0+)",
            "unit": "REF_AREA",
            "key": {"SECTOR": sector},
            "reading_key": f"K_{flow}(1.0.0)",
            "levels": {"low": "calm", "middle": "watch", "high": "act"},
        }

    made = {
        "id": ident,
        "version": "1.0.0-draft",
        "name": {"fr": "Grille", "en": "Grid"},
        "subject": "territory",
        "codelist": f"CL_{flow}_AREA(1.0.0)",
        "levels": [
            {"id": each, "name": {"fr": f"{each} fr", "en": each}, "meaning": name(each)}
            for each in ("calm", "watch", "act")
        ],
        "dimensions": [
            {
                "id": "main",
                "name": name("main"),
                "rule": "highest",
                "criteria": [criterion("A"), criterion("C")],
            },
            {"id": "other", "name": name("other"), "rule": "lowest", "criteria": [criterion("J")]},
        ],
        "rule": "lowest",
        "tie": "lower",
        "boundary_rule": name("as the key says"),
        "how_to_read": name("how"),
        "do_not_conclude": [name("no ranking")],
    }
    return made | changed


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    """Publish figures of four areas, a key, and a grid of the flow's name."""
    made = await publisher.flow()
    rows: list[tuple[Any, ...]] = [
        *(("R32", "A", "2020", 0.1, "A"), ("R32", "A", "2021", 1.0, "A")),
        *(("R32", "C", "2021", 3.0, "A"), ("R32", "J", "2021", 2.0, "A")),
        *(("75", "A", "2021", 0.5, "A"), ("75", "J", "2021", 5.0, "U")),
        *(("D02", "A", "2021", 3.0, "A"), ("D02", "C", "2021", "", "M")),
        ("D02", "J", "2021", 3.0, "E"),
    ]
    await publisher.release(made, table([row for row in rows if row[1]], "OBS_STATUS"))
    await Drafter(publisher).key(key(f"K_{made}", made))
    body = grid(f"G_{made}", made)
    drafted = await put(publisher, body)
    assert drafted.status_code == 200, drafted.text
    done = await publisher.client.post(
        f"{GRIDS}/G_{made}/1.0.0-draft/publish",
        headers=publisher.headers | {"if-match": drafted.headers["etag"]},
    )
    assert done.status_code == 200, done.text
    return made


async def put(publisher: Publisher, body: dict[str, Any], tag: str = '"0"') -> httpx.Response:
    path = f"{GRIDS}/{body['id']}/{body['version']}"
    headers = publisher.headers | {"if-match": tag}
    return await publisher.client.put(path, json=body, headers=headers)


async def assessed(publisher: Publisher, flow: str, code: str, **more: str) -> dict[str, Any]:
    path = f"{GRIDS}/G_{flow}/1.0.0/assessments/{code}"
    answer = await publisher.client.get(path, params=more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_levels_follow_from_the_newest_figures_by_the_published_rules(
    publisher: Publisher, flow: str
) -> None:
    found = await assessed(publisher, flow, "R32")
    main, other = found["dimensions"]
    assert [cell["level"]["id"] for cell in main["cells"]] == ["watch", "act"]
    assert (main["level"]["id"], other["level"]["id"]) == ("act", "watch"), "2 is in the middle"
    assert (found["level"]["id"], found["measured"], found["criteria"]) == ("watch", 3, 3)
    assert "« R32 fr » est au niveau « watch fr »" in found["reading"]
    assert (await assessed(publisher, flow, "R32")) == found
    path = f"{GRIDS}/G_{flow}/1.0.0/assessments/R32"
    english = (await publisher.client.get(path, headers={"accept-language": "en"})).json()
    assert "(main: act; other: watch)" in english["reading"]


async def test_each_cell_leads_to_its_figure_release_and_sentence(
    publisher: Publisher, flow: str
) -> None:
    found = await assessed(publisher, flow, "R32")
    for axis in found["dimensions"]:
        for cell in axis["cells"]:
            traced = (await publisher.client.get(f"/v1/{cell['figure']}")).json()
            assert traced["figure"]["value"] == cell["value"]
            assert (traced["class"], traced["reading"]) == (cell["class"], cell["reading"])
            assert traced["release"]["ordinal"] == cell["release"] == found["releases"][flow]


async def test_what_is_not_measured_does_not_count_and_too_little_gives_no_level(
    publisher: Publisher, flow: str
) -> None:
    paris = await assessed(publisher, flow, "75")
    assert (paris["level"], paris["measured"]) == (None, 1)
    assert paris["dimensions"][1]["level"] is None
    assert "trop peu fiable" in paris["dimensions"][1]["cells"][0]["reading"]
    assert "n’a pas de niveau" in paris["reading"]
    aisne = await assessed(publisher, flow, "D02")
    assert (aisne["level"]["id"], aisne["measured"]) == ("act", 2)
    nothing = await assessed(publisher, flow, "2A")
    assert (nothing["level"], nothing["dimensions"][0]["cells"][0]["reading"]) == (None, None)


async def test_all_units_are_assessed_by_pages_and_as_csv(publisher: Publisher, flow: str) -> None:
    path = f"{GRIDS}/G_{flow}/1.0.0/assessments"
    first = await publisher.client.get(path, params={"limit": 2, "count": "true"})
    assert [each["code"] for each in first.json()["items"]] == ["2A", "75"]
    assert first.json()["total"] == 6
    after = {"limit": 2, "after": first.json()["next"]}
    second = (await publisher.client.get(path, params=after)).json()
    assert [each["code"] for each in second["items"]] == ["D02", "D59"]
    rows = lines(await publisher.client.get(f"{path}.csv", headers={"accept-language": "en"}))
    later = lines(await publisher.client.get(f"{path}.csv", params={"after": "FR"}))
    assert {row["CODE"] for row in later} == {"R32"}
    area = [row for row in rows if row["CODE"] == "R32"]
    assert [row["CLASS"] for row in area] == ["middle", "high", "middle"]
    assert area[0]["READING_KEY"] == f"HDF:K_{flow}(1.0.0)"
    assert area[0]["READING"].startswith("Reading: ")


async def test_no_label_of_a_list_is_a_formula_in_the_table(
    publisher: Publisher, flow: str
) -> None:
    path = f"{GRIDS}/G_{flow}/1.0.0/assessments"
    (one,) = (await publisher.client.get(path, params={"limit": 1})).json()["items"]
    for axis in one["dimensions"]:
        for cell in axis["cells"]:
            cell["klass"] = cell.pop("class")
    hostile = Assessment.model_validate(one | {"label": '=HYPERLINK("https://x")'})
    rows = list(csv.DictReader(io.StringIO(as_csv([hostile]).decode())))
    assert {row["LABEL"] for row in rows} == {'\'=HYPERLINK("https://x")'}


async def test_an_assessment_is_that_of_an_instant(publisher: Publisher, flow: str) -> None:
    before = await assessed(publisher, flow, "R32", asOf="2020-01-01")
    assert (before["level"], before["releases"]) == (None, {flow: 0})
    path = f"{GRIDS}/G_{flow}/1.0.0/assessments/R32"
    bad = await publisher.client.get(path, params={"asOf": "yesterday"})
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "instant-malformed")


@pytest.mark.parametrize(
    ("ident", "code", "level"),
    [
        ("territory-exposure", "R32", "examine"),
        ("sector-exposure", "J", "act"),
        ("job-exposure", "M1607", "prepare"),
    ],
)
async def test_the_shipped_grids_assess_territories_sectors_and_jobs(
    publisher: Publisher, ident: str, code: str, level: str
) -> None:
    answer = await publisher.client.get(f"{GRIDS}/{ident}/latest/assessments/{code}")
    found = answer.json()
    assert found["measured"] == found["criteria"]
    assert found["level"]["id"] == level, found["reading"]
    unknown = await publisher.client.get(f"{GRIDS}/{ident}/latest/assessments/NOWHERE")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit-unknown")
    missing = await publisher.client.get(f"{GRIDS}/{ident}/7.0.0/assessments/{code}")
    assert missing.json()["code"] == "cited-unknown"
    cited = await publisher.client.get(f"{GRIDS}/{ident}/1.0.0/citation.bib")
    assert "x-vigie.Grid=HDF:" in cited.text


def bad(flow: str) -> dict[str, dict[str, Any]]:
    """Make a grid for each rule, by the code of its fault."""

    def changed(**fields: Any) -> dict[str, Any]:
        body = grid("BAD", flow)
        body["dimensions"][0]["criteria"][0] |= fields
        return body

    levels = {"low": "calm", "middle": "watch", "high": "act"}
    twice = grid("BAD", flow)
    twice["dimensions"][1]["criteria"] = twice["dimensions"][0]["criteria"][:1]
    return {
        "level-unknown": changed(levels={**levels, "high": "panic"}),
        "class-unmatched": changed(levels={"low": "calm", "middle": "watch"}),
        "dimension-open": changed(key={}),
        "dimension-unknown": changed(key={"SECTOR": "A", "COLOUR": "RED"}),
        "unit-unfit": changed(unit="SECTOR", key={"REF_AREA": "R32"}),
        "key-unfit": changed(reading_key="job-score(1.0.0)"),
        "reference-unknown": changed(indicator="NONE(1.0+)"),
        "id-twice": twice,
    }


async def test_a_grid_that_breaks_a_rule_is_refused_with_every_fault(
    publisher: Publisher, flow: str
) -> None:
    for code, body in bad(flow).items():
        answer = await put(publisher, body)
        assert answer.status_code == 422, (code, answer.text)
        assert code in [each["code"] for each in answer.json()["errors"]], (code, answer.text)
    assert (await publisher.client.get(f"{GRIDS}/BAD/~")).status_code == 404


async def test_writing_a_grid_is_guarded_and_its_rules_stay_within_a_major_version(
    publisher: Publisher, flow: str
) -> None:
    body = grid(f"G_{flow}", flow, version="1.1.0-draft", rule="highest")
    reader = as_client("observatory", scopes={"observatory:feed"}) | {"if-match": '"0"'}
    path = f"{GRIDS}/G_{flow}/1.1.0-draft"
    assert (await publisher.client.put(path, json=body, headers=reader)).status_code == 403
    untagged = await publisher.client.put(path, json=body, headers=publisher.headers)
    assert untagged.status_code == 428
    refused = await put(publisher, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "version-incompatible")
    worded = grid(f"G_{flow}", flow, version="1.1.0-draft", how_to_read=name("better"))
    assert (await put(publisher, worded)).status_code == 200
    assert (await put(publisher, worded)).json()["code"] == "stale-version"
    stable = grid(f"G_{flow}", flow)
    assert (await put(publisher, stable)).json()["code"] == "version-published"
    foreign = path.replace("/HDF/", "/GES/")
    tagged = publisher.headers | {"if-match": '"0"'}
    assert (await publisher.client.put(foreign, json=worded, headers=tagged)).status_code == 403
