"""Exports of the certifications through HTTP: the table, the documents, licences, snapshots."""

import csv
import io
import json
from typing import Any

import pytest

from tests.training.importing import Importer, fiche, flux

LIST = "/v1/certifications"


async def export(partner: Importer, name: str, **asked: Any) -> bytes:
    answer = await partner.client.get(f"/v1/exports/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    return answer.content


async def table(partner: Importer, **asked: Any) -> dict[str, dict[str, str]]:
    text = (await export(partner, "certifications.csv", **asked)).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len({row["number"] for row in rows}) == len(rows)
    return {row["number"]: row for row in rows}


async def documents(partner: Importer, **asked: Any) -> list[dict[str, Any]]:
    lines = (await export(partner, "certifications.jsonl", **asked)).splitlines()
    return [json.loads(line) for line in lines]


async def listed(partner: Importer, **asked: Any) -> list[dict[str, Any]]:
    answer = await partner.client.get(LIST, params={"limit": 200, "count": "true", **asked})
    body = answer.json()
    assert body["next"] is None
    assert body["total"] == len(body["items"])
    items: list[dict[str, Any]] = body["items"]
    return items


def body(name: str, siret: str = "") -> str:
    return (
        f"<CERTIFICATEUR><SIRET_CERTIFICATEUR>{siret}</SIRET_CERTIFICATEUR>"
        f"<NOM_CERTIFICATEUR>{name}</NOM_CERTIFICATEUR></CERTIFICATEUR>"
    )


BLOC = "<BLOC_COMPETENCES><CODE>{0}</CODE><LIBELLE>Un \n \\ {0}</LIBELLE></BLOC_COMPETENCES>"
HOSTILE = fiche(
    "RS91001",
    " =HYPERLINK(&quot;x&quot;) ; \n 'é\\",
    CERTIFICATEURS=body("@SUM(A1)", "13002612300013") + body("Second"),
    BLOCS_COMPETENCES=BLOC.format("B1") + BLOC.format("B2"),
)


async def sent(partner: Importer, *fiches: str) -> None:
    outcome = await partner.send(flux(*fiches), extract="true")
    assert outcome.state == "done", outcome.rules


async def test_the_table_says_of_each_certification_what_the_list_says(partner: Importer) -> None:
    await sent(partner, HOSTILE, fiche("RS91002", "Finie", DATE_FIN_ENREGISTREMENT="31/08/2020"))
    items, rows = await listed(partner), await table(partner)
    assert [item["number"] for item in items] == list(rows)
    for item in items:
        row = rows[item["number"]]
        bodies = item["certifying_bodies"]
        assert (row["id"], row["state"]) == (item["id"], item["state"])
        assert row["level"] == ("" if item["level"] is None else str(item["level"]))
        for day in ("registration_end", "delivery_limit"):
            assert row[day] == (item[day] or "")
        assert row["rome"].split() == [term["code"] for term in item["rome"]]
        assert row["certifying_bodies"].lstrip("'") == " | ".join(one["name"] for one in bodies)
        assert row["certifying_sirets"].split() == [one["siret"] for one in bodies if one["siret"]]
        assert row["source_name"] == item["source"]["name"]
        assert row["licence"] == (item["source"]["licence"] or "")
    assert {"active", "inactive"} <= {row["state"] for row in rows.values()}
    assert any(row["nsf"] for row in rows.values())
    assert any(row["formacodes"] for row in rows.values())


async def test_i5_no_cell_of_the_table_is_a_formula(partner: Importer) -> None:
    await sent(partner, HOSTILE)
    data = await export(partner, "certifications.csv")
    assert data.count(b"\r\n") == data.count(b"\n") == 1 + len(await listed(partner))
    row = (await table(partner))["RS91001"]
    assert row["title"].startswith('\'=HYPERLINK("x") ; ')
    assert row["certifying_bodies"] == "'@SUM(A1) | Second"
    marked = await export(partner, "certifications-for-spreadsheets.csv")
    assert marked == b"\xef\xbb\xbf" + data


async def test_json_lines_are_the_public_documents(partner: Importer) -> None:
    await sent(partner, HOSTILE)
    found = await documents(partner)
    assert [one["number"] for one in found] == [one["number"] for one in await listed(partner)]
    for one in found:
        assert (await partner.client.get(f"{LIST}/{one['number']}")).json() == one
    assert any(len(one["blocs"]) > 1 for one in found)


async def test_b12_the_certifications_keep_to_the_licences_that_are_asked(
    partner: Importer,
) -> None:
    items = await listed(partner)
    licences = {item["source"]["licence"] for item in items}
    assert len(licences) > 1
    for licence in licences - {None}:
        wanted = [one["number"] for one in await listed(partner, licence=licence)]
        assert 0 < len(wanted) < len(items)
        assert [one["number"] for one in await documents(partner, licence=licence)] == wanted
        assert list(await table(partner, licence=licence)) == wanted
    assert await documents(partner, licence="x' OR true --") == []


async def test_a_withdrawn_certification_is_in_no_export(partner: Importer) -> None:
    await sent(partner, HOSTILE)
    await partner.rows(
        "UPDATE training.certification SET withdrawn_on = '2026-01-01', withdrawn_reason = 'x'"
        " WHERE code = 'RS91001'"
    )
    assert "RS91001" not in await table(partner)
    assert "RS91001" not in [one["number"] for one in await documents(partner)]


async def test_a_bloc_keeps_its_identifier_and_an_import_again_changes_nothing(
    partner: Importer,
) -> None:
    await sent(partner, HOSTILE)
    before = (await partner.client.get(f"{LIST}/RS91001/blocs")).json()["items"]
    assert len({bloc["id"] for bloc in before}) == 2
    again = await partner.send(flux(HOSTILE), extract="true", mode="partial")
    assert (again.count("unchanged"), again.count("modified")) == (1, 0)
    await sent(partner, HOSTILE.replace("Second", "Autre"))
    after = (await partner.client.get(f"{LIST}/RS91001/blocs")).json()["items"]
    assert after == before
    whole = (await partner.client.get(f"{LIST}/RS91001")).json()["blocs"]
    assert [bloc["id"] for bloc in whole] == [bloc["id"] for bloc in before]


@pytest.mark.parametrize("name", ["certifications.csv/losses", "certifications.xls"])
async def test_what_does_not_exist_of_the_certifications_is_422(
    partner: Importer, name: str
) -> None:
    assert (await partner.client.get(f"/v1/exports/{name}")).status_code == 422
