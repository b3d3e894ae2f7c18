"""A diagnostic read as the DMA: exact where our answers tell it, silent where they do not."""

from typing import Any

from diagnostic.crosswalks import profile
from diagnostic.crosswalks.catalogue import Crosswalk
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.mini_ia import DK as DK_ANSWER
from tests.diagnostic.mini_ia import GRID, base, given
from tests.diagnostic.mini_ia import NA as NA_ANSWER

NA = {"state": "not_applicable", "reason": "Un seul logiciel"}
DK = {"state": "dont_know"}
GIVEN: dict[str, Any] = {
    "STR1": "o2",
    "STR4": "o3",
    "TECH1": "o1",
    "TECH2": NA,
    "SKILL1": DK,
    "SKILL5": ["plan"],
    "DATA1": "o3",
    "DATA2": ["customers", "invoices"],
    "USE2": {"text": 5, "vision": 0, "forecast": 0, "documents": 1, "automation": 0},
}


async def reading(acting: Acting, given: dict[str, Any], **headers: str) -> dict[str, Any]:
    started = await acting.assessment("MIA")
    await acting.answer_all(started["id"], given)
    response = await acting.get(f"/v1/assessments/{started['id']}/crosswalks/DMA", **headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_before_any_answer_everything_remains_to_be_asked(acting: Acting) -> None:
    found = await reading(acting, {})
    assert found["to_ask"] == [f"Q{n}" for n in range(1, 12)]
    assert [one["score"] for one in found["dimensions"]] == [None] * 6
    assert [one["coverage"] for one in found["dimensions"]] == [0.0] * 6
    assert (found["score"], found["verified"]) == (None, False)


async def test_the_answers_given_are_read_exactly_and_the_rest_is_named(acting: Acting) -> None:
    found = await reading(acting, GIVEN)
    by_code = {one["code"]: one for one in found["dimensions"]}
    figures = {code: (one["exact"], one["score"], one["coverage"]) for code, one in by_code.items()}
    assert figures == {
        "STRATEGY": ("250/3", 83.3, 0.5),  # (2/3 + 1) / 2, one question of two
        "READINESS": ("100/3", 33.3, 0.5),  # TECH2 does not apply: TECH1 alone
        "PEOPLE": (None, None, 0.0),  # nobody knows SKILL1, so Q5 is to be asked
        "DATA": (None, None, 0.0),  # DATA5 is missing
        "AUTOMATION": ("24", 24.0, 1.0),  # 6 of 25
        "GREEN": (None, None, 0.0),
    }
    assert found["to_ask"] == ["Q1", "Q4", "Q5", "Q6", "Q7", "Q8", "Q10", "Q11"]
    assert found["score"] is None
    assert by_code["READINESS"]["items"][0]["questions"] == ["TECH1", "TECH2"]


async def test_an_item_whose_questions_do_not_apply_is_not_asked_again(acting: Acting) -> None:
    found = await reading(acting, {"TECH1": "o1", "TECH2": NA})
    [readiness] = [one for one in found["dimensions"] if one["code"] == "READINESS"]
    assert readiness["items"][0]["status"] == "answered"
    assert "Q3" not in found["to_ask"]


async def test_a_whole_diagnostic_tells_seven_of_eleven_items_and_no_overall_score(
    acting: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    await acting.answer_visible(started["id"], mia)
    assert (await acting.post(f"/v1/assessments/{started['id']}/submit")).status_code == 200
    found = (await acting.get(f"/v1/assessments/{started['id']}/crosswalks/DMA")).json()
    assert found["to_ask"] == ["Q1", "Q4", "Q10", "Q11"]
    assert (found["score"], found["exact"]) == (None, None)


def crossed(*items: list[str]) -> Crosswalk:
    """Make a crosswalk from MINI-IA with one dimension an item."""
    label = {"fr": "x", "en": "x"}
    dimensions = [
        {
            "code": f"D{n}",
            "title": label,
            "items": [{"code": f"Q{n}", "title": label, "questions": one}],
        }
        for n, one in enumerate(items)
    ]
    facts = {"code": "X", "title": label, "questionnaire": "MINI-IA", "versions": ["1.0.0"]}
    source = {"source": "x", "source_url": "x", "verified": True, "note": label}
    return Crosswalk.model_validate({**facts, **source, "dimensions": dimensions})


def test_the_overall_score_is_the_mean_of_the_dimensions_once_all_are_told() -> None:
    found = profile.read(crossed(["Q1", "Q2"], ["Q5"]), GRID, base())
    assert [str(one.score) for one in found] == ["250/3", "100"]
    assert str(profile.overall(found)) == "275/3"


def test_what_is_hidden_open_unknown_or_not_applicable_is_never_guessed() -> None:
    items = crossed(["Q4"], ["Q5"], ["Q6"], ["Q2"])
    hidden = base(Q3=given(["none"]), Q5=NA_ANSWER, Q6=DK_ANSWER, Q2=None)
    found = profile.read(items, GRID, hidden)
    assert [one.items[0].status for one in found] == [
        "to_ask",
        "not_applicable",
        "to_ask",
        "to_ask",
    ]
    assert profile.overall(found) is None
    [open_one] = profile.read(crossed(["Q4"]), GRID, base(Q3=None, Q4=None))
    assert open_one.items[0].status == "to_ask"


async def test_the_reading_speaks_the_language_asked(acting: Acting) -> None:
    french = await reading(acting, {})
    english = await reading(acting, {}, **{"accept-language": "en"})
    assert french["dimensions"][5]["title"] == "Numérique responsable"
    assert english["dimensions"][5]["title"] == "Green digitalisation"
    assert "indicative" in english["note"].lower()


async def test_the_crosswalks_of_a_grid_are_listed(acting: Acting, mini_ia: dict[str, Any]) -> None:
    [dma] = (await acting.get("/v1/questionnaires/MIA/crosswalks")).json()["items"]
    assert (dma["code"], dma["verified"], len(dma["dimensions"])) == ("DMA", False, 6)
    assert (await acting.get("/v1/questionnaires/MINI-IA/crosswalks")).json() == {"items": []}
    unknown = await acting.get("/v1/questionnaires/NOPE/crosswalks")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "questionnaire-unknown")


async def test_what_is_not_there_or_not_yours_is_unknown(
    acting: Acting, stranger: Acting, as_client: Any, mini_ia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    path = f"/v1/assessments/{started['id']}/crosswalks"
    theirs = await stranger.get(f"{path}/DMA")
    assert (theirs.status_code, theirs.json()["code"]) == (404, "assessment-unknown")
    other = await acting.submitted(BASE)
    for address in (f"{path}/NOPE", f"/v1/assessments/{other['id']}/crosswalks/DMA"):
        response = await acting.get(address)
        assert (response.status_code, response.json()["code"]) == (404, "crosswalk-unknown")
    feeder = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:feed"}))
    assert (await feeder.get(f"{path}/DMA")).status_code == 403
    assert (await Acting(acting.http, {}).get(f"{path}/DMA")).status_code == 401
