"""The directory of France compétences, from its real files (acceptance group C)."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from tests import harness
from tests.training.conftest import SAMPLES, SHARED, needs_samples
from tests.training.importing import FLUX, Importer, archive, fiche, flux
from training import bootstrap
from training.certifications.schemas import CertificationRead

FIXTURE = SAMPLES / "rncp" / "export_fiches_RNCP_v4.1_fixture.xml"
TABLES = SAMPLES / "rncp" / "sample" / "export-fiches-csv-2024-02-22.zip"
SET = SHARED / "data" / "rncp-2020"
ZIP = "application/zip"


async def parts(partner: Importer, table: str, number: str) -> list[Any]:
    owner = "stated_by" if table in {"equivalence", "succession"} else "certification_id"
    return await partner.rows(
        f"SELECT p.* FROM training.{table} p JOIN training.certification c ON c.id = p.{owner}"
        " WHERE c.code = $1",
        number,
    )


@needs_samples
async def test_c1_the_fiches_of_the_flux_have_the_expected_values(partner: Importer) -> None:
    sent = await partner.send(FIXTURE.read_bytes(), dated_on="2026-08-16")
    assert (sent.state, sent.run["records"], sent.run["errors"]) == ("done", 12, 0)
    expected = json.loads((SAMPLES / "authored" / "expected-rncp-fixture.json").read_bytes())
    assert len(expected) == 12
    for number, facts in expected.items():
        read = (await partner.client.get(f"/v1/certifications/{number}")).json()
        assert read["title"]["fr"] == facts["intitule"]
        assert read["source_state"] == facts["etat_fiche"]
        assert read["source_active"] == facts["actif_flux"]
        assert read["registration_end"] == facts["fin_enregistrement"]
        assert read["delivery_limit"] == facts["limite_delivrance"]
        assert read["level"] == int(facts["niveau"].removeprefix("NIV"))
        assert set(facts["anciennes"]) <= set(read["predecessors"])
        assert set(facts["nouvelles"]) <= set(read["successors"])
        for field in ("formacodes", "nsf", "rome"):
            assert [term["code"] for term in read[field]] == facts[field]
        assert read["source"]["dated_on"] == "2026-08-16"
        assert read["source"]["licence"] == "Licence Ouverte 2.0"
        for table, name in (
            ("bloc", "nb_blocs"),
            ("certifying_body", "nb_certificateurs"),
            ("partner", "nb_partenaires"),
            ("equivalence", "nb_correspondances"),
        ):
            assert len(await parts(partner, table, number)) == facts[name], (number, table)


@needs_samples
async def test_c2_blocs_are_not_taken_from_inside_the_equivalences(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    assert len(await parts(partner, "bloc", "RNCP40344")) == 4
    equivalences = await parts(partner, "equivalence", "RNCP36490")
    assert (len(await parts(partner, "bloc", "RNCP36490")), len(equivalences)) == (4, 20)
    [whole] = await partner.rows(
        "SELECT * FROM training.equivalence WHERE source_blocs = '{}' ORDER BY source"
    )
    assert whole["source_blocs"] == []
    first = (await parts(partner, "equivalence", "RNCP40344"))[0]
    assert (first["source"], first["source_blocs"]) == ("RNCP40344", ["RNCP40344BC04"])
    assert (first["target"], first["target_blocs"]) == ("RNCP37507", ["RNCP37507BC04"])


@needs_samples
async def test_the_texts_states_and_partners_of_a_fiche_are_kept(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    [row] = await partner.rows("SELECT * FROM training.certification WHERE code = 'RNCP35419'")
    for field in ("objectives", "activities", "capacities", "sectors", "accessible_jobs"):
        assert len(row[field]) > 20, field
    assert (row["source_id"], row["registration_years"]) == ("20971", 5)
    assert json.loads(row["statistics"])[0].keys() >= {"year", "certified"}
    roles = await partner.rows("SELECT DISTINCT role, state FROM training.partner ORDER BY role")
    assert [tuple(one) for one in roles] == [("both", "active"), ("train", "active")]
    states = await partner.rows(
        "SELECT state, count(*) FROM training.certifying_body c"
        " JOIN training.certification o ON o.id = c.certification_id"
        " WHERE o.import_run_id IS NOT NULL GROUP BY state ORDER BY state"
    )
    assert [tuple(one) for one in states] == [("active", 16), ("inactive", 1)]
    blocs = await parts(partner, "bloc", "RNCP35419")
    assert all(bloc["competences"] and bloc["assessment"] for bloc in blocs)


@needs_samples
async def test_an_import_leaves_our_own_marks_on_what_it_replaces(partner: Importer) -> None:
    before = (await partner.client.get("/v1/certifications/RNCP37674")).json()
    await partner.send(FIXTURE.read_bytes())
    after = (await partner.client.get("/v1/certifications/RNCP37674")).json()
    assert after["version"] == before["version"] + 1
    assert after["editorial"] == before["editorial"]
    assert after["title"] == before["title"]
    last = [one for one in await partner.changes() if one["entity_id"] == "RNCP37674"][-1]
    assert json.loads(last["payload"])["editorial"]["themes"] == after["editorial"]["themes"]
    found = await partner.client.get("/v1/certifications", params={"q": "mobile web developer"})
    assert [one["number"] for one in found.json()["items"]] == ["RNCP37674"]


@needs_samples
async def test_what_is_shipped_does_not_replace_what_was_imported(
    partner: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await partner.send(FIXTURE.read_bytes())
    before = (await partner.client.get("/v1/certifications/RNCP37674")).json()
    changes = await partner.changes()
    settings = harness.settings(partner.database, "training")
    assert (await bootstrap.run(settings))["certifications unchanged"] == 25
    assert await partner.changes() == changes
    marked = [
        one.model_copy(update={"editorial": one.editorial.model_copy(update={"audience": []})})
        for one in bootstrap.shipped()
        if one.number == "RNCP37674"
    ]
    monkeypatch.setattr(bootstrap, "shipped", lambda: marked)
    assert (await bootstrap.run(settings))["certifications updated"] == 1
    after = (await partner.client.get("/v1/certifications/RNCP37674")).json()
    assert after["editorial"] == before["editorial"] | {"audience": []}
    assert after["blocs"] == before["blocs"]
    payload = json.loads((await partner.changes())[-1]["payload"])
    assert payload["editorial"]["audience"] == []
    assert payload["partners"]


@needs_samples
async def test_a5_the_same_file_again_changes_nothing(partner: Importer) -> None:
    data = FIXTURE.read_bytes()
    first = await partner.send(data)
    assert first.count("created") + first.count("modified") == 12
    changes = await partner.changes()
    again = await partner.send(data)
    assert (again.state, again.count("unchanged")) == ("done", 12)
    for outcome in ("created", "modified", "restored", "absent"):
        assert again.count(outcome) == 0
    other_line_ends = data.replace(b"\n", b"\r\n")
    assert (await partner.send(other_line_ends, dated_on="2026-08-17")).count("unchanged") == 12
    zipped = archive({"export_fiches_RNCP_V4_1_2026-08-18.xml": data})
    sent = await partner.send(zipped, ZIP)
    assert sent.count("unchanged") == 12
    assert sent.certificate["file"]["dated_on"] == "2026-08-18"
    assert await partner.changes() == changes


async def test_a5_attributes_in_another_order_are_the_same_record(partner: Importer) -> None:
    one = fiche("RS91001").replace("<FICHE>", '<FICHE a="1" b="2">')
    two = fiche("RS91001").replace("<FICHE>", '<FICHE b="2"\n a="1">')
    assert (await partner.send(flux(one))).count("created") == 1
    assert (await partner.send(flux(two))).count("unchanged") == 1


@needs_samples
async def test_c7_the_tables_are_read_to_the_last_row(partner: Importer) -> None:
    sent = await partner.send(TABLES.read_bytes(), ZIP)
    assert (sent.state, sent.run["errors"]) == ("done", 0)
    assert sent.certificate["file"]["dated_on"] == "2024-02-22"
    with zipfile.ZipFile(TABLES) as members:
        rows = {
            name: len(list(csv.reader(io.StringIO(members.read(name).decode()), delimiter=";"))) - 1
            for name in members.namelist()
        }

    def of(part: str) -> int:
        return next(number for name, number in rows.items() if part in name)

    assert sent.run["records"] == of("Standard")
    for table, part in (
        ("bloc", "Blocs"),
        ("certifying_body", "Certificateurs"),
        ("partner", "Partenaires"),
    ):
        [count] = await partner.rows(
            f"SELECT count(*) FROM training.{table} p JOIN training.certification c"
            " ON c.id = p.certification_id WHERE c.import_run_id IS NOT NULL"
        )
        assert count["count"] == of(part), table
    for scheme, part in (("nsf", "Nsf"), ("rome", "Rome"), ("formacode", "Formacode")):
        [count] = await partner.rows(
            "SELECT count(*) FROM training.classification p JOIN training.certification c"
            " ON c.id = p.certification_id WHERE c.import_run_id IS NOT NULL AND scheme = $1",
            scheme,
        )
        assert count["count"] == of(part), scheme
    [routes] = await partner.rows(
        "SELECT sum(cardinality(access_routes)) FROM training.certification"
        " WHERE import_run_id IS NOT NULL"
    )
    assert routes["sum"] == of("dAcc")
    read = (await partner.client.get("/v1/certifications/RNCP509")).json()
    assert read["formacodes"] == [{"code": "42872", "label": "Sécurité incendie"}]
    assert read["certifying_bodies"][0]["siret"] == "11004301500012"  # after a TAB in the table
    assert (read["predecessors"], read["successors"]) == ([], ["RNCP38228"])
    jobs = (await partner.client.get("/v1/certifications/RNCP28155")).json()["rome"]
    assert {"code": "H1102", "label": "Management et ingénierie d'affaires"} in jobs
    assert "delivery_limit" in read["unknown"]  # the tables do not have it


@needs_samples
@pytest.mark.parametrize("letter", ["e\u0301", "é"])
async def test_c7_members_are_found_whatever_became_of_their_accents(
    partner: Importer, letter: str
) -> None:
    with zipfile.ZipFile(TABLES) as members:
        renamed = {
            name.encode("cp437").decode("utf-8", "replace").replace("é", letter): members.read(name)
            for name in members.namelist()
        }
    sent = await partner.send(archive(renamed), ZIP)
    assert (sent.state, len(sent.certificate["file"]["parts"])) == ("done", 10)


@pytest.mark.no_cover  # thousands of records like those of the fixture
@pytest.mark.skipif(not SET.exists(), reason="the set of 2021 stays outside the product")
async def test_the_whole_directory_of_2021_changes_nothing_the_second_time(
    partner: Importer,
) -> None:
    data = archive({path.name: path.read_bytes() for path in sorted(SET.glob("rncp_*.csv"))})
    first = await partner.send(data, ZIP)
    assert (first.state, first.run["records"], first.run["errors"]) == ("done", 17_369, 0)
    assert first.count("created") + first.count("modified") == 17_369
    for table, rows in (("bloc", 16_454), ("certifying_body", 36_279)):
        [count] = await partner.rows(
            f"SELECT count(*) FROM training.{table} p JOIN training.certification c"
            " ON c.id = p.certification_id WHERE c.import_run_id IS NOT NULL"
        )
        assert count["count"] == rows
    read = (await partner.client.get("/v1/certifications/RNCP1027")).json()
    assert {"RNCP32360", "RNCP6989"} <= set(read["successors"])  # two rows of the table, one fiche
    [seq] = await partner.rows("SELECT max(seq) FROM training.change")
    again = await partner.send(data, ZIP)
    assert (again.count("unchanged"), again.count("absent")) == (17_369, 0)
    assert await partner.rows("SELECT max(seq) FROM training.change") == [seq]


LONG = b"".join(b"%d" % number for number in range(300_000))
"""Beyond the longest field, and no bomb: it packs to a third."""


def tables(**changed: bytes) -> bytes:
    """Write the six tables of 2021 with one certification, some of them otherwise."""
    heads = {
        "rncp_info": b"CodeRNCP;intituleDiplome;date_fin_validite_enregistrement;ActiveInactive;"
        b"EtatFiche;NiveauEurope;CodeTypeCertif;AncienneFiche;NouvelleFiche;TypeEnregistrement\n"
        b"RNCP91701;M\xe9tier;8/31/26;ACTIVE;Publi\xe9e;niveau4;BP;;;Enregistrement de droit\n",
        "rncp_blocs": b"CodeRNCP;numero_bloc;intitule\n",
        "rncp_certificateurs": b"CodeRNCP;Certificateur;siret_organisme\n",
        "rncp_nsf": b"CodeRNCP;code;Libelle\n",
        "rncp_rome": b"CodeRNCP;Rome;libelle\n",
        "rncp_voix_acces": b"CodeRNCP;code_libelle\n",
    }
    return archive({f"{name}.csv": text for name, text in (heads | changed).items()})


async def test_rows_that_no_fiche_asks_for_and_routes_that_nobody_knows_are_said(
    partner: Importer,
) -> None:
    blocs = b"CodeRNCP;numero_bloc;intitule\nRNCP91701;B1;Un\nRNCP9;B1;Perdu\nRNCP8;B1;Perdu\n"
    routes = b"CodeRNCP;code_libelle\nRNCP91701;VAE2\nRNCP91701;EXP\n"
    sent = await partner.send(tables(rncp_blocs=blocs, rncp_voix_acces=routes), ZIP)
    assert sent.rules == [
        ("access-route-unknown", 2, "RNCP91701"),
        ("part-without-fiche", None, None),
    ]
    assert "2 fiches" in sent.anomalies[1]["detail"]["fr"]
    read = (await partner.client.get("/v1/certifications/RNCP91701")).json()
    assert (read["title"]["fr"], read["registration_end"]) == ("Métier", "2026-08-31")
    assert (read["access_routes"], read["source"]["kind"]) == (["VAE"], "official_tables")
    assert {"delivery_limit", "formacodes"} <= set(read["unknown"])


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("rncp_blocs", b"CodeRNCP;numero_bloc\n", 1),
        ("rncp_blocs", b"", 1),
        ("rncp_blocs", b"CodeRNCP;numero_bloc;intitule\nRNCP91701;B\x001;x\n", 1),
        ("rncp_nsf", b"CodeRNCP;code;Libelle\nRNCP1;1;a\nRNCP1\n", 3),
        (
            "rncp_nsf",
            b"CodeRNCP;code;Libelle\n" + b"RNCP1;1;\xc3\xa9\n" * 8000 + b"RNCP1;1;\xe9\n",
            1,
        ),
        (
            "rncp_rome",
            b"CodeRNCP;Rome;libelle\nRNCP1;A;" + b"".join(b"%d" % n for n in range(300_000)),
            2,
        ),
    ],
)
async def test_a_broken_table_is_refused_with_its_line(
    partner: Importer, name: str, text: bytes, line: int
) -> None:
    sent = await partner.send(tables(**{name: text}), ZIP)
    assert sent.state == "failed"
    [(rule, found, record)] = sent.rules
    assert (rule, record) == ("csv-malformed", None)
    assert found is not None
    assert found >= line
    assert name in sent.anomalies[0]["detail"]["en"]
    assert (await partner.client.get("/v1/certifications/RNCP91701")).status_code == 404


async def test_c8_an_unknown_version_stops_before_writing_unless_forced(partner: Importer) -> None:
    data = flux(fiche("RS91010", NOUVEAUTE="<DETAIL>x</DETAIL>"), head=FLUX.replace("4.1", "4.2"))
    stopped = await partner.send(data)
    assert (stopped.state, stopped.rules) == ("failed", [("flux-version-unknown", 1, None)])
    assert stopped.certificate["format_version"] == "4.2"
    assert stopped.certificate["changes"] is None
    assert (await partner.client.get("/v1/certifications/RS91010")).status_code == 404
    forced = await partner.send(data, force=True)
    assert forced.state == "done"
    assert forced.rules == [
        ("flux-version-unknown", 1, None),
        ("tag-unknown", 4, "RS91010"),
        ("tag-unknown", 4, "RS91010"),
    ]
    assert "NOUVEAUTE" in forced.anomalies[1]["detail"]["fr"]
    assert (await partner.client.get("/v1/certifications/RS91010")).status_code == 200


async def test_c11_what_the_next_file_lacks_is_flagged_and_not_deleted(partner: Importer) -> None:
    numbers = [f"RS{number}" for number in range(91_100, 91_120)]
    assert (await partner.send(flux(*map(fiche, numbers)))).count("created") == 20
    lacking = flux(*map(fiche, numbers[1:]))
    sent = await partner.send(lacking)
    assert (sent.state, sent.count("absent"), sent.count("unchanged")) == ("done", 1, 19)
    assert sent.certificate["changes"]["absent"]["first"] == [numbers[0]]
    shown = (await partner.client.get(f"/v1/certifications/{numbers[0]}")).json()
    assert shown == CertificationRead.model_validate(shown).model_dump(mode="json")
    last = (await partner.changes())[-1]
    assert (last["entity_id"], last["kind"], last["version"]) == (numbers[0], "updated", 2)
    payload = json.loads(last["payload"])
    assert payload["absent_since"] == shown["absent_since"] is not None
    assert payload["title"] == "Titre"
    assert (await partner.send(lacking)).count("absent") == 0  # it was said once
    back = await partner.send(flux(*map(fiche, numbers)))
    assert (back.count("restored"), back.count("unchanged")) == (1, 19)
    shown = (await partner.client.get(f"/v1/certifications/{numbers[0]}")).json()
    assert (shown["absent_since"], shown["version"]) == (None, 3)


async def test_a_fiche_that_came_with_errors_is_not_absent(partner: Importer) -> None:
    await partner.send(flux(fiche("RS91150"), fiche("RS91151")))
    wrong = flux(fiche("RS91150", DATE_EFFET="demain"), fiche("RS91151"))
    sent = await partner.send(wrong, mode="partial")
    assert (sent.state, sent.run["errors"], sent.count("absent")) == ("done", 1, 0)
    assert sent.count("unchanged") == 1
    assert sent.certificate["records"] == {"read": 2, "valid": 1, "refused": 1}
    shown = (await partner.client.get("/v1/certifications/RS91150")).json()
    assert (shown["absent_since"], shown["version"], shown["effective_on"]) == (None, 1, None)


async def test_c11_a_file_with_far_fewer_fiches_is_halted(partner: Importer) -> None:
    numbers = [f"RS{number}" for number in range(91_200, 91_220)]
    await partner.send(flux(*map(fiche, numbers)))
    changes = await partner.changes()
    few = flux(*map(fiche, numbers[:18]))  # ten per cent less
    halted = await partner.send(few)
    assert (halted.state, halted.rules) == ("halted", [("volume-drop", None, None)])
    assert halted.certificate["volumes"] == [{"family": "RS", "held": 20, "found": 18}]
    assert halted.certificate["applied"] is False
    assert await partner.changes() == changes
    extract = await partner.send(few, extract=True)
    assert (extract.state, extract.count("absent")) == ("done", 0)
    forced = await partner.send(few, force=True)
    assert (forced.state, forced.count("absent")) == ("done", 2)


async def test_shipped_certifications_are_not_missing_from_a_file(partner: Importer) -> None:
    assert (await partner.send(flux(fiche("RS91300")))).count("absent") == 0


async def test_c12_the_bloc_01_of_two_fiches_is_two_blocs(partner: Importer) -> None:
    blocs = "<BLOC_COMPETENCES><CODE>01</CODE><LIBELLE>{}</LIBELLE></BLOC_COMPETENCES>"
    data = flux(
        *(
            fiche(number, BLOCS_COMPETENCES=blocs.format(title))
            for number, title in (("RNCP91301", "Un"), ("RNCP91302", "Deux"))
        )
    )
    await partner.send(data)
    for number, title in (("RNCP91301", "Un"), ("RNCP91302", "Deux")):
        read = (await partner.client.get(f"/v1/certifications/{number}/blocs")).json()
        assert [(one["code"], one["title"]) for one in read["items"]] == [("01", title)]


async def test_every_doubt_and_every_fault_of_a_fiche_is_said_with_its_line(
    partner: Importer,
) -> None:
    body = (
        "<CERTIFICATEUR><SIRET_CERTIFICATEUR>{}</SIRET_CERTIFICATEUR>"
        "<NOM_CERTIFICATEUR>X</NOM_CERTIFICATEUR></CERTIFICATEUR>"
    )
    old = (
        "<ANCIENNE_CERTIFICATION><ID_FICHE_ANCIENNE_CERTIFICATION>{}"
        "</ID_FICHE_ANCIENNE_CERTIFICATION></ANCIENNE_CERTIFICATION>"
    )
    term = "<NSF><CODE>326</CODE><LIBELLE>{}</LIBELLE></NSF>"
    data = flux(
        fiche("RS91401", "IntÃ©grer"),
        fiche("RS91402", CERTIFICATEURS=body.format("123") + body.format("11004301500013")),
        fiche("RS91403", CERTIFICATEURS=body.format("\t110 043 015 00012 ")),
        fiche("RS91404", DATE_FIN_ENREGISTREMENT="31/02/2026"),
        fiche("RS91405", DATE_FIN_ENREGISTREMENT="01/01/9999"),
        fiche("RS91406", DATE_LIMITE_DELIVRANCE="30/08/2030"),
        fiche("RS91407", ANCIENNES_CERTIFICATIONS=old.format("autre") + old.format("RS91407")),
        fiche("RS91408", CODES_NSF=term.format("a") + term.format("b")),
        fiche("RS91409", INTITULE=""),
        fiche("RNCP123456"),
        fiche("RS91401", "Encore"),
        fiche("RS91410", TYPE_ENREGISTREMENT="Par magie"),
        fiche(
            "RS91412",
            PARTENAIRES="<PARTENAIRE><NOM_PARTENAIRE>X</NOM_PARTENAIRE></PARTENAIRE>",
            STATISTIQUES_PROMOTIONS="<STATISTIQUES_PROMOTION><ANNEE>N.C.</ANNEE>"
            "</STATISTIQUES_PROMOTION>",
            BLOCS_COMPETENCES="<BLOC_COMPETENCES><LIBELLE>x</LIBELLE></BLOC_COMPETENCES>",
        ),
        fiche("RS91411", CODES_ROME="<ROME><CODE>Z9999</CODE><LIBELLE>x</LIBELLE></ROME>"),
    )
    sent = await partner.send(data, mode="partial")
    assert sent.state == "done"
    assert sent.rules == [
        ("text-mojibake-suspected", 4, "RS91401"),
        ("siret-malformed", 5, "RS91402"),
        ("siret-checksum", 5, "RS91402"),
        ("date-invalid", 7, "RS91404"),
        ("date-invalid", 8, "RS91405"),
        ("delivery-before-end", 9, "RS91406"),
        ("certification-number-invalid", 10, "RS91407"),
        ("code-repeated", 11, "RS91408"),
        ("schema-string-type", 12, "RS91409"),
        ("certification-number-invalid", 13, None),
        ("record-repeated", 14, "RS91401"),
        ("schema-literal-error", 15, "RS91410"),
        ("bloc-without-code", 16, "RS91412"),
        ("partner-role-unknown", 16, "RS91412"),
        ("statistics-unreadable", 16, "RS91412"),
        ("rome-code-unknown", 17, "RS91411"),
    ]
    assert sent.certificate["records"] == {"read": 14, "valid": 8, "refused": 6}
    assert (sent.count("created"), sent.run["errors"]) == (8, 6)
    assert "ligne 4" in sent.anomalies[10]["detail"]["fr"]
    siret = (await parts(partner, "certifying_body", "RS91403"))[0]["siret"]
    assert siret == "11004301500012"
    shown = (await partner.client.get("/v1/certifications/RS91401")).json()
    assert shown["title"]["fr"] == "IntÃ©grer"  # doubted, and kept as it came


async def test_a_certification_that_replaces_itself_through_another_is_said(
    partner: Importer,
) -> None:
    new = (
        "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>{}"
        "</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
    )
    sent = await partner.send(
        flux(
            fiche("RS91501", NOUVELLES_CERTIFICATIONS=new.format("RS91502")),
            fiche("RS91502", NOUVELLES_CERTIFICATIONS=new.format("RS91501")),
            fiche("RS91503", NOUVELLES_CERTIFICATIONS=new.format("RS91501")),
        )
    )
    assert sent.rules == [
        ("succession-cycle", 4, "RS91501"),
        ("succession-cycle", 5, "RS91502"),
    ]


async def test_equal_facts_that_the_product_ships_become_those_of_the_import(
    partner: Importer,
) -> None:
    data = flux(fiche("RS91701"))
    await partner.send(data)
    await partner.rows(
        "UPDATE training.certification SET import_run_id = NULL WHERE code = 'RS91701'"
    )
    sent = await partner.send(data)
    assert sent.count("modified") == 1
    read = (await partner.client.get("/v1/certifications/RS91701")).json()
    assert (read["import_run"], read["version"]) == (sent.run["id"], 2)


async def test_a_circle_that_the_catalogue_closes_is_said(partner: Importer) -> None:
    new = (
        "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>{}"
        "</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
    )
    one = fiche("RS91511", NOUVELLES_CERTIFICATIONS=new.format("RS91512"))
    two = fiche("RS91512", NOUVELLES_CERTIFICATIONS=new.format("RS91511"))
    assert (await partner.send(flux(one))).rules == []
    assert (await partner.send(flux(two), extract=True)).rules == [
        ("succession-cycle", 4, "RS91512")
    ]
    healed = await partner.send(flux(fiche("RS91511")), extract=True)
    assert healed.rules == []  # what the file replaces counts no more


async def test_a_changed_fiche_replaces_all_its_parts(partner: Importer) -> None:
    bloc = "<BLOC_COMPETENCES><CODE>{0}</CODE><LIBELLE>{0}</LIBELLE></BLOC_COMPETENCES>"
    first = fiche("RS91601", BLOCS_COMPETENCES=bloc.format("A") + bloc.format("B"))
    second = fiche("RS91601", BLOCS_COMPETENCES=bloc.format("B"))
    await partner.send(flux(first))
    sent = await partner.send(flux(second))
    assert sent.certificate["changes"]["modified"] == {"count": 1, "first": ["RS91601"]}
    assert [one["code"] for one in await parts(partner, "bloc", "RS91601")] == ["B"]
    created, updated = (await partner.changes())[-2:]
    assert (created["kind"], updated["kind"], updated["version"]) == ("created", "updated", 2)
    assert [one["code"] for one in json.loads(updated["payload"])["blocs"]] == ["B"]
