"""Targets per dimension, and the points still missing."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.assessments.scoring import level, publish
from diagnostic.scores.aims import gap, points
from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.mini_ia import CONTENT

pytestmark = pytest.mark.usefixtures("mini_ia")

AIMS = {
    "dimensions": {"STR": {"level": "advanced"}, "DATA": {"score": 80.5}, "SKILL": {"score": 60}}
}


async def put(acting: Acting, assessment_id: str, body: object, tag: str | None = '"0"') -> Any:
    return await acting.send("PUT", f"/v1/assessments/{assessment_id}/targets", body, tag)


async def test_a_target_shows_how_many_points_are_missing(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"

    saved = await put(acting, started["id"], AIMS)

    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"')
    assert saved.json() == (await acting.get(f"{path}/targets")).json()
    shown = {one["dimension"]: one for one in saved.json()["dimensions"]}
    assert {code: (one["points"], one["present"], one["gap"]) for code, one in shown.items()} == {
        "STR": (75.1, 75.0, 0.1),
        "DATA": (80.5, 63.3, 17.2),
        "SKILL": (60.0, 75.0, 0.0),
    }
    score = (await acting.get(f"{path}/score")).json()
    assert [(one["code"], one["target"], one["gap"]) for one in score["dimensions"]] == [
        ("STR", 75.1, 0.1),
        ("DATA", 80.5, 17.2),
        ("SKILL", 60.0, 0.0),
    ]


async def test_new_targets_show_at_once_in_a_score_read_before(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/score"
    before = await acting.get(path)
    await put(acting, started["id"], AIMS)
    first = await acting.get(path)
    await put(acting, started["id"], {"dimensions": {"DATA": {"score": 70}}}, '"1"')
    second = await acting.get(path)
    targets = [[one["target"] for one in x.json()["dimensions"]] for x in (before, first, second)]
    assert targets == [[None] * 3, [75.1, 80.5, 60.0], [None, 70.0, None]]
    assert len({one.headers["etag"] for one in (before, first, second)}) == 3


async def test_without_a_score_there_is_no_gap(acting: Acting) -> None:
    started = await acting.assessment()
    saved = await put(acting, started["id"], {"dimensions": {"STR": {"score": 50}}})
    assert [(one["present"], one["gap"]) for one in saved.json()["dimensions"]] == [(None, None)]


async def test_targets_are_replaced_by_whoever_read_the_present_ones(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/targets"
    assert (await acting.get(path)).headers["etag"] == '"0"'
    assert (await put(acting, started["id"], AIMS, None)).status_code == 428
    assert (await put(acting, started["id"], AIMS)).status_code == 200
    stale = await put(acting, started["id"], AIMS)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    none = await put(acting, started["id"], {"dimensions": {}}, '"1"')
    assert (none.json()["dimensions"], none.headers["etag"]) == ([], '"2"')
    assert (await put(stranger, started["id"], AIMS, '"2"')).status_code == 404
    assert (await stranger.get(path)).status_code == 404
    assert (await put(onlooker, started["id"], AIMS, '"2"')).status_code == 403
    assert (await put(Acting(acting.http, {}), started["id"], AIMS)).status_code == 401
    await acting.post(f"/v1/assessments/{started['id']}/enter-in-error", {"reason": "Doublon."})
    closed = await put(acting, started["id"], AIMS, '"2"')
    assert (closed.status_code, closed.json()["code"]) == (409, "assessment-closed")


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [
        ({"NONE": {"score": 50}}, {"/dimensions/NONE": "dimension-unknown"}),
        ({"STR": {"level": "best"}}, {"/dimensions/STR/level": "level-unknown"}),
        ({"STR": {"score": 50.25}}, {"/dimensions/STR/score": "too-many-decimals"}),
        ({"STR": {"score": 100.1}}, {"/dimensions/STR/score": "less-than-equal"}),
        ({"STR": {"score": -1}}, {"/dimensions/STR/score": "greater-than-equal"}),
        ({"STR": {"score": "50"}}, {"/dimensions/STR/score": "float-type"}),
        ({"STR": {}}, {"/dimensions/STR/level": "score-or-level"}),
        ({"STR": {"score": 5, "level": "basic"}}, {"/dimensions/STR/level": "score-or-level"}),
        (
            {"NONE": {"score": 0.01}, "STR": {"level": "x"}},
            {
                "/dimensions/NONE": "dimension-unknown",
                "/dimensions/NONE/score": "too-many-decimals",
                "/dimensions/STR/level": "level-unknown",
            },
        ),
    ],
)
async def test_a_target_that_the_grid_does_not_know_is_refused(
    acting: Acting, dimensions: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()
    response = await put(acting, started["id"], {"dimensions": dimensions})
    assert (response.status_code, faults(response)) == (422, expected)
    shown = (await acting.get(f"/v1/assessments/{started['id']}/targets")).json()
    assert (shown["version"], shown["dimensions"]) == (0, [])


@pytest.mark.parametrize("code", [one.code for one in CONTENT.profile.levels])
def test_the_points_of_a_level_are_the_least_that_reach_it(code: str) -> None:
    profile = CONTENT.profile
    aim = points(profile, {"score": None, "level": code})
    assert level(profile, Fraction(aim)) == code
    assert aim == 0 or level(profile, Fraction(aim) - Fraction(1, 10)) != code


@given(st.integers(0, 1000), st.fractions(0, 100))
def test_a_gap_is_what_the_published_target_lacks(tenths: int, score: Fraction) -> None:
    aim = points(CONTENT.profile, {"score": tenths / 10, "level": None})
    found = gap(aim, str(score), 1)
    assert found is not None
    assert found >= 0
    if score <= Fraction(tenths, 10):
        assert found == float(publish(Fraction(tenths, 10) - score))
    assert gap(aim, None, 1) is None
    assert gap(None, str(score), 1) is None
