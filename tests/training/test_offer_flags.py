"""What an offer stands on: habilitation and Qualiopi, flagged by every import (C10, B7)."""

from typing import Any

import orjson

from tests.training.importing import Importer, Outcome, fiche, flux
from tests.training.listing import ACTIVITY, dotted, provider
from tests.training.offering import SIRET, formation, lheo
from training.habilitations.schemas import OfferHabilitationRead
from training.offers.lheo import identity
from training.offers.schemas import FormationRead, FormationSummary

SISTER, STRANGER = "13002612300021", "88877726500016"
APPRENTICES = "<cycle><type-cycle>1</type-cycle></cycle>"


def partner_line(siret: str = SIRET, state: str = "Actif", role: str = "ORGA_FORM") -> str:
    return (
        f"<PARTENAIRE><NOM_PARTENAIRE>P</NOM_PARTENAIRE><SIRET_PARTENAIRE>{siret}"
        f"</SIRET_PARTENAIRE><HABILITATION_PARTENAIRE>HABILITATION_{role}</HABILITATION_PARTENAIRE>"
        f"<ETAT_HABILITATION>{state}</ETAT_HABILITATION><DATE_ACTIF>12/04/2023</DATE_ACTIF>"
        "<DATE_DERNIERE_MODIFICATION_ETAT>01/06/2025</DATE_DERNIERE_MODIFICATION_ETAT></PARTENAIRE>"
    )


def body_line(siret: str = STRANGER) -> str:
    number = f"<SIRET_CERTIFICATEUR>{siret}</SIRET_CERTIFICATEUR>" if siret else ""
    return (
        f"<CERTIFICATEUR>{number}<NOM_CERTIFICATEUR>MINISTERE</NOM_CERTIFICATEUR></CERTIFICATEUR>"
    )


async def certify(importer: Importer, *partners: str, body: str = STRANGER) -> Outcome:
    """Import the certification of the offers, with these partners."""
    one = fiche("RNCP37873", CERTIFICATEURS=body_line(body), PARTENAIRES="".join(partners))
    done = await importer.send(flux(one), extract=True)
    assert done.state == "done", done.anomalies
    return done


async def enlist(importer: Importer, *rows: dict[str, str], **asked: Any) -> None:
    done = await importer.send(dotted(*rows), "text/csv", form="providers", force=True, **asked)
    assert done.state == "done", done.anomalies


async def offer(importer: Importer, *formations: str) -> None:
    done = await importer.send(lheo(*(formations or (formation("F1"),))), form="lheo")
    assert done.state == "done", done.anomalies


async def flags(importer: Importer, number: str = "F1") -> list[str]:
    """Return the flags that the offer shows, the same in all three places."""
    path = f"/v1/formations/{identity(SIRET, number)}"
    shown: list[str] = (await importer.client.get(path)).json()["flags"]
    judged = (await importer.client.get(f"{path}/habilitation")).json()
    assert OfferHabilitationRead.model_validate(judged).model_dump(mode="json") == judged
    page = (await importer.client.get("/v1/formations")).json()
    (item,) = [one for one in page["items"] if one["number"] == number]
    assert [one["code"] for one in judged["flags"]] == item["flags"] == shown
    return shown


async def numbers(importer: Importer, **asked: Any) -> list[str]:
    page = await importer.client.get("/v1/formations", params={"count": "true", **asked})
    body = page.json()
    assert body["total"] == len(body["items"])
    return [one["number"] for one in body["items"]]


async def told(importer: Importer) -> list[tuple[str, int, Any]]:
    return [
        (row["kind"], row["version"], orjson.loads(row["payload"]))
        for row in await importer.changes("formation-flags")
    ]


async def test_c10_the_offer_of_a_partner_that_is_no_more_is_flagged_and_stays(
    partner: Importer,
) -> None:
    await certify(partner, partner_line())
    await offer(partner)
    assert await flags(partner) == []
    assert await told(partner) == []
    for state in ("Supprimé", "Inactif"):
        await certify(partner, partner_line(state=state))
        assert await flags(partner) == ["not_habilitated"]
        assert (await numbers(partner, flagged=True), await numbers(partner, flagged=False)) == (
            ["F1"],
            [],
        )
    path = f"/v1/formations/{identity(SIRET, 'F1')}"
    answer = await partner.client.get(path)
    assert answer.json()["version"] == 1
    assert FormationRead.model_validate(answer.json())
    (item,) = (await partner.client.get("/v1/formations")).json()["items"]
    assert FormationSummary.model_validate(item).model_dump(mode="json", by_alias=True) == item
    english = {"accept-language": "en"}
    judged = (await partner.client.get(f"{path}/habilitation", headers=english)).json()
    assert judged["certifications"] == [
        {
            "number": "RNCP37873",
            "reason": "inactive",
            "trains": False,
            "explanation": "The habilitation of this organisation is not active.",
        }
    ]
    assert judged["flags"][0]["label"]["fr"].startswith("L’organisme n’est ni certificateur")
    await certify(partner, partner_line())
    assert (await flags(partner), await numbers(partner, flagged=False)) == ([], ["F1"])
    blocked = {"flags": ["not_habilitated"], "certifications": ["RNCP37873"]}
    assert await told(partner) == [
        ("created", 1, blocked),
        ("updated", 2, {"flags": [], "certifications": []}),
    ]


async def test_what_the_source_leaves_open_is_no_flag(partner: Importer) -> None:
    """Other establishment, body without SIRET, certifying body itself: and the plain no."""
    await offer(partner)
    for lines, body, reason, found in (
        ([partner_line(SISTER)], STRANGER, "other_establishment", []),
        ([partner_line(STRANGER)], "", "unidentified", []),
        ([partner_line(STRANGER)], SIRET, "certifying_body", []),
        ([partner_line(role="FORMER")], STRANGER, "partner", []),
        ([partner_line(role="ORGANISER")], STRANGER, "partner", ["not_habilitated"]),
        ([partner_line(STRANGER)], STRANGER, "not_listed", ["not_habilitated"]),
    ):
        await certify(partner, *lines, body=body)
        assert await flags(partner) == found, reason
        path = f"/v1/formations/{identity(SIRET, 'F1')}/habilitation"
        (judged,) = (await partner.client.get(path)).json()["certifications"]
        assert judged["reason"] == reason


async def test_b7_the_company_needs_qualiopi_for_what_it_offers(partner: Importer) -> None:
    work = formation("F2", session=APPRENTICES, certifications="")
    await offer(partner, formation("F1", certifications=""), work)
    assert await flags(partner) == []  # without a list nobody is unlisted
    await enlist(partner, provider(apprenticeship="false"))
    assert (await flags(partner), await flags(partner, "F2")) == ([], ["qualiopi_missing"])
    await enlist(partner, provider(actionsDeFormation="false"))
    assert (await flags(partner), await flags(partner, "F2")) == (["qualiopi_missing"], [])
    assert await numbers(partner, flag="qualiopi_missing") == ["F1"]
    assert await numbers(partner, flag="provider_unlisted") == []
    await enlist(partner, provider("10000000001", siren=STRANGER[:9], siret=STRANGER))
    assert (await flags(partner), await flags(partner, "F2")) == (["provider_unlisted"],) * 2
    path = f"/v1/formations/{identity(SIRET, 'F2')}/habilitation"
    judged = (await partner.client.get(path)).json()
    assert judged["qualiopi"] == {"needed": "apprenticeship", "held": None}


async def test_qualiopi_is_the_companys_and_a_borrowed_number_does_not_help(
    partner: Importer,
) -> None:
    await offer(partner, formation("F1", certifications=""))
    await enlist(partner, provider("10000000001", siret=SISTER))
    assert await flags(partner) == []  # another establishment of the company
    await enlist(partner, provider(ACTIVITY, siren=STRANGER[:9], siret=STRANGER))
    assert await flags(partner) == ["provider_unlisted"]  # the offer's number, somebody else's
    await enlist(partner, provider(ACTIVITY, siren="", siret=""))
    assert await flags(partner) == []  # the list names no company


async def test_an_offer_is_judged_when_it_comes_and_when_it_comes_back(partner: Importer) -> None:
    await enlist(partner, provider(actionsDeFormation="false"))
    await certify(partner, partner_line(STRANGER))
    both = [formation(f"F{number}") for number in range(11)]
    await offer(partner, *both)
    assert await flags(partner) == ["not_habilitated", "qualiopi_missing"]
    known = await told(partner)
    assert len(known) == 11
    await offer(partner, *both)
    await enlist(partner, provider(actionsDeFormation="false"))
    assert await told(partner) == known  # twice is once
    await partner.send(dotted(provider()), "text/csv", form="providers", mode="dry_run")
    assert await told(partner) == known
    await offer(partner, *both[:10])
    await enlist(partner, provider())  # judges no offer that is withdrawn
    assert len(await told(partner)) == len(known) + 10
    gone = f"/v1/formations/{identity(SIRET, 'F10')}/habilitation"
    answer = await partner.client.get(gone)
    assert (answer.status_code, answer.json()["code"]) == (410, "formation-withdrawn")
    await offer(partner, *both)
    assert await flags(partner, "F10") == ["not_habilitated"]
    lost = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F99')}/habilitation")
    assert (lost.status_code, lost.json()["code"]) == (404, "formation-unknown")
