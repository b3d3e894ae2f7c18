"""Reading keys: figures with their class and sentence, versions, citations (M10, B4)."""

from typing import Any

import asyncpg
import httpx
import pytest

from observatory.shipped import readings
from tests.harness import Database, as_client
from tests.observatory.publishing import Publisher, lines, name, table

KEYS = "/v1/reading-keys/HDF"
VALUES = (-1.0, 0.0, 0.5, 0.9949, 0.995, 1.0, 1.005, 2.0, 2.0049, 2.005, 3.0, 1e6, 7.0)


def key(ident: str, *indicators: str, **changed: Any) -> dict[str, Any]:
    """Make a key of three classes: below 1, from 1 to 2 with both, above 2 up to 7."""
    sentence = {"fr": "Lecture : {where}, {value} : {class}.", "en": "Reading: {where}: {class}."}
    scale = (
        ("high", 2, 7, "neither"),
        ("low", None, 1, "lower"),
        ("middle", 1, 2, "both"),
    )
    made = {
        "id": ident,
        "version": "1.0.0-draft",
        "name": {"fr": f"Clé {ident}", "en": f"Key {ident}"},
        "indicators": [f"{each}(1.0+)" for each in indicators],
        "unit": name("jobs"),
        "bands": [
            {
                "id": band,
                "name": {"fr": f"{band} fr", "en": f"{band} en"},
                "lower": low,
                "upper": high,
                "includes": includes,
                "reading": sentence,
            }
            for band, low, high, includes in scale
        ],
        "boundary_rule": name("1 and 2 are in the middle"),
        "rounding": {"decimals": 2, "mode": "half_up"},
        "how_to_read": name("how"),
        "do_not_conclude": [name("no")],
    }
    return made | changed


class Drafter:
    """Writes and publishes drafts as the region does."""

    def __init__(self, publisher: Publisher) -> None:
        self.client, self.headers = publisher.client, publisher.headers

    async def put(self, body: dict[str, Any], tag: str = '"0"', **more: str) -> httpx.Response:
        path = f"{KEYS}/{body['id']}/{body['version']}"
        return await self.client.put(
            path, json=body, headers=self.headers | {"if-match": tag} | more
        )

    async def publish(self, ident: str, version: str, tag: str, **more: str) -> httpx.Response:
        path = f"{KEYS}/{ident}/{version}/publish"
        return await self.client.post(path, headers=self.headers | {"if-match": tag} | more)

    async def key(self, body: dict[str, Any]) -> dict[str, Any]:
        """Write and publish; return what is published."""
        drafted = await self.put(body)
        assert drafted.status_code == 200, drafted.text
        done = await self.publish(body["id"], body["version"], drafted.headers["etag"])
        assert done.status_code == 200, done.text
        found: dict[str, Any] = done.json()
        return found


@pytest.fixture(scope="module")
def drafter(publisher: Publisher) -> Drafter:
    return Drafter(publisher)


@pytest.fixture(scope="module")
async def read(publisher: Publisher, drafter: Drafter) -> str:
    """Publish a flow whose years have values on and around the bounds, and a key for it."""
    flow = await publisher.flow()
    rows: list[tuple[Any, ...]] = [
        ("R32", "A", str(2000 + at), value, "A") for at, value in enumerate(VALUES)
    ]
    rows += [
        ("75", "A", "2000", 1.5, "U"),
        ("75", "A", "2001", "", "M"),
        ("75", "A", "2002", 1.5, "E"),
    ]
    await publisher.release(flow, table(rows, "OBS_STATUS"))
    await drafter.key(key(f"K_{flow}", flow))
    return flow


async def test_every_figure_has_its_class_in_a_table_as_alone(
    publisher: Publisher, read: str
) -> None:
    """What PostgreSQL says of a table of figures is what the rule says of each value."""
    rows = lines(await publisher.data(read, key=f"K_{read}", **{"c[REF_AREA]": "R32"}))
    assert [float(row["OBS_VALUE"]) for row in rows] == list(VALUES)
    found = {}
    for row in rows:
        path = f"{KEYS}/K_{read}/1.0.0/class"
        one = (await publisher.client.get(path, params={"value": row["OBS_VALUE"]})).json()
        assert row["CLASS"] == (one["class"] or ""), row
        assert row["CLASS_NAME"] == (one["label"] or "")
        assert row["READING_KEY"] == one["key"] == f"HDF:K_{read}(1.0.0)"
        found[float(row["OBS_VALUE"])] = row["CLASS"]
    assert [found[each] for each in (0.9949, 0.995, 1.0, 2.0, 2.0049, 2.005, 7.0)] == [
        *("low", "middle", "middle", "middle", "middle", "high", ""),
    ]
    assert rows[5]["READING"] == "Lecture : R32 fr, A fr, 1,00 : middle fr."
    assert rows[-1]["READING"].endswith("hors de l’échelle de la clé.")


async def test_what_is_missing_or_unreliable_has_no_class_and_what_is_estimated_a_warning(
    publisher: Publisher, read: str
) -> None:
    rows = lines(await publisher.data(read, key=f"K_{read}", **{"c[REF_AREA]": "75"}))
    assert [row["CLASS"] for row in rows] == ["", "", "middle"]
    assert "trop peu fiable" in rows[0]["READING"]
    assert "non disponible" in rows[1]["READING"]
    assert "prudence" in rows[2]["READING"]


async def test_b4_class_and_sentence_are_in_json_in_both_languages_and_in_provenance(
    publisher: Publisher, read: str
) -> None:
    one = {"c[REF_AREA]": "R32", "c[TIME_PERIOD]": "2005", "key": f"HDF:K_{read}(1.0.0)"}
    told = (await publisher.data(read, "json", lang="en", **one)).json()["observations"][0]
    assert (told["CLASS"], told["CLASS_NAME"]) == ("middle", "middle en")
    assert told["READING"] == "Reading: R32 en, A en: middle en."
    assert (await publisher.data(read, "xlsx", **one)).status_code == 200
    assert "middle" in (await publisher.data(read, profile="excel-fr", **one)).text
    cube = await publisher.data(read, "jsonstat", **one)
    assert (cube.status_code, cube.json()["errors"][0]["code"]) == (422, "sentences-in-a-cube")
    traced = await publisher.client.get(f"/v1/indicators/{read}/provenance", params=one)
    assert traced.json()["class"] == "middle"
    assert traced.json()["reading_key"] == f"HDF:K_{read}(1.0.0)"
    chart = await publisher.client.get(f"/v1/indicators/{read}/chart.json", params=one)
    assert (chart.status_code, chart.json()["errors"][0]["pointer"]) == (422, "/key")


async def test_a_hidden_figure_has_no_class(publisher: Publisher, drafter: Drafter) -> None:
    flow = await publisher.flow()
    release = await publisher.release(flow, table([("R32", "A", "2020", 1.5)]))
    await drafter.key(key(f"K_{flow}", flow))
    assert lines(await publisher.data(flow, key=f"K_{flow}"))[0]["CLASS"] == "middle"
    why = {"reason": name("error")}
    publisher.known(await publisher.act(release, "withdraw", why))
    (row,) = lines(await publisher.data(flow, key=f"K_{flow}"))
    assert (row["CLASS"], row["CERTAIN"]) == ("", "")
    assert "retirée" in row["READING"]


async def test_the_shipped_keys_read_the_shipped_figures_with_their_interval(
    publisher: Publisher,
) -> None:
    one = {"c[REF_AREA]": "R32", "c[INDEX]": "ILO_2025"}
    (place,) = lines(await publisher.data("EXPOSURE_PLACE", key="exposure-fifths", **one))
    assert (place["CLASS"], place["CERTAIN"]) == ("middle", "yes")
    beta = one | {"c[INDEX]": "ELOUNDOU_BETA"}
    (cut,) = lines(await publisher.data("EXPOSURE_PLACE", key="exposure-fifths", **beta))
    assert cut["OBS_VALUE"].startswith("52.7")
    assert "rang 52 sur 100" in cut["READING"], "as it was compared"
    cells = await publisher.client.get("/v1/exposure/territories/32/range")
    ilo = next(each for each in cells.json()["methods"] if each["method"]["id"] == "ilo-2025")
    assert ilo["class"]["code"] == place["CLASS"], "as exposure itself says"
    every = lines(await publisher.data("EXPOSURE_JOB", key="job-score"))
    assert {row["CLASS"] for row in every} == {"below_040", "from_040", "from_050", "from_060"}
    unsure = [row for row in every if row["CERTAIN"] == "no"]
    assert unsure
    assert all("plusieurs classes" in row["READING"] for row in unsure)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("NONE", 404, "reading-key-unknown"),
        ("exposure-fifths(2.0.0)", 404, "reading-key-unknown"),
        ("GES:exposure-fifths", 404, "reading-key-unknown"),
        ("job-score", 422, "reading-key-unfit"),
        ("a b", 422, "invalid"),
    ],
)
async def test_a_key_that_is_none_or_for_other_figures_is_refused(
    publisher: Publisher, asked: str, status: int, code: str
) -> None:
    answer = await publisher.data("EXPOSURE_PLACE", key=asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_value_of_no_dataflow_is_read_too(publisher: Publisher) -> None:
    path = f"{KEYS}/offer-coverage/latest/class"
    ask = publisher.client.get
    nothing = (await ask(path, params={"value": 0, "where": "Somme", "period": "2026"})).json()
    assert (nothing["class"], nothing["certain"]) == ("none", None)
    assert nothing["reading"].startswith("Lecture : Couverture par l’offre")
    assert "Somme, 2026" in nothing["reading"]
    wide = (await ask(path, params={"value": 0.5, "low": 0.4, "high": 0.6, "status": "P"})).json()
    assert (wide["class"], wide["certain"], wide["caution"]) == ("partial", False, True)
    assert wide["reaches"] == ["gaps", "partial"]
    for bad in ({"value": "nan"}, {"value": 0.5, "low": 0.6, "high": 0.7}, {"value": 1, "low": 0}):
        assert (await ask(path, params=bad)).status_code == 422
    strict = f"{KEYS}/specialisation/1.0.0/class"
    unsure = (await ask(strict, params={"value": 1.3, "low": 1.1, "high": 1.5})).json()
    assert (unsure["class"], unsure["compared"]) == (None, "1.30")
    assert "touche plusieurs" in unsure["reading"] or "en touche plusieurs" in unsure["reading"]


async def test_a_key_is_cited_by_its_urn_in_three_forms(publisher: Publisher) -> None:
    path = f"{KEYS}/job-score/1.0.0"
    urn = "urn:sdmx:org.sdmx.infomodel.x-vigie.ReadingKey=HDF:job-score(1.0.0)"
    ask = publisher.client.get
    shown = (await ask(path)).json()
    assert (shown["urn"], shown["state"], shown["foreign"]) == (urn, "published", False)
    assert "Score d’un métier" in (text := (await ask(f"{path}/citation.txt")).text)
    assert urn in text
    csl = (await ask(f"{path}/citation.json", headers={"accept-language": "en"})).json()[0]
    assert (csl["id"], csl["title"], csl["genre"]) == (
        *(urn, "Score of a job, in four classes", "reading key"),
    )
    bib = await ask(f"{path}/citation.bib")
    assert bib.text.startswith("@misc{HDF_job-score_1.0.0,")
    assert (await ask(f"{KEYS}/job-score/9.9.9/citation.txt")).status_code == 404
    assert (await ask("/v1/reading-keys/XX/job-score/1.0.0")).json()["code"] == "cited-unknown"
    of = (await ask("/v1/reading-keys", params={"indicator": "EXPOSURE_JOB"})).json()["items"]
    assert [each["id"] for each in of] == ["job-score"]
    unknown = await ask("/v1/reading-keys", params={"indicator": "NONE"})
    assert unknown.status_code == 404


async def test_a_draft_changes_on_the_version_read_and_never_after(
    publisher: Publisher, drafter: Drafter, database: Database
) -> None:
    """Draft → published → deprecated: If-Match, deeds, feed; published stays as it is."""
    body = key("LIFE")
    first = await drafter.put(body)
    assert (first.status_code, first.json()["state"]) == (200, "draft")
    again = await drafter.put(body)
    assert (again.status_code, again.json()["code"]) == (412, "stale-version")
    path = f"{KEYS}/LIFE/1.0.0-draft"
    tag = (await publisher.client.get(path)).headers["etag"]
    assert tag == first.headers["etag"].removesuffix('"') + '-gzip"', "as it was read, packed"
    changed = await drafter.put(body | {"how_to_read": name("other")}, tag)
    assert changed.json()["content"]["how_to_read"]["fr"] == "other"
    assert (await drafter.publish("LIFE", "1.0.0-draft", tag)).status_code == 412
    once = {"idempotency-key": "publish-life"}
    done = await drafter.publish("LIFE", "1.0.0-draft", changed.headers["etag"], **once)
    replayed = await drafter.publish("LIFE", "1.0.0-draft", changed.headers["etag"], **once)
    assert (done.json()["state"], replayed.content) == ("published", done.content)
    late = await drafter.put(body, changed.headers["etag"])
    assert (late.status_code, late.json()["code"]) == (409, "version-published")
    twice = await drafter.publish("LIFE", "1.0.0-draft", changed.headers["etag"])
    assert twice.json()["code"] == "version-published"
    moved = key("LIFE", version="1.1.0-draft")
    moved["bands"][1]["upper"] = moved["bands"][2]["lower"] = 0.5
    refused = await drafter.put(moved)
    assert (refused.status_code, refused.json()["code"]) == (409, "version-incompatible")
    body_of = {"kind": "reading_key", "reference": "LIFE(1.0.0)", "reason": name("old")}
    gone = await publisher.client.post(
        "/v1/structures/deprecate", json=body_of, headers=publisher.headers
    )
    assert gone.status_code == 200, gone.text
    assert (await publisher.client.get(f"{KEYS}/LIFE/1.0.0")).json()["state"] == "deprecated"
    connection = await asyncpg.connect(database.dsn("observatory"))
    deeds = await connection.fetch(
        "SELECT deed, client FROM observatory.artefact_deed WHERE urn LIKE '%:LIFE(%' ORDER BY id"
    )
    fed = await connection.fetchval(
        "SELECT count(*) FROM observatory.change WHERE entity = 'structure'"
        " AND entity_id LIKE '%:LIFE(%'"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM observatory.artefact_deed")
    await connection.close()
    assert [row["deed"] for row in deeds] == ["drafted", "drafted", "published"]
    assert fed == 4


async def test_writing_needs_the_scope_the_tag_and_ones_own_agency(
    publisher: Publisher, drafter: Drafter
) -> None:
    body, client = key("OWN"), publisher.client
    path = f"{KEYS}/OWN/1.0.0-draft"
    reader = as_client("observatory", scopes={"observatory:feed"}) | {"if-match": '"0"'}
    assert (await client.put(path, json=body)).status_code in {401, 403}
    assert (await client.put(path, json=body, headers=reader)).status_code == 403
    assert (await client.post(f"{path}/publish", headers=reader)).status_code == 403
    assert (await client.put(path, json=body, headers=publisher.headers)).status_code == 428
    assert (await client.post(f"{path}/publish", headers=publisher.headers)).status_code == 428
    tagged = publisher.headers | {"if-match": '"0"'}
    foreign = "/v1/reading-keys/GES/OWN/1.0.0-draft"
    refused = await client.put(foreign, json=body, headers=tagged)
    assert (refused.status_code, refused.json()["code"]) == (403, "artefact-foreign")
    assert (await client.post(f"{foreign}/publish", headers=tagged)).status_code == 403
    absent = await drafter.publish("OWN", "1.0.0-draft", '"0"')
    assert (absent.status_code, absent.json()["code"]) == (404, "cited-unknown")


def bad() -> dict[str, tuple[str, dict[str, Any]]]:
    """Make a body for each rule, with the code of its fault."""

    def with_band(at: int, **changed: Any) -> dict[str, Any]:
        body = key("BAD")
        body["bands"][at] |= changed
        return body

    return {
        "two classes share a value": ("bands-overlap", with_band(0, includes="lower")),
        "a value has no class": ("bands-gap", with_band(2, includes="lower")),
        "bands overlap": ("bands-overlap", with_band(2, upper=3)),
        "bands leave a gap": ("bands-gap", with_band(2, upper=1.5)),
        "a class is empty": ("bands-empty", with_band(0, upper=2)),
        "the same id twice": ("id-twice", with_band(0, id="low")),
        "an unknown placeholder": ("placeholder-unknown", with_band(0, reading=name("{x}"))),
        "a format": ("placeholder-unknown", with_band(0, reading=name("{value:9999999999}"))),
        "an attribute": ("placeholder-unknown", with_band(0, reading=name("{name.fr}"))),
        "a lone brace": ("placeholder-unknown", with_band(0, reading=name("{value"))),
        "doubled braces": ("placeholder-unknown", with_band(0, reading=name("{{value}}"))),
        "an indicator that is none": ("reference-unknown", key("BAD", "NO_SUCH")),
        "a status twice": ("status-twice", key("BAD", unclassed=["E"])),
        "another id": ("not-of-the-address", key("BAD", id="OTHER")),
        "no draft": ("version-not-draft", key("BAD", version="1.0.0")),
        "no English": ("missing", key("BAD", how_to_read={"fr": "x"})),
        "an infinite bound": ("less-than-equal", with_band(0, upper=1e300)),
        "too many classes": ("too-long", key("BAD", bands=key("B")["bands"] * 5)),
        "a script for an address": (
            "string-pattern-mismatch",
            key("BAD", references=[{"citation": "x", "url": "javascript:alert(1)"}]),
        ),
    }


@pytest.mark.parametrize("rule", bad())
async def test_a_key_that_breaks_a_rule_is_refused_and_not_kept(
    publisher: Publisher, rule: str
) -> None:
    code, body = bad()[rule]
    path = f"{KEYS}/BAD/{body['version']}"
    headers = publisher.headers | {"if-match": '"0"'}
    answer = await publisher.client.put(path, json=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert code in [each["code"] for each in answer.json()["errors"]], answer.text
    assert (await publisher.client.get(f"{KEYS}/BAD/~")).status_code == 404


async def test_shipped_keys_are_listed_in_a_stable_order(publisher: Publisher) -> None:
    answer = await publisher.client.get("/v1/reading-keys", params={"limit": 200, "agency": "HDF"})
    listed = [each["id"] for each in answer.json()["items"]]
    assert listed == sorted(listed)
    assert {each.id for each in readings.structures().reading_keys} <= set(listed)
