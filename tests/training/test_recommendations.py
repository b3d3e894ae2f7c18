"""Recommendations through HTTP: group H of the acceptance cases, B8, M6."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import OpenApp
from tests.harness import Database
from tests.training.advising import (
    JOB,
    Adviser,
    advising,
    by,
    code,
    formation_id,
    held,
)
from tests.training.searching import offer

HAVE = held(S2=1, S3=2, S4=1)
NONE: dict[str, Any] = {"domain": "", "formacodes": "", "rome": ""}

OFFERS = [
    by(1, offer("A", title="A", hours="35", price="900")),
    by(2, offer("B", title="B", hours="21", price="600")),
    by(3, offer("C", title="C", hours="140", price="4000")),
    by(4, offer("D", title="D", hours="14", price="100")),
    by(5, offer("over", title="Finie", hours="21", start="20200101", end="20200601")),
    by(6, offer("closed", title="Close", session="<etat-recrutement>2</etat-recrutement>")),
    by(7, offer("expired", title="Échue", certifications="RS5000", hours="21")),
    by(8, offer("far", title="Loin", commune="80021", hours="21", price="0", audience="80012")),
    by(9, offer("remote", title="À distance", mode="remote", commune="80021", hours="21")),
    by(10, offer("long", title="Longue", hours="900", certifications="RNCP37873")),
    *(by(11, offer(f"same{one}", title=f"Même {one}", hours="28")) for one in range(4)),
]


@pytest.fixture(scope="module")
async def adviser(template: Database, open_app: OpenApp) -> AsyncIterator[Adviser]:
    async with (
        open_app("observatory") as observatory,
        advising(template, "recommended", OFFERS, observatory) as opened,
    ):
        await opened.link()
        await opened.sql("DELETE FROM training.formation_skill")
        await opened.declare(formation_id(1, "A"), {"S2": 2})
        await opened.declare(formation_id(2, "B"), {"S5": 3, "S4": 2})
        await opened.declare(formation_id(3, "C"), {"S1": 2, "S2": 3, "S3": 2})
        await opened.declare(formation_id(3, "C"), {"S2": 2}, prerequisite=True)
        await opened.declare(formation_id(4, "D"), {"S9": 2})
        for number, key in enumerate(("over", "closed", "expired"), start=5):
            await opened.declare(formation_id(number, key), {"S5": 3, "S1": 1})
        yield opened


async def titles(adviser: Adviser, **profile: Any) -> list[str]:
    target = await adviser.to_job(held=HAVE, **profile)
    return [one["title"] for one in target["courses"]]


async def reasons(adviser: Adviser, **profile: Any) -> dict[str, list[str]]:
    target = await adviser.to_job(held=HAVE, **profile)
    return {one["title"]: one["reasons"] for one in target["exclusions"]["items"]}


async def test_the_worked_example_is_answered_to_four_decimals(adviser: Adviser) -> None:  # H1, H3
    target = await adviser.to_job(held=HAVE)
    assert target["status"] == "recommended"
    assert round(target["readiness"], 4) == 0.3519
    gaps = {one["skill"]["code"]: one for one in target["gaps"]}
    assert [round(gaps[code(name)]["gap"], 4) for name in ("S1", "S2", "S3", "S4", "S5")] == [
        1.0,
        0.6667,
        0.0,
        0.5,
        1.0,
    ]
    assert {one["weight"] for one in target["gaps"]} == {1.0, 0.5}
    coverage = {one["title"]: round(one["coverage"], 4) for one in target["courses"]}
    assert coverage == {"B": 0.4286, "A": 0.1143}
    path = target["path"]
    assert [one["title"] for one in path["steps"]] == ["B", "A", "C"]
    assert [round(one["readiness"], 4) for one in path["steps"]] == [0.6296, 0.7037, 1.0]
    assert (path["hours"], path["euros"], path["applicable"]) == (196, 5500, True)
    listed = target["courses"] + target["exclusions"]["items"]
    assert "D" not in [one["title"] for one in listed]


async def test_a_budget_of_sixty_hours_is_kept_and_what_more_brings_is_said(
    adviser: Adviser,
) -> None:  # H2, B8
    target = await adviser.to_job(held=HAVE, constraints={"hours": 60})
    path = target["path"]
    assert [one["title"] for one in path["steps"]] == ["B", "A"]
    assert round(path["readiness"], 4) == 0.7037
    more = path["more"]
    assert (more["hours"], more["course"]["title"], more["readiness"]) == (136, "C", 1.0)
    assert more["reading"].startswith("Avec 136 h de plus, « C » vous mène à 100 %")
    assert (await reasons(adviser, constraints={"hours": 60}))["C"] == ["hours"]
    wider = await adviser.to_job(held=HAVE, constraints={"hours": 150})
    assert [one["title"] for one in wider["path"]["steps"]] == ["B", "A"]
    more = wider["path"]["more"]
    assert (more["hours"], more["course"]["title"], more["readiness"]) == (46, "C", 1.0)
    cheaper = await adviser.to_job(held=HAVE, constraints={"euros": 700})
    assert [one["title"] for one in cheaper["path"]["steps"]] == ["B"]
    assert (cheaper["path"]["more"]["euros"], cheaper["path"]["more"]["course"]["title"]) == (
        800,
        "A",
    )
    both = await adviser.to_job(held=HAVE, constraints={"hours": 30, "euros": 700})
    assert "26 h et 800 €" in both["path"]["more"]["reading"]


async def test_the_same_profile_gives_the_same_bytes(adviser: Adviser) -> None:  # H4
    asked = {"targets": [JOB], "constraints": {"hours": 60}}
    first = (await adviser.ask(held=HAVE, **asked)).content
    for turn in range(100):
        again = HAVE if turn % 2 else list(reversed(HAVE))
        assert (await adviser.ask(held=again, **asked)).content == first
    physical = "UPDATE training.formation_skill SET confidence = confidence WHERE skill = $1"
    await adviser.sql(physical, code("S2"))  # the rows now lie in another order
    assert (await adviser.ask(held=HAVE, **asked)).content == first


async def test_a_skill_more_never_lowers_readiness(adviser: Adviser) -> None:  # H5
    before = await adviser.to_job(held=HAVE)
    for name in ("S1", "S2", "S5"):
        levels = {"S2": 1, "S3": 2, "S4": 1, name: 3}
        after = await adviser.to_job(held=held(**levels))
        assert after["readiness"] > before["readiness"]
        known = {one["title"]: one["gain"] for one in before["courses"]}
        now = {one["title"]: one["gain"] for one in after["courses"]}
        assert all(now[title] <= known[title] for title in known.keys() & now.keys())


async def test_what_is_over_closed_or_expired_is_excluded_with_its_reason(
    adviser: Adviser,
) -> None:  # H6
    told = await reasons(adviser)
    assert told["Finie"] == ["session_ended"]
    assert told["Close"] == ["recruitment_closed"]
    assert "certification_closed" in told["Échue"]
    assert told.get("C") is None  # its prerequisite is reached on the path


async def test_whoever_has_all_is_told_so(adviser: Adviser) -> None:  # H7
    target = await adviser.to_job(held=held(S1=2, S2=3, S3=4, S4=2, S5=3))
    assert (target["status"], target["courses"], target["path"]) == ("target_reached", [], None)
    assert target["readiness"] == 1.0


async def test_unknown_codes_are_refused_together(adviser: Adviser) -> None:  # H8
    answer = await adviser.ask(
        job="A9999",
        targets=["N9998", JOB, "N9904"],
        held=[{"skill": "7777777", "level": 1}],
        task_exposures=[{"skill": "AI-77", "exposure": 1}],
    )
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "profile-refused"
    assert [one["pointer"] for one in problem["errors"]] == [
        "/job",
        "/targets/0",
        "/targets/2",
        "/held/0/skill",
        "/task_exposures/0/skill",
    ]
    assert "N9901, N9902" in problem["errors"][2]["detail"]
    for lost in ("N9905", "N9906"):  # replaced by nothing, or by each other
        assert (await adviser.ask(targets=[lost])).status_code == 422


async def test_obsolete_codes_are_followed_and_that_is_said(adviser: Adviser) -> None:  # H8
    found = await adviser.advised(targets=["N9903"], held=[{"skill": "9900099", "level": 1}])
    assert found["replaced"] == [
        {"scheme": "rome", "given": "N9903", "used": JOB},
        {"scheme": "rome-skill", "given": "9900099", "used": code("S2")},
    ]
    (target,) = found["targets"]
    assert target["job"]["code"] == JOB
    assert {one["skill"]["code"]: one["held"] for one in target["gaps"]}[code("S2")] == 1


async def test_without_data_there_is_no_guess(adviser: Adviser) -> None:  # H9
    (target,) = (await adviser.advised(targets=["N9902"]))["targets"]
    assert (target["status"], target["readiness"]) == ("insufficient_data", None)
    links = await adviser.sql("SELECT * FROM training.job_skill WHERE job = 'K1902'")
    assert links
    (target,) = (await adviser.advised(targets=["K1902"]))["targets"]
    assert (target["status"], target["courses"]) == ("insufficient_data", [])
    assert target["readiness"] == 0
    (target,) = (await adviser.advised(job="M1607", targets=["M1613"]))["targets"]
    assert target["status"] == "insufficient_data"  # both come from one job of ROME 3
    assert "ROME 3" in target["reason"]


@pytest.mark.parametrize(
    "attribute",
    ["age", "sex", "name", "nationality", "birth_date", "gender", "email", "disability"],
)
async def test_attributes_of_the_person_are_refused(
    adviser: Adviser, attribute: str
) -> None:  # H10
    answer = await adviser.ask(targets=[JOB], **{attribute: "Marie"})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/{attribute}", "personal-attribute")
    assert "Marie" not in answer.text


async def test_an_attribute_nobody_foresaw_is_refused_too(adviser: Adviser) -> None:  # H10
    answer = await adviser.ask(targets=[JOB], postcode="59000")
    assert [one["code"] for one in answer.json()["errors"]] == ["extra-forbidden"]


async def test_the_explanation_adds_up_to_the_score(adviser: Adviser) -> None:  # H11
    profile = {"place": {"commune": "59350"}}
    for weights in ({}, {"coverage": 0.2, "efficiency": 0.9, "proximity": 0.4, "demand": 0}):
        target = await adviser.to_job(held=HAVE, constraints=profile, weights=weights)
        assert sum(target["weights"].values()) == pytest.approx(1)
        assert target["weights"]["demand"] == 0  # no figure for this job: shared among the others
        for course in target["courses"]:
            points = sum(one["points"] for one in course["explanation"])
            assert points == pytest.approx(course["score"], abs=1e-6)
            covered = {one["skill"] for one in course["explanation"] if one["skill"]}
            assert covered == {one["skill"]["code"] for one in course["skills"]}


async def test_where_nothing_fits_the_least_that_would_is_told(adviser: Adviser) -> None:
    target = await adviser.to_job(held=HAVE, constraints={"hours": 15})
    assert (target["status"], target["courses"]) == ("nothing_fits", [])
    path = target["path"]
    assert (path["steps"], path["readiness"]) == ([], target["readiness"])
    assert (path["more"]["hours"], path["more"]["course"]["title"]) == (6, "B")
    assert path["more"]["reading"].startswith("Avec 6 h de plus, « B » vous mène à 62 %")


@pytest.mark.parametrize(
    ("constraints", "reason"),
    [
        ({"hours": 20}, "hours"),
        ({"euros": 500}, "price"),
        ({"modes": ["remote"]}, "mode"),
        ({"place": {"commune": "80021", "radius_km": 20}}, "distance"),
        ({"place": {"latitude": 48.8566, "longitude": 2.3522}}, "distance"),
        ({"starts_from": "2031-03-02"}, "dates"),
        ({"starts_to": "2031-02-01"}, "dates"),
    ],
)
async def test_each_limit_excludes_and_says_so(
    adviser: Adviser, constraints: dict[str, Any], reason: str
) -> None:
    target = await adviser.to_job(held=HAVE, constraints=constraints)
    told = {one["title"]: one["reasons"] for one in target["exclusions"]["items"]}
    assert told["B"] == [reason]
    assert "B" not in [one["title"] for one in target["courses"]]


@pytest.fixture
async def wide(adviser: Adviser) -> AsyncIterator[Adviser]:
    """Link more offers for one test: links of the worked example stay as they are."""
    await adviser.declare(formation_id(8, "far"), {"S5": 3})
    await adviser.declare(formation_id(9, "remote"), {"S5": 3})
    await adviser.declare(formation_id(10, "long"), {"S5": 3})
    for one in range(4):
        await adviser.declare(formation_id(11, f"same{one}"), {"S5": 2})
    yield adviser
    await adviser.sql(
        "DELETE FROM training.formation_skill USING training.formation f"
        " WHERE f.id = formation_id"
        " AND f.title = ANY('{Loin,À distance,Longue,Même 0,Même 1,Même 2,Même 3}')"
    )


async def test_places_publics_and_levels_count(wide: Adviser) -> None:
    near = {"place": {"commune": "59350", "radius_km": 20}, "status": "employee"}
    target = await wide.to_job(held=HAVE, constraints=near)
    told = {one["title"]: one["reasons"] for one in target["exclusions"]["items"]}
    assert told["Loin"] == ["distance", "audience"]
    courses = {one["title"]: one for one in target["courses"]}
    part = {"part": "proximity", "skill": None, "points": pytest.approx(0.1 / 0.9)}
    assert part in courses["À distance"]["explanation"]
    assert courses["B"]["distance_km"] < 5
    low = await wide.to_job(held=HAVE, constraints={"level": 3})
    told = {one["title"]: one["reasons"] for one in low["exclusions"]["items"]}
    assert "level" in told["Longue"]
    assert "level" not in (await reasons(wide, constraints={"level": 6})).get("Longue", [])


async def test_no_provider_fills_the_list(wide: Adviser) -> None:
    shown = [one for one in await titles(wide) if one.startswith("Même")]
    assert len(shown) == 2


async def test_a_course_that_needs_more_than_one_has_waits_for_the_path(adviser: Adviser) -> None:
    target = await adviser.to_job(held=HAVE, constraints={"courses": 1})
    assert [one["title"] for one in target["path"]["steps"]] == ["B"]
    told = {one["title"]: one["reasons"] for one in target["exclusions"]["items"]}
    assert told["C"] == ["prerequisites"]
    more = target["path"]["more"]
    assert (more["courses"], more["course"]["title"]) == (1, "A")


async def test_a_provider_that_may_not_offer_is_not_recommended(adviser: Adviser) -> None:
    await adviser.sql(
        "INSERT INTO training.formation_flags (formation_id, flags, certifications)"
        " VALUES ($1, '{not_habilitated}', '{}')",
        formation_id(2, "B"),
    )
    try:
        assert (await reasons(adviser))["B"] == ["provider_not_allowed"]
    finally:
        await adviser.sql("DELETE FROM training.formation_flags")


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"targets": [JOB], "aim": "stay"},
        {"aim": "stay"},
        {"aim": "less_exposed"},
        {"targets": [JOB, JOB]},
        {"targets": [JOB, "M1607", "M1604", "M1605"]},
        {"targets": ["M1607;DROP"]},
        {"targets": [JOB], "held": held(S1=5)},
        {"targets": [JOB], "held": held(S1=1) * 2},
        {"targets": [JOB], "held": [{"skill": "9900001", "level": "x"}]},
        {"targets": [JOB], "constraints": {"hours": 0}},
        {"targets": [JOB], "constraints": {"hours": 1e9}},
        {"targets": [JOB], "constraints": {"place": {"latitude": 50}}},
        {"targets": [JOB], "constraints": {"place": {}}},
        {"targets": [JOB], "constraints": {"place": {"commune": "75056"}}},
        {"targets": [JOB], "constraints": {"place": {"commune": "59350", "radius_km": 201}}},
        {"targets": [JOB], "constraints": {"status": "rich"}},
        {"targets": [JOB], "weights": {"coverage": 0}},
        {"targets": [JOB], "weights": {"coverage": -1}},
        {"targets": [JOB], "on": "tomorrow"},
    ],
)
async def test_a_profile_without_sense_is_refused(
    adviser: Adviser, profile: dict[str, Any]
) -> None:
    answer = await adviser.ask(**profile)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_the_answer_says_of_which_data_it_is(adviser: Adviser) -> None:  # H13
    found = await adviser.advised(targets=[JOB])
    assert found["data"]["references"] == {
        "ai-skill": "1",
        "rome": "460",
        "rome-skill": "347-460",
    }
    assert found["data"]["certifications"]["RNCP"] == "2026-08-18"
    assert found["data"]["catalogue"]
    assert found["method"]["version"]
    assert found["method"]["weights"] == {
        "coverage": 0.7,
        "efficiency": 0.1,
        "proximity": 0.1,
        "demand": 0.1,
    }


async def test_what_ai_changes_weighs_more_and_texts_are_in_english_too(adviser: Adviser) -> None:
    exposed = [{"skill": code("S1"), "exposure": 0.5}]
    target = await adviser.to_job(held=HAVE, task_exposures=exposed)
    assert {one["skill"]["code"]: one["weight"] for one in target["gaps"]}[code("S1")] == 1.5
    answer = await adviser.partner.client.post(
        "/v1/recommendations",
        json={"targets": ["N9902"]},
        headers={"accept-language": "en"},
    )
    assert answer.json()["targets"][0]["reason"] == "No skill is known for this job."
    assert answer.headers["cache-control"] == "no-store"
