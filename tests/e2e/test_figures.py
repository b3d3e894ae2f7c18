"""Figures through the door as analysts take them: three lines of pandas, a workbook, one file."""

import io

import httpx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.e2e.machine import Machine


def test_three_lines_of_pandas_read_figures_through_the_door(machine: Machine) -> None:
    """C6, C7: by the address alone; the region's mean is the one that the README tells."""
    at = f"{machine.door}/v1/observatory/indicators/EXPOSURE_TERRITORY"
    text = pd.read_csv(f"{at}/data.csv?c[REF_AREA]=R32,FR", dtype={"REF_AREA": str})
    typed = pd.read_parquet(f"{at}/data.parquet?c[REF_AREA]=R32,FR")
    for frame in (text, typed):
        means = dict(zip(frame["REF_AREA"], frame["OBS_VALUE"], strict=True))
        assert means["R32"] == pytest.approx(0.303, abs=5e-4)
        assert set(means) == {"R32", "FR"}
    french = pd.read_csv(f"{at}/data.csv?profile=excel-fr&c[REF_AREA]=R32", sep=";", decimal=",")
    assert french.columns[0] == "Fréquence", "the mark is no part of a name"


def test_a_workbook_and_a_bulk_file_pass_the_door(machine: Machine) -> None:
    with httpx.Client(base_url=f"{machine.door}/v1/observatory/", timeout=30) as door:
        book = door.get("indicators/EXPOSURE_TERRITORY/data.xlsx?c[REF_AREA]=R32")
        sheet = openpyxl.load_workbook(io.BytesIO(book.content))["Données"]
        assert "Hauts-de-France" in [cell.value for cell in sheet[2]]
        assert ".xlsx" in book.headers["content-disposition"]

        path = door.get("dataflows/DF_EXPOSURE_TERRITORY").json()["bulk"]["path"]
        whole = door.get(path)
        found = door.get("dataflows/DF_EXPOSURE_TERRITORY").json()
        assert pq.read_table(io.BytesIO(whole.content)).num_rows == found["observations"]
        end = door.get(path, headers={"range": "bytes=-4", "if-range": whole.headers["etag"]})
        assert (end.status_code, end.content) == (206, b"PAR1")
        head = door.head(path)
        assert head.headers["content-length"] == str(len(whole.content))
        told = door.get("dataflows/DF_EXPOSURE_TERRITORY").json()["bulk"]
        assert f'"{told["sha256"]}"' == whole.headers["etag"]
        kept = door.get(path, headers={"if-none-match": whole.headers["etag"]})
        assert kept.status_code == 304
