"""Grids that nobody wrote: any content that the model admits, for properties of the formats."""

from collections.abc import Collection, Iterable
from typing import Any, get_args

from hypothesis import strategies as st

from diagnostic.exchanges.reading import Reading, Remark
from diagnostic.questionnaires.grid import GridContent, RegisteredFact

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
code = st.sampled_from(["Q1", "Q2", "Q3", "Q4"]) | st.from_regex(
    r"[A-Z][A-Z0-9_]{0,6}", fullmatch=True
)
CONDITIONS = [
    "has(answers.Q1)",
    "answers.Q1 == 'o1' || answers.Q2 > 3",
    "answers.Q1 > 3 && answers.Q2 != 2.5",
    "answers.Q3 && !('o1' in answers.Q4)",
    "has(answers.Q1) && ('o1' in answers.Q2 || answers.Q3 == false)",
    "answers.Q1 in ['o1', 'o2'] || !has(answers.Q2)",
    "answers.Q1 != 'o1' || answers.Q1 < 2",
    "answers.Q1.exists(one, one == 'o1')",
]
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
            "enable_when": st.none() | st.sampled_from(CONDITIONS) | line,
            "prefill": st.none() | st.sampled_from(get_args(RegisteredFact)),
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


def _leaves(node: Any, at: str = "") -> dict[str, Any]:
    members = node.items() if isinstance(node, dict) else enumerate(node)
    found: dict[str, Any] = {}
    for key, value in members:
        inner = f"{at}/{key}"
        found |= (
            _leaves(value, inner) if isinstance(value, dict | list) and value else {inner: value}
        )
    return found


def unsaid(
    content: GridContent, found: Reading, losses: Iterable[Remark], but: Collection[str] = ()
) -> set[str]:
    """Point at what differs in questions as another tool alone would keep them, and no loss names.

    Conditions and dimensions are compared elsewhere: they are renamed and reworded on the way.
    """
    before = _leaves(content.model_dump(mode="json", exclude_defaults=True)["questions"])
    for one in found.raw["questions"]:
        one.setdefault("weight", 0.0 if one["type"] in {"text", "date", "file"} else 1.0)
    after = _leaves(found.raw["questions"])
    named = {one.pointer.removeprefix("/questions") for one in losses}
    different = {at for at, value in before.items() if after.get(at) != value}
    return {
        at
        for at in different
        if not {"dimension", "enable_when", *but} & set(at.split("/"))
        and not any(at == one or at.startswith(f"{one}/") for one in named)
    }
