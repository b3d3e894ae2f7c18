"""The newest figures of a territory: what each indicator shows there, and nothing more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from platformkit.paris import PARIS
from tests.observatory.publishing import Publisher, structures, table

PATH = "/v1/territories/32/indicators"
FAR = (datetime.now(UTC) + timedelta(days=30)).isoformat()
ROWS = [
    *(("R32", "A", "2020", 1.0), ("R32", "A", "2021", 2.0), ("R32", "C", "2019", 3.0)),
    ("D59", "A", "2021", 9.0),
]


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    """Publish two series of the region and one of a département."""
    made = await publisher.flow()
    await publisher.release(made, table(ROWS))
    return made


async def read(client: httpx.AsyncClient, path: str = PATH, **asked: Any) -> dict[str, Any]:
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def every(client: httpx.AsyncClient, path: str = PATH, limit: int = 200) -> dict[str, Any]:
    """Read all pages; return the indicators by id."""
    body = await read(client, path, limit=limit)
    items = body["items"]
    while body["next"]:
        body = await read(client, path, limit=limit, after=body["next"])
        assert 0 < len(body["items"]) <= limit
        items += body["items"]
    assert [one["id"] for one in items] == sorted({one["id"] for one in items})
    return {one["id"]: one for one in items}


def shown(item: dict[str, Any]) -> list[tuple[str, float | None]]:
    return [(figure["period"], figure["value"]) for figure in item["figures"]]


async def test_the_newest_figure_of_each_series_is_told_with_where_it_comes_from(
    observatory: httpx.AsyncClient, flow: str
) -> None:
    item = (await every(observatory))[flow]
    release = item["figures"][0]["release"]
    address = f"indicators/{flow}/provenance?c%5BREF_AREA%5D=R32&c%5BSECTOR%5D="
    pinned = datetime.fromisoformat(release["published_at"])
    day = pinned.astimezone(PARIS)
    first, second = item["figures"]
    figure = first.pop("figure")
    assert figure.startswith(f"{address}A&c%5BTIME_PERIOD%5D=2021&asOf=")
    assert first == {
        "key": [{"id": "SECTOR", "name": "Secteur", "code": "A", "label": "A fr"}],
        "period": "2021",
        "value": 2.0,
        "interval": None,
        "status": "A",
        "confidentiality": None,
        "hidden": False,
        "release": {"ordinal": 1, "published_at": pinned.isoformat(), "method": "count/1.0.0"},
        "reading": "Lecture : Emplois, R32 fr, A fr, 2021 : 2 (emplois).",
        "source": f"Source : tests ; livraison n° 1 du {day:%d/%m/%Y}, méthode count/1.0.0 ;"
        " calculs et diffusion HDF. Licence : Licence Ouverte 2.0.",
    }
    assert (second["period"], second["value"], second["key"][0]["code"]) == ("2019", 3.0, "C")
    del item["figures"]
    assert item == {
        "id": flow,
        "name": "Emplois",
        "unit": "emplois",
        "decimals": 0,
        "dataflow": flow,
        "licence": "Licence Ouverte 2.0",
        "deprecated": None,
        "count": 2,
        "data": f"indicators/{flow}/data.json?c%5BREF_AREA%5D=R32&lastN=1",
    }
    traced = await read(observatory, f"/v1/{figure}")
    assert (traced["figure"]["value"], traced["reading"]) == (2.0, first["reading"])
    data = await read(observatory, f"/v1/{item['data']}")
    assert [one["OBS_VALUE"] for one in data["observations"]] == [2.0, 3.0]


async def test_it_is_told_in_the_language_of_the_request(
    observatory: httpx.AsyncClient, flow: str
) -> None:
    found = await observatory.get(PATH, params={"limit": 200}, headers={"accept-language": "en"})
    item = next(one for one in found.json()["items"] if one["id"] == flow)
    assert (item["name"], item["unit"]) == ("Jobs", "jobs")
    assert item["figures"][0]["reading"] == "Reading: Jobs, R32 en, A en, 2021: 2 (jobs)."
    assert item["figures"][0]["source"].startswith("Source: tests; release no. 1 of ")
    assert found.headers["content-language"] == "en"


async def test_each_geographic_level_has_its_own_figures_and_no_others(
    observatory: httpx.AsyncClient, flow: str
) -> None:
    department = await read(observatory, "/v1/territories/59/indicators", limit=200)
    assert department["territory"]["id"] == "D59"
    assert [shown(one) for one in department["items"] if one["id"] == flow] == [[("2021", 9.0)]]
    assert "EXPOSURE_TERRITORY" not in {one["id"] for one in department["items"]}
    country = await every(observatory, "/v1/territories/FR/indicators")
    assert shown(country["EXPOSURE_TERRITORY"]) == [("2017", 0.3143)]
    assert flow not in country


async def test_an_indicator_of_many_series_is_told_by_their_number_and_address(
    observatory: httpx.AsyncClient,
) -> None:
    item = (await every(observatory))["EMPLOYMENT"]
    assert (item["count"], item["figures"]) == (87, [])
    data = await read(observatory, f"/v1/{item['data']}")
    assert len(data["observations"]) == 87


async def test_pages_follow_one_another_without_gap(
    observatory: httpx.AsyncClient, flow: str
) -> None:
    whole = await every(observatory)
    assert {"EXPOSURE_TERRITORY", flow} < whole.keys()
    assert await every(observatory, limit=3) == whole
    counted = await read(observatory, limit=1, count="true")
    assert (len(counted["items"]), counted["total"]) == (1, len(whole))
    foreign = await observatory.get(
        "/v1/territories/FR/indicators", params={"after": counted["next"]}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (400, "cursor-refused")
    assert (await observatory.get(PATH, params={"limit": 201})).status_code == 422


async def test_what_an_indicator_fixes_is_no_part_of_the_key_and_intervals_are_told(
    observatory: httpx.AsyncClient,
) -> None:
    (figure,) = (await every(observatory))["EXPOSURE_TERRITORY"]["figures"]
    assert [part["id"] for part in figure["key"]] == ["FREQ", "INDEX"]
    assert figure["interval"]["low"] < figure["value"] == 0.3032 < figure["interval"]["high"]


async def test_t5_a_newer_figure_under_embargo_is_not_there_before_its_instant(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    made = await publisher.flow()
    await publisher.release(made, table([("R32", "A", "2020", 1.0)]))
    newer = table([("R32", "A", "2020", 1.5), ("R32", "A", "2021", 7.0), ("D02", "C", "2021", 8.0)])
    before = await observatory.get(PATH, params={"limit": 200})
    item = (await every(observatory))[made]
    loaded = publisher.known(await publisher.load(await publisher.draft(made), newer))
    waiting = publisher.known(await publisher.act(loaded, "publish", {"at": FAR}))
    held = await observatory.get(PATH, params={"limit": 200})
    assert (held.headers["etag"], held.content) == (before.headers["etag"], before.content)
    assert shown(item) == [("2020", 1.0)]
    assert made not in await every(observatory, "/v1/territories/02/indicators")

    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    publisher.known(await publisher.act(waiting, "publish", {"at": soon}))
    tag = before.headers["etag"]
    while (
        answer := await observatory.get(PATH, headers={"if-none-match": tag}, params={"limit": 200})
    ).status_code == 304:
        assert datetime.now(UTC) < datetime.fromisoformat(soon) + timedelta(seconds=30)
    assert datetime.now(UTC) >= datetime.fromisoformat(soon)
    assert answer.headers["etag"] != tag
    item = (await every(observatory))[made]
    assert shown(item) == [("2021", 7.0)]
    assert item["figures"][0]["release"]["ordinal"] == 2
    assert made in await every(observatory, "/v1/territories/02/indicators")


async def test_the_address_of_a_figure_stays_what_it_was(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    made = await publisher.flow()
    await publisher.release(made, table([("R32", "A", "2020", 1.0)]))
    (old,) = (await every(observatory))[made]["figures"]
    await publisher.release(made, table([("R32", "A", "2020", 4.0)]))
    (new,) = (await every(observatory))[made]["figures"]
    assert (old["value"], new["value"]) == (1.0, 4.0)
    for each in (old, new):
        traced = await read(observatory, f"/v1/{each['figure']}")
        assert traced["figure"]["value"] == each["value"]
        assert traced["release"]["ordinal"] == each["release"]["ordinal"]


async def test_a_withdrawn_figure_has_no_value_and_says_so(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    made = await publisher.flow()
    release = await publisher.release(made, table([("R32", "A", "2020", 1.0)]))
    reason = {"reason": {"fr": "faux", "en": "wrong"}}
    assert (await publisher.act(release, "withdraw", reason)).status_code == 200
    (figure,) = (await every(observatory))[made]["figures"]
    assert (figure["value"], figure["status"], figure["hidden"]) == (None, "O", False)
    assert figure["reading"].endswith("valeur retirée par le producteur.")


async def test_a_dataflow_that_tells_no_status_does_not_tell_why_a_value_is_missing(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    made = f"{await publisher.flow()}_BARE"
    body = structures(made)
    body["data_structures"][0]["attributes"] = []
    assert (await publisher.publish(body)).status_code == 200
    release = await publisher.release(made, table([("R32", "A", "2020", 1.0)]))
    (figure,) = (await every(observatory))[made]["figures"]
    assert (figure["value"], figure["status"], figure["hidden"]) == (1.0, None, False)
    await publisher.act(release, "withdraw", {"reason": {"fr": "faux", "en": "wrong"}})
    (figure,) = (await every(observatory))[made]["figures"]
    assert (figure["value"], figure["status"], figure["hidden"]) == (None, None, None)


async def test_it_is_validated_at_each_use_and_answers_304(observatory: httpx.AsyncClient) -> None:
    first = await observatory.get(PATH)
    assert first.headers["cache-control"] == "public, no-cache"
    assert "accept-language" in first.headers["vary"].lower()
    tag = first.headers["etag"]
    again = await observatory.get(PATH, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for other in (f"{PATH}?limit=2", "/v1/territories/FR/indicators"):
        assert (await observatory.get(other)).headers["etag"] != tag
    english = await observatory.get(PATH, headers={"accept-language": "en"})
    assert english.headers["etag"] != tag


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/territories/99/indicators", 404, "code-unknown"),
        ("/v1/territories/mars/indicators", 422, "invalid"),
        (f"{PATH}?a=b", 400, "unknown-parameter"),
        (f"{PATH}?after=x", 400, "cursor-refused"),
    ],
)
async def test_bad_input_is_refused(
    observatory: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await observatory.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
