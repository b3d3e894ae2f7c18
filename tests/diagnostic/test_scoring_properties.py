"""What holds for any grid and any answers, by hypothesis."""

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import Score, score
from diagnostic.assessments.visibility import PreparedGrid, Visibility, prepare, visibility
from diagnostic.questionnaires.grid import GridContent, Question
from tests.diagnostic.mini_ia import raw

LABEL = {"fr": "x", "en": "x"}
WEIGHTS = st.sampled_from([0, 0.5, 1, 2, 3.25])
POINTS = st.lists(st.integers(0, 9), min_size=2, max_size=4)


@st.composite
def grids(draw: st.DrawFn) -> PreparedGrid:
    """Draw up to three dimensions and eight questions, some shown only after a boolean says yes."""
    dimensions = [f"D{n}" for n in range(draw(st.integers(1, 3)))]
    questions: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["single", "multiple", "boolean", "scale", "matrix"]))
        question: dict[str, Any] = {
            "code": f"Q{n}",
            "label": LABEL,
            "type": kind,
            "dimension": draw(st.sampled_from(dimensions)),
            "weight": draw(WEIGHTS),
            "allow_na": draw(st.booleans()),
            "allow_dk": draw(st.booleans()),
        }
        if kind in {"single", "multiple"}:
            question["options"] = [
                {"code": f"o{i}", "label": LABEL, "points": one}
                for i, one in enumerate(draw(POINTS))
            ]
        if kind == "matrix":
            question["rows"] = [{"code": f"r{i}", "label": LABEL} for i in range(2)]
        gates = [one["code"] for one in questions if one["type"] == "boolean"]
        hidden = draw(st.booleans())
        if gates and hidden:
            question["enable_when"] = f"answers.{draw(st.sampled_from(gates))}"
        questions.append(question)
    content = raw(
        dimensions=[
            {"code": one, "title": LABEL, "weight": draw(st.sampled_from([1, 2, 0.5]))}
            for one in dimensions
        ],
        questions=questions,
    )
    return prepare(GridContent.model_validate(content))


def value_of(draw: st.DrawFn, question: Question) -> Any:
    match question.type:
        case "single":
            return draw(st.sampled_from([one.code for one in question.options]))
        case "multiple":
            codes = [one.code for one in question.options]
            return draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
        case "boolean":
            return draw(st.booleans())
        case "scale":
            return draw(st.integers(0, 5))
        case _:
            return {f"r{i}": draw(st.integers(0, 5)) for i in range(2)}


def answer_for(draw: st.DrawFn, question: Question) -> Answer:
    states = [State.ANSWERED] * 4
    states += [State.NOT_APPLICABLE] * question.allow_na + [State.DONT_KNOW] * question.allow_dk
    state = draw(st.sampled_from(states))
    if state is State.ANSWERED:
        return Answer(state, value_of(draw, question))
    return Answer(state, reason="x" if state is State.NOT_APPLICABLE else None)


@st.composite
def cases(draw: st.DrawFn) -> tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]]:
    """Draw a grid, partial answers, and a completion of them."""
    grid = draw(grids())
    full = {one.code: answer_for(draw, one) for one in grid.content.questions}
    kept = draw(st.lists(st.sampled_from(sorted(full)), unique=True))
    return grid, {code: full[code] for code in kept}, full


def figures(result: Score) -> list[tuple[Fraction | None, Fraction | None]]:
    return [(result.low, result.high)] + [(one.low, one.high) for one in result.dimensions]


@settings(max_examples=100)
@given(cases())
def test_scores_stay_within_0_and_100(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]],
) -> None:
    grid, partial, full = case
    for answers in (partial, full, {}):
        for low, high in figures(score(grid, answers)):
            assert (low is None) == (high is None)
            if low is not None and high is not None:
                assert 0 <= low <= high <= 100


@settings(max_examples=200)
@given(cases())
def test_a_completion_that_excludes_nothing_stays_inside_the_interval(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]],
) -> None:
    grid, partial, full = case
    before, after = score(grid, partial), score(grid, full)
    assume(not after.excluded)
    assert after.value is not None
    assert before.low is not None
    assert before.high is not None
    assert before.low <= after.value <= before.high
    for start, end in zip(before.dimensions, after.dimensions, strict=True):
        assert end.value is not None
        assert start.low is not None
        assert start.high is not None
        assert start.low <= end.value <= start.high


@settings(max_examples=100)
@given(cases())
def test_contributions_add_up_to_the_score_and_with_lost_points_to_100(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]],
) -> None:
    grid, _, full = case
    result = score(grid, full)
    told = explain(result)
    if result.value is None:
        assert told.shares == ()
        return
    assert sum(one.contribution for one in told.shares) == result.value
    weighty = sum(one.weight for one in result.dimensions if one.assessable)
    assert weighty > 0
    assert sum(one.contribution + one.lost for one in told.shares) == 100
    assert told.robustness is not None
    assert told.robustness.low <= result.value <= told.robustness.high


@settings(max_examples=100)
@given(cases())
def test_a_hidden_question_is_an_absent_question(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]],
) -> None:
    grid, _, full = case
    shown = visibility(grid, full)
    hidden = {code for code, one in shown.items() if one is Visibility.HIDDEN}
    without = {code: one for code, one in full.items() if code not in hidden}
    assert score(grid, without).result_hash() == score(grid, full).result_hash()
    assert score(grid, without).input_hash == score(grid, full).input_hash


@settings(max_examples=100)
@given(cases(), st.data())
def test_a_better_answer_never_lowers_the_score(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]], data: st.DataObject
) -> None:
    grid, _, full = case
    gates = {code for one in grid.conditions.values() for code in one.questions}
    scales = [
        one.code
        for one in grid.content.questions
        if one.type in {"scale", "boolean"}
        and one.code not in gates
        and full[one.code].state is State.ANSWERED
    ]
    assume(scales)
    code = data.draw(st.sampled_from(scales))
    best = True if grid.questions[code].type == "boolean" else 5
    before = score(grid, full).value
    after = score(grid, full | {code: Answer(State.ANSWERED, best)}).value
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before


@settings(max_examples=100)
@given(cases())
def test_the_same_answers_give_the_same_hash_in_any_order(
    case: tuple[PreparedGrid, dict[str, Answer], dict[str, Answer]],
) -> None:
    grid, partial, _ = case
    backwards = dict(reversed(list(partial.items())))
    assert score(grid, backwards).result_hash() == score(grid, partial).result_hash()
    assert score(grid, backwards).input_hash == score(grid, partial).input_hash
