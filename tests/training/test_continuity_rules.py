"""The rules of successions: every way is followed once, by the fewest steps, circles included."""

from hypothesis import given
from hypothesis import strategies as st

from training.continuity import rules
from training.continuity.rules import Correspondence, Link

CODES = [f"RS{number}" for number in range(1, 9)]
GRAPHS = st.fixed_dictionaries({code: st.sets(st.sampled_from(CODES)) for code in CODES}).map(
    lambda graph: {
        code: Link(code, sorted(successors - {code}), None) for code, successors in graph.items()
    }
)


@given(GRAPHS)
def test_each_successor_is_met_once_one_step_after_what_it_replaces(
    links: dict[str, Link],
) -> None:
    steps = rules.distances("RS1", links)
    assert "RS1" not in steps
    assert list(steps.values()) == sorted(steps.values())
    whole = {"RS1": 0, **steps}
    for code, step in whole.items():
        for successor in links[code].successors:
            assert whole[successor] <= step + 1
        if step:
            assert any(code in links[one].successors for one in whole if whole[one] == step - 1)


@given(GRAPHS)
def test_a_circle_is_what_one_can_come_back_through(links: dict[str, Link]) -> None:
    returns = any(
        code in links[successor].successors or code in reached(links, successor)
        for code in links
        for successor in links[code].successors
    )
    assert rules.turns_round(links.values()) == returns


def reached(links: dict[str, Link], start: str) -> set[str]:
    found, size = set(links[start].successors), 0
    while len(found) > size:
        size = len(found)
        found |= {after for code in found for after in links[code].successors}
    return found


def test_a_way_ends_where_the_links_do() -> None:
    links = {"RS1": Link("RS1", ["RS2", "RS3"], None), "RS2": Link("RS2", [], None)}
    assert rules.distances("RS1", links) == {"RS2": 1}


def test_blocs_of_either_side_are_carried_and_the_whole_carries_none_alone() -> None:
    stated = [
        Correspondence("RS1", ["a", "b"], "RS2", ["x"]),
        Correspondence("RS2", ["y"], "RS1", ["c"]),
        Correspondence("RS1", [], "RS3", []),
    ]
    assert rules.left_behind("RS1", ["a", "b", "c", "d"], stated) == ["d"]
    assert rules.left_behind("RS2", ["x", "y", "z"], stated[:2]) == ["z"]
