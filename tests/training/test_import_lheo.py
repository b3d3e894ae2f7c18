"""Imports of LHÉO through HTTP: group B of the acceptance cases, A5, A6, and the feed."""

import json
import re
from typing import Any

import pytest

from tests.bench import offers
from tests.harness import as_client
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, Outcome, archive, fiche, flux
from tests.training.offering import SIRET, formation, lheo
from training.offers.lheo import identity
from training.offers.schemas import FormationRead, FormationSummary

AUTHORED = SAMPLES / "authored"


async def send(partner: Importer, data: bytes, **asked: Any) -> Outcome:
    return await partner.send(data, form="lheo", **asked)


async def read(partner: Importer, number: str = "F1") -> Any:
    answer = await partner.client.get(f"/v1/formations/{identity(SIRET, number)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@needs_samples
async def test_b1_the_valid_sample_gives_one_formation_one_action_one_session(
    partner: Importer,
) -> None:
    sent = await send(partner, (AUTHORED / "lheo-2.3-ia-valid.xml").read_bytes())
    assert (sent.state, sent.count("created"), sent.run["errors"]) == ("done", 1, 0)
    counts = await partner.rows(
        "SELECT (SELECT count(*) FROM training.action), (SELECT count(*) FROM training.session),"
        " (SELECT count(*) FROM training.place)"
    )
    assert tuple(counts[0]) == (1, 1, 1)
    session = (await partner.rows("SELECT blocs FROM training.session"))[0]
    assert session["blocs"] == ["RNCP37873/RNCP37873BC01"]
    (item,) = (await partner.client.get("/v1/formations")).json()["items"]
    assert item["certifications"] == ["RNCP37873", "RS7423"]
    answer = await partner.client.get(f"/v1/formations/{item['id']}")
    body = answer.json()
    assert body["domain"]["formacodes"] == [{"code": "31028", "version": "V14", "main": True}]
    assert body["actions"][0]["price"] == {"amount": "1200.00", "currency": "EUR", "free": False}
    assert (
        FormationRead.model_validate(body).model_dump(
            mode="json", by_alias=True, exclude_unset=True
        )
        == body
    )
    assert FormationSummary.model_validate(item).model_dump(mode="json", by_alias=True) == item
    kept = {"if-none-match": answer.headers["etag"]}
    again = await partner.client.get(f"/v1/formations/{item['id']}", headers=kept)
    assert again.status_code == 304


async def test_a3_the_report_lists_the_wrong_formations_and_no_other(
    partner: Importer,
) -> None:
    data = "".join(offers.pieces(300, bad_every=100)).encode()
    sent = await send(partner, data, mode="partial")
    assert (sent.state, sent.count("created")) == ("done", 297)
    lines = {
        number: place
        for place, line in enumerate(data.decode().split("\n"), 1)
        for number in re.findall(r'<formation numero="([^"]+)"', line)
    }
    expected = [
        (f"{SIRET}/{offers.number(place)}", rule)
        for place, rule in ((50, "lheo-length"), (150, "date-invalid"), (250, "period-inverted"))
    ]
    found = [one for one in sent.anomalies if one["severity"] == "error"]
    assert [(one["record"], one["rule"]) for one in found] == expected
    for one in found:
        begun = lines[one["record"].rpartition("/")[2]]
        assert begun <= one["line"] < begun + 100


async def test_a5_the_same_facts_twice_change_nothing_whatever_the_layout(
    partner: Importer,
) -> None:
    data = lheo(formation("F1"), formation("F2"))
    first = await send(partner, data)
    assert first.count("created") == 2
    changes = await partner.changes("formation")
    assert [row["kind"] for row in changes] == ["created", "created"]
    other = data.replace(b"><", b">\r\n  <").replace(b' numero="F2"', b' tag="x" numero="F2"')
    for layout in (data, other):
        again = await send(partner, layout)
        assert (again.state, again.count("unchanged")) == ("done", 2)
    assert await partner.changes("formation") == changes


async def test_a_change_is_published_whole_and_the_ids_stay(partner: Importer) -> None:
    await send(partner, lheo(formation("F1")))
    before = await read(partner)
    await send(partner, lheo(formation("F1", title="Autre titre")))
    after = await read(partner)
    assert (after["title"], after["version"], after["id"]) == ("Autre titre", 2, before["id"])
    assert after["actions"] == before["actions"]
    last = (await partner.changes("formation"))[-1]
    assert (last["entity_id"], last["kind"], last["version"]) == (before["id"], "updated", 2)
    assert json.loads(last["payload"])["title"] == "Autre titre"


async def test_what_a_complete_file_lacks_is_withdrawn_told_and_comes_back(
    partner: Importer,
) -> None:
    whole = [formation(f"F{number}") for number in range(20)]
    await send(partner, lheo(*whole))
    part = await send(partner, lheo(*whole[:19]), extract="true")
    assert part.count("absent") == 0
    await send(partner, lheo(*whole[:19]))
    gone = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F19')}")
    assert (gone.status_code, gone.json()["code"]) == (410, "formation-withdrawn")
    last = (await partner.changes("formation"))[-1]
    assert (last["kind"], last["version"]) == ("deleted", 2)
    assert json.loads(last["payload"])["reason"] == "absent_from_file"
    page = (await partner.client.get("/v1/formations?count=true")).json()
    assert page["total"] == 19
    halted = await send(partner, lheo(*whole[:10]))
    assert halted.state == "halted"
    back = await send(partner, lheo(*whole))
    assert back.count("restored") == 1
    assert (await read(partner, "F19"))["version"] == 3


async def test_what_came_with_faults_is_not_withdrawn(partner: Importer) -> None:
    await send(partner, lheo(formation("F1"), formation("F2")))
    sent = await send(partner, lheo(formation("F1"), formation("F2", title="")), mode="partial")
    assert (sent.state, sent.count("absent"), sent.count("unchanged")) == ("done", 0, 1)
    assert (await read(partner, "F2"))["version"] == 1


async def test_another_providers_formation_of_the_same_number_is_another(
    partner: Importer,
) -> None:
    await send(partner, lheo(formation("F1"), formation("F1", siret="35600000049837")))
    listed = await partner.client.get("/v1/formations?provider=35600000049837")
    assert [one["provider"]["siret"] for one in listed.json()["items"]] == ["35600000049837"]
    await send(partner, lheo(formation("F1")))
    assert len((await partner.client.get("/v1/formations")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("sample", "rule", "line"),
    [
        ("bad-nsf4", "lheo-length", 7),
        ("bad-month13", "date-invalid", 33),
        ("bad-dates-inverted", "period-inverted", 4),
    ],
)
@needs_samples
async def test_b5_a_faulty_sample_is_refused_on_its_line(
    partner: Importer, sample: str, rule: str, line: int
) -> None:
    sent = await send(partner, (AUTHORED / f"{sample}.xml").read_bytes())
    assert (sent.state, sent.rules) == ("failed", [(rule, line, f"{SIRET}/HDF-IA-0001")])


async def test_b5_partial_takes_the_others_and_atomic_none(partner: Importer) -> None:
    wrong = formation("F2", after_sessions="<langue-formation>FRA</langue-formation>")
    data = lheo(formation("F1"), wrong, formation("F3"))
    atomic = await send(partner, data)
    assert (atomic.state, atomic.rules) == ("failed", [("lheo-length", 4, f"{SIRET}/F2")])
    assert await partner.changes("formation") == []
    tried = await send(partner, data, mode="dry_run")
    assert (tried.count("created"), await partner.changes("formation")) == (2, [])
    partial = await send(partner, data, mode="partial")
    assert (partial.state, partial.count("created")) == ("done", 2)


@needs_samples
async def test_b5_both_namespaces_of_2_2_are_read(partner: Importer) -> None:
    sent = await send(partner, (AUTHORED / "odd-ns-2.2.xml").read_bytes())
    assert (sent.state, sent.certificate["format_version"]) == ("done", "2.2")
    onisep = (SAMPLES / "lheo" / "exemple-bts-onisep-2.2.xml").read_bytes()
    real = await send(partner, archive({"offres.xml": onisep}), kind="application/zip")
    assert (real.state, real.count("created"), real.run["errors"]) == ("done", 1, 0)
    assert "extras-left-out" in [rule for rule, _, _ in real.rules]


@needs_samples
async def test_the_old_1_3_is_refused_as_another_format(partner: Importer) -> None:
    old = (SAMPLES / "lheo" / "exemple-leger.xml").read_bytes()
    answer = await partner.post(old, form="lheo")
    assert answer.status_code == 422
    assert answer.json()["code"] == "import-format-mismatch"


async def test_b4_an_id_given_twice_refuses_the_file_in_every_mode(partner: Importer) -> None:
    data = lheo(formation("F1", "x"), formation("F2", "x"))
    for mode in ("atomic", "partial"):
        sent = await send(partner, data, mode=mode)
        assert (sent.state, sent.rules) == ("failed", [("xml-id-repeated", 4, None)])
        assert "3" in sent.anomalies[0]["detail"]["en"]


async def test_b4_a_number_given_twice_names_both_lines(partner: Importer) -> None:
    sent = await send(partner, lheo(formation("F1"), formation("F1", title="Deux")))
    assert (sent.state, sent.rules) == ("failed", [("record-repeated", 4, f"{SIRET}/F1")])
    assert "3" in sent.anomalies[0]["detail"]["en"]


async def test_b7_markup_in_a_text_stays_text(partner: Importer) -> None:
    await send(partner, lheo(formation("F1", title="&lt;script&gt;alert(1)&lt;/script&gt; IA")))
    answer = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F1')}")
    assert answer.json()["title"] == "<script>alert(1)</script> IA"
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("spelling", [f"\t{SIRET}", "130 026 123 00013", "13002612300013 "])
async def test_b8_a_siret_is_normalised(partner: Importer, spelling: str) -> None:
    sent = await send(partner, lheo(formation("F1", siret=spelling)))
    assert (sent.state, sent.rules) == ("done", [])
    assert (await read(partner))["provider"]["siret"] == SIRET


async def test_b8_a_wrong_check_digit_is_doubted_and_a_missing_nda_refused(
    partner: Importer,
) -> None:
    doubted = await send(partner, lheo(formation("F1", siret="13002612300014")), mode="dry_run")
    assert ("siret-checksum", 3, "13002612300014/F1") in doubted.rules
    refused = await send(partner, lheo(formation("F1", activity="")))
    assert (refused.state, refused.rules) == (
        "failed",
        [("lheo-element-missing", 3, f"{SIRET}/F1")],
    )
    letters = await send(partner, lheo(formation("F1", siret="1300261230001O")))
    assert [rule for rule, _, _ in letters.rules] == ["siret-invalid"]


TEXT = "Intégrer l’œuvre à 10 €"


@pytest.mark.parametrize(
    ("encoding", "codec", "text"),
    [
        ("UTF-16", "utf-16", TEXT),
        ("UTF-8", "utf-8-sig", TEXT),
        ("windows-1252", "cp1252", TEXT),
        ("ISO-8859-15", "iso8859-15", TEXT.replace("’", "'")),
    ],
)
async def test_a6_encodings_give_their_exact_characters(
    partner: Importer, encoding: str, codec: str, text: str
) -> None:
    data = lheo(formation("F1", title=text)).decode().replace("UTF-8", encoding, 1)
    plain = re.sub("’(?=IA)", "'", data)
    await send(partner, plain.encode(codec))
    assert (await read(partner))["title"] == text


async def test_a6_mojibake_is_doubted_and_a_lie_about_the_encoding_refused(
    partner: Importer,
) -> None:
    doubted = await send(partner, lheo(formation("F1", title="IntÃ©grer")), mode="dry_run")
    assert ("text-mojibake-suspected", 3, f"{SIRET}/F1") in doubted.rules
    lie = lheo(formation("F1", title="Intégrer")).decode().encode("cp1252")
    answer = await partner.post(lie, form="lheo")
    assert (answer.status_code, answer.json()["code"]) == (422, "xml-malformed")


async def test_a_persons_name_and_mobile_are_never_stored(partner: Importer) -> None:
    contact = (
        "<nom>Duroc</nom><prenom>Anne</prenom><portable><numtel>0600000000</numtel></portable>"
        "<courriel>accueil@exemple.test</courriel>"
    )
    sent = await send(partner, lheo(*(formation(f"F{n}", contact=contact) for n in (1, 2))))
    assert [rule for rule, _, _ in sent.rules].count("person-left-out") == 1
    stored = json.dumps(await read(partner))
    assert "accueil@exemple.test" in stored
    assert not {"Duroc", "Anne", "0600000000"} & set(re.findall(r"\w+", stored))


@pytest.mark.parametrize(
    ("price", "amount", "free"),
    [("gratuit", "0.00", True), ("1 200,00 €", "1200.00", False), ("950.5", "950.50", False)],
)
async def test_a_price_is_a_decimal(
    partner: Importer, price: str, amount: str, *, free: bool
) -> None:
    tag = f"<prix-total-TTC>{price}</prix-total-TTC>"
    await send(partner, lheo(formation("F1", after_sessions=tag)))
    action = (await read(partner))["actions"][0]
    assert action["price"] == {"amount": amount, "currency": "EUR", "free": free}
    row = (await partner.rows("SELECT price::text FROM training.action"))[0]
    assert row["price"] == amount


async def test_a_price_that_is_none_keeps_its_words_and_is_told(partner: Importer) -> None:
    tag = "<prix-total-TTC>sur devis</prix-total-TTC>"
    sent = await send(partner, lheo(formation("F1", after_sessions=tag)))
    assert ("price-unparsed", 3, f"{SIRET}/F1") in sent.rules
    action = (await read(partner))["actions"][0]
    assert action["price"] == {"amount": None, "currency": "EUR", "text": "sur devis"}


async def test_enrolment_ends_with_the_session_at_the_latest(partner: Importer) -> None:
    late = (
        "<periode-inscription><periode><debut>20260901</debut><fin>20261107</fin></periode>"
        "</periode-inscription>"
    )
    sent = await send(partner, lheo(formation("F1", session=late)))
    assert (sent.state, sent.rules) == ("failed", [("enrolment-after-session", 3, f"{SIRET}/F1")])


async def test_a_formation_with_too_many_sessions_is_refused(partner: Importer) -> None:
    one = (
        "<session><periode><debut>20261005</debut><fin>99999999</fin></periode>"
        "<adresse-inscription><adresse><ligne>1</ligne><codepostal>59000</codepostal>"
        "<ville>LILLE</ville></adresse></adresse-inscription></session>"
    )
    sent = await send(partner, lheo(formation("F1", sessions=one * 1000)))
    assert (sent.state, sent.rules) == ("failed", [("too-many-parts", 3, f"{SIRET}/F1")])


async def test_a_formation_with_too_many_places_is_refused(partner: Importer) -> None:
    one = "<lieu-de-formation><coordonnees/></lieu-de-formation>"
    sent = await send(partner, lheo(formation("F1", place=one * 1001)))
    assert (sent.state, sent.rules) == ("failed", [("too-many-parts", 3, f"{SIRET}/F1")])


async def test_codes_that_nothing_knows_and_certifications_that_end_are_told(
    partner: Importer,
) -> None:
    odd = formation(
        "F1",
        domain="<code-ROME>Z9999</code-ROME>",
        certifications="<certification><code-RNCP>RNCP99998</code-RNCP></certification>"
        "<certification><code-RS>RS5000</code-RS></certification>",
    )
    sent = await send(partner, lheo(odd), mode="dry_run")
    rules = [rule for rule, _, _ in sent.rules]
    assert rules[:2] == ["rome-code-unknown", "certification-unknown"]
    assert sent.state == "done"


async def test_the_list_is_filtered(partner: Importer) -> None:
    arras = formation(
        "F2",
        certifications="<certification><code-RS>RS7423</code-RS></certification>",
        period="<debut>20270301</debut><fin>20270302</fin>",
        place="<lieu-de-formation><coordonnees><adresse><ligne>1</ligne>"
        "<codepostal>62000</codepostal><ville>ARRAS</ville></adresse></coordonnees>"
        "</lieu-de-formation>",
    )
    await send(partner, lheo(formation("F1"), arras))
    for query, numbers in (
        ("certification=RS7423", ["F2"]),
        ("certification=37873", ["F1"]),
        ("department=62", ["F2"]),
        ("since=2027-01-01", ["F2"]),
        ("until=2026-12-31", ["F1"]),
        ("since=2026-11-07&until=2026-12-31", []),
        (f"provider={SIRET}&count=true", ["F1", "F2"]),
    ):
        page = (await partner.client.get(f"/v1/formations?{query}")).json()
        assert [one["number"] for one in page["items"]] == numbers, query
        assert page["total"] == (len(numbers) if "count" in query else None), query


async def test_what_is_not_there_is_404_and_a_strange_filter_422(partner: Importer) -> None:
    absent = await partner.client.get(f"/v1/formations/{identity('x')}")
    assert (absent.status_code, absent.json()["code"]) == (404, "formation-unknown")
    for query in ("department=5", "provider=123", "since=yesterday", "certification=RNCP123456"):
        assert (await partner.client.get(f"/v1/formations?{query}")).status_code == 422, query


async def test_the_licence_that_a_sender_states_is_that_of_its_offers(partner: Importer) -> None:
    await send(partner, lheo(formation("F1")))
    assert (await read(partner))["source"]["licence"] is None
    sent = await send(partner, lheo(formation("F1")), licence="ODbL 1.0")
    assert (sent.count("modified"), sent.certificate["file"]["licence"]) == (1, "ODbL 1.0")
    assert (sent.run["licence"], (await read(partner))["source"]["licence"]) == (
        "ODbL 1.0",
        "ODbL 1.0",
    )
    again = await send(partner, lheo(formation("F1")), licence="ODbL 1.0")
    assert again.count("unchanged") == 1
    last = (await partner.changes("formation"))[-1]
    assert json.loads(last["payload"])["source"]["licence"] == "ODbL 1.0"
    for wrong in ("", "a\nb", "x" * 101):
        refused = await partner.post(b"", form="lheo", licence=wrong)
        assert refused.status_code == 422


async def test_nobody_replaces_or_withdraws_the_offers_of_another_organisation(
    partner: Importer,
) -> None:
    theirs = as_client("training", tenant="another")
    own = "35600000049837"
    await send(partner, lheo(formation("F1"), formation("F2")))
    before = await partner.changes("formation")
    answer = await partner.post(lheo(formation("F1", title="Volé")), form="lheo", headers=theirs)
    assert await partner.work(answer.json()["id"]) == "failed"
    path = f"/v1/imports/{answer.json()['id']}/anomalies"
    said = (await partner.client.get(path, headers=theirs)).json()["items"]
    assert [(one["rule"], one["line"]) for one in said] == [("provider-held-by-another", 3)]
    mixed = lheo(formation("F1", title="Volé"), formation("F9", siret=own))
    answer = await partner.post(mixed, form="lheo", mode="partial", headers=theirs)
    assert await partner.work(answer.json()["id"]) == "done"
    path = f"/v1/imports/{answer.json()['id']}/certificate"
    made = (await partner.client.get(path, headers=theirs)).json()
    assert made["records"] == {"read": 2, "valid": 1, "refused": 1}
    assert (made["changes"]["created"]["count"], made["changes"]["absent"]["count"]) == (1, 0)
    assert (await partner.changes("formation"))[: len(before)] == before
    assert len(await partner.changes("formation")) == len(before) + 1
    await partner.rows("UPDATE training.import_run SET tenant = '' WHERE tenant <> 'another'")
    data = lheo(formation("F1", title="Remis"))
    answer = await partner.post(data, form="lheo", force=True, headers=theirs)
    assert await partner.work(answer.json()["id"]) == "done"


FORMACODE = "{code};{label};{label};DES;110 SCIENCES;;\n"


async def test_codes_that_a_nomenclature_lost_or_never_had_are_told_with_its_release(
    partner: Importer,
) -> None:
    for year, codes in (("2018", ("31028", "31029", "99999")), ("2024", ("31028", "99999"))):
        table = "".join(FORMACODE.format(code=code, label=f"TERME {code}") for code in codes)
        sent = await partner.send(
            table.encode(), "text/csv", form="formacode", dated_on=f"{year}-01-01"
        )
        assert sent.state == "done", sent.rules
    await partner.rows(
        "UPDATE training.reference_concept SET replaced_by = '{31028}' WHERE code = '31029'"
    )
    domain = "".join(
        f"<code-FORMACODE>{code}</code-FORMACODE>" for code in ("31028", "31029", "12345")
    )
    odd = formation("F1", domain=f"{domain}<code-NSF>326</code-NSF>")
    told = await send(partner, lheo(odd), mode="dry_run")
    said = {one["rule"]: one["detail"]["en"] for one in told.anomalies}
    assert said["formacode-code-obsolete"] == "No longer in Formacode 2024-01-01: 31029 → 31028."
    assert said["formacode-code-unknown"] == "Not in Formacode 2024-01-01: 12345."
    assert not any(rule.startswith("nsf") for rule in said)  # none is held
    assert told.certificate["references"][1:] == [
        {"name": "NSF", "version": None, "dated_on": None},
        {"name": "Formacode", "version": "2024-01-01", "dated_on": "2024-01-01"},
    ]
    code = "<FORMACODE><CODE>31029</CODE><LIBELLE>x</LIBELLE></FORMACODE>"
    certified = flux(fiche("RS91801", FORMACODES=code))
    other = await partner.send(certified, mode="dry_run")
    assert other.rules == [("formacode-code-obsolete", 4, "RS91801")]
