"""The public list of providers through HTTP: its two spellings, its traps, and reading (M2, B8)."""

from typing import Any

import httpx
import orjson

from tests.training.importing import Importer, Outcome, archive
from tests.training.listing import ACTIVITY, OF_SIRET, dotted, lowered, provider
from training.providers.schemas import ListedProvider, ProviderSummary

LA_POSTE = "35600000049837"
WRONG_KEY = "13002612300014"


async def send(partner: Importer, data: bytes, **asked: Any) -> Outcome:
    return await partner.send(data, "text/csv", form="providers", **asked)


async def read(partner: Importer, number: str = OF_SIRET) -> Any:
    answer = await partner.client.get(f"/v1/providers/{number}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(partner: Importer, **asked: Any) -> list[str]:
    answer = await partner.client.get("/v1/providers", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["activity_number"] for one in answer.json()["items"]]


async def test_a_provider_is_read_whole_by_siret_and_by_activity_number(
    partner: Importer,
) -> None:
    done = await send(partner, dotted(provider()), dated_on="2026-11-01")
    assert (done.state, done.count("created"), done.rules) == ("done", 1, [])
    assert [one["verdict"] for one in done.certificate["steps"]] == ["passed"] * 5
    found = await read(partner)
    assert ListedProvider.model_validate(found).model_dump(mode="json", by_alias=True) == found
    assert (found["activity_number"], found["siret"], found["siren"]) == (
        ACTIVITY,
        OF_SIRET,
        OF_SIRET[:9],
    )
    assert found["name"] == "UNIVERSITÉ DE L’EXEMPLE"
    assert found["qualiopi"] == ["training", "apprenticeship"]
    assert found["declared_on"] == "2026-05-18"
    assert found["specialties"] == [{"code": "326", "label": "Informatique; réseaux"}]
    assert (found["trainees"], found["trainees_entrusted"], found["trainers"]) == (120, 8, 4)
    assert found["source"]["dated_on"] == "2026-11-01"
    for spelling in ("130 026 123 00013", "%09130.026.123-00013", ACTIVITY, "32 59 00000 00"):
        assert await read(partner, spelling) == found, spelling  # acceptance B8
    (item,) = (await partner.client.get("/v1/providers")).json()["items"]
    assert ProviderSummary.model_validate(item).model_dump(mode="json") == item


async def test_both_spellings_of_the_list_are_the_same_facts(partner: Importer) -> None:
    """Acceptance A5: the other publisher's file of the same list changes nothing."""
    rows = [provider(), provider("11751234567", siren="", siret="", denomination="ÉCOLE")]
    assert (await send(partner, dotted(*rows))).count("created") == 2
    published = await partner.changes("provider")
    assert [(row["entity_id"], row["kind"]) for row in published] == [
        ("11751234567", "created"),
        (ACTIVITY, "created"),
    ]
    for layout in (
        lowered(*rows),
        dotted(*reversed(rows)),
        dotted(*rows).decode().encode("cp1252"),
        archive({"liste.csv": lowered(*rows)}),
        dotted(*rows).replace(b";", b"\t").replace(b"Informatique\t", b"Informatique;"),
    ):
        again = await send(partner, layout)
        assert (again.state, again.count("unchanged"), again.rules) == ("done", 2, [])
    assert await partner.changes("provider") == published


async def test_nothing_personal_is_kept_nor_published(partner: Importer) -> None:
    row = provider() | {"organismeEtrangerRepresente.denomination": "Maria Musterfrau"}
    await send(partner, lowered(row))
    kept = await partner.rows("SELECT p::text AS row FROM training.provider p")
    told = await partner.changes("provider")
    for text in (kept[0]["row"], told[0]["payload"]):
        assert "PRIVÉE" not in text
        assert "Muster" not in text
        assert "50.6" not in text


async def test_b8_a_siret_is_normalised_and_its_faults_are_warnings(partner: Importer) -> None:
    old = provider("10000000001", siret="00013")
    blanks = provider("10000000002", siret="\t130 026 123 00013")
    post = provider("10000000003", siren=LA_POSTE[:9], siret=LA_POSTE)
    wrong = provider("10000000004", siret=WRONG_KEY)
    short = provider("10000000005", siret="1.30026E+13")
    foreign = provider("10000000006", siren="356000000")
    done = await send(partner, dotted(old, blanks, post, wrong, short, foreign))
    assert (done.state, done.rules) == (
        "done",
        [
            ("siret-checksum", 5, "10000000004"),
            ("siret-malformed", 6, "10000000005"),
            ("siren-mismatch", 7, "10000000006"),
        ],
    )
    found = {
        row["activity_number"]: (row["siret"], row["siren"])
        for row in await partner.rows("SELECT activity_number, siret, siren FROM training.provider")
    }
    assert found["10000000001"] == found["10000000002"] == (OF_SIRET, OF_SIRET[:9])
    assert found["10000000003"] == (LA_POSTE, LA_POSTE[:9])
    assert found["10000000004"] == (WRONG_KEY, OF_SIRET[:9])
    assert found["10000000005"] == (None, OF_SIRET[:9])
    assert found["10000000006"] == (OF_SIRET, OF_SIRET[:9])


async def test_a_wrong_row_is_left_out_in_part_and_refuses_the_whole(partner: Importer) -> None:
    wrong = {
        "activity-number-invalid": provider("1971234567"),
        "provider-name-missing": provider("10000000003", denomination=" "),
        "provider-text-too-long": provider("10000000004", denomination="x" * 501),
        "boolean-invalid": provider("10000000005", VAE="peut-être"),
    }
    data = dotted(*wrong.values(), provider(""), provider("10000000001"))
    whole = await send(partner, data)
    assert (whole.state, await listed(partner)) == ("failed", [])
    part = await send(partner, data, mode="partial")
    assert (part.state, part.count("created")) == ("done", 1)
    assert [(rule, line) for rule, line, _ in part.rules] == [
        *zip(wrong, range(2, 6), strict=True),
        ("activity-number-invalid", 6),
    ]


async def test_odd_facts_are_left_out_with_a_warning(partner: Importer) -> None:
    odd = provider(
        dateDerniereDeclaration="31/02/2026",
        finExercice="0001-01-01",
        nbStagiaires="beaucoup",
        effectifFormateurs="4.0",
        ville="LÃ©ognan",
        codePostal="BP 12",
    )
    done = await send(partner, dotted(odd))
    assert [rule for rule, _, _ in done.rules] == [
        "text-mojibake-suspected",
        "date-invalid",
        "date-invalid",
        "figure-invalid",
    ]
    found = await read(partner)
    assert (found["declared_on"], found["period"]["end"]) == (None, None)
    assert (found["trainees"], found["trainers"]) == (None, 4)
    assert found["address"] == {
        "postcode": None,
        "city": "LÃ©ognan",
        "department": None,
        "region": "32",
    }


async def test_files_that_cannot_be_taken_whole_change_nothing(partner: Importer) -> None:
    for data, code in (
        (b"siren;denomination\n1;x\n", "import-format-mismatch"),
        (dotted(provider()).decode().encode("utf-16"), "import-file-unreadable"),
        (b"", "import-format-mismatch"),
        (archive({"liste.txt": dotted(provider())}), "import-format-mismatch"),
    ):
        answer = await partner.post(data, "text/csv", form="providers")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    twice = await send(partner, dotted(provider(), provider()))
    assert (twice.state, twice.rules) == ("failed", [("record-repeated", 3, ACTIVITY)])
    assert "2" in twice.anomalies[0]["detail"]["fr"]  # the other line
    broken = dotted(provider(), provider("10000000001")).replace(b'"LILLE"', b'"LILLE', 1)
    unclosed = await send(partner, broken)
    assert (unclosed.state, unclosed.rules[0][0]) == ("failed", "csv-malformed")
    assert await partner.changes("provider") == []


async def test_who_leaves_the_list_is_gone_and_told_and_may_come_back(partner: Importer) -> None:
    """Acceptance C11 and F3, for providers."""
    many = [provider(f"100000000{place:02}", siret="") for place in range(20)]
    await send(partner, dotted(*many))
    halted = await send(partner, dotted(*many[:10]))
    assert (halted.state, halted.rules[-1][0]) == ("halted", "volume-drop")
    extract = await send(partner, dotted(*many[:1]), extract=True)
    assert (extract.state, extract.count("absent")) == ("done", 0)
    tried = await send(partner, dotted(*many[:19]), mode="dry_run")
    assert (tried.count("absent"), len(await partner.changes("provider"))) == (1, 20)
    await send(partner, dotted(*many[:19]))
    gone = await partner.client.get("/v1/providers/10000000019")
    assert (gone.status_code, gone.json()["code"]) == (410, "provider-withdrawn")
    last = (await partner.changes("provider"))[-1]
    assert (last["entity_id"], last["kind"], last["version"]) == ("10000000019", "deleted", 2)
    assert orjson.loads(last["payload"])["reason"] == "absent_from_list"
    assert "10000000019" not in await listed(partner, limit=200)
    assert (await send(partner, dotted(*many))).count("restored") == 1
    assert (await read(partner, "10000000019"))["version"] == 3


async def test_of_several_declarations_the_newest_is_read_and_names_the_others(
    partner: Importer,
) -> None:
    old = provider("10000000001", dateDerniereDeclaration="01/01/2020")
    undated = provider("10000000002", dateDerniereDeclaration="")
    await send(partner, dotted(old, undated, provider()))
    found = await read(partner)
    assert found["activity_number"] == ACTIVITY
    assert found["other_numbers"] == ["10000000001", "10000000002"]


async def test_the_list_is_filtered_and_paged(partner: Importer) -> None:
    rows = [
        provider("10000000001", siren="", siret="", denomination="CNAM Hauts-de-France"),
        provider("10000000002", siren="", siret="", codePostal="97110", apprenticeship="false"),
        provider("10000000003", VAE="true", denomination="École 100%_\\"),
    ]
    await send(partner, dotted(*rows))
    one, two, three = "10000000001", "10000000002", "10000000003"
    assert await listed(partner, department="971") == [two]
    assert await listed(partner, qualiopi=["training", "apprenticeship"]) == [one, three]
    assert await listed(partner, qualiopi="vae") == [three]
    assert await listed(partner, siren=OF_SIRET[:9]) == [three]
    for words in ("hauts cnam", "CNAM", one):
        assert await listed(partner, q=words) == [one]
    assert await listed(partner, q="ecole 100%_\\") == [three]
    assert await listed(partner, q="%") == [three]
    page = (await partner.client.get("/v1/providers?limit=2&count=true")).json()
    assert ([one["activity_number"] for one in page["items"]], page["total"]) == ([one, two], 3)
    assert await listed(partner, limit=2, after=page["next"]) == [three]


async def test_wrong_questions_are_problems(training: httpx.AsyncClient) -> None:
    for path, status, code in (
        (f"/{WRONG_KEY}", 422, "provider-number-invalid"),
        ("/abc", 422, "provider-number-invalid"),
        (f"/{LA_POSTE}", 404, "provider-unknown"),
        ("?qualiopi=everything", 422, "invalid"),
        ("?siren=12", 422, "invalid"),
    ):
        answer = await training.get(f"/v1/providers{path}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_specialties_are_compared_with_the_nsf_that_is_held(partner: Importer) -> None:
    await partner.rows(
        "INSERT INTO training.reference_version"
        " (scheme, version, released_on, title, producer, licence)"
        " VALUES ('nsf', '1994', '1994-06-21', 'NSF', 'Décret', NULL)"
    )
    await partner.rows(
        "INSERT INTO training.reference_concept"
        " (scheme, version, code, kind, label_fr, replaced_by, search_text, fingerprint)"
        " VALUES ('nsf', '1994', '326', 'specialty', 'Informatique', '{}', '', '')"
    )
    done = await send(partner, dotted(provider(), provider("10000000001", codeSpecialite2="999")))
    assert done.rules == [("nsf-code-unknown", 3, "10000000001")]
    assert done.certificate["references"][0]["version"] == "1994"
    assert (await partner.client.get(f"/v1/providers/{ACTIVITY}")).status_code == 200
