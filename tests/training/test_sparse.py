"""Sparse answers and the licence of each record (I4, B12)."""

from typing import Any

import httpx
import pytest

from tests import harness
from tests.harness import Database
from tests.training.conftest import Enter
from tests.training.importing import Importer
from tests.training.offering import SIRET, formation, lheo
from training.offers.lheo import identity

LIST = "/v1/certifications"


async def test_fields_and_exclude_are_honoured_in_the_documents_order(
    training: httpx.AsyncClient,
) -> None:
    whole = (await training.get(f"{LIST}/RS7423")).json()
    few = await training.get(f"{LIST}/RS7423", params={"fields": "state,number, title"})
    assert list(few.json().items()) == [
        (name, whole[name]) for name in ("number", "title", "state")
    ]
    rest = await training.get(f"{LIST}/RS7423", params={"exclude": "blocs,rome"})
    assert rest.json() == {k: v for k, v in whole.items() if k not in {"blocs", "rome"}}
    both = await training.get(f"{LIST}/RS7423", params={"fields": "number,rome", "exclude": "rome"})
    assert both.json() == {"number": "RS7423"}
    assert few.headers["etag"] != rest.headers["etag"]


async def test_a_page_keeps_its_cursor_and_thins_its_items(training: httpx.AsyncClient) -> None:
    asked = {"fields": "number", "limit": "2", "count": "true"}
    page = (await training.get(LIST, params=asked)).json()
    assert [list(item) for item in page["items"]] == [["number"], ["number"]]
    assert page["next"] is not None
    assert page["total"] >= 25


@pytest.mark.parametrize("path", ["", "/RS7423", "/RS7423/continuity", "/RS7423/description"])
@pytest.mark.parametrize(
    ("asked", "unknown"),
    [
        ({"fields": "numbre,source,x"}, "numbre, x"),
        ({"exclude": "secret"}, "secret"),
        ({"fields": ""}, "Inconnus\u00a0: ."),
        ({"fields": "source", "exclude": "y"}, "y"),
    ],
)
async def test_a_field_that_the_document_does_not_have_is_a_400(
    training: httpx.AsyncClient, path: str, asked: dict[str, str], unknown: str
) -> None:
    answer = await training.get(LIST + path, params=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "field-unknown")
    assert unknown in answer.json()["detail"]


async def test_the_list_is_narrowed_to_a_licence_that_each_record_says(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    mine = await enter(source={"licence": "ODbL 1.0"})
    other = await enter()
    unsaid = await enter(source={"licence": None})

    async def listed(licence: Any) -> dict[str, str]:
        answer = await training.get(LIST, params={"licence": licence, "limit": 200})
        return {item["number"]: item["source"]["licence"] for item in answer.json()["items"]}

    odbl = await listed("ODbL 1.0")
    assert mine in odbl
    assert set(odbl.values()) == {"ODbL 1.0"}
    either = await listed(["ODbL 1.0", "Licence Ouverte 2.0"])
    assert {mine, other} <= set(either)
    assert unsaid not in either
    assert await listed("x' OR true --") == {}
    assert (await training.get(LIST, params={"licence": "x" * 101})).status_code == 422
    assert (await training.get(LIST, params={"licence": ["x"] * 11})).status_code == 422
    assert (await training.get(LIST, params={"licence": "a\x00"})).status_code == 422


def test_every_document_that_a_front_end_reads_may_be_thinned(database: Database) -> None:
    paths = harness.application(database, "training").openapi()["paths"]
    public = {
        path: one["get"]
        for path, one in paths.items()
        if one.get("get", {}).get("x-public")
        and not path.startswith("/v1/oeapi/")
        and "application/json" in one["get"]["responses"]["200"].get("content", {})
    }  # tables and the documents of a standard are whole or nothing
    whole = {
        path
        for path, one in public.items()
        if not {"fields", "exclude"}
        <= {parameter["name"] for parameter in one.get("parameters", ())}
    }
    assert whole == {
        "/v1/coverage/structures",  # which the observatory takes
        "/v1/exports/{format}/losses",
        "/v1/imports/keys",
        "/v1/proposal-previews/{token}",
    }


async def test_offers_and_references_are_thinned_as_well(partner: Importer) -> None:
    await partner.send(lheo(formation("F1")), form="lheo")
    known = f"/v1/formations/{identity(SIRET, 'F1')}"
    paths = {
        "/v1/formations": ("id,title", "cle"),
        known: ("id,domain,contacts,version", "cle"),
        f"{known}/quality": ("score", "cle"),
        "/v1/search?q=formation": ("id,kind,title", "cle"),
        "/v1/references": ("scheme,version", "cle"),
        "/v1/references/rome/latest": ("code,label", "cle"),
        "/v1/references/rome/latest/M1805": ("code,path", "cle"),
        "/v1/references/rome/M1805": ("code,label", "cle"),
        f"{LIST}/RS7423/blocs": ("number,known", "cle"),
        f"{LIST}/RS7423/habilitations?siret=11004301500012": ("number,may_enrol", "cle"),
    }
    for path, (fields, unknown) in paths.items():
        join = "&" if "?" in path else "?"
        body = (await partner.client.get(f"{path}{join}fields={fields}")).json()
        for document in body.get("items", [body]):
            assert sorted(document) == sorted(fields.split(",")), path
        for asked in ("fields", "exclude"):
            refused = await partner.client.get(f"{path}{join}{asked}={unknown}")
            assert (refused.status_code, refused.json()["code"]) == (400, "field-unknown"), path
