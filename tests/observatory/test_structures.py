"""Publishing structures: what is stable stays, what refers to nothing is refused."""

from typing import Any

import pytest

from tests.harness import anonymous, as_client
from tests.observatory.publishing import Publisher, codes, name, structures, table


def codelist(ident: str, *ids: str, version: str = "1.0.0") -> dict[str, Any]:
    listed = {"id": ident, "version": version, "name": name(ident), "codes": codes(*ids)}
    return {"codelists": [listed]}


async def test_equal_content_changes_nothing_and_a_stable_version_never_changes(
    publisher: Publisher,
) -> None:
    body = structures("STABLE")
    first = (await publisher.publish(body)).json()
    assert (
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=HDF:STABLE(1.0.0)" in first["created"]
    )
    again = (await publisher.publish(body)).json()
    assert (again["created"], sorted(again["unchanged"])) == ([], sorted(first["created"]))
    body["codelists"][0]["codes"][0]["name"]["fr"] = "autre"
    refused = await publisher.publish(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "artefact-stable")
    body = structures("STABLE")
    body["indicators"][0]["decimals"] = 3
    assert (await publisher.publish(body)).json()["code"] == "artefact-stable"


async def test_a_draft_may_change_until_it_is_stable(publisher: Publisher) -> None:
    draft = codelist("CL_DRAFT", "02", "2A", version="1.0.0-draft")
    assert len((await publisher.publish(draft)).json()["created"]) == 1
    changed = codelist("CL_DRAFT", "02", version="1.0.0-draft")
    assert len((await publisher.publish(changed)).json()["updated"]) == 1
    path = "/v1/codelists/CL_DRAFT/codes"
    assert [each["id"] for each in (await publisher.client.get(path)).json()["items"]] == ["02"]
    await publisher.publish(codelist("CL_DRAFT", "2B"))
    assert [each["id"] for each in (await publisher.client.get(path)).json()["items"]] == ["2B"]
    older = await publisher.client.get(path, params={"version": "1.0.0-draft"})
    assert [each["id"] for each in older.json()["items"]] == ["02"]
    assert (await publisher.client.get(path, params={"version": "9"})).status_code == 404


async def test_codes_and_dimensions_go_with_a_major_version_only(publisher: Publisher) -> None:
    await publisher.publish(codelist("CL_MAJOR", "A", "B"))
    refused = await publisher.publish(codelist("CL_MAJOR", "A", version="1.1.0"))
    assert (refused.status_code, refused.json()["code"]) == (409, "version-incompatible")
    for ids, version in ((("A", "B", "C"), "1.1.0"), (("A",), "2.0.0")):
        answer = await publisher.publish(codelist("CL_MAJOR", *ids, version=version))
        assert answer.status_code == 200
    body = structures("MAJOR")
    await publisher.publish(body)
    moved = body["data_structures"][0] | {"version": "1.1.0"}
    moved["dimensions"] = moved["dimensions"][::-1]
    refused = await publisher.publish({"data_structures": [moved]})
    assert refused.json()["code"] == "version-incompatible"


async def test_a_new_code_reads_in_the_next_minor_version(publisher: Publisher) -> None:
    """Invariant 5: a release is judged by the lists of the version that it names."""
    flow = await publisher.flow()
    row = [("62", "A", "2020", 1.0)]
    refused = await publisher.load(await publisher.draft(flow), table(row))
    assert refused.json()["errors"][0]["code"] == "code-unknown"
    body = structures(flow)
    body["codelists"][0]["codes"] += codes("62")
    for group in body.values():
        group[0]["version"] = "1.1.0"
    body["codelists"][1] = body["codelists"][1] | {"version": "1.1.0"}
    for each in body["data_structures"][0]["dimensions"]:
        each["codelist"] = each["codelist"].replace("1.0.0", "1.1.0")
    body["dataflows"][0]["structure"] = f"DSD_{flow}(1.1.0)"
    body["indicators"][0]["dataflow"] = f"{flow}(1.1.0)"
    assert (await publisher.publish(body)).status_code == 200
    told = await publisher.release(flow, table(row))
    assert (told["structure"], told["observations"]) == ("1.1.0", 1)


def faulty() -> dict[str, tuple[str, dict[str, Any]]]:
    """Make a body for each rule, with the code of its fault."""
    cyclic = codelist("CL_F", "A", "B")
    cyclic["codelists"][0]["codes"][0]["parent"] = "B"
    cyclic["codelists"][0]["codes"][1]["parent"] = "A"
    orphan = codelist("CL_F", "A")
    orphan["codelists"][0]["codes"][0]["parent"] = "Z"
    mapping = {
        **codelist("CL_F", "A", "B"),
        "code_maps": [
            {
                "id": "CM_F",
                "name": name("m"),
                "source": "CL_F(1.0.0)",
                "target": "CL_F(1.0.0)",
                "mappings": [
                    {"source": "A", "target": "A", "weight": 0.5},
                    {"source": "A", "target": "B", "weight": 0.4999},
                ],
            }
        ],
    }
    stranger = {**mapping, "code_maps": [{**mapping["code_maps"][0]}]}
    stranger["code_maps"][0]["mappings"] = [{"source": "A", "target": "Z", "weight": 1}]
    dangling = structures("F")
    dangling["dataflows"][0]["structure"] = "DSD_NONE(1.0.0)"
    del dangling["indicators"]
    unsettled = structures("F")
    unsettled["codelists"][0]["version"] = "1.0.0-draft"
    first = unsettled["data_structures"][0]["dimensions"][0]
    first["codelist"] = first["codelist"].replace("1.0.0", "1.0.0-draft")
    del unsettled["dataflows"], unsettled["indicators"]
    reserved = structures("F")
    reserved["data_structures"][0]["dimensions"][0]["id"] = "TIME_PERIOD"
    del reserved["dataflows"], reserved["indicators"]
    unheard = structures("F")
    unheard["data_structures"][0]["attributes"][0]["id"] = "MOOD"
    del unheard["dataflows"], unheard["indicators"]
    keyless = structures("F")
    keyless["indicators"][0]["key"] = {"COLOUR": "RED"}
    coded = structures("F")
    coded["indicators"][0]["key"] = {"SECTOR": "Z"}
    return {
        "the same code twice": ("id-twice", codelist("CL_F", "A", "A")),
        "a code above itself": ("hierarchy-cyclic", cyclic),
        "a parent that is not there": ("parent-unknown", orphan),
        "weights that are not one": ("weights-not-one", mapping),
        "a target that is not there": ("code-unknown", stranger),
        "a structure that is not there": ("reference-unknown", dangling),
        "a draft under a stable version": ("reference-draft", unsettled),
        "a reserved name": ("id-reserved", reserved),
        "an attribute that the store has not": ("attribute-unknown", unheard),
        "a key of no dimension": ("dimension-unknown", keyless),
        "a key of no code": ("code-unknown", coded),
    }


@pytest.mark.parametrize("rule", faulty())
async def test_a_structure_that_breaks_a_rule_publishes_nothing(
    publisher: Publisher, rule: str
) -> None:
    """Among them invariant 8: the weights of a crosswalk sum to one."""
    code, body = faulty()[rule]
    refused = await publisher.publish(body)
    assert (refused.status_code, refused.json()["code"]) == (422, "structure-invalid")
    assert {each["code"] for each in refused.json()["errors"]} == {code}
    assert (await publisher.client.get("/v1/codelists/CL_F/codes")).status_code == 404
    assert (await publisher.client.get("/v1/dataflows/F")).status_code == 404


@pytest.mark.parametrize(
    "codes_", [[{"id": "A.B", "name": name("x")}], [{"id": 2, "name": name("x")}], []]
)
async def test_a_code_has_the_form_of_sdmx(publisher: Publisher, codes_: Any) -> None:
    body = {"codelists": [{"id": "CL_FORM", "name": name("x"), "codes": codes_}]}
    assert (await publisher.publish(body)).status_code == 422
    for version in ("one", "1", "1.0.0-", "01e.0.0"):
        body = codelist("CL_FORM", "A", version=version)
        assert (await publisher.publish(body)).status_code == 422


async def test_only_publishers_publish_structures_and_once_by_key(publisher: Publisher) -> None:
    body = codelist("CL_ONCE", "A")
    for headers, status in (
        (anonymous("observatory"), 401),
        (as_client("observatory", scopes={"observatory:feed"}), 403),
    ):
        answer = await publisher.client.post("/v1/structures", json=body, headers=headers)
        assert answer.status_code == status
    headers = {**publisher.headers, "idempotency-key": "cl-once"}
    first = await publisher.client.post("/v1/structures", json=body, headers=headers)
    second = await publisher.client.post("/v1/structures", json=body, headers=headers)
    assert first.json() == second.json()
    assert first.json()["created"]
