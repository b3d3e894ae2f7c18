"""Who stands behind a cell over all levels, and what is judged of linked tables and vintages."""

from decimal import Decimal

from observatory.disclosure.cells import Brought, Contributions, Vintage, differing, gathered
from observatory.disclosure.contributions import read
from observatory.disclosure.judgement import DIFFERENCE, SECONDARY, Judgement, Terms, judge
from observatory.disclosure.policy import shipped
from observatory.disclosure.rules import Contribution, inputs
from observatory.disclosure.tables import Hierarchy, Key
from observatory.disclosure.terms import Protection

ENTERPRISES = shipped().sources[0]
AREAS = [
    Hierarchy("communes", 0, {"D1": ["a", "b", "c"], "D2": ["d", "e"]}),
    Hierarchy("epci", 0, {"E1": ["a", "b"], "E2": ["c", "d"], "E3": ["e"]}),
]


def brought(communes: dict[str, int], period: str = "2025") -> list[Brought]:
    """Bring that many units of 10 from each commune."""
    return [
        Brought((commune, period), f"{commune}{number}", Contribution(Decimal(10)))
        for commune, count in communes.items()
        for number in range(count)
    ]


def vintage(behind: Contributions, *published: str) -> Vintage:
    values: dict[Key, float] = {
        key: float(inputs(units).total) for key, units in behind.items() if key[0] in published
    }
    return Vintage(values, behind)


def judged(*vintages: Vintage, known: frozenset[tuple[int, str]] = frozenset()) -> Judgement:
    return judge(Terms(ENTERPRISES, AREAS, known=known), vintages, frozenset())


def test_a_unit_counts_once_in_each_level_above_it() -> None:
    twice = [*brought({"a": 1, "b": 2}), *brought({"a": 1})]
    cells = gathered(twice, AREAS)
    assert {key[0]: len(units) for key, units in cells.items()} == {
        "a": 1,
        "b": 2,
        "D1": 3,
        "E1": 3,
    }
    assert cells["a", "2025"]["a0"].amount == 20


def test_an_epci_across_two_departements_lets_a_commune_be_told_by_difference() -> None:
    behind = gathered(brought({"a": 5, "b": 5, "c": 2, "d": 5, "e": 5}), AREAS)
    alone = judged(vintage(behind, "D1", "D2"))
    assert alone.passed
    assert {key[0] for key in alone.decisions} == {"c"}  # published nowhere, and safe so
    linked = judged(vintage(behind, "D1", "D2", "E1", "E2", "E3"))
    assert linked.passed
    hidden = {key[0]: each.reason for key, each in linked.decisions.items()}
    assert hidden["c"] == "frequency"  # D1 - E1
    assert SECONDARY in hidden.values()
    assert hidden.keys() & {"D1", "E1"}


def test_what_others_publish_cannot_be_hidden_and_fails_the_judgement() -> None:
    behind = gathered(brought({"a": 5, "b": 5, "c": 2, "d": 5, "e": 5}), AREAS)
    known = frozenset((0, code) for code in ("D1", "D2", "E1", "E2", "E3"))
    failed = judged(vintage(behind, "D1", "D2", "E1", "E2", "E3"), known=known)
    assert not failed.passed
    assert failed.lost == {("c", "2025")}


def test_the_only_unit_of_a_cell_cannot_undo_its_neighbour() -> None:
    behind = gathered(brought({"a": 1, "b": 5, "c": 1}), AREAS)
    now = vintage(behind, "a", "b", "c", "D1")
    strict = judged(now)
    assert {key[0] for key in strict.decisions} >= {"a", "b", "c"}  # a and c hide each other
    assert strict.passed  # the unit of c knows E2, which is its own figure, and that is no attack
    trusting = ENTERPRISES.model_copy(update={"insiders": False})
    lax = judge(Terms(trusting, AREAS), [now], frozenset())
    assert ("b", "2025") not in lax.decisions


def test_any_two_vintages_are_compared_not_only_neighbours() -> None:
    counts = ({"a": 5, "b": 5}, {"a": 9, "b": 5}, {"a": 6, "b": 5})
    first, second, third = (
        vintage(gathered(brought(each), AREAS), "a", "b", "D1") for each in counts
    )
    assert judged(first, second).decisions == {}  # four came
    assert judged(second, third).decisions == {}  # three went
    decisions = judged(first, second, third).decisions  # yet only one is new since the first
    assert decisions["a", "2025"].reason == DIFFERENCE


def test_what_is_hidden_already_is_not_decided_again() -> None:
    behind = gathered(brought({"a": 2, "b": 5, "c": 5}), AREAS)
    now = vintage(behind, "a", "b", "c", "D1")
    first = judged(now)
    assert {each.reason for each in first.decisions.values()} == {"frequency", SECONDARY}
    again = judge(Terms(ENTERPRISES, AREAS), [now], first.decisions.keys())
    assert {each.reason for each in again.decisions.values()} == {"frequency"}
    assert again.passed


def test_published_figures_are_what_their_units_add_up_to_within_the_rounding() -> None:
    behind = gathered(brought({"a": 5, "b": 5}), AREAS)
    off = Vintage({("a", "2025"): 50.0, ("b", "2025"): 52.0, ("D1", "2025"): 100.0}, behind)
    assert differing(off, 0) == [("b", "2025")]
    assert differing(off, 5) == []


def test_a_year_is_the_sum_of_its_quarters_and_a_quarter_of_its_months() -> None:
    protection = Protection(Terms(ENTERPRISES, AREAS), {}, adds_up_in_time=True, time=1)
    terms = protection.terms_over(["2025", "2025-Q1", "2025-Q2", "2025-01", "2025-03", "2026-Q1"])
    parts = {each.name: each.parts for each in terms.hierarchies[len(AREAS) :]}
    assert parts["TIME_PERIOD-Q"] == {"2025": ["2025-Q1", "2025-Q2"]}
    assert parts["TIME_PERIOD-M"] == {
        "2025": ["2025-01", "2025-03"],
        "2025-Q1": ["2025-01", "2025-03"],
        "2025-Q2": [],
        "2026-Q1": [],
    }
    still = Protection(Terms(ENTERPRISES, AREAS), {}, adds_up_in_time=False, time=1)
    assert still.terms_over(["2025", "2025-Q1"]).hierarchies == AREAS


def test_a_quarter_of_two_units_is_hidden_with_another_of_its_year() -> None:
    protection = Protection(Terms(ENTERPRISES, []), {}, adds_up_in_time=True, time=1)
    quarters = [f"2025-Q{number}" for number in range(1, 5)]
    terms = protection.terms_over(["2025", *quarters])
    lines = [
        each
        for place, quarter in enumerate(quarters)
        for each in brought({"a": 2 if place == 0 else 5 + place}, quarter)
    ]
    found = judge(terms, [vintage(gathered(lines, terms.hierarchies), "a")], frozenset())
    assert found.passed
    assert {key[1] for key in found.decisions} == {"2025-Q1", "2025-Q2"}


def test_lines_of_one_unit_add_up_and_its_weight_is_kept() -> None:
    file = ["REF_AREA,TIME_PERIOD,UNIT,AMOUNT,WEIGHT", "a,2025,u,1.5,3", "a,2025-A1,u,2,3"]
    (line,) = read(file, {"REF_AREA": {"a"}})
    assert line == Brought(("a", "2025"), "u", Contribution(Decimal("3.5"), Decimal(3)))
