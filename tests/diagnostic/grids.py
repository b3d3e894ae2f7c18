"""Grids that nobody wrote: any content that the model admits, for properties of the formats."""

from typing import Any

from hypothesis import strategies as st

from diagnostic.questionnaires.grid import GridContent

text = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn"], include_characters="\n\t"
    ),
    min_size=1,
    max_size=30,
).filter(lambda one: bool(one.strip()) and "_x" not in one and "x005F_" not in one)
line = st.one_of(
    text, st.sampled_from(["=1+1", "-2", "@x", "+3", "42", "vrai", "1,5", "01/02/2026"])
)
label = st.builds(lambda fr, en: {"fr": fr, "en": en}, line, st.none() | line)
code = st.from_regex(r"[A-Z][A-Z0-9_]{0,6}", fullmatch=True)
option_code = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,6}", fullmatch=True)
number = st.floats(-1e6, 1e6, allow_nan=False) | st.sampled_from([0.1 + 0.2, 1 / 3, 1e-7])
weight = st.floats(0, 1e6, allow_nan=False) | st.integers(0, 9)
flag = st.booleans()
share = st.floats(0, 1, allow_nan=False)


def _unique(part: st.SearchStrategy[dict[str, Any]], low: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(part, min_size=low, max_size=4, unique_by=lambda one: one["code"])


points = st.floats(-100, 100, allow_nan=False) | st.integers(-5, 5)
row = st.fixed_dictionaries({"code": option_code, "label": label})
option = st.fixed_dictionaries(
    {"code": option_code, "label": label, "points": points, "exclusive": flag}
)
band = st.fixed_dictionaries(
    {"start": st.none() | number, "points": points, "label": st.none() | label}
)
scale = {"maximum": st.integers(1, 10), "anchors": st.lists(label, max_size=4)}
BY_TYPE: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "single": {"options": _unique(option, 2)},
    "multiple": {
        "options": _unique(option, 2),
        "max_points": st.none() | st.floats(0.1, 50, allow_nan=False),
    },
    "boolean": {},
    "scale": scale,
    "matrix": {**scale, "rows": _unique(row, 1), "allow_row_na": flag},
    "number": {
        "minimum": st.none() | number,
        "maximum": st.none() | number,
        "integer": flag,
        "unit": st.none() | label,
        "bands": st.lists(band, max_size=3),
    },
    "text": {"max_length": st.integers(1, 10_000), "multiline": flag},
    "date": {},
    "file": {
        "kinds": st.lists(st.sampled_from(["pdf", "png", "docx"]), min_size=1, max_size=3),
        "max_bytes": st.integers(1, 20_000_000),
    },
}


def _question(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "type": st.just(kind),
            "code": code,
            "dimension": st.none() | code,
            "label": label,
            "help": st.none() | label,
            "weight": weight,
            "required": flag,
            "allow_na": flag,
            "allow_dk": flag,
            "enable_when": st.none()
            | st.sampled_from(["has(answers.Q1)", "answers.Q1 == 'o1' || answers.Q2 > 3"])
            | line,
            **BY_TYPE[kind],
        }
    )


level = st.fixed_dictionaries({"code": option_code, "title": label})
dimension = st.fixed_dictionaries(
    {
        "code": code,
        "title": label,
        "weight": weight,
        "order": st.integers(0, 1000),
        "core": flag,
        "summary": st.none() | label,
        "levels": st.dictionaries(option_code, label, max_size=3),
    }
)
profile = st.fixed_dictionaries(
    {
        "code": option_code,
        "dk_value": st.floats(0, 1, allow_nan=False),
        "min_applicable_share": st.floats(0, 1, allow_nan=False),
        "precision": st.integers(0, 4),
        "thresholds": st.lists(weight, max_size=5),
        "levels": st.lists(level, min_size=1, max_size=4),
        "non_compensation": flag,
        "evidence": st.none()
        | st.fixed_dictionaries({}, optional={"declared": share, "verified": share}),
    }
)
grid: st.SearchStrategy[GridContent] = st.fixed_dictionaries(
    {
        "code": st.from_regex(r"[A-Z][A-Z0-9_-]{0,6}", fullmatch=True),
        "version": st.just("1.2.3"),
        "title": label,
        "description": st.none() | label,
        "profile": profile,
        "dimensions": _unique(dimension, 1),
        "questions": _unique(st.sampled_from(sorted(BY_TYPE)).flatmap(_question), 1),
    }
).map(GridContent.model_validate)
