"""A file that is merged while the rest of it is read: unseen until its end, and undone with it."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.harness import as_client
from tests.training.importing import Importer, Outcome, until
from tests.training.offering import SIRET, formation, lheo
from training.formats import FORMATS
from training.imports import ahead, engine, worker
from training.indexing import marks
from training.offers import merging
from training.offers.lheo import identity

LATER = {"period": "<debut>20981005</debut><fin>20981106</fin>"}
MANY = [formation(f"F{number:02}", **LATER) for number in range(20)]
WRONG = formation("F99", title="")

Seen = tuple[Sequence[Any], Sequence[Any], int]


@dataclass
class Written:
    """The formations that were written before all were read, and what others saw then."""

    partner: Importer
    codes: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    is_awaited: bool = False
    """The rest of the file is read when some were."""

    is_watched: bool = True

    async def some(self) -> None:
        async def are_written() -> bool:
            return bool(self.codes)

        await until(are_written)


async def catalogue(partner: Importer) -> Seen:
    """Read what others see of the offers: the list, the feed, the search."""
    listed = (await partner.client.get("/v1/formations?limit=100")).json()["items"]
    found = (await partner.client.get("/v1/search?kind=offer&limit=1&count=true")).json()["total"]
    return listed, await partner.changes("formation"), found


@pytest.fixture
def written(partner: Importer, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Import in batches so small that a few formations are many; note what is written ahead."""
    noted, write, copy = Written(partner), merging.Merging.write, engine._Work._copy

    async def noting(self: merging.Merging, codes: Sequence[str]) -> None:
        await write(self, codes)
        noted.codes += codes
        if noted.is_watched:
            noted.seen.append(await catalogue(partner))

    async def copying(self: Any, rows: Sequence[Any]) -> None:
        await copy(self, rows)
        if noted.is_awaited and self._journal.records > 12:
            await noted.some()

    monkeypatch.setattr(engine._Work, "_copy", copying)
    monkeypatch.setattr(engine, "_BATCH_RECORDS", 2)
    monkeypatch.setattr(ahead, "AT_ONCE", 4)
    monkeypatch.setattr(merging.Merging, "write", noting)
    return noted


async def send(partner: Importer, *formations: str, **asked: Any) -> Outcome:
    return await partner.send(lheo(*formations), form="lheo", **asked)


async def test_what_is_written_ahead_is_seen_at_the_end_all_at_once(
    partner: Importer, written: Written
) -> None:
    before = await catalogue(partner)
    sent = await send(partner, *MANY[:10], WRONG, *MANY[10:], mode="partial")
    assert (sent.state, sent.count("created"), sent.run["errors"]) == ("done", 20, 1)
    assert len(written.codes) > 10
    assert all(seen == before for seen in written.seen)
    listed, changes, found = await catalogue(partner)
    assert (len(listed), len(changes), found) == (20, 20, before[2] + 20)
    assert {(one["kind"], one["version"]) for one in changes} == {("created", 1)}
    assert len({one["entity_id"] for one in changes}) == 20


async def test_the_second_file_is_compared_with_what_others_see(
    partner: Importer, written: Written
) -> None:
    await send(partner, *MANY)
    written.codes.clear()
    changed = [formation(f"F{number:02}", title="Autre", **LATER) for number in range(12)]
    sent = await send(partner, *changed, *MANY[12:18], force=True)
    counts = {one: sent.count(one) for one in ("created", "modified", "unchanged", "absent")}
    assert counts == {"created": 0, "modified": 12, "unchanged": 6, "absent": 2}
    assert written.codes
    assert [one["version"] for one in (await partner.changes("formation"))[20:]] == [2] * 14
    kinds = [one["kind"] for one in (await partner.changes("formation"))[20:]]
    assert sorted(kinds) == ["deleted"] * 2 + ["updated"] * 12
    assert (await catalogue(partner))[2] == 18


async def test_a_file_of_which_little_differs_is_merged_when_all_was_read(
    partner: Importer, written: Written
) -> None:
    await send(partner, *MANY)
    written.codes.clear()
    sent = await send(partner, formation("F00", title="Autre", **LATER), *MANY[1:])
    assert (sent.count("modified"), sent.count("unchanged"), written.codes) == (1, 19, [])


@pytest.mark.parametrize(
    ("mode", "last"),
    [("atomic", [WRONG]), ("partial", [formation("F90", "same"), formation("F91", "same")])],
)
async def test_a_file_that_is_refused_leaves_nothing_of_what_was_written(
    partner: Importer, written: Written, mode: str, last: list[str]
) -> None:
    before = await catalogue(partner)
    written.is_awaited = True
    sent = await send(partner, *MANY, *last, mode=mode)
    assert sent.state == "failed"
    assert written.codes
    assert sent.anomalies
    assert await catalogue(partner) == before
    assert await partner.rows("SELECT FROM training.import_record") == []
    again = await send(partner, *MANY)
    assert (again.state, again.count("created")) == ("done", 20)


async def test_a_file_that_is_halted_leaves_nothing_of_what_was_written(
    partner: Importer, written: Written
) -> None:
    await send(partner, *MANY)
    before = await catalogue(partner)
    written.codes.clear()
    changed = [formation(f"F{number:02}", title="Autre", **LATER) for number in range(10)]
    sent = await send(partner, *changed)
    assert (sent.state, [rule for rule, *_ in sent.rules][-1]) == ("halted", "volume-drop")
    assert written.codes
    assert await catalogue(partner) == before


async def test_a_dry_run_writes_nothing_ahead(partner: Importer, written: Written) -> None:
    sent = await send(partner, *MANY, mode="dry_run")
    assert (sent.state, sent.count("created"), written.codes) == ("done", 20, [])


def dying_at(records: int) -> Callable[[Any], None]:
    def die(journal: Any) -> None:
        if journal.records >= records:
            raise MemoryError

    return die


async def test_a_run_cut_short_after_it_began_to_write_ends_the_same(
    partner: Importer, written: Written
) -> None:
    before = await catalogue(partner)
    written.is_awaited = True
    run = (await partner.post(lheo(*MANY), form="lheo")).json()["id"]
    with pytest.raises(MemoryError):
        await worker.carry_out(partner.database.dsn("training"), UUID(run), FORMATS, dying_at(18))
    assert written.codes
    assert await catalogue(partner) == before
    assert await partner.work(run) == "done"
    outcome = await partner.outcome(run)
    assert outcome.count("created") == 20
    assert len(await partner.changes("formation")) == 20


async def test_a_run_that_is_given_up_while_the_index_is_read_ends_by_its_own_fault(
    partner: Importer, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by that of a connection on which PostgreSQL was asked for the rest."""
    before = await catalogue(partner)

    def full(_marks: marks.Marks, rows: Sequence[Any], said: Any) -> None:
        if not rows:  # the first were asked for, and are not there
            raise MemoryError

    run = (await partner.post(lheo(*MANY), form="lheo")).json()["id"]
    with monkeypatch.context() as patch:
        patch.setattr(marks.Marks, "note", full)
        with pytest.raises(MemoryError):
            await partner.work(run)
    assert await catalogue(partner) == before
    assert await partner.work(run) == "done"
    assert (await partner.outcome(run)).count("created") == 20


async def test_an_import_does_not_wait_for_who_waits_for_it(
    partner: Importer, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOCK_MILLISECONDS", 500)
    written.is_awaited, written.is_watched = True, False  # who looks would wait, too
    run = (await partner.post(lheo(*MANY), form="lheo")).json()["id"]
    work = asyncio.create_task(partner.work(run))
    await written.some()
    lock = "LOCK TABLE training.formation IN ACCESS EXCLUSIVE MODE"
    await partner.rows(f"DO $$BEGIN {lock}; END$$")  # as a migration would
    with pytest.raises(asyncpg.LockNotAvailableError):
        await work
    assert await partner.work(run) == "done"
    assert len(await partner.changes("formation")) == 20


async def test_an_import_does_not_wait_for_who_adds_to_formations(
    partner: Importer, written: Written
) -> None:
    """As their skills are, one after the other: either would wait for the other, in a ring."""
    await send(partner, *MANY)
    written.codes.clear()
    changed = [formation(f"F{number:02}", title="Autre", **LATER) for number in range(20)]
    adding = await asyncpg.connect(partner.database.admin_dsn)
    try:
        async with adding.transaction():
            await adding.execute("SELECT FROM training.formation FOR KEY SHARE")
            async with asyncio.timeout(30):
                sent = await send(partner, *changed)
    finally:
        await adding.close()
    assert (sent.count("modified"), len(written.codes) > 10) == (20, True)


async def test_what_the_review_will_refuse_is_not_written_ahead(
    partner: Importer, written: Written
) -> None:
    other = "11000101300017"
    await send(partner, *MANY)
    await partner.rows("UPDATE training.import_run SET tenant = 'first'")
    written.codes.clear()
    theirs = as_client("training", tenant="second")
    mixed = [formation(f"F{number:02}", title="Volé") for number in range(10)]
    own = [formation(f"F{number:02}", siret=other) for number in range(10)]
    data = lheo(*mixed, *own)
    answer = await partner.post(data, form="lheo", mode="partial", headers=theirs)
    assert await partner.work(answer.json()["id"]) == "done"
    assert written.codes
    assert {code.partition("/")[0] for code in written.codes} == {other}
    kept = (await partner.client.get(f"/v1/formations/{identity(SIRET, 'F00')}")).json()
    assert kept["title"] == "L’IA au secrétariat"


async def believe_empty(partner: Importer) -> None:
    """Have noted what autovacuum notes that looks at an import which is not over, and no more."""
    await partner.rows("ALTER TABLE training.formation SET (autovacuum_enabled = off)")
    await partner.rows(
        "UPDATE pg_class SET relpages = 500, reltuples = 0"
        " WHERE oid = 'training.formation'::regclass"
    )


def joins(plan: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give each join of a plan: how it is done, what it gives, by what its sides meet."""
    if "Join Type" in plan:
        conditions = [plan.get(one, "") for one in ("Hash Cond", "Merge Cond", "Join Filter")]
        yield plan["Node Type"], plan["Join Type"], " ".join(conditions)
    for part in plan.get("Plans", ()):
        yield from joins(part)


async def test_what_a_provider_sends_does_not_meet_all_that_it_has_record_by_record(
    partner: Importer, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the catalogue is believed to be empty: of one provider, 22,000 took minutes."""
    plans: list[dict[str, Any]] = []
    changed = merging.Merging.changed

    async def explaining(self: merging.Merging, codes: Sequence[str]) -> list[str]:
        sql = f"EXPLAIN (FORMAT JSON) {merging._CHANGED_OF_SOME}"
        (told,) = json.loads(await self._connection.fetchval(sql, self._run, codes))
        plans.append(told["Plan"])
        return await changed(self, codes)

    await send(partner, *MANY)
    await believe_empty(partner)
    monkeypatch.setattr(merging.Merging, "changed", explaining)
    assert (await send(partner, *MANY)).count("unchanged") == 20
    found = [join for plan in plans for join in joins(plan)]
    assert any("fingerprint" in by for _, _, by in found)
    assert not [how for how, *_ in found if how == "Nested Loop"], found
    assert not [by for _, gives, by in found if "Semi" in gives and "provider" in by], found


async def test_tables_that_are_believed_to_be_empty_are_counted_while_they_are_written(
    partner: Importer, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    believed: list[float] = []
    write = merging.Merging.write

    async def looking(self: merging.Merging, codes: Sequence[str]) -> None:
        await write(self, codes)
        sql = "SELECT reltuples FROM pg_class WHERE oid = 'training.formation'::regclass"
        believed.append(await self._connection.fetchval(sql))

    monkeypatch.setattr(merging.Merging, "write", looking)
    await believe_empty(partner)
    await send(partner, *MANY)
    assert written.codes
    assert (believed[0], believed[-1] > 0) == (0, True)
