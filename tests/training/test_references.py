"""Nomenclatures: versions beside each other, codes with their place, old codes and their heirs."""

from typing import Any

import httpx
import pytest

from platformkit import open_data
from platformkit.reads import ReadPool
from tests.training.importing import Importer, Outcome, archive

REGIONS = "REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n32,59350,4,HDF,Hdf,Hauts-de-France\n"
DEPARTMENTS = "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n59,32,59350,2,NORD,Nord,Nord\n"
COMMUNES = """TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,59350,32,59,59D,595,0,LILLE,Lille,Lille,5999,
COM,59001,32,59,59D,595,0,NEUVE,Neuve,L'Île-Neuve,5999,
COMA,59298,,,,,0,HELLEMMES,Hellemmes,Hellemmes-Lille,,59350
"""
MOVES = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,\
TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP
32,2020-01-01,COM,59002,0,B,B,Moyenne,COM,59001,0,NEUVE,Neuve,L'Île-Neuve
32,2020-01-01,COM,59002,0,B,B,Moyenne,COMD,59002,0,B,B,Moyenne
33,1977-02-22,COM,59298,0,H,H,Hellemmes-Lille,COM,59350,0,LILLE,Lille,Lille
33,1977-02-22,COM,59350,0,LILLE,Lille,Lille,COM,59350,0,LILLE,Lille,Lille
31,1960-05-01,COM,59003,0,C,C,Ancienne,COM,59002,0,B,B,Moyenne
31,1960-05-01,COM,59002,0,B,B,Moyenne,COM,59002,0,B,B,Moyenne
30,1950-01-01,COM,97799,0,P,P,Perdue,,,,,,
"""


def cog(**tables: str) -> bytes:
    given = {
        "regions": REGIONS,
        "departements": DEPARTMENTS,
        "communes": COMMUNES,
        "mouvements": MOVES,
        **tables,
    }
    return archive({f"{name}.csv": text.encode() for name, text in given.items() if text})


def rome(*rows: str) -> bytes:
    head = '"code_rome","code_ogr","libelle_rome","code_rome_parent"\n'
    return (head + "".join(row + "\n" for row in rows)).encode()


async def send(partner: Importer, to: str, data: bytes, **asked: Any) -> Outcome:
    return await partner.send(data, "application/octet-stream", form=to, **asked)


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(f"/v1/references/{path}".rstrip("/"), params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def codes(client: httpx.AsyncClient, path: str, **asked: Any) -> list[str]:
    return [one["code"] for one in (await read(client, path, **asked))["items"]]


async def feed(partner: Importer) -> list[tuple[str, str, str]]:
    return [
        (row["entity"], row["entity_id"], row["kind"])
        for row in await partner.rows(
            "SELECT entity, entity_id, kind FROM training.change"
            " WHERE entity LIKE 'reference%' AND entity_id NOT LIKE 'rome/460%'"
            " AND entity_id NOT LIKE '%-skill/%'"
            " ORDER BY xid, seq"
        )
    ]


async def test_communes_stand_in_departments_and_those_in_regions(partner: Importer) -> None:
    done = await send(partner, "geography", cog(), dated_on="2026-01-01")
    assert (done.state, done.count("created"), done.rules) == ("done", 8, [])
    lille = await read(partner.client, "geography/latest/59350")
    assert [step["code"] for step in lille["path"]] == ["REG-32", "DEP-59", "59350"]
    assert (lille["status"], lille["valid_from"], lille["replacements"]) == ("current", None, [])
    north = await read(partner.client, "geography/2026/dep-59")
    assert [one["label"]["fr"] for one in north["narrower"]] == ["L'Île-Neuve", "Lille"]


async def test_a_commune_that_merged_says_into_which_through_all_movements(
    partner: Importer,
) -> None:
    await send(partner, "geography", cog(), dated_on="2026-01-01")
    old = await read(partner.client, "geography/latest/59003")
    assert (old["status"], old["valid_to"]) == ("obsolete", "1960-04-30")
    assert [(one["code"], one["distance"], one["status"]) for one in old["replacements"]] == [
        ("59002", 1, "obsolete"),
        ("59001", 2, "current"),
    ]
    lost = await read(partner.client, "geography/latest/97799")
    assert (lost["status"], lost["replacements"], len(lost["path"])) == ("obsolete", [], 1)


async def test_the_day_decides_which_communes_there_are(partner: Importer) -> None:
    await send(partner, "geography", cog(), dated_on="2026-01-01")
    path, north = "geography/latest", {"broader": "DEP-59", "kind": "commune"}
    assert await codes(partner.client, path, **north) == ["59001", "59350"]
    assert await codes(partner.client, path, **north, on="2019-12-31") == ["59002", "59350"]
    assert await codes(partner.client, path, **north, on="2020-01-01") == ["59001", "59350"]
    every = await codes(partner.client, path, **north, ended=True)
    assert every == ["59001", "59002", "59003", "59298", "59350"]
    before = await read(partner.client, f"{path}/59002", on="2019-12-31")
    assert (before["status"], before["replacements"]) == ("current", [])
    early = await read(partner.client, f"{path}/59001", on="2019-12-31")
    assert (early["status"], early["valid_from"]) == ("upcoming", "2020-01-01")


async def test_words_are_found_without_accents_and_codes_by_their_beginning(
    partner: Importer,
) -> None:
    await send(partner, "geography", cog(), dated_on="2026-01-01")
    for words in ("ile neuve", "ÎLE", "59001", "5900"):
        assert await codes(partner.client, "geography/latest", q=words) == ["59001"]
    assert await codes(partner.client, "geography/latest", q="100%_\\'") == []


async def test_a_second_version_is_held_beside_the_first(partner: Importer) -> None:
    first = rome('"A1101","6","Conducteur d\'\'engins",""', '"A1102","7","Perdu",""')
    done = await send(partner, "rome", first, dated_on="2099-01-01")
    assert (done.state, done.count("created")) == ("done", 2), done.anomalies
    await send(partner, "rome", rome('"A1101","6","Conduite","A1101"'), dated_on="2100-01-01")
    read_ = partner.client
    assert (await read(read_, "rome/2099-01-01/A1101"))["label"]["fr"] == "Conducteur d'engins"
    assert (await read(read_, "rome/latest/A1101", on="2099-06-01"))["version"] == "2099-01-01"
    assert (await read(read_, "rome/latest/A1101", on="2100-06-01"))["label"]["fr"] == "Conduite"
    gone = await read(read_, "rome/latest/A1102", on="2100-06-01")
    assert (gone["status"], gone["version"]) == ("obsolete", "2099-01-01")
    strict = await read_.get("/v1/references/rome/2100-01-01/A1102")
    assert (strict.status_code, strict.json()["code"]) == (404, "reference-code-unknown")
    items = (await read(read_, ""))["items"]
    held = [(one["version"], one["concepts"]) for one in items if one["scheme"] == "rome"]
    assert held == [("2099-01-01", 2), ("2100-01-01", 1), ("460", 1584)]
    assert (await read(read_, "rome/A1101"))["release"] == "2100-01-01"  # of the catalogue's joins


async def test_the_same_file_twice_changes_and_publishes_nothing(partner: Importer) -> None:
    """Acceptance A5, for nomenclatures."""
    await send(partner, "geography", cog(), dated_on="2026-01-01")
    published = await feed(partner)
    again = await send(partner, "geography", cog(), dated_on="2026-01-01")
    assert (again.count("created"), again.count("modified"), again.count("unchanged")) == (0, 0, 8)
    assert await feed(partner) == published
    assert published[0] == ("reference-version", "geography/2026", "created")
    assert len(published) == 9


async def test_a_code_that_its_source_takes_back_is_a_tombstone_and_gone(
    partner: Importer,
) -> None:
    """Acceptance F3: withdrawn is said in the feed with its reason, and comes back as it went."""
    both = rome('"A1101","6","Un",""', '"A1102","7","Deux",""')
    await send(partner, "rome", both, dated_on="2099-01-01")
    alone = rome('"A1101","6","Un",""')
    halted = await send(partner, "rome", alone, dated_on="2099-01-01")
    assert halted.state == "halted"
    extract = await send(partner, "rome", alone, dated_on="2099-01-01", extract=True)
    assert (extract.state, extract.count("absent")) == ("done", 0)
    done = await send(partner, "rome", alone, dated_on="2099-01-01", force=True)
    assert (done.state, done.count("absent")) == ("done", 1)
    answer = await partner.client.get("/v1/references/rome/2099-01-01/A1102")
    assert (answer.status_code, answer.json()["code"]) == (410, "reference-code-withdrawn")
    assert await codes(partner.client, "rome/2099-01-01") == ["A1101"]
    assert (await feed(partner))[-1] == ("reference", "rome/2099-01-01/A1102", "deleted")
    back = await send(partner, "rome", both, dated_on="2099-01-01")
    assert back.count("restored") == 1
    assert (await feed(partner))[-1] == ("reference", "rome/2099-01-01/A1102", "updated")
    assert await codes(partner.client, "rome/2099-01-01") == ["A1101", "A1102"]


async def test_a_dry_run_tells_and_writes_nothing(partner: Importer) -> None:
    tried = await send(partner, "geography", cog(), dated_on="2026-01-01", mode="dry_run")
    assert (tried.state, tried.count("created")) == ("done", 8)
    assert await feed(partner) == []


@pytest.mark.parametrize(
    ("to", "data", "rule"),
    [
        ("rome", rome('"Z9999","1","Faux",""'), "reference-code-invalid"),
        ("rome", rome('"A1101","1","",""'), "reference-label-missing"),
        ("rome", rome(f'"A1101","1","{"x" * 501}",""'), "reference-label-too-long"),
        ("rome", rome('"A1101","1","Un","A1102"'), "broader-unknown"),
        ("rome", rome('"A1101","1","Un","A1102"', '"A1102","1","Un","A1101"'), "broader-cycle"),
        ("rome", rome('"A1101","1","Un",""', '"A1101","1","Un",""'), "record-repeated"),
        ("rome", rome('"A1101","1"'), "csv-malformed"),
        ("rome", rome('"A1101","1","Un'), "csv-malformed"),
        ("rome", rome(), "reference-empty"),
        ("geography", cog(mouvements=MOVES.replace("1950-01-01", "1950-02-31")), "csv-malformed"),
        ("geography", cog(departements=DEPARTMENTS.replace(",32,", ",33,")), "broader-unknown"),
    ],
)
async def test_a_wrong_file_is_told_with_its_rule_and_leaves_nothing(
    partner: Importer, to: str, data: bytes, rule: str
) -> None:
    refused = await send(partner, to, data, dated_on="2099-01-01")
    assert refused.state == "failed"
    assert rule in [one["rule"] for one in refused.anomalies]
    assert await feed(partner) == []


@pytest.mark.parametrize(
    ("to", "data", "dated", "rule"),
    [
        ("rome", rome(), {}, "reference-date-missing"),
        ("rome", b"a,b\n1,2\n", {"dated_on": "2099-01-01"}, "import-format-mismatch"),
        ("geography", cog(mouvements=""), {"dated_on": "2026-01-01"}, "import-format-mismatch"),
        ("nsf", b"<dict/>", {}, "import-format-mismatch"),
        ("nsf", b'<!DOCTYPE dict SYSTEM "file:///etc/passwd"><dict/>', {}, "xml-doctype-forbidden"),
        (
            "nsf",
            b'<!DOCTYPE dict SYSTEM "gml.dtd" [<!ENTITY a "b">]><dict/>',
            {},
            "xml-doctype-forbidden",
        ),
        ("nsf", b'<!DOCTYPE dict SYSTEM "gml.dtd"><dict>&a;</dict>', {}, "xml-malformed"),
        ("formacode", b"x;y;z;t\n", {"dated_on": "2011-01-01"}, "import-format-mismatch"),
        ("formacode", b"11001;A;a;DOM\n", {}, "reference-date-missing"),
        ("esco", b"code,preferredLabel\n", {"dated_on": "2024-05-15"}, "import-format-mismatch"),
    ],
)
async def test_a_foreign_or_hostile_file_is_refused_at_the_door(
    partner: Importer, to: str, data: bytes, dated: dict[str, str], rule: str
) -> None:
    answer = await partner.post(data, "application/octet-stream", form=to, **dated)
    assert answer.status_code == 422, answer.text
    assert [one["code"] for one in answer.json()["errors"]] == [rule]


async def test_what_is_not_there_is_said(training: httpx.AsyncClient) -> None:
    for path, status, code in (
        ("rome/1/A1101", 404, "reference-version-unknown"),
        ("nsf/latest", 404, "reference-version-unknown"),
        ("rome/latest/Z9999", 404, "reference-code-unknown"),
        ("naf/latest", 422, "invalid"),
        ("rome/latest?on=2026-02-30", 422, "invalid"),
        ("rome/latest?wrong=1", 400, "unknown-parameter"),
        ("rome/M1805?wrong=1", 400, "unknown-parameter"),
        (f"rome/latest?q={'x' * 201}", 422, "invalid"),
    ):
        answer = await training.get(f"/v1/references/{path}")
        assert (path, answer.status_code, answer.json()["code"]) == (path, status, code)


async def test_whoever_holds_a_code_need_not_load_it_again(training: httpx.AsyncClient) -> None:
    first = await training.get("/v1/references/rome/460/M1811?on=2026-01-01")
    assert first.headers["cache-control"] == open_data.control()
    again = await training.get(
        "/v1/references/rome/460/M1811?on=2026-01-01",
        headers={"if-none-match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert [step["code"] for step in first.json()["path"]] == ["M1802", "M1811"]


async def test_esco_in_english_alone_has_english_labels(partner: Importer) -> None:
    head = "conceptUri,iscoGroup,preferredLabel,code\n"
    data = f"{head}http://data.europa.eu/esco/occupation/1,2512,web developer,2512.4\n".encode()
    sent = await partner.send(
        data, "text/csv", form="esco", dated_on="2024-05-15", filename="occupations_en.csv"
    )
    assert sent.state == "done", sent.rules
    assert sent.run["filename"] == "occupations_en.csv"
    read = (await partner.client.get("/v1/references/esco/latest/2512.4")).json()
    assert read["label"] == {"fr": None, "en": "web developer"}
    for wrong in ("a/b.csv", "", "x" * 201, "a\nb"):
        refused = await partner.post(data, "text/csv", form="esco", filename=wrong)
        assert refused.status_code == 422


async def test_a_code_is_read_in_one_statement(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = ReadPool.connection

    def counted(pool: ReadPool, name: str) -> Any:
        asked.append(name)
        return fetch(pool, name)

    monkeypatch.setattr(ReadPool, "connection", counted)
    for version in ("latest", "460"):
        assert (await training.get(f"/v1/references/rome/{version}/M1805")).is_success
    assert asked == ["reference concept"] * 2
