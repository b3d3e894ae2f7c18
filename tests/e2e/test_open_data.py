"""Open data as a page of anybody's site has them: through the door, without a token."""

import httpx

from tests.e2e.machine import Machine

PAGE = {"origin": "https://journal.example"}
MEAN = "/v1/observatory/indicators/EXPOSURE_TERRITORY"


def test_a_page_shows_a_chart_by_its_short_address_and_traces_the_figure(machine: Machine) -> None:
    with machine.client() as partner:
        question = {"where": {"REF_AREA": "R32,FR"}, "by": "REF_AREA", "lang": "fr"}
        made = partner.post(
            "/v1/observatory/links",
            json={
                "indicator": "EXPOSURE_TERRITORY",
                "form": "chart.svg",
                "release": 1,
                "question": question,
            },
        )
        assert made.status_code == 201, made.text
    with httpx.Client(base_url=machine.door, timeout=20, headers=PAGE) as page:
        short = httpx.URL(machine.door).join(made.headers["location"]).join(made.json()["address"])
        moved = page.get(short)
        assert moved.status_code == 302
        assert moved.headers["location"].startswith(f"{MEAN}/chart.svg?")
        picture = page.get(moved.headers["location"])
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.headers["access-control-allow-origin"] == "*"
        assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "Hauts-de-France" in picture.text
        assert "Source : ILO WP140 (2025)" in picture.text
        traced = page.get(f"{MEAN}/provenance", params={"c[REF_AREA]": "R32"})
        assert round(traced.json()["figure"]["value"], 3) == 0.303
        origins = {each["table"]: each for each in traced.json()["release"]["origins"]}
        assert len(origins["scores"]["files"][0]["sha256"]) == 64
        formula = page.get(traced.url.join(traced.json()["method"]["address"]))
        assert (formula.status_code, formula.json()["id"]) == (200, "ilo-2025")
        refused = page.get(f"{MEAN}/chart.svg", params={"by": "COLOUR"})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (422, "*")
        asked = {"access-control-request-method": "GET"}
        preflight = page.options(
            f"{MEAN}/data.csv", headers=asked | {"access-control-request-headers": "if-none-match"}
        )
        assert preflight.status_code == 200
        diary = page.get("/v1/observatory/calendar.ics")
        assert diary.text.startswith("BEGIN:VCALENDAR")
