"""Invariant 10: what is found is in the catalogue, whatever becomes of the catalogue."""

import random
from typing import Any

import asyncpg
import pytest

from tests import harness
from tests.training.importing import Importer, fiche, flux
from tests.training.searching import Finder, offer
from training import bootstrap
from training.indexing import writing

_SAID = """
SELECT coalesce(e.certification_id, e.action_id)::text AS id, v.facet, v.value
  FROM training.search_entry e JOIN training.search_value v ON get_bit(v.bits, e.slot) = 1
 ORDER BY 1, 2, 3"""
_FACTS = """
SELECT coalesce(e.certification_id, e.action_id)::text AS id, v.facet, v.value
  FROM training.search_entry e JOIN training.search_fact f USING (slot), unnest(f.facts) fact
  JOIN training.search_value v ON v.id = fact
 ORDER BY 1, 2, 3"""
_WRITTEN = """
SELECT e.id::text, e.kind, e.price, e.hours, e.quality, t.title::text, t.subject::text,
       t.words::text,
       (SELECT array_agg(p::text ORDER BY p.number)
          FROM (SELECT number, first_start, last_start, ends_on, opens_on, closes_on
                  FROM training.search_period WHERE slot = e.slot) p) AS periods,
       (SELECT array_agg(p::text ORDER BY p.number)
          FROM (SELECT number, latitude, longitude, commune
                  FROM training.search_place WHERE slot = e.slot) p) AS places
  FROM training.search_entry e JOIN training.search_text t USING (slot) ORDER BY 1"""


@pytest.fixture
def finder(partner: Importer) -> Finder:
    return Finder(partner)


async def no_hit_is_lost(finder: Finder) -> int:
    """Read everything that is found; return how much that is."""
    hits = (await finder.search(past=True, limit=200, facets=False))["items"]
    for hit in hits:
        found = hit["offer"]
        path = (
            f"formations/{found['formation']['id']}"
            if found
            else f"certifications/{hit['certification']['number']}"
        )
        answer = await finder.partner.client.get(f"/v1/{path}")
        assert answer.status_code == 200, path
    return len(hits)


async def test_offers_are_found_as_they_are_now(finder: Finder) -> None:
    before = await no_hit_is_lost(finder)
    await finder.import_(offer("F1", title="Horlogerie"), offer("F2", title="Ébénisterie"))
    assert await finder.keys("horlogerie") == ["F1"]
    assert await no_hit_is_lost(finder) == before + 2

    await finder.import_(
        offer("F1", title="Lutherie", price="10"), offer("F2", title="Ébénisterie")
    )
    assert await finder.keys("horlogerie") == []
    assert await finder.keys("lutherie", price_max="10") == ["F1"]
    assert await no_hit_is_lost(finder) == before + 2

    await finder.import_(offer("F1", title="Lutherie", price="10"), force=True)
    assert await finder.keys("ébénisterie", past=True) == []
    assert await no_hit_is_lost(finder) == before + 1

    await finder.import_(offer("F1", title="Lutherie"), offer("F2", title="Ébénisterie"))
    assert await finder.keys("ebenisterie") == ["F2"]
    assert await no_hit_is_lost(finder) == before + 2


async def test_certifications_are_found_as_they_are_now_and_their_offers_with_them(
    finder: Finder,
) -> None:
    offers = [offer("F1", title="Cours du soir", certifications="RNCP91234")]
    await finder.import_(*offers)
    assert await finder.keys("apiculture") == []
    level = "<NIVEAU>NIV5</NIVEAU><INTITULE>Niveau 5</INTITULE>"
    bee = fiche("RNCP91234", "Technicien en apiculture", NOMENCLATURE_EUROPE=level)
    assert (await finder.partner.send(flux(bee), extract=True)).state == "done"
    assert await finder.keys("apiculture") == ["RNCP91234", "F1"]
    assert set(await finder.keys("apiculture", level=5)) == {"RNCP91234", "F1"}
    changed = fiche("RNCP91234", "Technicien en sériciculture", NOMENCLATURE_EUROPE=level)
    assert (await finder.partner.send(flux(changed), extract=True)).state == "done"
    assert await finder.keys("apiculture") == []
    assert set(await finder.keys("sericiculture")) == {"RNCP91234", "F1"}
    await no_hit_is_lost(finder)


async def test_a_withdrawn_certification_is_found_no_more(finder: Finder) -> None:
    partner = finder.partner
    await partner.send(flux(fiche("RS91777", "Vannerie")), extract=True)
    assert await finder.keys("vannerie") == ["RS91777"]
    await partner.rows(
        "UPDATE training.certification SET absent_since = now() - interval '40 days'"
        " WHERE code = 'RS91777' RETURNING id"
    )
    path = "/v1/certifications/RS91777"
    tag = (await partner.client.get(path)).headers["etag"]
    answer = await partner.client.post(
        path + "/withdraw",
        json={"reason": "Retirée du répertoire."},
        headers={"if-match": tag, "idempotency-key": "w"},
    )
    assert answer.status_code == 200, answer.text
    assert await finder.keys("vannerie", past=True) == []
    await no_hit_is_lost(finder)


async def test_a_dry_run_and_a_refused_file_change_nothing_that_is_found(finder: Finder) -> None:
    await finder.import_(offer("F1", title="Horlogerie"))
    await finder.import_(offer("F1", title="Lutherie"), mode="dry_run")
    assert await finder.keys("horlogerie") == ["F1"]
    assert await finder.keys("lutherie") == []


async def dump(partner: Importer) -> tuple[Any, Any]:
    said = await partner.rows(_SAID)
    assert await partner.rows(_FACTS) == said  # both ways of keeping them, whatever happened
    return said, await partner.rows(_WRITTEN)


async def test_an_index_that_followed_is_the_one_that_is_written_anew(partner: Importer) -> None:
    finder, chance = Finder(partner), random.Random(5)  # noqa: S311  # no secret
    for turn in range(4):
        made = [
            offer(
                f"F{number}",
                title=f"Titre {chance.randint(1, 3)}",
                price=str(chance.choice((0, 300, 2000))),
                commune=chance.choice(("59350", "80021", "59512", "")),
                rome=chance.choice(("M1405", "M1607", "")),
                certifications=chance.choice(("RNCP37873", "RS7423", "")),
                mode=chance.choice(("on_site", "mixed", "remote")),
            )
            for number in chance.sample(range(12), k=chance.randint(4, 9))
        ]
        await finder.import_(*made, extract=turn == 2, force=turn != 2)
    followed = await dump(partner)
    assert len(followed[1]) > 25
    connection = await asyncpg.connect(partner.database.dsn("training"))
    await connection.execute("UPDATE training.search_index SET rules = 0")
    async with connection.transaction():
        assert await writing.renew(connection) == len(followed[1])
    await connection.close()
    assert await dump(partner) == followed


async def test_bits_have_room_for_what_comes(partner: Importer) -> None:
    await partner.rows("UPDATE training.search_index SET capacity = 64 RETURNING id")
    await partner.rows(
        "UPDATE training.search_value SET bits = substring(bits FROM 1 FOR 64) RETURNING facet"
    )
    finder = Finder(partner)
    before = (await finder.search(count=True))["total"]
    await finder.import_(*(offer(f"F{number}", title="Horlogerie") for number in range(60)))
    assert (await finder.search(count=True))["total"] == before + 60  # what was kept is too short
    assert (await finder.search("horlogerie", count=True, mode="on_site"))["total"] == 60
    assert (await finder.search(count=True, directory="RS", past=True))["total"] == 8


async def test_a_second_bootstrap_writes_no_index(partner: Importer) -> None:
    before = await partner.rows("SELECT xmin::text, slot FROM training.search_entry ORDER BY slot")
    counts = await bootstrap.run(harness.settings(partner.database, "training"))
    assert counts["entries indexed anew"] == 0
    after = await partner.rows("SELECT xmin::text, slot FROM training.search_entry ORDER BY slot")
    assert after == before
