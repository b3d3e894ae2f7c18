"""The shipped tables: loaded once, published once, and true to the samples they come from."""

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from tests import harness
from tests.harness import Database, as_client
from tests.training.conftest import entry
from training import bootstrap
from training.certifications.recording import Outcome, record
from training.certifications.records import CertificationRecord

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "training"
FEED = "/v1/changes"

Store = Callable[[CertificationRecord], Awaitable[Outcome]]


async def changes(client: httpx.AsyncClient, after: str | None = None) -> tuple[list[dict], str]:  # type: ignore[type-arg]
    """Read the feed to its end."""
    items: list[dict] = []  # type: ignore[type-arg]
    while True:
        parameters = {"limit": 1000} | ({"after": after} if after else {})
        answer = await client.get(FEED, params=parameters, headers=as_client("training"))
        assert answer.status_code == 200, answer.text
        body = answer.json()
        items, after = items + body["items"], body["next"]
        if not body["more"]:
            return items, str(after)


def test_every_shipped_record_is_whole_and_has_its_editorial_marks() -> None:
    records = bootstrap.shipped()
    marks = json.loads((bootstrap.REFERENCE / "editorial.json").read_text(encoding="utf-8"))
    assert len(records) >= 20
    assert {one.number for one in records} == set(marks)
    assert len({one.number for one in records}) == len(records)
    for one in records:
        assert one.editorial.themes
        assert one.editorial.audience
        assert one.editorial.title_en
        if one.source.kind == "official_feed":
            assert one.registration_end is not None


def test_every_job_quoted_by_a_certification_is_in_the_nomenclature() -> None:
    known = {job.code for job in bootstrap.rome()}
    quoted = {term.code for one in bootstrap.shipped() for term in one.rome or ()}
    assert quoted
    assert quoted <= known


async def test_loading_twice_changes_nothing_and_publishes_nothing(
    training: httpx.AsyncClient, database: Database
) -> None:
    _, cursor = await changes(training)
    counts = await bootstrap.run(harness.settings(database, "training"))
    assert counts == {
        "entries indexed anew": 0,
        "rome changed": 0,
        "rome-skill changed": 0,
        "ai-skill changed": 0,
        "certifications unchanged": len(bootstrap.shipped()),
    }
    assert await changes(training, cursor) == ([], cursor)


async def test_a_changed_certification_replaces_all_its_parts_and_is_published(
    training: httpx.AsyncClient, store: Store, fresh: Callable[[], int]
) -> None:
    number = f"RNCP{fresh()}"
    first = entry(
        number,
        level=5,
        blocs=[{"code": "B1", "title": "Un"}, {"code": "B2", "title": "Deux"}],
        rome=[{"code": "M1805", "label": "x"}],
        successors=["RNCP77777"],
    )
    assert await store(first) == "created"
    assert await store(entry(number, **_facts(first))) == "unchanged"
    _, cursor = await changes(training)
    second = {**_facts(first), "blocs": [{"code": "B2", "title": "Deux bis"}], "successors": []}
    assert await store(entry(number, **second)) == "updated"
    body = (await training.get(f"/v1/certifications/{number}")).json()
    assert (body["version"], body["successors"]) == (2, [])
    assert [(bloc["code"], bloc["title"]) for bloc in body["blocs"]] == [("B2", "Deux bis")]
    [change], _ = await changes(training, cursor)
    assert (change["entity"], change["entity_id"]) == ("certification", number)
    assert (change["kind"], change["version"]) == ("updated", 2)
    assert [bloc["title"] for bloc in change["payload"]["blocs"]] == ["Deux bis"]


def _facts(record: CertificationRecord) -> dict[str, object]:
    facts = record.model_dump(mode="json")
    del facts["number"]
    return facts


async def test_the_feed_rebuilds_the_list(training: httpx.AsyncClient) -> None:
    copy: dict[str, dict] = {}  # type: ignore[type-arg]
    for change in (await changes(training))[0]:
        if change["entity"] != "certification":
            continue
        copy[change["entity_id"]] = change["payload"]
    seen: dict[str, dict] = {}  # type: ignore[type-arg]
    after: dict[str, str] = {}
    while True:
        page = (await training.get("/v1/certifications", params={"limit": 7, **after})).json()
        seen |= {item["number"]: item for item in page["items"]}
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert set(copy) == set(seen)
    for number, item in seen.items():
        assert item["title"]["fr"] == copy[number]["title"]
        assert item["unknown"] == copy[number]["unknown"]
        assert item["blocs_count"] == len(copy[number]["blocs"] or ())


async def test_the_feed_is_not_open_data(training: httpx.AsyncClient) -> None:
    assert (await training.get(FEED)).status_code == 401


async def test_two_loads_at_once_record_a_certification_once(
    database: Database, fresh: Callable[[], int]
) -> None:
    wanted = entry(f"RS{fresh()}")
    engine = create_async_engine(
        database.dsn("training").replace("postgresql://", "postgresql+asyncpg://", 1)
    )

    async def load() -> Outcome:
        async with AsyncSession(engine, info={"schema": "training"}) as own, own.begin():
            await own.execute(bootstrap.ALONE)
            return await record(own, wanted)

    assert sorted(await asyncio.gather(load(), load())) == ["created", "unchanged"]
    await engine.dispose()


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples stay outside the product")
def test_the_shipped_records_say_what_the_samples_say() -> None:
    flux = ET.parse(SAMPLES / "rncp/export_fiches_RNCP_v4.1_fixture.xml")  # noqa: S314  # our own sample
    fiches = {fiche.findtext("NUMERO_FICHE"): fiche for fiche in flux.iter("FICHE")}
    expected = json.loads((SAMPLES / "authored/expected-rncp-fixture.json").read_bytes())
    shared = [one for one in bootstrap.shipped() if one.number in fiches]
    assert len(shared) == 6
    for one in shared:
        facts, fiche = expected[one.number], fiches[one.number]
        assert one.title == facts["intitule"]
        assert str(one.registration_end) == facts["fin_enregistrement"]
        assert one.level == int(facts["niveau"].removeprefix("NIV"))
        assert one.source_state == facts["etat_fiche"]
        assert one.source_active == facts["actif_flux"]
        assert one.predecessors == facts["anciennes"]
        assert one.successors == facts["nouvelles"]
        assert [term.code for term in one.formacodes or ()] == facts["formacodes"]
        assert [term.code for term in one.nsf or ()] == facts["nsf"]
        assert [term.code for term in one.rome or ()] == facts["rome"]
        assert len(one.blocs or ()) == facts["nb_blocs"]
        blocs = fiche.findall("BLOCS_COMPETENCES/BLOC_COMPETENCES")
        assert [bloc.code for bloc in one.blocs or ()] == [bloc.findtext("CODE") for bloc in blocs]
