"""Conditions in other languages: what is translated decides alike on every answer."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from diagnostic.exchanges import dialects
from diagnostic.exchanges.dialects import CEL, SURVEYJS, XLSFORM
from diagnostic.exchanges.expressions import Check, Expression, Group, Inexpressible
from diagnostic.questionnaires.conditions import compile_condition

KINDS = {"S": "single", "T": "single", "M": "multiple", "B": "boolean", "N": "number", "L": "scale"}
VALUES: dict[str, list[Any]] = {
    "S": ["o1", "o2"],
    "T": ["o1", "o2"],
    "M": [["a"], ["b"], ["a", "b"], ["none"]],
    "B": [True, False],
    "N": [-2, 0, 2.5, 3, 40],
    "L": [0, 1, 3],
}
answers = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from(values) for code, values in VALUES.items()}
)
atom = st.one_of(
    st.sampled_from(["answers.B", "answers.B == true", "answers.B != true", "'o1' == answers.S"]),
    st.builds(
        lambda q, op, v: f"answers.{q} {op} '{v}'",
        st.sampled_from("ST"),
        st.sampled_from(["==", "!="]),
        st.sampled_from(["o1", "o2", "o9"]),
    ),
    st.builds(lambda v: f"'{v}' in answers.M", st.sampled_from(["a", "b", "none"])),
    st.builds(
        lambda q, op, v: f"answers.{q} {op} {v}",
        st.sampled_from("NL"),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(["-1", "0", "2.5", "3"]),
    ),
    st.builds(lambda q: f"has(answers.{q})", st.sampled_from("STMBNL")),
    st.sampled_from(["answers.S in ['o1', 'o2']", "answers.N in [3, 40]", "2 < answers.N"]),
)
source = st.recursive(
    atom,
    lambda inner: st.one_of(
        st.builds(lambda one: f"!({one})", inner),
        st.builds(
            lambda left, op, right: f"({left}) {op} ({right})",
            inner,
            st.sampled_from(["&&", "||"]),
            inner,
        ),
        st.builds(lambda one, two: f"{one} && {two}", atom, atom),
    ),
    max_leaves=5,
)


def xpath_holds(condition: str, given_: dict[str, Any]) -> bool:
    """Evaluate as ODK does, with libxml2: an unanswered question is an empty text."""

    def spelt(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return " ".join(value) if isinstance(value, list) else str(value)

    def selected(_: Any, answer: str, choice: str) -> bool:
        return choice in answer.split()

    functions = etree.FunctionNamespace(None)
    functions["selected"] = selected
    variables = {code: spelt(given_[code]) if code in given_ else "" for code in KINDS}
    plain = condition.replace("${", "$").replace("}", "")
    return bool(etree.XPath(plain)(etree.Element("x"), **variables))


@settings(max_examples=100)
@given(source, answers)
def test_what_is_written_for_xlsform_decides_as_cel_does(
    source: str, given_: dict[str, Any]
) -> None:
    there = dialects.translated(source, CEL, XLSFORM, KINDS)
    assert xpath_holds(there, given_) is compile_condition(source).holds(given_), there


@pytest.mark.parametrize("dialect", [XLSFORM, SURVEYJS])
@settings(max_examples=100)
@given(source=source, given_=answers)
def test_a_condition_comes_back_from_another_language_meaning_the_same(
    dialect: dialects.Dialect, source: str, given_: dict[str, Any]
) -> None:
    there = dialects.translated(source, CEL, dialect, KINDS)
    back = dialects.translated(there, dialect, CEL, KINDS)
    assert dialects.read(back, CEL, KINDS) == dialects.read(there, dialect, KINDS)
    assert dialects.translated(back, CEL, dialect, KINDS) == there
    assert compile_condition(back).holds(given_) is compile_condition(source).holds(given_), there


@pytest.mark.parametrize(
    ("source", "xlsform", "surveyjs"),
    [
        (
            "has(answers.M) && !('none' in answers.M)",
            "(${M} != '' and not(selected(${M}, 'none')))",
            "({M} notempty and {M} notcontains 'none')",
        ),
        ("answers.S == 'o1'", "${S} = 'o1'", "{S} = 'o1'"),
        ("answers.B", "${B} = 'true'", "{B} = true"),
        ("!has(answers.N) || answers.N > 3", "${N} = '' or ${N} > 3", "{N} empty or {N} > 3"),
        (
            "answers.L >= 2 && (answers.S in ['o1', 'o2'] || answers.B)",
            "${L} >= 2 and (${S} = 'o1' or ${S} = 'o2' or ${B} = 'true')",
            "{L} >= 2 and ({S} = 'o1' or {S} = 'o2' or {B} = true)",
        ),
    ],
)
def test_conditions_read_as_people_of_the_other_tool_write_them(
    source: str, xlsform: str, surveyjs: str
) -> None:
    assert dialects.translated(source, CEL, XLSFORM, KINDS) == xlsform
    assert dialects.translated(source, CEL, SURVEYJS, KINDS) == surveyjs


@pytest.mark.parametrize(
    ("dialect", "theirs", "ours"),
    [
        (XLSFORM, "${S} != 'o1'", "!has(answers.S) || answers.S != 'o1'"),
        (XLSFORM, "not(selected(${M}, 'a'))", "!has(answers.M) || !('a' in answers.M)"),
        (XLSFORM, "selected(${S}, 'o1') and ${N} <= 2.5", "answers.S == 'o1' && answers.N <= 2.5"),
        (SURVEYJS, "{S} anyof ['o1', 'o2']", "answers.S == 'o1' || answers.S == 'o2'"),
        (
            SURVEYJS,
            "{M} anyof ['a', 'b'] AND {B} == false",
            "('a' in answers.M || 'b' in answers.M) && answers.B == false",
        ),
        (
            SURVEYJS,
            "!({S} empty) && {N} <> 3",
            "has(answers.S) && (!has(answers.N) || answers.N != 3)",
        ),
    ],
)
def test_conditions_of_other_tools_are_read_with_their_own_meaning(
    dialect: dialects.Dialect, theirs: str, ours: str
) -> None:
    assert dialects.translated(theirs, dialect, CEL, KINDS) == ours


@pytest.mark.parametrize(
    "source",
    [
        "answers.M.exists(x, x == 'a')",
        "size(answers.M) > 2",
        "answers.N + 1 > 3",
        "answers.N > answers.L",
        "answers.S == 'o1' ? answers.B : false",
        "answers.S < 'o1'",
        "answers.N == 'three'",
        "answers.M == 'a'",
        "answers.UNKNOWN == 'a'",
        "answers.S == 'it\\'s'",
        "has(answers.S",
        "(" * 200 + "answers.B" + ")" * 200,
        "!" * 4000 + "answers.B",
        "",
        "answers.S in []",
        "answers.N == 99999999999999999999999",
    ],
)
def test_what_others_cannot_say_is_never_said_wrongly(source: str) -> None:
    for dialect in (XLSFORM, SURVEYJS):
        with pytest.raises(Inexpressible):
            dialects.translated(source, CEL, dialect, KINDS)


def depth(expression: Expression) -> int:
    return 1 + max(map(depth, expression.parts)) if isinstance(expression, Group) else 0


def test_a_normal_form_alternates_its_groups() -> None:
    found = dialects.read("answers.B && (answers.B && !(answers.N > 3 || !answers.B))", CEL, KINDS)
    assert found == Group(every=True, parts=(Check("B", "==", value=True), Check("N", "<=", 3)))
    assert depth(found) == 1
    assert list(itertools.chain(VALUES)) == list(KINDS)
