"""The registry of nodes: who may change it, which addresses and certificates are taken."""

import ssl
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from observatory.kits import signing
from observatory.rollups.asking import Asker, NodeSilent, Question, may_be_reached
from observatory.rollups.figures import Batch, Expected, Figure, FiguresRefused, read
from tests import harness
from tests.harness import Database, as_client
from tests.observatory.federating import KEY, OTHER, URL, node, put, report


async def test_a_node_is_registered_certified_and_changed(observatory: httpx.AsyncClient) -> None:
    made = await put(observatory, "ARA1", node())
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    assert made.json()["standing"] == "uncertified"
    certified = await put(observatory, "ARA1/certificate", report("ARA1"), '"1"')
    assert certified.status_code == 200, certified.text
    told = certified.json()
    assert (told["standing"], told["methods"]) == ("certified", {"ilo-2025": "1.0.0"})
    again = await put(observatory, "ARA1/certificate", report("ARA1"), '"2"')
    assert again.json()["version"] == 2, "the same report again changes nothing"
    page = (await observatory.get("/v1/nodes/ARA1/certificates?count=true")).json()
    assert page["total"] == 1
    assert page["items"][0]["sha256"] == told["certificate"]
    assert page["items"][0]["document"] == report("ARA1")
    assert page["items"][0]["verifies"]

    changed = await put(observatory, "ARA1", node(public_key=OTHER.public.x), '"2"')
    assert changed.json()["standing"] == "uncertified", "another key signed it"
    assert changed.json()["certificate"] == told["certificate"]
    idle = await put(observatory, "ARA1", node(is_active=False), '"3"')
    assert (idle.json()["standing"], idle.json()["version"]) == ("inactive", 4)
    assert (await observatory.get("/v1/nodes/ARA1")).json() == idle.json()
    assert (await observatory.get("/v1/nodes/NONE")).status_code == 404
    assert (await observatory.get("/v1/nodes/NONE/certificates")).status_code == 404
    deeds = await observatory.get("/v1/federation-deeds?limit=2", headers=as_client("observatory"))
    assert [each["action"] for each in deeds.json()["items"]] == ["register", "register"]
    assert deeds.json()["items"][0]["detail"]["is_active"] is False
    other = as_client("observatory", tenant="cci-hdf")
    theirs = await observatory.get("/v1/federation-deeds?count=true", headers=other)
    assert (theirs.json()["items"], theirs.json()["total"]) == ([], 0)
    feed = await observatory.get("/v1/changes?limit=1000", headers=as_client("observatory"))
    kinds = [each["kind"] for each in feed.json()["items"] if each["entity_id"] == "ARA1"]
    assert kinds == ["created", "updated", "updated", "updated"]


@pytest.mark.parametrize("path", ["ARA2", "ARA2/certificate"])
async def test_only_who_may_changes_the_registry(observatory: httpx.AsyncClient, path: str) -> None:
    await put(observatory, "ARA2", node())
    body = node() if path == "ARA2" else report("ARA2")
    unknown = await observatory.put(f"/v1/nodes/{path}", json=body, headers={"authorization": ""})
    assert unknown.status_code == 401
    scopes = harness.ALL_SCOPES - {"observatory:federate"}
    assert (await put(observatory, path, body, '"1"', scopes=scopes)).status_code == 403
    other = await put(observatory, path, body, '"1"', tenant="cci-hdf")
    assert (other.status_code, other.json()["code"]) == (404, "node-unknown")
    assert (await put(observatory, path, body, '"9"')).status_code == 412
    assert (await put(observatory, path, body, None)).status_code == 428


@pytest.mark.parametrize(
    "base_url",
    [
        "http://vigie.example",
        "http://localhost:8000",
        "https://127.0.0.1",
        "https://[::1]",
        "https://169.254.169.254",
        "https://intern",
        "https://vigie.example:22",
        "https://user@vigie.example",
        "https://vigie.example?x=1",
        "https://vigie.example#x",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_might_lead_inside_is_refused(
    observatory: httpx.AsyncClient, base_url: str
) -> None:
    refused = await put(observatory, "ARA3", node(base_url=base_url))
    assert (refused.status_code, refused.json()["code"]) == (422, "node-refused")
    assert refused.json()["errors"][0]["code"] == "address-not-followed"


async def test_all_faults_of_a_node_are_told_at_once(observatory: httpx.AsyncClient) -> None:
    refused = await put(observatory, "HDF", node(base_url="http://x"))
    assert [each["code"] for each in refused.json()["errors"]] == [
        "agency-own",
        "address-not-followed",
    ]
    wrong = node(public_key="A" * 42, region="Auvergne", more=1)
    told = (await put(observatory, "ARA3", wrong)).json()["errors"]
    assert {each["pointer"] for each in told} == {"/public_key", "/region", "/more"}
    assert (await observatory.get("/v1/nodes/ARA3")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"key": OTHER}, ["signature-wrong"]),
        ({"passed": False}, ["vectors-failed"]),
        ({"agency": "COR"}, ["report-of-another"]),
        ({"region": "94"}, ["report-of-another"]),
        (
            {"base_url": "https://other.example", "passed": False},
            ["report-of-another", "vectors-failed"],
        ),
    ],
)
async def test_a_certificate_that_does_not_hold_is_refused(
    observatory: httpx.AsyncClient, changed: dict[str, Any], codes: list[str]
) -> None:
    await put(observatory, "ARA4", node())
    body = report(**{"agency": "ARA4", **changed})
    refused = await put(observatory, "ARA4/certificate", body, '"1"')
    assert (refused.status_code, refused.json()["code"]) == (422, "certificate-refused")
    assert [each["code"] for each in refused.json()["errors"]] == codes


async def test_a_certificate_that_lies_is_refused_though_it_is_signed(
    observatory: httpx.AsyncClient,
) -> None:
    await put(observatory, "ARA4", node())
    true = report("ARA4")["vectors"]
    for vectors, version, codes in (
        (true[1:], "1.0.0", ["vectors-not-golden"]),
        ([true[0] | {"expected": "1", "found": "1"}, *true[1:]], "1.0.7", ["vectors-not-golden"]),
        ([true[0] | {"found": '{"class":"x"}'}, *true[1:]], "1.0.0", ["verdict-unfounded"]),
        ([true[0] | {"found": None}, *true[1:]], "1.0.0", ["verdict-unfounded"]),
        ([true[0] | {"expected": "[" * 4_000, "found": "}"}], "9.0.0", ["verdict-unfounded"]),
        ([true[0] | {"found": None}] * 500, "9.0.0", ["verdict-unfounded"] * 100),
    ):
        told = report("ARA4", vectors=vectors, methods={"ilo-2025": version})
        refused = await put(observatory, "ARA4/certificate", told, '"1"')
        assert [each["code"] for each in refused.json()["errors"]] == codes


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"document": "vigie-kit/1"},
        {**report("ARA4"), "node": "COR"},
        {**report("ARA4"), "signature": "A" * 86},
        {**report("ARA4"), "more": 1},
        {**report("ARA4"), "passed": float(2**60)},
    ],
)
async def test_what_was_not_signed_is_no_certificate(
    observatory: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    await put(observatory, "ARA4", node())
    refused = await put(observatory, "ARA4/certificate", body, '"1"')
    assert (refused.status_code, refused.json()["code"]) == (422, "certificate-refused")


async def test_a_signed_document_of_another_shape_is_no_certificate(
    observatory: httpx.AsyncClient,
) -> None:
    await put(observatory, "ARA4", node())
    body = signing.sign({"document": "vigie-conformance-report/9"}, KEY)
    refused = await put(observatory, "ARA4/certificate", body, '"1"')
    assert refused.json()["errors"][0]["code"] == "report-malformed"


QUESTION = Question(URL, "ARA", "DF", 1, (("REF_AREA", ("R84",)),))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"])
async def test_a_name_that_leads_inside_is_not_followed(database: Database, address: str) -> None:
    async def resolve(_: str) -> Sequence[str]:
        return [address]

    settings = harness.settings(database, "observatory")
    async with Asker(settings, resolve=resolve, tls=ssl.create_default_context()) as asker:
        with pytest.raises(NodeSilent) as silent:
            await asker.vintage(QUESTION, None)
    assert silent.value.code == "unreachable"


def test_private_networks_are_reached_where_a_setting_allows_them(database: Database) -> None:
    strict = harness.settings(database, "observatory")
    near = harness.settings(database, "observatory", node_networks=["10.0.0.0/8"])
    local = harness.settings(database, "observatory", nodes_local=True)
    for address, allowed in (
        ("185.24.184.1", (True, True, True)),
        ("10.1.2.3", (False, True, False)),
        ("127.0.0.1", (False, False, True)),
        ("192.168.1.1", (False, False, False)),
    ):
        found = tuple(may_be_reached(each, address) for each in (strict, near, local))
        assert found == allowed, address


EXPECTED = Expected(
    {"REF_AREA": {"R84"}, "SECTOR": {"A", "C"}}, "REF_AREA", "R84", "ilo-2025", "1.0"
)
HEAD = (
    "STRUCTURE,ACTION,REF_AREA,SECTOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,"
    "NUMERATOR,DENOMINATOR,SE,METHOD_VERSION\n"
)
GOOD = "dataflow,R,R84,A,2025,0.25,A,F,1,4,0.01,ilo-2025/1.0.7\n"


def test_a_page_is_read_into_figures_hidden_ones_and_those_that_are_gone() -> None:
    body = HEAD + GOOD
    body += "dataflow,R,R84,C,2025,,Q,C,,,,ilo-2025/1.0.7\n"
    body += "dataflow,R,R84,C,2024,,O,F,,,,ilo-2025/1.0.7\n"
    body += "dataflow,D,R84,C,2023,,,,,,,\n"
    body += "dataflow,R,R84,C,2022,0.5,A,F,1,2,,ilo-2025/1.0.0\n"
    assert read(body.encode(), EXPECTED) == Batch(
        5,
        {
            ("A", "2025"): Figure(1, 4, 0.01),
            ("C", "2025"): Figure(),
            ("C", "2024"): None,
            ("C", "2023"): None,
            ("C", "2022"): Figure(1, 2, None),
        },
    )


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("R84", "R32", "area-differs"),
        (",A,2025", ",Z,2025", "code-unknown"),
        ("2025", "twenty", "period-malformed"),
        ("/1.0.7", "/1.1.0", "method-differs"),
        ("ilo-2025/", "ilo-2023/", "method-differs"),
        ("F,1,4", "F,,", "average-of-averages"),
        ("F,1,4", "F,1,0", "average-of-averages"),
        ("F,1,4", "F,1,-4", "average-of-averages"),
        ("F,1,4", "F,nan,4", "average-of-averages"),
        ("F,1,4", "F,2,4", "ratio-unfounded"),
        ("0.25,A,F,1,4", "1,A,F,1e308,1e308", "number-absurd"),
        ("0.25,A,F,1,4", "-1,A,F,-1e16,1e16", "number-absurd"),
        ("0.01", "1e39", "number-absurd"),
        ("0.25", "nan", "ratio-unfounded"),
        ("0.01", "-1", "error-malformed"),
        ("0.01", "inf", "error-malformed"),
        (",ilo", ",,ilo", "lines-malformed"),
        ("dataflow", '"dataflow', "lines-malformed"),
        ("NUMERATOR", "TOTAL", "average-of-averages"),
        ("STATUS,CONF_STATUS", "STATUS,OBS_STATUS", "columns-twice"),
        ("METHOD_VERSION", "METHOD", "columns-missing"),
        ("SECTOR", "BRANCH", "columns-missing"),
    ],
)
def test_one_line_that_does_not_add_up_refuses_them_all(before: str, after: str, code: str) -> None:
    body = (HEAD + GOOD).replace(before, after, 1 if before not in GOOD else -1)
    with pytest.raises(FiguresRefused) as refused:
        read(body.encode(), EXPECTED)
    assert refused.value.code == code


def test_periods_are_pooled_however_a_node_writes_them() -> None:
    told = ("2025-M03", "2025-A1", "2025-D090")
    body = HEAD + "".join(GOOD.replace(",2025,", f",{each},") for each in told)
    assert {period for _, period in read(body.encode(), EXPECTED).cells} == {
        "2025-03",
        "2025",
        "2025-03-31",
    }


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(FiguresRefused):
        read(b"\xff\xfe", EXPECTED)
