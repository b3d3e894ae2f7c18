"""What is accepted is published with the answer, or all that is in the way is said (D3, B7, B8)."""

import asyncio
from typing import Any

import asyncpg
from lxml import etree

from tests.harness import as_client
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, fiche, flux
from tests.training.listing import dotted, provider
from tests.training.offering import formation, lheo
from tests.training.proposing import (
    ACCEPTED,
    CERTIFICATION,
    REASON,
    REVIEWER,
    SCHOOL,
    SIRET,
    Proposed,
    offer,
    proposed,
)
from tests.training.test_offer_flags import STRANGER, partner_line
from training.certifications.schemas import CertificationRead
from training.offers.lheo import identity
from training.offers.schemas import FormationRead


async def published(platform: Importer, payload: Any, **more: Any) -> Proposed:
    found = await proposed(platform, payload, *ACCEPTED, **more)
    done = await found.move(REVIEWER, "publish")
    assert done.status_code == 200, done.text
    return found


async def tip(platform: Importer) -> str:
    """Return the cursor behind all that was told so far."""
    address = "/v1/changes?limit=1000&payloads=false"
    after = ""
    while True:
        page = (await platform.client.get(address + after)).json()
        after = f"&after={page['next']}"
        if not page["more"]:
            return str(page["next"])


async def blocked(found: Proposed) -> set[tuple[str, str]]:
    """Return what is in the way, as the attempt and the check before it both say."""
    refused = await found.move(REVIEWER, "publish")
    assert (refused.status_code, refused.json()["code"]) == (422, "proposal-publication-blocked")
    told = [(one["pointer"], one["code"]) for one in refused.json()["errors"]]
    assert len(told) == len(set(told))
    assert (await found.read())["state"]["code"] == "accepted"
    return set(told)


@needs_samples
async def test_an_accepted_offer_is_found_followed_and_exported_with_the_answer(
    platform: Importer,
) -> None:
    http = platform.client
    schema = etree.XMLSchema(file=str(SAMPLES / "lheo" / "lheo-2.3.xsd"))
    cursor = await tip(platform)
    found = await published(platform, offer())
    known = identity(SIRET, "IA-1")
    shown = await found.read()
    assert shown["state"]["code"] == "published"
    assert [one["name"] for one in shown["allowed"]] == ["retire"]
    assert shown["published"] == {
        "entity": "formation",
        "id": known,
        "address": f"/v1/formations/{known}",
    }
    read = (await http.get(shown["published"]["address"])).json()
    assert FormationRead.model_validate(read)
    assert read["actions"][0]["disabled_access"].startswith("Locaux accessibles")
    assert read["source"]["kind"] == "regional_proposal"
    assert read["source"]["licence"] == "Licence Ouverte 2.0"
    assert read["flags"] == []
    hits = (await http.get("/v1/search?q=secrétariat&kind=offer")).json()
    assert [one["offer"]["formation"]["id"] for one in hits["items"]] == [known]
    after = (await http.get("/v1/changes", params={"after": cursor})).json()["items"]
    told = {(one["entity"], one["entity_id"], one["kind"]) for one in after}
    assert told == {("formation", known, "created"), ("proposal", found.id, "created")}
    exported = etree.fromstring((await http.get("/v1/exports/lheo-2.3.xml")).content)
    schema.assertValid(exported)
    assert exported.findtext(".//{*}formation/{*}intitule-formation") == "L’IA au secrétariat"
    run = as_client("training", "universite-a", {"training:import"}, client="school-a")
    sent = await http.get(f"/v1/imports/{read['source']['import']}/certificate", headers=run)
    assert (sent.json()["applied"], sent.json()["records"]["valid"]) == (True, 1)


async def test_d3_all_that_is_missing_is_named_at_once_and_nothing_is_stored(
    platform: Importer,
) -> None:
    def spoil(payload: Any) -> None:
        del payload["provider"]["activity_number"], payload["content"]
        for name in ("disabled_access", "languages", "mode", "audiences"):
            del payload["actions"][0][name]
        payload["actions"][0]["sessions"] = []

    found = await proposed(platform, offer(spoil, number="IA-2"), *ACCEPTED)
    before = await platform.rows("SELECT count(*) FROM training.change")
    assert await blocked(found) == {
        ("/payload/content", "missing"),
        ("/payload/provider/activity_number", "missing"),  # B8: a draft went through without
        ("/payload/actions/0/disabled_access", "missing"),
        ("/payload/actions/0/languages", "missing"),
        ("/payload/actions/0/mode", "missing"),
        ("/payload/actions/0/audiences", "missing"),
        ("/payload/actions/0/sessions", "missing"),
    }
    assert await platform.rows("SELECT count(*) FROM training.change") == before
    empty = await proposed(platform, {}, *ACCEPTED)
    assert ("/payload/actions", "missing") in await blocked(empty)
    asked = ["/content", "/provider/activity_number", "/actions/0"]
    assert (
        await found.move(REVIEWER, "request_complement", "Il manque des champs.", fields=asked)
    ).status_code == 200
    assert (await found.put(offer(number="IA-2"))).status_code == 200
    await found.through("complete", "opine_favourably", "accept")
    assert (await found.move(REVIEWER, "publish")).status_code == 200


async def test_the_rules_that_no_schema_sees_hold_as_well(platform: Importer) -> None:
    def spoil(payload: Any) -> None:
        session = payload["actions"][0]["sessions"][0]
        session["period"] = {"start": "2027-05-01", "end": "2027-04-30"}
        payload["actions"][0]["sessions"].append(session)

    found = await proposed(platform, offer(spoil, number="IA-3"), *ACCEPTED)
    assert {code for _, code in await blocked(found)} == {"period-inverted", "number-repeated"}


async def test_b7_a_provider_without_the_right_does_not_publish(platform: Importer) -> None:
    """Habilitation, Qualiopi, the public list, and a certification that ends too soon."""
    http = platform.client
    lines = {"RNCP37873": partner_line(state="Inactif"), "RNCP37874": partner_line()}
    fiches = [fiche(code, PARTENAIRES=line) for code, line in lines.items()]
    fiches.append(
        fiche("RNCP37875", PARTENAIRES=partner_line(), DATE_FIN_ENREGISTREMENT="28/02/2027")
    )
    assert (await platform.send(flux(*fiches), extract=True)).state == "done"

    async def offered(code: str) -> Proposed:
        payload = offer(number=code, certifications=[{"rncp": code}])
        return await proposed(platform, payload, *ACCEPTED)

    assert await blocked(await offered("RNCP37873")) == {
        ("/payload/certifications", "not-habilitated")
    }
    assert await blocked(await offered("RNCP37875")) == {
        ("/payload/certifications", "certification-ended")
    }
    assert await blocked(await offered("RNCP99999")) == {
        ("/payload/certifications", "certification-unknown")
    }
    good = await offered("RNCP37874")
    for row, flag in (
        (provider("10000000001", siren=STRANGER[:9], siret=STRANGER), "provider-unlisted"),
        (provider(actionsDeFormation="false"), "qualiopi-missing"),
    ):
        sent = await platform.send(dotted(row), "text/csv", form="providers", force=True)
        assert sent.state == "done", sent.anomalies
        assert await blocked(good) == {("/payload/provider/siret", flag)}
    sent = await platform.send(dotted(provider()), "text/csv", form="providers", force=True)
    assert sent.state == "done", sent.anomalies
    assert (await good.move(REVIEWER, "publish")).status_code == 200
    read = (await http.get(f"/v1/formations/{identity(SIRET, 'RNCP37874')}")).json()
    assert (read["flags"], read["certifications"]) == ([], [{"rncp": "RNCP37874"}])


async def test_an_accepted_certification_is_one_of_the_region_and_of_no_national_directory(
    platform: Importer,
) -> None:
    http = platform.client
    lacking = await proposed(
        platform,
        {"title": "Essai", "rome": ["M1607"], "nsf": ["999"]},
        *ACCEPTED,
        kind="certification",
    )
    assert {("/payload/objectives", "missing"), ("/payload/nsf/0", "code-unknown")} <= (
        await blocked(lacking)
    )
    cursor = await tip(platform)
    found = await published(platform, CERTIFICATION, kind="certification")
    shown = (await found.read())["published"]
    assert (shown["entity"], shown["address"]) == ("certification", "/v1/certifications/REG1")
    read = (await http.get(shown["address"])).json()
    assert CertificationRead.model_validate(read)
    assert (read["directory"], read["source_state"]) == ("REG", "Proposée par la Région")
    assert (read["state"], read["registration_end"]) == ("active", "2031-08-31")
    assert read["source"]["kind"] == "regional_proposal"
    assert [one["code"] for one in read["rome"]] == ["M1607"]
    for name in ("REG1", "reg 1", "REG0001"):
        assert (await http.get(f"/v1/certifications/{name}")).json()["id"] == read["id"]
    listed = (await http.get("/v1/certifications?directory=REG&count=true")).json()
    assert (listed["total"], listed["items"][0]["number"]) == (1, "REG1")
    hits = (await http.get("/v1/search", params={"q": "Vérifier ce que dit une IA"})).json()
    assert hits["items"][0]["certification"]["number"] == "REG1"
    after = (await http.get("/v1/changes", params={"after": cursor})).json()["items"]
    told = {(one["entity"], one["entity_id"]) for one in after}
    assert told == {("certification", "REG1"), ("proposal", found.id)}
    table = (await http.get("/v1/exports/certifications.csv")).text
    assert ";REG1;" in table
    second = await published(platform, {**CERTIFICATION, "title": "Autre"}, kind="certification")
    assert (await second.read())["published"]["id"] == "REG2"
    await platform.send(flux(fiche("RNCP90001")), extract=False, force=True)
    kept = (await http.get("/v1/certifications/REG1")).json()
    assert kept["absent_since"] is None, "the national file says nothing about it"
    refused = await platform.send(flux(fiche("REG7")), extract=True)
    assert refused.state == "failed", "nor may it say anything"


async def test_two_who_publish_at_once_publish_once(platform: Importer) -> None:
    found = await proposed(platform, offer(number="IA-4"), *ACCEPTED)
    tag = found.etag
    answers = await asyncio.gather(
        *(found.move(REVIEWER, "publish", if_match=tag) for _ in range(3))
    )
    assert sorted(one.status_code for one in answers) == [200, 412, 412]
    told = await platform.rows(
        "SELECT 1 FROM training.change WHERE entity_id = $1", identity(SIRET, "IA-4")
    )
    assert len(told) == 1


async def test_a_complete_file_of_the_provider_leaves_what_was_proposed(
    platform: Importer,
) -> None:
    """A file may bring it up to date; that it lacks it says nothing."""
    await published(platform, offer(number="IA-5"))
    path = f"/v1/formations/{identity(SIRET, 'IA-5')}"
    sender = as_client("training", "universite-a", {"training:import"}, client="school-a")
    await with_sender(platform, sender, formation("F9", certifications=""))
    assert (await platform.client.get(path)).status_code == 200
    await with_sender(platform, sender, formation("IA-5", certifications="", title="Neuf"))
    read = (await platform.client.get(path)).json()
    assert (read["title"], read["source"]["kind"]) == ("Neuf", "provider_file")


async def with_sender(platform: Importer, sender: dict[str, str], *formations: str) -> None:
    posted = await platform.post(lheo(*formations), form="lheo", headers=sender, force=True)
    assert posted.status_code == 202, posted.text
    assert await platform.work(posted.json()["id"]) == "done"


async def test_nobody_publishes_over_the_offers_of_another_organisation(
    platform: Importer,
) -> None:
    await published(platform, offer(number="IA-6"))
    rival = as_client("training", "universite-b", {"training:read", "training:write"}, client="b")
    body = {"kind": "offer", "payload": offer(number="IA-6", title="Volée")}
    made = await platform.client.post("/v1/proposals", json=body, headers=rival)
    stolen = Proposed(platform.client, made.json()["id"], made.headers["etag"])
    await stolen.move(rival, "submit")
    await stolen.through(*ACCEPTED[1:])
    refused = await stolen.move(REVIEWER, "publish")
    assert [one["code"] for one in refused.json()["errors"]] == ["provider-held-by-another"]
    path = f"/v1/formations/{identity(SIRET, 'IA-6')}"
    assert (await platform.client.get(path)).json()["title"] == "L’IA au secrétariat"
    own = await published(platform, offer(number="IA-6", title="Révisée"))
    assert (await own.read(SCHOOL))["published"]["id"] == identity(SIRET, "IA-6")
    read = (await platform.client.get(path)).json()
    assert (read["title"], read["version"]) == ("Révisée", 2)


async def test_what_is_retired_leaves_a_tombstone_that_says_why(platform: Importer) -> None:
    http = platform.client
    found = await published(platform, offer(number="IA-7", title="Éphémère"))
    path = f"/v1/formations/{identity(SIRET, 'IA-7')}"
    cursor = await tip(platform)
    mute = await found.move(SCHOOL, "retire")
    assert (mute.status_code, mute.json()["code"]) == (422, "proposal-reason-missing")
    assert (await found.move(REVIEWER, "retire", REASON)).status_code == 403
    assert (await found.move(SCHOOL, "retire", REASON)).status_code == 200
    gone = await http.get(path)
    assert (gone.status_code, gone.json()["code"]) == (410, "formation-withdrawn")
    assert (await http.get("/v1/search?q=Éphémère")).json()["items"] == []
    assert "Éphémère" not in (await http.get("/v1/exports/lheo-2.3.xml")).text
    after = (await http.get("/v1/changes", params={"after": cursor})).json()["items"]
    told = [(one["entity"], one["kind"], one["payload"].get("why")) for one in after]
    assert told == [("formation", "deleted", REASON), ("proposal", "deleted", None)]
    assert (await found.read())["allowed"] == []
    await published(platform, offer(number="IA-7", title="Éphémère"))
    assert (await http.get(path)).status_code == 200, "a new proposal brings it back"


async def test_what_a_newer_proposal_has_replaced_is_not_the_older_ones_to_retire(
    platform: Importer,
) -> None:
    older = await published(platform, offer(number="IA-8"))
    await published(platform, offer(number="IA-8", title="Plus récente"))
    await older.through("retire")
    read = await platform.client.get(f"/v1/formations/{identity(SIRET, 'IA-8')}")
    assert (read.status_code, read.json()["title"]) == (200, "Plus récente")


async def test_a_certification_is_retired_by_who_proposed_it(platform: Importer) -> None:
    http = platform.client
    found = await published(platform, {**CERTIFICATION, "title": "Brève"}, kind="certification")
    number = (await found.read())["published"]["id"]
    await found.through("retire")
    gone = await http.get(f"/v1/certifications/{number}")
    assert (gone.status_code, gone.json()["code"]) == (410, "certification-withdrawn")
    assert REASON in gone.json()["detail"]
    again = await published(platform, {**CERTIFICATION, "title": "Suite"}, kind="certification")
    assert (await again.read())["published"]["id"] != number, "a number is given once"


async def test_a_publication_does_not_wait_for_ever_for_an_import(platform: Importer) -> None:
    found = await proposed(platform, offer(number="IA-10"), *ACCEPTED)
    connection = await asyncpg.connect(platform.database.admin_dsn)
    await connection.execute("BEGIN")
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('training.merge'))")
    busy = await found.move(REVIEWER, "publish")
    await connection.close()
    assert (busy.status_code, busy.json()["code"]) == (503, "catalogue-busy")
    assert (await found.move(REVIEWER, "publish")).status_code == 200
