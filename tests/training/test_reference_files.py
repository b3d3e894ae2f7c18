"""The real files of the nomenclatures, as many codes as rows, none changed by a second import."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.training.conftest import SHARED
from tests.training.importing import Importer, Outcome, archive

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data stay outside the product")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def zipped(folder: str, *names: str) -> bytes:
    return archive({name: (DATA / folder / name).read_bytes() for name in names})


async def twice(partner: Importer, to: str, data: bytes, **asked: Any) -> Outcome:
    """Import a file, then again; returns the first outcome."""
    first = await partner.send(data, "application/octet-stream", form=to, **asked)
    assert first.state == "done", first.anomalies[:5]
    again = await partner.send(data, "application/octet-stream", form=to, **asked)
    assert again.count("unchanged") == again.certificate["records"]["read"]
    assert (again.count("created"), again.count("modified"), again.count("absent")) == (0, 0, 0)
    return first


async def kinds(partner: Importer, scheme: str) -> Counter[str]:
    found = await partner.rows(
        "SELECT kind, valid_to IS NULL AS lives, count(*) AS number"
        " FROM training.reference_concept WHERE scheme = $1 GROUP BY 1, 2",
        scheme,
    )
    return Counter(
        {row["kind"] if row["lives"] else f"ended {row['kind']}": row["number"] for row in found}
    )


async def test_rome_4_is_what_we_ship_and_rome_3_stands_beside_it(partner: Importer) -> None:
    name = "unix_referentiel_code_rome_v{}_utf8.csv"
    new = await twice(partner, "rome", zipped("rome-v460", name.format(460)), dated_on="2025-09-18")
    assert (new.certificate["format_version"], new.count("unchanged")) == ("460", 1584)
    old = await twice(partner, "rome", zipped("rome-v347", name.format(347)), dated_on="2021-12-01")
    assert old.count("created") == len(rows(DATA / "rome-v347" / name.format(347))) == 531
    for version, label in (("347", "Études et développement informatique"), ("460", None)):
        answer = await partner.client.get(f"/v1/references/rome/{version}/M1805")
        assert answer.json()["version"] == version
        assert label in {answer.json()["label"]["fr"], None}
    assert (await partner.client.get("/v1/references/rome/M1811")).json()["release"] == "460"


async def test_the_geographic_code_has_every_commune_and_every_former_one(
    partner: Importer,
) -> None:
    names = ("regions.csv", "departements.csv", "communes.csv", "mouvements-communes.csv")
    await twice(partner, "geography", zipped("cog", *names), dated_on="2026-01-01")
    sources = Counter(row["TYPECOM"] for row in rows(DATA / "cog" / "communes.csv"))
    assert await kinds(partner, "geography") == {
        "region": len(rows(DATA / "cog" / "regions.csv")),
        "department": len(rows(DATA / "cog" / "departements.csv")),
        "commune": sources["COM"],
        "municipal_arrondissement": sources["ARM"],
        "ended commune": 4242,
    }
    orphans = await partner.rows(
        "SELECT code FROM training.reference_concept"
        " WHERE scheme = 'geography' AND valid_to IS NOT NULL AND replaced_by = '{}'"
    )
    assert {row["code"] for row in orphans} == {"97123", "97127"}  # collectivities since 2007
    old = (await partner.client.get("/v1/references/geography/latest/59298")).json()
    assert [(one["code"], one["label"]["fr"]) for one in old["replacements"]] == [
        ("59350", "Lille")
    ]
    for on, lives in (("1977-04-23", "current"), ("1977-04-24", "obsolete")):
        read = await partner.client.get("/v1/references/geography/latest/59298", params={"on": on})
        assert read.json()["status"] == lives
    region = (await partner.client.get("/v1/references/geography/latest/REG-32")).json()
    assert [one["code"] for one in region["narrower"]] == [
        "DEP-02",
        "DEP-59",
        "DEP-60",
        "DEP-62",
        "DEP-80",
    ]


async def test_the_dictionary_of_nsf_has_its_93_specialties(partner: Importer) -> None:
    data = (DATA / "lheo" / "lheo-dict-NSF.xml").read_bytes()
    done = await twice(partner, "nsf", data)
    assert done.count("created") == data.count(b"<key") == 93
    answer = await partner.client.get("/v1/references/nsf/1994/114")
    assert answer.json()["label"] == {"fr": "Mathématiques", "en": None}


async def test_two_editions_of_formacode_each_with_its_own_codes(
    partner: Importer,
) -> None:
    older = (DATA / "lheo" / "lheo-dict-FORMACODE.xml").read_bytes()
    done = await twice(partner, "formacode", older, dated_on="2003-09-01")
    assert done.certificate["format_version"] == "8"
    assert done.certificate["records"]["read"] == older.count(b"<key") + 65  # fields
    later = (DATA / "lheo" / "FCod-utf-8.csv").read_bytes()
    done = await twice(partner, "formacode", later, dated_on="2011-01-01")
    counts = await partner.rows(
        "SELECT kind, count(*) AS number FROM training.reference_concept"
        " WHERE scheme = 'formacode' AND version = '2011-01-01' GROUP BY 1"
    )
    found = {row["kind"]: row["number"] for row in counts}
    assert sum(found.values()) - found["field"] == len(later.splitlines())
    answer = await partner.client.get("/v1/references/formacode/latest/11001")
    assert [step["code"] for step in answer.json()["path"]][:2] == ["110", "11054"]
    for version, status in (("8", 404), ("2011-01-01", 200), ("latest", 200)):
        diploma = await partner.client.get(f"/v1/references/formacode/{version}/51001")
        assert (version, diploma.status_code) == (version, status)


async def test_esco_in_two_languages_under_the_groups_of_isco(partner: Importer) -> None:
    french = (DATA / "esco-fr" / "occupations_fr.csv").read_bytes()
    alone = await twice(partner, "esco", french, dated_on="2023-01-01")
    assert alone.count("created") == len(rows(DATA / "esco-fr" / "occupations_fr.csv")) == 3039
    english = DATA / "esco-v1.2-en"
    whole = archive(
        {
            "ESCO v1.2 csv/occupations_fr.csv": french,
            "ESCO v1.2 csv/occupations_en.csv": (english / "occupations_en.csv").read_bytes(),
            "ESCO v1.2 csv/ISCOGroups_en.csv": (english / "ISCOGroups_en.csv").read_bytes(),
        }
    )
    done = await twice(partner, "esco", whole, dated_on="2024-05-15")
    assert done.certificate["format_version"] == "1.2"
    assert done.count("created") == 3039 + len(rows(english / "ISCOGroups_en.csv"))
    read = (await partner.client.get("/v1/references/esco/1.2/2654.1.7")).json()
    assert read["label"]["en"] == "technical director"
    assert [step["code"] for step in read["path"]][:4] == ["2", "26", "265", "2654"]
