"""Cells, replays and changes computed from the shipped tables, where a tracer sees them."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from observatory.changes import service, states
from observatory.changes.states import Scale, Side
from observatory.exposure.service import ExposureUnmeasured
from observatory.indices import cells
from observatory.indices import service as indices
from observatory.indices.catalogue import methods
from observatory.indices.service import IndexNotLoaded
from observatory.indices.units import Kind
from observatory.reference import loading, official
from observatory.reference.official import FileUnlike
from platformkit.errors import Invalid
from tests.observatory.shipped import facts_of, shipped_facts

ILO = methods()["ilo-2025"]
MICROSOFT = methods()["microsoft-2025"]
CODES = {Kind.TERRITORIES: ("32", "FE", "59"), Kind.SECTORS: ("C", "62"), Kind.JOBS: ("M1607",)}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("method", ["ilo-2025", "ilo-2023", "eloundou-alpha", "microsoft-2025"])
def test_a_replay_finds_every_published_place_again(kind: Kind, method: str) -> None:
    for code in CODES[kind]:
        found = indices.replay(shipped_facts(), methods()[method], kind, code)
        assert found.agrees
        assert found.sum == pytest.approx(sum(term.share * term.mean for term in found.terms))


def test_a_replay_needs_scores_of_the_unit() -> None:
    with pytest.raises(ExposureUnmeasured):
        indices.replay(shipped_facts(), ILO, Kind.JOBS, "K1701")
    with pytest.raises(IndexNotLoaded):
        indices.replay(shipped_facts(), methods()["felten-aioe"], Kind.JOBS, "M1607")


@pytest.mark.parametrize("kind", [Kind.TERRITORIES, Kind.SECTORS])
def test_every_cell_has_a_line_with_its_sentence(kind: Kind) -> None:
    every = cells.every(shipped_facts(), kind, None)
    rows = list(csv.DictReader(io.StringIO(cells.as_csv(shipped_facts(), kind, None).decode())))
    assert len(rows) == len(every) > 100
    assert all(row["reading"].startswith("Lecture : ") for row in rows)
    one = cells.as_csv(shipped_facts(), kind, "ilo-2025").decode()
    assert len(list(csv.DictReader(io.StringIO(one)))) == len(every) // 9
    assert {row["unreliable"] for row in rows} <= {"yes", "no"}


def test_a_share_of_few_is_flagged() -> None:
    flagged = {
        row["code"]
        for row in csv.DictReader(
            io.StringIO(cells.as_csv(shipped_facts(), Kind.SECTORS, None).decode())
        )
        if row["unreliable"] == "yes"
    }
    few = {code for code, hires in shipped_facts().hires.items() if sum(hires.values()) < 30}
    assert flagged == few


def test_effects_are_told_by_vintage() -> None:
    """The same new figures are a revision under the old vintage, and structure under a new one."""
    shipped = loading.shipped()
    header, *rows = shipped["family_employment"].decode().splitlines()
    grown = [
        f"{row.rpartition(',')[0]},{2 * int(row.rpartition(',')[2])}" if ",L" in row else row
        for row in rows
    ]
    contents = shipped | {"family_employment": "\n".join([header, *grown, ""]).encode()}
    before = Side(shipped_facts(), ILO, None)
    revised, newer = (
        Side(facts_of("now", contents, vintages), ILO, None)
        for vintages in ({}, {"family_employment": "Census 2022"})
    )
    for after, told, silent in (
        (revised, "revision", "structure"),
        (newer, "structure", "revision"),
    ):
        found = service.change(before, after, Kind.TERRITORIES, "32", Scale.NATIVE)
        effects = found.effects.model_dump()
        assert abs(effects[told] - found.total) <= 1e-9
        assert found.total > 0.01
        assert abs(effects[silent]) <= 1e-12


def test_a_new_crosswalk_is_a_boundary_and_a_new_index_is_a_score() -> None:
    facts = shipped_facts()
    links = {**facts.links, "M1607": replace(facts.links["M1607"], occupation="9112")}
    after = Side(replace(facts, release="now", links=links, _derived={}), ILO, None)
    found = service.change(Side(facts, ILO, None), after, Kind.JOBS, "M1607", Scale.PLACE)
    assert found.effects.boundary == pytest.approx(found.total)
    assert found.total < -0.5
    soc_links = {**facts.soc_links, "4120": ("53-7062",)}  # labourers
    after = Side(replace(facts, release="now", soc_links=soc_links, _derived={}), MICROSOFT, None)
    found = service.change(Side(facts, MICROSOFT, None), after, Kind.JOBS, "M1607", Scale.PLACE)
    assert found.effects.boundary == pytest.approx(found.total)
    assert found.total < -0.5
    other = Side(facts, MICROSOFT, None)
    found = service.change(Side(facts, ILO, None), other, Kind.SECTORS, "62", Scale.PLACE)
    parts = found.effects.model_dump().values()
    assert abs(sum(parts) - found.total) <= 1e-9
    assert found.effects.revision == found.effects.boundary == 0
    assert found.effects.structure != 0, "Microsoft does not score developers: the rest weighs more"
    with pytest.raises(Invalid):
        service.change(Side(facts, ILO, None), other, Kind.SECTORS, "62", Scale.NATIVE)


def test_a_family_that_another_release_does_not_know_lowers_the_coverage() -> None:
    facts = shipped_facts()
    families = {code: each for code, each in facts.families.items() if code != "L0Z"}
    older = Side(replace(facts, release="older", families=families, _derived={}), ILO, None)
    found = service.change(older, Side(facts, ILO, None), Kind.TERRITORIES, "32", Scale.NATIVE)
    assert found.before.coverage < found.after.coverage
    assert found.effects.boundary == pytest.approx(found.total)


def test_a_revised_index_is_a_revision() -> None:
    shipped = loading.shipped()
    scores = shipped["microsoft"].replace(b"43-6014,0.285563", b"43-6014,0.085563")
    assert scores != shipped["microsoft"]
    after = Side(facts_of("now", shipped | {"microsoft": scores}, {}), MICROSOFT, None)
    before = Side(shipped_facts(), MICROSOFT, None)
    found = service.change(before, after, Kind.JOBS, "M1607", Scale.NATIVE)
    assert found.effects.revision == pytest.approx(found.total)
    assert found.total == pytest.approx(-0.2)
    assert states.revised(before, shipped_facts()) is before


def test_shift_share_of_a_region_against_itself_is_nothing() -> None:
    territory, rows, reading = service.shifts(shipped_facts(), shipped_facts(), "59")
    assert territory == "R32"
    assert {(row.national, row.mix, row.local) for row in rows} == {(0, 0, 0)}
    assert "varie de +0" in reading


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    for kind, content in (
        ("microsoft", b"SOC Code,title,ai_applicability_score\n11-1011,x,high\n"),
        ("microsoft", b"SOC Code,title,ai_applicability_score\n11-1011,x,nan\n"),
        ("microsoft", b"SOC Code,title,ai_applicability_score\n"),
        ("eloundou", b"a;b\n1;2\n"),
        ("isco-soc2010", b"not a workbook"),
        ("rome", b"\xff\xfe\x00"),
    ):
        file = tmp_path / "file.csv"
        file.write_bytes(content)
        with pytest.raises(FileUnlike):
            official.read(kind, file)
    file.write_text("SOC Code,title,ai_applicability_score\n11-1011,x,0.5\n")
    (content,) = official.read("microsoft", file).values()
    assert content.endswith(b"microsoft-2025,soc-2018,11-1011,0.5,,\n")
    assert len(official.file_hash(file)) == 64
