"""Charts: what they show, what they say below, what they refuse, and pictures without a browser."""

import ast
import asyncio
import importlib.util
import re
import struct
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import httpx
import pytest
from jsonschema import ValidationError  # type: ignore[import-untyped]

from observatory.charts import drawer as drawing
from observatory.charts import service, spec
from observatory.charts.drawer import ChartUndrawn, Drawer
from platformkit.paris import PARIS
from tests.observatory.publishing import AREAS, SECTORS, Publisher, codes, structures, table

YEARS = [str(year) for year in range(2018, 2023)]
EVERY = [(a, s, y, place + 0.5) for place, (a, s, y) in enumerate(
    (a, s, y) for a in AREAS for s in SECTORS for y in YEARS
)]  # fmt: skip


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = await publisher.flow()
    await publisher.release(made, table(EVERY), source="INSEE, recensement")
    return made


async def drawn(publisher: Publisher, flow: str, suffix: str, **asked: Any) -> httpx.Response:
    return await publisher.client.get(f"/v1/indicators/{flow}/chart.{suffix}", params=asked)


async def spec_of(publisher: Publisher, flow: str, **asked: Any) -> dict[str, Any]:
    answer = await drawn(publisher, flow, "json", **asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def marks(found: dict[str, Any]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = found["vconcat"][0]["data"]["values"]
    return values


def below(found: dict[str, Any]) -> str:
    return " ".join(found["vconcat"][1]["mark"]["text"])


def texts(svg: bytes) -> str:
    return " ".join("".join(each.itertext()) for each in ET.fromstring(svg).iter())  # noqa: S314  # our own


async def test_periods_make_lines_and_codes_make_bars(publisher: Publisher, flow: str) -> None:
    line = await spec_of(publisher, flow, **{"c[REF_AREA]": "R32,75", "c[SECTOR]": "A"})
    assert {(each["series"], each["day"], each["value"]) for each in marks(line)} == {
        ({"R32": "R32 fr", "75": "75 fr"}[a], f"{y}-01-01", value)
        for a, s, y, value in EVERY
        if a in ("R32", "75") and s == "A"
    }
    assert line["vconcat"][0]["layer"][1]["mark"]["type"] == "line"
    bars = await spec_of(publisher, flow, startPeriod="2022", **{"c[SECTOR]": "A"})
    values = {a: value for a, s, y, value in EVERY if (s, y) == ("A", "2022")}
    assert [each["label"] for each in marks(bars)] == [
        f"{area} fr" for area in sorted(values, key=lambda area: -values[area])
    ], "the longest first"
    assert bars["vconcat"][0]["layer"][0]["mark"]["type"] == "bar"
    by = await spec_of(publisher, flow, by="SECTOR", lastN=2, **{"c[REF_AREA]": "2A"})
    assert {each["series"] for each in marks(by)} == {"2021", "2022"}


async def test_a_chart_says_title_unit_source_release_and_licence_in_the_language_asked(
    publisher: Publisher, flow: str
) -> None:
    asked = {"startPeriod": "2022", "c[SECTOR]": "A"}
    french = await spec_of(publisher, flow, **asked)
    assert french["title"]["text"] == ["Emplois"]
    assert french["title"]["subtitle"] == ["emplois · Secteur : A fr · 2022"]
    release = (await publisher.client.get(f"/v1/releases?dataflow={flow}")).json()["items"][0]
    for part in ("Source : tests ; livraison n° 1", "count/1.0.0", "Licence Ouverte 2.0", "HDF"):
        assert part in below(french)
    assert "Diagramme en barres : Emplois" in french["description"]
    assert "6 valeurs, de" in french["description"]
    assert below(french) in french["description"], "whoever does not see it is told the same"
    english = await spec_of(publisher, flow, lang="en", **asked)
    assert english["title"]["text"] == ["Jobs"]
    assert "Source: tests; release no. 1" in below(english)
    assert f"{datetime.fromisoformat(release['published_at']).astimezone(PARIS):%F}" in below(
        english
    )
    assert english["config"]["locale"]["number"]["decimal"] == "."
    assert french["config"]["locale"]["number"]["decimal"] == ","


async def test_pictures_are_drawn_with_their_source_line_and_their_alternative(
    publisher: Publisher, flow: str
) -> None:
    asked = {"c[SECTOR]": "A", "c[REF_AREA]": "R32,75"}
    svg = await drawn(publisher, flow, "svg", **asked)
    assert svg.headers["content-type"] == "image/svg+xml"
    assert "<script" not in svg.text
    root = ET.fromstring(svg.content)  # noqa: S314  # our own
    assert root.get("role") == "img"
    assert (root.get("aria-label") or "").startswith("Courbes : Emplois (emplois · Secteur : A fr)")
    assert root[0].tag.endswith("desc")
    for part in ("Source : tests", "R32 fr", "Emplois", "livraison n° 1"):
        assert part in texts(svg.content)
    png = await drawn(publisher, flow, "png", **asked, scale=1)
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png.content[16:24])
    assert (600 <= width <= 900, 300 <= height <= 600) == (True, True)
    twice = await drawn(publisher, flow, "png", **asked, scale=2)
    assert struct.unpack(">I", twice.content[16:20]) == (2 * width,)


async def test_k4_a_copy_that_is_right_is_not_drawn_again(publisher: Publisher, flow: str) -> None:
    asked = {"c[SECTOR]": "A", "c[REF_AREA]": "R32"}
    tags = set()
    for suffix in ("json", "svg", "png"):
        for more in ({}, {"lang": "en"}, {"width": 700}, {"asOf": "9999-12-31"}):
            answer = await drawn(publisher, flow, suffix, **asked, **more)
            assert answer.status_code == 200
            tags.add(answer.headers["etag"])
            path = f"/v1/indicators/{flow}/chart.{suffix}"
            told = {"if-none-match": answer.headers["etag"]}
            again = await publisher.client.get(path, params={**asked, **more}, headers=told)
            assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 9, "the newest release is the one of the end of time"


async def test_what_is_hidden_or_missing_has_no_mark_and_is_said_to_be_so(
    publisher: Publisher,
) -> None:
    made = await publisher.flow()
    rows = [
        ("R32", "A", "2020", 3.0, "A"),
        ("75", "A", "2020", 5.0, "A"),
        ("2A", "A", "2020", "", "M"),
    ]
    await publisher.release(made, table(rows, "OBS_STATUS"))
    withdrawn = await publisher.release(
        made, table([("R32", "A", "2020", 4.0, "A"), *rows[1:]], "OBS_STATUS")
    )
    why = {"reason": {"fr": "erreur", "en": "error"}}
    publisher.known(await publisher.act(withdrawn, "withdraw", why))
    found = await spec_of(publisher, made)
    shown = {each["label"]: each.get("value", each.get("note")) for each in marks(found)}
    assert shown == {"75 fr": 5.0, "2A fr": "non disponible", "R32 fr": "valeur retirée"}
    assert "non disponible (1), valeur retirée (1)" in below(found)
    svg = await drawn(publisher, made, "svg", lang="en")
    for part in ("not available", "value withdrawn", "Absent values"):
        assert part in texts(svg.content)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "chart-ambiguous"),
        ({"c[REF_AREA]": "NOWHERE"}, 404, "chart-empty"),
        ({"asOf": "2000-01-01"}, 404, "chart-empty"),
        ({"by": "COLOUR"}, 422, "selection-invalid"),
        ({"includeHistory": "true"}, 422, "selection-invalid"),
        ({"limit": 3}, 422, "selection-invalid"),
        ({"labels": "both"}, 422, "selection-invalid"),
        ({"startPeriod": "soon"}, 422, "selection-invalid"),
        ({"width": 100_000}, 422, None),
        ({"scale": 1e9}, 422, None),
        ({"lang": "de"}, 422, None),
        ({"colour": "red"}, 400, None),
    ],
)
async def test_what_cannot_be_a_chart_is_refused(
    publisher: Publisher, flow: str, asked: dict[str, Any], status: int, code: str | None
) -> None:
    answer = await drawn(publisher, flow, "svg", **asked)
    assert answer.status_code == status, answer.text
    assert code in (None, answer.json()["code"])
    assert (await drawn(publisher, "NONE", "svg")).json()["code"] == "indicator-unknown"


async def test_a_chart_of_too_many_marks_is_refused_before_it_is_drawn(
    publisher: Publisher,
) -> None:
    areas = [f"Z{number}" for number in range(service.MOST_BARS + 1)]
    lists = [
        {"id": "CL_CROWD", "name": {"fr": "z", "en": "z"}, "codes": codes(*areas)},
        {"id": "CL_CROWD_S", "name": {"fr": "s", "en": "s"}, "codes": codes(*SECTORS)},
    ]
    made = structures("CROWD", codelists=lists)
    for dimension, each in zip(made["data_structures"][0]["dimensions"], lists, strict=True):
        dimension["codelist"] = f"{each['id']}(1.0.0)"
    assert (await publisher.publish(made)).status_code == 200
    years = range(1980, 2010)
    rows = [(a, "A", str(y), 1.0) for a in areas for y in years]
    await publisher.release("CROWD", table(rows))
    few = ",".join(areas[: service.MOST_SERIES + 1])
    for asked, what in (
        ({"lastN": 1}, "barres"),
        ({"c[REF_AREA]": few}, "séries"),
        ({}, "points"),
    ):
        refused = await drawn(publisher, "CROWD", "png", **asked)
        assert (refused.status_code, refused.json()["code"]) == (422, "chart-too-crowded")
        assert what in refused.json()["detail"]
    fits = await drawn(publisher, "CROWD", "json", lastN=1, **{"c[REF_AREA]": few})
    assert fits.status_code == 200


async def test_an_embargo_is_in_no_chart(publisher: Publisher) -> None:
    made = await publisher.flow()
    await publisher.release(made, table([("R32", "A", "2020", 1.0)]))
    before = await drawn(publisher, made, "svg")
    loaded = publisher.known(
        await publisher.load(await publisher.draft(made), table([("R32", "A", "2020", 9.0)]))
    )
    publisher.known(await publisher.act(loaded, "publish", {"at": "2099-01-01T00:00:00Z"}))
    during = await drawn(publisher, made, "svg")
    assert (during.content, during.headers["etag"]) == (before.content, before.headers["etag"])


async def test_shipped_indicators_have_charts_with_their_intervals(publisher: Publisher) -> None:
    found = await spec_of(publisher, "EXPOSURE_TERRITORY", by="REF_AREA")
    here = next(each for each in marks(found) if each["label"] == "Hauts-de-France")
    assert here["low"] < here["value"] < here["high"]
    assert (await drawn(publisher, "EXPOSURE_TERRITORY", "svg")).status_code == 200
    assert "intervalle de confiance" in below(found)


@pytest.mark.parametrize(
    ("indicator", "asked"),
    [
        (None, {"c[REF_AREA]": "R32,75", "c[SECTOR]": "A"}),
        (None, {"by": "SECTOR", "lastN": 2, "c[REF_AREA]": "2A"}),
        ("EXPOSURE_TERRITORY", {"by": "REF_AREA"}),
    ],
)
async def test_a_specification_obeys_the_schema_of_vega_lite(
    publisher: Publisher, flow: str, indicator: str | None, asked: dict[str, Any]
) -> None:
    found = await spec_of(publisher, indicator or flow, **asked)
    alt.VConcatChart.from_dict(found, validate=True)
    found["vconcat"][0]["layer"][0]["mark"]["type"] = "bare"
    with pytest.raises(ValidationError):
        alt.VConcatChart.from_dict(found, validate=True)


async def test_a_title_is_never_an_expression_nor_markup(publisher: Publisher) -> None:
    evil = "<script>alert(1)</script> datum.value & \"quoted\" 'x' {{y}}"
    made = structures("EVIL")
    made["indicators"][0]["name"] = {"fr": evil, "en": evil}
    made["codelists"][0]["codes"][0]["name"] = {"fr": evil, "en": evil}
    assert (await publisher.publish(made)).status_code == 200
    await publisher.release("EVIL", table([("R32", "A", "2020", 1.0), ("75", "A", "2020", 2.0)]))
    svg = await drawn(publisher, "EVIL", "svg")
    root = ET.fromstring(svg.content)  # noqa: S314  # our own
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert evil in (root.get("aria-label") or "")
    assert "<script>alert(1)</script>" in texts(svg.content)


def contrast(colour: str) -> float:
    """Contrast with white (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = sum(c * part for c, part in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
    return 1.05 / (light + 0.05)


@pytest.mark.parametrize("colour", [*spec.PALETTE, spec.INK, spec.MUTED])
def test_every_colour_stands_out_from_the_paper(colour: str) -> None:
    assert contrast(colour) >= 4.5


async def test_a_picture_that_fails_or_is_left_does_not_hinder_the_next() -> None:
    made = Drawer()
    endless = {"description": "x", "vconcat": []}
    try:
        with pytest.raises(ChartUndrawn):  # no such mark
            await made.picture("faulty", "svg", {"mark": {"type": "nothing"}, **endless}, 1)
        cancelled = asyncio.create_task(made.picture("left", "svg", simple(), 1))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        assert made.kept("left") is None
        first = await made.picture("one", "svg", simple(), 1)
        assert first.startswith(b"<svg ")
        pair = await asyncio.gather(*(made.picture("two", "png", simple(), 1) for _ in range(3)))
        assert len(set(map(id, pair))) == 1, "drawn once for all who wait"
        assert made.kept("two") == pair[0]
    finally:
        await made.close()


def simple() -> dict[str, Any]:
    return {
        "description": "simple",
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }


async def test_more_than_a_queue_of_pictures_is_refused_at_once() -> None:
    made = Drawer()
    made._waiting = drawing.WAITING
    with pytest.raises(ChartUndrawn):
        await made.picture("one", "svg", simple(), 1)


def test_charts_read_figures_by_the_statements_of_all_formats_only() -> None:
    """No table of observations is named in the slice, and the statement is the shared one."""
    found = importlib.util.find_spec("observatory.charts")
    assert found is not None
    folder = Path(str(found.origin)).parent
    for path in folder.glob("*.py"):
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [one for one in strings if re.search(r"\b(SELECT|FROM observatory)\b", one)]
    assert "statements.observations(" in (folder / "service.py").read_text()
