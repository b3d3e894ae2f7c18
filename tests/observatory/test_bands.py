"""Reading keys without a database: each value has one class, bounds as ruled."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.keys import citing
from observatory.shipped import readings
from observatory.structures import bands
from observatory.structures.bands import Band, Rounding
from observatory.structures.classing import Class, Key, judge
from observatory.structures.combining import combine
from platformkit.i18n import Text

CENTS = st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100)


@st.composite
def scales(draw: st.DrawFn) -> list[Band]:
    """Make bands that share no value and leave none out, in any order; ends may be open."""
    cuts = sorted(draw(st.lists(CENTS, min_size=1, max_size=6, unique=True)))
    ends = [None if draw(st.booleans()) else cuts[0] - 1, *cuts]
    ends.append(None if draw(st.booleans()) else cuts[-1] + 1)
    owners = [draw(st.booleans()) for _ in ends]  # whether the band above has the bound
    made = []
    for at, (low, high) in enumerate(pairwise(ends)):
        has_low, has_high = owners[at], not owners[at + 1]
        includes: bands.Includes = (
            "both" if has_low and has_high else "lower" if has_low else "neither"
        )
        if has_high and not has_low:
            includes = "upper"
        made.append(Band(f"b{at}", low, high, includes))
    return draw(st.permutations(made))


@given(scales(), st.lists(CENTS, min_size=1, max_size=30))
def test_each_value_has_exactly_one_class_whatever_the_order(
    scale: list[Band], values: list[Decimal]
) -> None:
    assert list(bands.faults(scale)) == []
    placed = bands.ordered(scale)
    bounds = [end for each in scale for end in (each.lower, each.upper) if end is not None]
    for value in [*values, *bounds]:
        holding = [each for each in scale if each.has(value)]
        low, high = placed[0], placed[-1]
        inside = (low.lower is None or value > low.lower) and (
            high.upper is None or value < high.upper
        )
        assert len(holding) == 1 if inside else len(holding) <= 1
        assert bands.classify(scale, value) == bands.classify(placed, value)
        assert bands.classify(scale, value) == (holding[0] if holding else None)


@given(scales(), st.data())
def test_a_bound_that_is_moved_or_given_twice_is_a_fault(
    scale: list[Band], data: st.DataObject
) -> None:
    placed = bands.ordered(scale)
    at = data.draw(st.integers(0, len(placed) - 2))
    low, high = placed[at], placed[at + 1]
    assert high.lower is not None
    lower = high.lower + Decimal(data.draw(st.sampled_from(["0.001", "-0.001"])))
    moved = Band(high.id, lower, high.upper, high.includes)
    kinds = {each.kind for each in bands.faults([*placed[:at], low, moved, *placed[at + 2 :]])}
    assert kinds & {"gap", "overlap"}
    twice: bands.Includes = "both" if high.has_upper else "lower"
    both = Band(high.id, high.lower, high.upper, twice)
    if low.has_upper:
        assert "overlap" in {each.kind for each in bands.faults([*placed[: at + 1], both])}
    else:
        none: bands.Includes = "upper" if high.has_upper else "neither"
        left_out = Band(high.id, high.lower, high.upper, none)
        assert "gap" in {each.kind for each in bands.faults([*placed[: at + 1], left_out])}


@pytest.mark.parametrize(
    ("value", "rounding", "written"),
    [
        (0.15, None, "0.15"),
        (0.1 + 0.2, None, "0.3"),
        (0.1499, Rounding(2, "half_up"), "0.15"),
        (0.145, Rounding(2, "half_up"), "0.15"),
        (-0.145, Rounding(2, "half_up"), "-0.15"),
        (59.99, Rounding(0, "down"), "59"),
        (-0.99, Rounding(0, "down"), "0"),
        (1e17, Rounding(12, "half_up"), "1e17"),
        (-1.5e300, Rounding(12, "half_up"), "-1.5e300"),
    ],
)
def test_a_value_is_compared_as_it_is_written(
    value: float, rounding: Rounding | None, written: str
) -> None:
    assert bands.rounded(value, rounding) == Decimal(written)


def _key(*, needs_certainty: bool = False) -> Key:
    text = Text("{value}", "{value}")
    scale = [
        Band("low", None, Decimal(1)),
        Band("middle", Decimal(1), Decimal(2), "both"),
        Band("high", Decimal(2), Decimal(9), "neither"),
    ]
    classes = tuple(Class(each, text, text) for each in scale)
    return Key("X(1.0.0)", classes, None, ("E",), ("U",), needs_certainty)


@pytest.mark.parametrize(
    ("value", "status", "interval", "why", "klass", "certain", "reaches"),
    [
        (1.0, "A", None, "classed", "middle", None, []),
        (2.0, "A", None, "classed", "middle", None, []),
        (0.999, "A", None, "classed", "low", None, []),
        (9.0, "A", None, "beyond", None, None, []),
        (1.5, "U", None, "unreliable", None, None, []),
        (None, "Q", None, "absent", None, None, []),
        (1.5, "A", (1.0, 2.0), "classed", "middle", True, ["middle"]),
        (1.5, "A", (0.5, 2.0), "classed", "middle", False, ["low", "middle"]),
        (1.5, "A", (0.5, 9.5), "classed", "middle", False, ["low", "middle", "high"]),
    ],
)
def test_a_figure_is_judged_by_status_class_and_interval(
    value: float | None,
    status: str,
    interval: tuple[float, float] | None,
    why: str,
    klass: str | None,
    certain: object,
    reaches: list[str],
) -> None:
    found = judge(_key(), value, status, interval)
    assert (found.why, found.klass and found.klass.band.id) == (why, klass)
    assert (found.certain, [each.band.id for each in found.reaches]) == (certain, reaches)


def test_a_key_that_needs_certainty_gives_no_class_where_several_are_reached() -> None:
    strict = _key(needs_certainty=True)
    assert judge(strict, 1.5, "A", (0.5, 1.6)).why == "uncertain"
    assert judge(strict, 1.5, "A", (1.4, 1.6)).why == "classed"
    assert judge(strict, 1.5, "E", (1.4, 1.6)).caution


@pytest.mark.parametrize(
    ("levels", "rule", "tie", "one"),
    [
        ([], "highest", "lower", None),
        ([0, 3, 1], "highest", "lower", 3),
        ([0, 3, 1], "lowest", "lower", 0),
        ([0, 3, 1], "median", "lower", 1),
        ([0, 3, 1, 2], "median", "lower", 1),
        ([0, 3, 1, 2], "median", "higher", 2),
        ([0, 3, 3, 0, 1], "most_frequent", "lower", 0),
        ([0, 3, 3, 0, 1], "most_frequent", "higher", 3),
    ],
)
def test_levels_become_one_by_the_rule_and_ties_as_ruled(
    levels: list[int], rule: str, tie: str, one: int | None
) -> None:
    for order in (levels, levels[::-1]):
        assert combine(order, rule, tie) == one  # type: ignore[arg-type]  # of the table


def test_a_title_that_latex_would_read_is_escaped_in_bibtex() -> None:
    cited = citing.Cited(
        *("grid", "Région", "50 % & {plus}_", "1.0.0", "urn:x", "HDF_x"),
        *(datetime(2026, 11, 27, tzinfo=UTC), "LO", "fr", "10.5281/zenodo.1"),
    )
    assert r"title = {{50 \% \& \{plus\}\_}}" in citing.bibtex(cited)
    assert citing.csl(cited)[0]["DOI"] == "10.5281/zenodo.1"
    assert citing.sentence(cited).endswith("urn:x. https://doi.org/10.5281/zenodo.1")


def test_every_shipped_text_is_in_both_languages() -> None:
    def texts(value: object) -> list[dict[str, str]]:
        if isinstance(value, dict):
            own = [value] if value.keys() == {"fr", "en"} else []
            return own + [each for member in value.values() for each in texts(member)]
        if isinstance(value, list):
            return [each for member in value for each in texts(member)]
        return []

    shipped = readings.structures()
    found = texts(shipped.model_dump(mode="json"))
    assert len(found) > 500
    same = {
        each["fr"] for each in found if each["fr"] == each["en"] and len(each["fr"].split()) > 4
    }
    assert same == set()
