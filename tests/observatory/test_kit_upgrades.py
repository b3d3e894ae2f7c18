"""Versions of a kit: upgrades, downgrades, yanks, forks; and kits that are signed but wrong."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from observatory.kits import signing
from observatory.kits.schemas import MOST_VECTORS
from observatory.kits.service import PublisherUntrusted
from tests.harness import Database
from tests.observatory import kits
from tests.observatory.kits import KEY, MAKER, NOTES, STRANGER, Node, codes_of, made
from tests.observatory.publishing import codes, structures

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def region(database: Database) -> AsyncIterator[Node]:
    """Run an installation that pins the maker's key."""
    async with kits.node(database, kit_publishers={MAKER: [KEY.public.x]}) as node:
        yield node


def fresh() -> str:
    return f"DF_M{next(_numbers)}"


def path(version: str) -> str:
    return f"/v1/kit-installations/{MAKER}/{version}"


async def sent(region: Node, version: str, kit: bytes) -> dict[str, None]:
    """Send a kit, and map all that it has no longer to nothing."""
    received = await region.send(kit, version, MAKER)
    assert received.status_code == 201, received.text
    return {name.partition(" ")[2]: None for name in received.json()["difference"]["gone"]}


async def installed(region: Node, version: str, kit: bytes) -> Any:
    mapping = await sent(region, version, kit)
    answer = await region.install(version, MAKER, mapping=mapping)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_versions_go_up_and_only_up_and_a_major_one_with_a_mapping(region: Node) -> None:
    flow = fresh()
    first = structures(flow)
    assert (await installed(region, "1.0.0", made("1.0.0", first)))["local"] == {flow: "created"}

    longer = structures(flow)
    longer["codelists"].append({"id": f"CL_{flow}_NEW", "name": NOTES, "codes": codes("X")})
    longer["indicators"].append({**longer["indicators"][0], "id": f"{flow}_NEW"})
    minor = await installed(region, "1.1.0", made("1.1.0", longer))
    assert minor["difference"]["created"] == [
        f"codelist {MAKER}:CL_{flow}_NEW(1.0.0)",
        f"indicator {MAKER}:{flow}_NEW(1.0.0)",
    ]
    assert minor["local"] == {flow: "unchanged"}
    read = (await region.client.get(f"/v1/dataflows/{flow}")).json()
    assert {each["id"] for each in read["indicators"]} == {flow, f"{flow}_NEW"}

    older = await region.send(made("1.0.9", first), "1.0.9", MAKER)
    assert (older.status_code, older.json()["code"]) == (409, "kit-downgraded")
    again = await region.install("1.0.0", MAKER)
    assert again.json()["code"] == "kit-downgraded"
    forked = await region.send(made("1.1.0", first), "1.1.0", MAKER)
    assert (forked.status_code, forked.json()["code"]) == (409, "kit-forked")

    other = fresh()
    received = await region.send(made("2.0.0", structures(other)), "2.0.0", MAKER)
    gone = {name.partition(" ")[2] for name in received.json()["difference"]["gone"]}
    assert f"{MAKER}:{flow}(1.0.0)" in gone
    refused = await region.install("2.0.0", MAKER)
    assert (refused.status_code, refused.json()["code"]) == (409, "kit-mapping-missing")
    assert {each["pointer"] for each in refused.json()["errors"]} == {
        f"/mapping/{name}" for name in gone
    }
    mapping: dict[str, str | None] = dict.fromkeys(gone)
    wrong = {**mapping, f"{MAKER}:{flow}(1.0.0)": f"{MAKER}:NOWHERE(1.0.0)"}
    refused = await region.install("2.0.0", MAKER, mapping=wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "kit-mapping-invalid")
    mapping[f"{MAKER}:{flow}(1.0.0)"] = f"{MAKER}:{other}(1.0.0)"
    major = await region.install("2.0.0", MAKER, mapping=mapping)
    assert major.json()["state"] == "certified"
    left = (await region.client.get(f"/v1/dataflows/{flow}")).json()
    assert left["deprecated"]["replacement"] == f"HDF:{other}(1.0.0)"


async def test_one_s_own_dataflow_follows_its_structure_and_another_one_is_kept(
    region: Node,
) -> None:
    flow = fresh()
    await installed(region, "2.1.0", made("2.1.0", structures(flow)))
    later = structures(flow)
    for each in (*later["data_structures"], *later["dataflows"], *later["indicators"]):
        each["version"] = "1.1.0"
    later["dataflows"][0]["structure"] = f"{MAKER}:DSD_{flow}(1.1.0)"
    later["indicators"][0]["dataflow"] = f"{MAKER}:{flow}(1.1.0)"
    followed = await installed(region, "2.2.0", made("2.2.0", later))
    assert followed["local"] == {flow: "created"}
    assert (await region.client.get(f"/v1/dataflows/{flow}")).json()["urn"].endswith("(1.1.0)")
    mine = fresh()
    assert (await region.post("/v1/structures", structures(mine))).is_success
    kept = await installed(region, "2.3.0", made("2.3.0", structures(mine)))
    assert kept["local"] == {mine: "kept"}


async def test_a_yanked_version_is_not_installed_whoever_told_of_it(region: Node) -> None:
    told = {"version": "3.0.1", "reason": {"fr": "Faille.", "en": "Flaw."}}
    newer = made("3.0.2", structures(fresh()), yanked=[told])
    assert (await region.send(newer, "3.0.2", MAKER)).status_code == 201
    refused = await region.send(made("3.0.1", structures(fresh())), "3.0.1", MAKER)
    assert (refused.status_code, refused.json()["code"]) == (409, "kit-yanked")
    assert "Faille." in refused.json()["detail"]

    assert (await region.send(made("3.0.3", structures(fresh())), "3.0.3", MAKER)).is_success
    yanks: dict[str, Any] = {"document": "vigie-kit-yanks/1", "agency": MAKER}
    yanks |= {"yanked": [{**told, "version": "3.0.3"}]}
    for key, status, code in (
        (STRANGER, 403, PublisherUntrusted.code),
        (KEY, 200, None),
    ):
        answer = await region.post("/v1/kit-yanks", signing.sign(yanks, key))
        assert (answer.status_code, answer.json().get("code")) == (status, code)
    forged = signing.sign(yanks, KEY) | {"yanked": []}
    answer = await region.post("/v1/kit-yanks", forged)
    assert (answer.status_code, answer.json()["code"]) == (422, "kit-yanks-refused")
    late = await region.install("3.0.3", MAKER, mapping={})
    assert (late.status_code, late.json()["code"]) == (409, "kit-yanked")
    assert (await region.client.get(path("3.0.3"))).json()["yanked"] == told["reason"]


@pytest.mark.parametrize(
    ("vectors", "version"),
    [
        (kits.VECTORS.replace("gradient_4", "gradient_3"), "4.0.1"),
        (kits.VECTORS.replace("0.60", "0.601"), "4.0.2"),
    ],
)
async def test_a_golden_vector_that_is_not_met_installs_nothing_and_is_reported(
    region: Node, vectors: str, version: str
) -> None:
    flow = fresh()
    failed = await installed(region, version, made(version, structures(flow), vectors))
    assert (failed["state"], failed["local"]) == ("failed", {})
    assert [each["vector"] for each in failed["failed"]] == ["a"]
    assert (await region.client.get(f"/v1/dataflows/{flow}")).status_code == 404
    report = (await region.client.get(f"{path(version)}/report")).json()
    assert report["passed"] is False


@pytest.mark.parametrize("vectors", ["", "vector,input,expected\n", "a,b\n1,2\n", '"'])
async def test_vectors_that_cannot_be_read_are_refused(region: Node, vectors: str) -> None:
    version = f"5.0.{next(_numbers)}"
    mapping = await sent(region, version, made(version, structures(fresh()), vectors))
    refused = await region.install(version, MAKER, mapping=mapping)
    assert codes_of(refused) == [("methods/ilo-classes/1.0.0/golden.csv", "vectors-unreadable")]


async def test_vectors_without_end_are_refused(region: Node) -> None:
    version = f"5.1.{next(_numbers)}"
    head, row = kits.VECTORS.splitlines(keepends=True)
    kit = made(version, structures(fresh()), head + row * (MOST_VECTORS + 1))
    mapping = await sent(region, version, kit)
    refused = await region.install(version, MAKER, mapping=mapping)
    assert codes_of(refused) == [("methods/ilo-classes/1.0.0/golden.csv", "vectors-too-many")]


async def test_of_two_requests_at_once_one_receives_and_one_installs(region: Node) -> None:
    version, flow = f"5.2.{next(_numbers)}", fresh()
    kit = made(version, structures(flow))
    received = await asyncio.gather(*(region.send(kit, version, MAKER) for _ in range(2)))
    assert sorted(each.status_code for each in received) == [200, 201]
    gone = received[0].json()["difference"]["gone"]
    mapping = {name.partition(" ")[2]: None for name in gone}
    installed = await asyncio.gather(
        *(
            region.install(version, MAKER, received[0].headers["etag"], mapping=mapping)
            for _ in range(2)
        )
    )
    assert sorted(each.status_code for each in installed) == [200, 412]
    assert (await region.client.get(path(version))).json()["local"] == {flow: "created"}


async def test_signed_structures_that_break_a_rule_are_refused_and_nothing_is_kept(
    region: Node,
) -> None:
    version = f"6.0.{next(_numbers)}"
    flow = fresh()
    lost = structures(flow)
    lost["codelists"] = lost["codelists"][:1]
    mapping = await sent(region, version, made(version, lost))
    refused = await region.install(version, MAKER, mapping=mapping)
    assert (refused.status_code, refused.json()["code"]) == (422, "structure-invalid")
    assert (await region.client.get(path(version))).json()["state"] == "dry_run"
    found = await region.client.get(f"/v1/codelists/CL_{flow}_AREA/codes?agency={MAKER}")
    assert found.status_code == 404, "all or nothing"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"artefacts": {}}, "structures-contradictory"),
        ({"structures/structures.json": b"{}"}, "structures-invalid"),
        ({"structures/structures.json": b"["}, "structures-invalid"),
        ({"structures/structures.json": None}, "structures-missing"),
    ],
)
async def test_a_manifest_that_does_not_tell_of_its_structures_is_refused(
    region: Node, changed: dict[str, Any], code: str
) -> None:
    version = f"7.0.{next(_numbers)}"
    files = {"structures/structures.json": signing.canonical({"agency": MAKER})}
    files |= {name: each for name, each in changed.items() if "/" in name}
    files = {name: each for name, each in files.items() if each is not None}
    artefacts = {"artefacts": {f"codelist {MAKER}:CL_X(1.0.0)": "0" * 64}}
    files = files or {"x": b""}
    kit = kits.zipped(kits.document(files, version=version, **artefacts), files)
    refused = await region.send(kit, version, MAKER)
    assert codes_of(refused) == [("structures/structures.json", code)]
    assert (await region.client.get(path(version))).status_code == 404


async def test_a_structure_of_the_publisher_with_another_content_here_is_a_conflict(
    region: Node,
) -> None:
    flow = fresh()
    await installed(region, "8.0.0", made("8.0.0", structures(flow)))
    other = structures(flow)
    other["codelists"][0]["name"] = NOTES
    await region.send(made("8.0.1", other), "8.0.1", MAKER)
    refused = await region.install("8.0.1", MAKER, mapping={})
    assert (refused.status_code, refused.json()["code"]) == (409, "kit-conflicting")
    assert f"{MAKER}:CL_{flow}_AREA(1.0.0)" in refused.json()["detail"]


async def test_a_publisher_s_version_steps_as_far_as_its_changes(region: Node) -> None:
    first, second = fresh(), fresh()
    for flow in (first, second):
        body = structures(flow)
        assert (await region.post("/v1/structures", body)).is_success
    assert (await region.publish("20.0.0", first)).status_code == 201
    for version, flows, least in (
        ("20.0.1", (first, second), "MINOR"),
        ("20.1.0", (second,), "MAJOR"),
    ):
        refused = await region.publish(version, *flows)
        assert (refused.status_code, refused.json()["code"]) == (409, "kit-version-unfit")
        assert least in refused.json()["detail"]
    assert (await region.publish("20.1.0", first, second)).status_code == 201
    assert (await region.publish("20.1.1", first, second)).status_code == 201


async def test_a_yank_is_told_with_its_tag_and_in_later_kits(region: Node) -> None:
    flow = fresh()
    assert (await region.post("/v1/structures", structures(flow))).is_success
    made_ = await region.publish("30.0.0", flow)
    tag = made_.headers["etag"]
    yank = "/v1/kits/30.0.0/yank"
    body = {"reason": NOTES}
    assert (await region.post(yank, body)).status_code == 428
    assert (await region.post(yank, body, **{"if-match": '"9"'})).status_code == 412
    unknown = await region.post("/v1/kits/31.0.0/yank", body, **{"if-match": tag})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "kit-unknown")
    told = await region.post(yank, body, **{"if-match": tag, "idempotency-key": "yank"})
    assert told.json()["yanked"] == NOTES
    again = await region.post(yank, body, **{"if-match": tag, "idempotency-key": "yank"})
    assert again.json() == told.json()
    listed = (await region.client.get("/v1/kit-yanks")).json()
    assert signing.verify(
        listed, [signing.PublicKey.read((await region.client.get("/v1/kit-key")).json()["x"])]
    )
    assert {each["version"] for each in listed["yanked"]} >= {"30.0.0"}
    same = await region.publish("30.0.0", flow)
    assert same.status_code == 200, "a yank does not change what was published"
