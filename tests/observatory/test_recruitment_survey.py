"""The recruitment survey (BMO), as its producer gives it: read by region, secrets kept, judged."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from observatory.emergence import survey
from observatory.emergence.reading import CountsInvalid
from tests.harness import as_client
from tests.observatory.publishing import Publisher

FILE = Path(__file__).parents[3] / "shared/data/bmo-2024/Base_open_data_BMO_2024.xlsx"
HEAD = (
    *("annee", "Code métier BMO", "Nom métier BMO", "Famille_met", "Lbl_fam_met", "REG", "NOM_REG"),
    *("Dept", "NomDept", "BE24", "NOMBE24", "met", "xmet", "smet"),
)
AREAS = 4


def line(job: str, area: int, met: object, *, year: object = 2026, region: str = "32") -> list[Any]:
    place = [region, "Région", f"{region}1", "Nord", 3200 + area, f"BASSIN {area}"]
    return [year, job, f"Métier {job}", "Z", "Autres", *place, met, "*", "*"]


def workbook(lines: Iterable[Iterable[Any]], head: Iterable[str] = HEAD) -> bytes:
    """Write a file as France Travail does: a sheet that explains, then the one with the data."""
    book = openpyxl.Workbook()
    book.active.append([None, "Variables", "Description"])
    sheet = book.create_sheet("BMO_open_data")
    sheet.append(list(head))
    for one in lines:
        sheet.append(list(one))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def year_of(year: int, grown: object, *, areas: int = AREAS) -> bytes:
    """Write a year in which one job has so many projects in each area, among a steady one."""
    lines = [line("B2X33", area, grown, year=year) for area in range(areas)]
    lines += [line("A0X40", area, "500", year=year) for area in range(AREAS)]
    return workbook([*lines, line("A0X40", 1, "5", year=year, region="84")])


async def sent(publisher: Publisher, content: bytes, region: str = "32") -> httpx.Response:
    headers = {**as_client("observatory"), "content-type": survey.MEDIA_TYPES[0]}
    path = f"/v1/emergence/surveys/bmo/{region}"
    return await publisher.client.put(path, content=content, headers=headers)


async def test_a_job_that_grows_for_two_years_is_watched(publisher: Publisher) -> None:
    steps = []
    for year, grown in ((2023, "6"), (2024, "30"), (2025, "90")):
        answer = await sent(publisher, year_of(year, grown))
        assert answer.status_code == 200, answer.text
        steps.append(answer.json()["steps"])
    assert steps == [{}, {"candidate": 1}, {"watch": 1}]
    told = answer.json()
    assert (told["quarters"], told["year"], told["silent"]) == (["2025-Q1"], 2025, [])
    assert (told["figures"], told["hidden"], told["regions"]) == (8, 0, ["32", "84"])
    found = await publisher.client.get(
        "/v1/emergence/signals", params={"source": "bmo-32", "kind": "job"}
    )
    [signal] = found.json()["items"]
    assert (signal["code"], signal["label"]) == ("B2X33", "Métier B2X33")
    late = await sent(publisher, year_of(2027, "90"))
    assert late.json()["silent"] == ["2026-Q1"], "a year without its survey is said, not zero"


async def test_what_is_hidden_is_not_taken_for_zero(publisher: Publisher) -> None:
    """Four hidden figures under five may have been sixteen: what is told of later is no news."""
    for hides, steps in (("*", {}), ("0", {"candidate": 1})):
        region = "93" if hides == "*" else "94"
        for year, projects in ((2023, hides), (2024, "6")):
            lines = [line("B2X33", n, projects, year=year, region=region) for n in range(AREAS)]
            lines += [line("A0X40", n, "500", year=year, region=region) for n in range(AREAS)]
            lines += [line("A0X40", 9, "5", year=year, region="84")]
            answer = await sent(publisher, workbook(lines), region)
            if year == 2023:
                told = (answer.json()["figures"], answer.json()["hidden"])
                assert told == (4, 4 if hides == "*" else 0)
        assert answer.json()["steps"] == steps


async def test_few_places_and_one_large_one_alert_nobody(publisher: Publisher) -> None:
    for region, areas in (("27", 2), ("28", AREAS)):
        for year, grown in ((2024, 6), (2025, 60), (2026, 240)):
            lines = [line("B2X33", n, grown, year=year, region=region) for n in range(areas)]
            lines += [line("A0X40", n, 900, year=year, region=region) for n in range(AREAS)]
            if areas == AREAS:
                lines[0] = line("B2X33", 0, grown * 20, year=year, region=region)
            answer = await sent(publisher, workbook(lines), region)
            assert (answer.status_code, answer.json()["steps"]) == (200, {}), answer.text


async def test_every_fault_is_told_with_its_row_and_nothing_is_stored(publisher: Publisher) -> None:
    bad = workbook(
        [
            line("B2X33", 1, "12"),
            line("b2", 2, "12"),
            line("B2X33", 3, "1e3", year="26"),
            line("B2X33", 1, "12", year=2025),
            line("B2X33", 4, None, region=""),
        ]
    )
    answer = await sent(publisher, bad, "52")
    assert (answer.status_code, answer.json()["code"]) == (422, "counts-invalid"), answer.text
    told = {(one["place"], one["code"]) for one in answer.json()["errors"]}
    assert told == {
        *(("3", "term-invalid"), ("4", "year-invalid"), ("4", "number-malformed")),
        *(("5", "year-invalid"), ("5", "line-twice")),
        *(("6", "area-missing"), ("6", "number-malformed")),
    }
    signals = await publisher.client.get("/v1/emergence/signals", params={"source": "bmo-52"})
    assert signals.json()["items"] == []
    silent = await sent(publisher, year_of(2026, "10"), "76")
    [fault] = silent.json()["errors"]
    assert (silent.status_code, fault["code"]) == (422, "region-silent")
    assert "32, 84" in fault["detail"]


def packed(content: bytes, **members: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        for name, text in members.items():
            archive.writestr(f"xl/{name}.xml", text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook-unreadable"),
        (b"PK\x03\x04 no archive", "workbook-unreadable"),
        (packed(workbook([]), evil=b'<!DOCTYPE a [<!ENTITY b "c">]>'), "workbook-unreadable"),
        (workbook([], head=["CODE", "COUNT"]), "column-missing"),
        (workbook([], head=HEAD[:9]), "column-missing"),
        (workbook([]), "region-silent"),
        (workbook([line("A0X40", 1, "*")]), "region-silent"),
    ],
)
def test_what_is_no_survey_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(CountsInvalid) as refused:
        survey.read(io.BytesIO(content), "32")
    assert {one.code for one in refused.value.faults} == {code}


async def test_only_who_publishes_loads_it_and_its_name_is_its_own(publisher: Publisher) -> None:
    path = "/v1/emergence/surveys/bmo/32"
    kind = {"content-type": survey.MEDIA_TYPES[0]}
    assert (await publisher.client.put(path, content=b"", headers=kind)).status_code == 401
    reader = {**as_client("observatory", scopes={"observatory:share"}), **kind}
    assert (await publisher.client.put(path, content=b"", headers=reader)).status_code == 403
    csv = {**as_client("observatory"), "content-type": "text/csv"}
    other = await publisher.client.put(path, content=b"", headers=csv)
    assert (other.status_code, other.json()["code"]) == (415, "counts-media-type-unread")
    counts = "/v1/emergence/sources/bmo-32/job/counts"
    reserved = await publisher.client.put(counts, content=b"", headers=csv)
    assert (reserved.status_code, reserved.json()["code"]) == (409, "source-reserved")
    nowhere = await sent(publisher, b"", "3")
    assert nowhere.status_code == 422


@pytest.mark.skipif(not FILE.exists(), reason="no shared data here")
def test_the_survey_of_2024_has_the_projects_of_the_region() -> None:
    """Of region 32: 174,511 projects of 28 areas, 18.8 % of cells hidden (NOTE.md of the file)."""
    with FILE.open("rb") as file:
        found = survey.read(file, "32")
    assert found.year == 2024
    assert found.counted.totals == {2024 * 4: 174_511}
    assert found.told + found.hidden == 3_807
    assert found.hidden / 3_807 == pytest.approx(0.188, abs=5e-4)
    assert len(found.regions) == 18
    plumbers = found.counted.counts["B2X33", 2024 * 4]
    assert (plumbers.ads, found.counted.labels["B2X33"][0]) == (1_145, "Plombiers chauffagistes")
    assert found.counted.spare[2024 * 4] == 4 * found.hidden, "no figure told is under five"
