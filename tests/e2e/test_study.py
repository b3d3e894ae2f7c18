"""The Région opens the study of a sector and follows a statement down to its source file."""

import httpx

from tests.e2e.machine import Machine
from tests.harness import PLAIN


def test_a_statement_is_followed_through_the_door_down_to_the_bytes_of_its_source(
    machine: Machine,
) -> None:
    with httpx.Client(base_url=machine.door, timeout=30, verify=PLAIN) as anybody:
        study = anybody.get("/v1/observatory/studies/sectors/62.01Z").raise_for_status().json()
        assert study["basis"]["code"] == "62"
        away = [each["id"] for each in study["sections"] if (each["absent"] or {}).get("since")]
        assert away == [], "the training and the diagnostic answer"
        figures = {each["id"]: each for each in study["figures"]}
        people = next(each for each in study["sections"] if each["id"] == "people")
        figure = figures[people["statements"][0]["figures"][0]]
        (row,) = anybody.get(figure["data"]).raise_for_status().json()["observations"]
        assert row["OBS_VALUE"] == figure["value"]
        traced = anybody.get(figure["provenance"]).raise_for_status().json()
        release = next(each for each in study["releases"] if each["id"] == figure["release"])
        assert traced["method"]["formula"] == release["formula"]
        told = anybody.get(release["address"]).raise_for_status().json()
        files = [file for each in told["origins"] for file in each["files"]]
        assert files
        assert files == [file for each in release["origins"] for file in each["files"]]
        live = [each for each in study["figures"] if each["kind"] in {"live", "record"}]
        assert live
        for each in live:
            anybody.get(each["data"]).raise_for_status()
        browser = {"accept": "text/html,*/*;q=0.8", "accept-language": "en"}
        page = anybody.get("/v1/observatory/studies/sectors/62.01Z", headers=browser)
        assert '<html lang="en">' in page.text
        printed = anybody.get("/v1/observatory/studies/sectors/62.01Z.pdf")
        assert printed.content.startswith(b"%PDF-")
