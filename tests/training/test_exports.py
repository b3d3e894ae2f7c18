"""Exports through HTTP: B2 and I5 of the acceptance cases, streaming, what is lost."""

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree

from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer
from tests.training.offering import formation, lheo
from training.exports import queries
from training.offers import names, standard
from training.offers.lheo import NAMESPACES

RICH = (
    "<etat-recrutement>1</etat-recrutement>"
    "<recrutement><modalite-recrutement>3</modalite-recrutement></recrutement>"
    "<url-session><urlweb>https://exemple.test/s</urlweb></url-session>"
    "<contact-session><type-contact>1</type-contact><coordonnees/></contact-session>"
    "<blocs-competences><validation-blocs>0</validation-blocs><reference-certification>"
    "<reference-code-RNCP>RNCP37873</reference-code-RNCP></reference-certification>"
    "<bloc-competences><libelle-bloc>Bloc</libelle-bloc><code-bloc>RNCP37873BC01</code-bloc>"
    "</bloc-competences></blocs-competences>"
    "<cycle><type-cycle>1</type-cycle><annee-cycle>1</annee-cycle></cycle>"
)
AFTER = (
    "<prix-total-TTC>sur devis</prix-total-TTC><nombre-heures-total>70</nombre-heures-total>"
    "<organisme-formateur><SIRET-formateur><SIRET>13002612300013</SIRET></SIRET-formateur>"
    "<raison-sociale-formateur/></organisme-formateur>"
    "<organisme-financeur><code-financeur>2</code-financeur></organisme-financeur>"
)
OFFERS = (
    formation("F1", session=RICH, after_sessions=AFTER),
    formation("F2", title="=1+1 ; &lt;b&gt; \"x\" &amp; 'é\\n' \\"),
    formation(
        "F3",
        period="<debut>00000000</debut><fin>99999999</fin>",
        certifications="<certification><code-RNCP>37873</code-RNCP></certification>"
        "<certification><code-RS>RS7423</code-RS></certification>",
    ),
)
SENT = lheo(*OFFERS)


async def filled(partner: Importer, data: bytes = SENT) -> None:
    sent = await partner.send(data, form="lheo")
    assert sent.state == "done", sent.rules


async def export(partner: Importer, name: str) -> bytes:
    answer = await partner.client.get(f"/v1/exports/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    return answer.content


@pytest.mark.parametrize("name", ["lheo-2.3.xml", "lheo-2.2.xml"])
async def test_b2_what_is_exported_and_read_again_changes_nothing(
    partner: Importer, name: str
) -> None:
    await filled(partner)
    changes = await partner.changes("formation")
    exported = await export(partner, name)
    root = etree.fromstring(exported)
    assert NAMESPACES[root.tag[1:].partition("}")[0]] == name[5:8]
    again = await partner.send(exported, form="lheo")
    assert (again.state, again.count("unchanged"), again.count("absent")) == ("done", 3, 0)
    assert await partner.changes("formation") == changes
    assert await export(partner, name) == exported


@needs_samples
async def test_b2_the_2_3_export_of_all_we_have_is_valid(partner: Importer) -> None:
    await filled(partner)
    for sample in ("authored/lheo-2.3-ia-valid.xml", "lheo/exemple-bts-onisep-2.2.xml"):
        data = (SAMPLES / sample).read_bytes()
        assert (await partner.send(data, form="lheo", extract="true")).state == "done"
    schema = etree.XMLSchema(file=str(SAMPLES / "lheo" / "lheo-2.3.xsd"))
    exported = etree.fromstring(await export(partner, "lheo-2.3.xml"))
    schema.assertValid(exported)
    assert len(exported.findall(".//{*}formation")) == 5


async def test_2_2_holds_what_only_2_3_has_in_extras_alone(partner: Importer) -> None:
    await filled(partner)
    root = etree.fromstring(await export(partner, "lheo-2.2.xml"))
    old = {one.tag.partition("}")[2] for one in root.iter("{http://www.lheo.org/2.2}*")}
    assert not old & standard.SINCE_2_3
    new = {one.tag.partition("}")[2] for one in root.iter("{http://lheo.gouv.fr/2.3}*")}
    assert {"recrutement", "url-session", "contact-session", "blocs-competences"} <= new


async def test_i5_the_table_is_rfc_4180_and_no_cell_is_a_formula(partner: Importer) -> None:
    await filled(partner)
    data = await export(partner, "offers.csv")
    assert data.count(b"\r\n") == data.count(b"\n") == 4
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=";"))
    assert [row["formation_number"] for row in rows] == ["F1", "F2", "F3"]
    assert rows[1]["title"] == "'=1+1 ; <b> \"x\" & 'é\\n' \\"
    assert (rows[0]["price"], rows[0]["hours"], rows[0]["city"]) == ("", "70", "LILLE")
    assert rows[2]["certifications"] == "RNCP37873 RS7423"
    assert not data.startswith(b"\xef\xbb\xbf")
    marked = await export(partner, "offers-for-spreadsheets.csv")
    assert marked == b"\xef\xbb\xbf" + data


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
async def test_i5_every_start_of_a_formula_is_disarmed(partner: Importer, start: str) -> None:
    await filled(partner, lheo(formation("F1", title=f"{start}SUM(A1)")))
    rows = (await export(partner, "offers.csv")).decode().splitlines()
    assert f";'{start}SUM(A1);" in rows[1]


async def test_json_lines_are_the_documents_themselves(partner: Importer) -> None:
    await filled(partner)
    lines = (await export(partner, "offers.jsonl")).splitlines()
    documents = [json.loads(line) for line in lines]
    for document in documents:
        answer = await partner.client.get(f"/v1/formations/{document['id']}")
        assert answer.json() == document
    assert documents[1]["title"] == "=1+1 ; <b> \"x\" & 'é\\n' \\"


async def test_a_withdrawn_formation_is_in_no_export_and_the_report_says_so(
    partner: Importer,
) -> None:
    many = [formation(f"F{number}", session=RICH) for number in range(11)]
    await filled(partner, lheo(*many))
    await filled(partner, lheo(*many[:10]))
    assert len((await export(partner, "offers.jsonl")).splitlines()) == 10
    english = {"accept-language": "en"}
    told = {}
    for name in ("lheo-2.3.xml", "lheo-2.2.xml", "offers.csv", "offers.jsonl"):
        answer = await partner.client.get(f"/v1/exports/{name}/losses", headers=english)
        body = answer.json()
        assert (body["format"], body["formations"]) == (name, 10)
        told[name] = {one["rule"]: one["formations"] for one in body["losses"]}
        assert answer.headers["content-language"] == "en"
    assert told == {
        "lheo-2.3.xml": {"withdrawn": 1, "provenance": 10},
        "lheo-2.2.xml": {"withdrawn": 1, "provenance": 10, "newer": 10},
        "offers.csv": {"withdrawn": 1, "prose": 10},
        "offers.jsonl": {"withdrawn": 1},
    }


async def test_b12_an_export_keeps_to_the_licences_that_are_asked(partner: Importer) -> None:
    for number, licence in (("F1", "ODbL 1.0"), ("F2", "Licence Ouverte 2.0"), ("F3", None)):
        stated = {} if licence is None else {"licence": licence}
        sent = await partner.send(lheo(formation(number)), form="lheo", extract=True, **stated)
        assert sent.state == "done", sent.rules

    async def exported(name: str, **asked: Any) -> bytes:
        answer = await partner.client.get(f"/v1/exports/{name}", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.content

    both = {"licence": ["ODbL 1.0", "Licence Ouverte 2.0"]}
    for name in ("lheo-2.3.xml", "lheo-2.2.xml"):
        root = etree.fromstring(await exported(name, licence="ODbL 1.0"))
        assert [one.get("numero") for one in root.iter("{*}formation")] == ["F1"]
    assert (await exported("offers.csv", **both)).count(b"\r\n") == 3
    lines = (await exported("offers.jsonl", **both)).splitlines()
    assert [json.loads(line)["number"] for line in lines] == ["F1", "F2"]
    assert await exported("offers.jsonl", licence="x' OR true --") == b""
    assert len((await exported("offers.jsonl")).splitlines()) == 3
    told = json.loads(await exported("offers.jsonl/losses", licence="ODbL 1.0"))
    assert told["formations"] == 1
    listed = await partner.client.get("/v1/formations", params={"licence": "ODbL 1.0"})
    assert [one["number"] for one in listed.json()["items"]] == ["F1"]
    long = await partner.client.get("/v1/exports/offers.csv", params={"licence": "x" * 101})
    assert long.status_code == 422


async def test_an_empty_catalogue_exports_an_empty_file(partner: Importer) -> None:
    assert await export(partner, "offers.jsonl") == b""
    assert len((await export(partner, "offers.csv")).splitlines()) == 1
    assert etree.fromstring(await export(partner, "lheo-2.3.xml")).find(".//{*}formation") is None


async def test_an_unknown_format_is_422(partner: Importer) -> None:
    answer = await partner.client.get("/v1/exports/offers.xls")
    assert answer.status_code == 422


async def test_a_reader_who_leaves_gives_the_connection_back(partner: Importer) -> None:
    await filled(partner)
    for _ in range(5):  # more than run at once
        async with partner.client.stream("GET", "/v1/exports/offers.csv") as answer:
            assert answer.status_code == 200
    assert (await export(partner, "offers.csv")).count(b"\n") == 4


def test_the_report_knows_what_2_2_lacks() -> None:
    words = dict(line.split() for line in names.NAMES.split("\n") if line)
    for tag in standard.SINCE_2_3:
        assert f"exists(@.{words[tag]})" in queries.LOSSES, tag
