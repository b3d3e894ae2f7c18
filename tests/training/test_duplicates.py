"""Offers given twice: EDOF's rules 30056 and 30057 on actions, titles on formations (S6)."""

from typing import Any

import httpx

from tests.harness import as_client
from tests.training.importing import Importer
from tests.training.offering import SIRET, formation, lheo
from training.duplicates.schemas import DuplicatesRead, DuplicateSummary
from training.offers.lheo import identity

SISTER, STRANGER = "13002612300021", "35600000049837"


def action(number: str, hours: str = "70", price: str = "1200", **other: str) -> str:
    """Write an action whose order is LHÉO's; `other`: mode, city, language, teaching, access."""
    facts = {"mode": "1", "city": "LILLE", "language": "FR", "teaching": "", "access": "Oui"}
    facts |= other
    address = (
        f"<adresse><ligne>1 rue X</ligne><codepostal>59000</codepostal><ville>{facts['city']}"
        "</ville></adresse>"
    )
    place = f"<lieu-de-formation><coordonnees>{address}</coordonnees></lieu-de-formation>"
    teaching = facts["teaching"]
    if teaching:
        teaching = f"<modalites-pedagogiques>{teaching}</modalites-pedagogiques>"
    length = f"<nombre-heures-total>{hours}</nombre-heures-total>" if hours else ""
    return (
        f'<action numero="{number}"><rythme-formation>Jour</rythme-formation>'
        "<code-public-vise>80056</code-public-vise>"
        "<niveau-entree-obligatoire>0</niveau-entree-obligatoire>"
        "<modalites-alternance>Sans</modalites-alternance>"
        f"<modalites-enseignement>{facts['mode']}</modalites-enseignement>"
        "<conditions-specifiques>Aucune</conditions-specifiques>"
        "<prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>"
        f"{place}<modalites-entrees-sorties>0</modalites-entrees-sorties>"
        '<session numero="S1"><periode><debut>20261005</debut><fin>20261106</fin></periode>'
        f"<adresse-inscription>{address}</adresse-inscription></session>"
        f"<acces-handicapes>{facts['access']}</acces-handicapes>"
        f"<langue-formation>{facts['language']}</langue-formation>{teaching}"
        f"<prix-total-TTC>{price}</prix-total-TTC>{length}</action>"
    )


def several(number: str, *actions: str, **more: str) -> str:
    """Write a formation with these actions only."""
    whole = formation(number, **more)
    head, _, rest = whole.partition('<action numero="A1">')
    return head + "".join(actions) + rest.partition("</action>")[2]


async def send(importer: Importer, *formations: str) -> None:
    done = await importer.send(lheo(*formations), form="lheo")
    assert done.state == "done", done.anomalies


async def explained(importer: Importer, number: str, siret: str = SIRET) -> Any:
    answer = await importer.client.get(f"/v1/formations/{identity(siret, number)}/duplicates")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert DuplicatesRead.model_validate(body).model_dump(mode="json") == body
    return body


async def listed(importer: Importer, **asked: str) -> list[tuple[str, str, list[str]]]:
    answer = await importer.client.get("/v1/duplicates", params={"count": "true", **asked})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    for one in page["items"]:
        assert DuplicateSummary.model_validate(one).model_dump(mode="json") == one
    return [(one["provider"]["siret"], one["number"], one["rules"]) for one in page["items"]]


async def test_edof_30056_and_30057_name_the_two_actions_and_what_sets_them_apart(
    partner: Importer,
) -> None:
    await send(
        partner,
        several("F1", action("A1"), action("A2"), action("A3", hours="79"), title="Un"),
        several("F2", action("A1"), action("A2", price="900"), title="Deux"),
        several("F3", action("A1"), action("A2", hours="80"), title="Trois"),
        several("F4", action("A1", hours=""), action("A2", hours=""), title="Quatre"),
        several("F5", action("A1", hours=""), action("A2"), title="Cinq"),
    )
    assert await listed(partner) == [
        (SIRET, "F1", ["action_hours_close", "action_identical"]),
        (SIRET, "F2", ["action_hours_close"]),
        (SIRET, "F4", ["action_identical"]),
    ]
    assert [one for _, one, _ in await listed(partner, rule="action_identical")] == ["F1", "F4"]
    first, second, third = (await explained(partner, "F1"))["actions"]
    assert (first["rule"]["code"], first["rule"]["edof"]) == ("action_identical", "30056")
    assert [one["number"] for one in first["actions"]] == ["A1", "A2"]
    assert (first["different"], first["same"][-2:]) == ([], ["hours", "price"])
    assert (second["rule"]["edof"], second["different"]) == ("30057", ["hours"])
    assert [(one["number"], one["hours"]) for one in third["actions"]] == [("A2", 70), ("A3", 79)]
    (cheaper,) = (await explained(partner, "F2"))["actions"]
    assert (cheaper["rule"]["edof"], cheaper["different"]) == ("30057", ["price"])
    assert [one["price"] for one in cheaper["actions"]] == ["1200.00", "900.00"]


async def test_what_edof_counts_as_a_difference_is_no_duplicate(partner: Importer) -> None:
    await send(
        partner,
        *(
            several(f"F{place}", action("A1"), action("A2", **other), title=f"Titre {place}")
            for place, other in enumerate(
                (
                    {"mode": "2"},
                    {"city": "AMIENS"},
                    {"language": "EN"},
                    {"teaching": "Par projet"},
                    {"access": "Non"},
                )
            )
        ),
    )
    assert await listed(partner, rule="action_identical") == []
    assert await listed(partner, rule="action_hours_close") == []


async def test_formations_of_one_company_with_one_title_are_listed_and_near_ones_explained(
    partner: Importer,
) -> None:
    title = "Secrétariat augmenté par l’intelligence artificielle"
    await send(
        partner,
        formation("F1", title=title),
        formation("F2", title=title.upper()),
        formation("F3", title="Secrétariat augmenté par l’intelligence artificielle (Lille)"),
        formation("F4", title=title, certifications=""),
        formation("F5", title="Comptabilité générale et paie"),
        formation("F6", title=title, siret=SISTER),
        formation("F7", title=title, siret=STRANGER),
    )
    assert await listed(partner) == [
        (SIRET, "F1", ["title_identical"]),
        (SIRET, "F2", ["title_identical"]),
        (SISTER, "F6", ["title_identical"]),
    ]
    assert [one for _, one, _ in await listed(partner, provider=SISTER)] == ["F6"]
    found = (await explained(partner, "F1"))["formations"]
    assert [(one["number"], one["rule"]["code"], one["similarity"]) for one in found] == [
        ("F2", "title_identical", 1.0),
        ("F6", "title_identical", 1.0),
        ("F3", "title_similar", found[2]["similarity"]),
    ]
    assert 0.6 <= found[2]["similarity"] < 1
    assert (found[0]["same"], found[2]["same"]) == (["certifications", "title"], ["certifications"])
    assert (found[0]["departments"], found[0]["rule"]["edof"]) == (["59"], None)
    assert (await explained(partner, "F5"))["formations"] == []
    only = await partner.client.get("/v1/duplicates?limit=2")
    assert [one["number"] for one in only.json()["items"]] == ["F1", "F2"]
    rest = await partner.client.get(f"/v1/duplicates?limit=2&after={only.json()['next']}")
    assert [one["number"] for one in rest.json()["items"]] == ["F6"]
    await partner.send(lheo(formation("F6", title="Autre", siret=SISTER)), form="lheo")
    await partner.send(lheo(formation("F2", title="Encore")), form="lheo", force=True)
    assert await listed(partner) == []  # F1 is withdrawn
    gone = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F1')}/duplicates")
    assert (gone.status_code, gone.json()["code"]) == (410, "formation-withdrawn")
    lost = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F99')}/duplicates")
    assert (lost.status_code, lost.json()["code"]) == (404, "formation-unknown")


async def test_the_list_is_for_those_who_keep_the_catalogue(training: httpx.AsyncClient) -> None:
    assert (await training.get("/v1/duplicates")).status_code == 401
    reader = as_client("training", scopes={"training:feed"})
    assert (await training.get("/v1/duplicates", headers=reader)).status_code == 403
