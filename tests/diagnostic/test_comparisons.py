"""What changed between two diagnostics of a company, and when that cannot be said."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.assessments.answers import Answer
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import publish, score
from diagnostic.comparisons import difference
from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic import mini_ia as fixture
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.acting import publish as publish_grid
from tests.harness import Database

pytestmark = pytest.mark.usefixtures("mini_ia")

ASIDE = {"state": "not_applicable", "value": None, "reason": "Pas de salariés."}


async def compared(acting: Acting, after: str, before: str) -> dict[str, Any]:
    response = await acting.get(f"/v1/assessments/{after}/comparison?with={before}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def pair(acting: Acting, later: dict[str, Any], **fields: object) -> tuple[str, str]:
    """Submit B at T0 and other answers at T1 for one company."""
    organisation_id = (await acting.organisation())["id"]
    first = await acting.submitted(BASE, organisation_id=organisation_id)
    second = await acting.submitted(
        later, organisation_id=organisation_id, milestone="T1", **fields
    )
    return first["id"], second["id"]


async def test_progress_is_told_per_question_and_adds_up_to_that_of_the_score(
    acting: Acting,
) -> None:
    before, after = await pair(acting, {**BASE, "Q1": "o3", "Q3": ["a"], "Q6": "o2"})

    found = await compared(acting, after, before)

    assert (found["comparable"], found["reasons"]) == (True, [])
    assert (found["before"]["milestone"], found["after"]["milestone"]) == ("T0", "T1")
    assert found["score"] == {
        "before": 72.1,
        "after": 82.5,
        "difference": 10.4,
        "difference_exact": "125/12",
        "level_before": "moderately_advanced",
        "level_after": "advanced",
        "levels_gained": 1,
    }
    assert {one["code"]: one["difference"] for one in found["dimensions"]} == {
        "STR": 25.0,
        "DATA": -33.3,
        "SKILL": 25.0,
    }
    assert [(one["code"], one["difference"]) for one in found["questions"]] == [
        ("Q1", 12.5),
        ("Q3", -8.33),
        ("Q6", 6.25),
    ]
    exact = sum(Fraction(one["difference_exact"]) for one in found["questions"])
    assert exact == Fraction(found["score"]["difference_exact"])
    back = await compared(acting, before, after)
    assert back["score"]["difference"] == -10.4
    assert back["score"]["levels_gained"] == -1


async def codes(acting: Acting, after: str, before: str) -> list[tuple[str, str]]:
    """Give the obstacles of a comparison, after seeing that it holds no figure."""
    found = await compared(acting, after, before)
    assert found["comparable"] is False
    assert (found["score"], found["dimensions"], found["questions"]) == (None, [], [])
    assert all(one["detail"] for one in found["reasons"])
    return [(one["code"], one["side"]) for one in found["reasons"]]


async def test_what_is_not_final_complete_or_counted_is_not_compared(acting: Acting) -> None:
    before, after = await pair(acting, {**BASE, "Q5": ASIDE, "Q6": ASIDE})
    assert await codes(acting, after, before) == [("incomplete", "after")]
    why = {"reason": "Effectif à revoir."}
    await acting.post(f"/v1/assessments/{before}/amend", why)
    assert await codes(acting, after, before) == [
        ("not_submitted", "before"),
        ("incomplete", "after"),
    ]
    await acting.post(f"/v1/assessments/{before}/enter-in-error", why)
    assert await codes(acting, after, before) == [("void", "before"), ("incomplete", "after")]
    assert await codes(acting, before, before) == [
        ("same_assessment", "both"),
        ("void", "before"),
        ("void", "after"),
    ]


async def test_neither_another_company_nor_another_grid_is_compared(
    acting: Acting, mia: dict[str, Any]
) -> None:
    one = (await acting.submitted(BASE))["id"]
    other = (await acting.submitted(BASE))["id"]
    assert await codes(acting, one, other) == [("other_organisation", "both")]
    company = (await acting.get(f"/v1/assessments/{one}")).json()["organisation_id"]
    foreign = await acting.assessment("MIA", organisation_id=company, milestone="T1")
    await acting.answer_visible(foreign["id"], mia)
    await acting.post(f"/v1/assessments/{foreign['id']}/submit")
    assert await codes(acting, foreign["id"], one) == [("other_questionnaire", "both")]


async def test_versions_compare_while_they_are_scored_alike(
    acting: Acting, database: Database
) -> None:
    code = "COMPARED"
    versions: list[tuple[str, str]] = []
    for number, weight in (("1.0.0", 3), ("1.0.1", 3), ("1.1.0", 2)):
        content = fixture.raw(code=code, version=number)
        content["title"] = {"fr": f"Grille {number}", "en": f"Grid {number}"}
        content["questions"][0]["weight"] = weight
        await publish_grid(database, GridContent.model_validate(content))
        company = versions[0][1] if versions else (await acting.organisation())["id"]
        milestone = f"T{len(versions)}"
        started = await acting.submitted(
            BASE, questionnaire=code, organisation_id=company, milestone=milestone
        )
        versions.append((started["id"], company))
    first, reworded, reweighted = (one for one, _ in versions)
    assert (await compared(acting, reworded, first))["score"]["difference"] == 0.0
    assert await codes(acting, reweighted, first) == [("other_scoring", "both")]


async def test_a_comparison_shows_nothing_of_what_the_caller_may_not_see(
    acting: Acting, stranger: Acting
) -> None:
    before, after = await pair(acting, dict(BASE))
    own = (await stranger.submitted(BASE))["id"]
    for one, other in ((before, after), (own, after), (before, own)):
        response = await stranger.get(f"/v1/assessments/{one}/comparison?with={other}")
        assert (response.status_code, response.json()["code"]) == (404, "assessment-unknown")
    path = f"/v1/assessments/{after}/comparison"
    assert (await acting.get(path)).status_code == 422
    assert (await acting.get(f"{path}?with=x")).status_code == 422
    assert (await Acting(acting.http, {}).get(f"{path}?with={before}")).status_code == 401


OPTIONS = st.sampled_from(["o0", "o1", "o2", "o3"])


@given(
    *[
        st.fixed_dictionaries(
            {
                "Q1": OPTIONS.map(fixture.given),
                "Q2": OPTIONS.map(fixture.given) | st.just(fixture.DK),
                "Q3": st.sampled_from([["a"], ["a", "b"], ["none"]]).map(fixture.given),
                "Q6": OPTIONS.filter(lambda one: one != "o3").map(fixture.given)
                | st.just(fixture.NA),
            }
        )
        for _ in range(2)
    ]
)
def test_the_changes_of_questions_always_add_up(
    first: dict[str, Answer], second: dict[str, Answer]
) -> None:
    old, new = [score(fixture.GRID, fixture.base() | one) for one in (first, second)]
    changes = list(difference.questions(explain(old).as_json(), explain(new).as_json()))
    levels = [one.code for one in fixture.CONTENT.profile.levels]
    total = difference.whole(old.as_json(), new.as_json(), levels)
    assert sum(one.difference for one in changes) == total.difference
    assert total.as_json(1)["difference"] == float(publish(total.after - total.before))
