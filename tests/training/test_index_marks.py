"""What is marked of entries: bits of each value, values of each entry."""

from hypothesis import given
from hypothesis import strategies as st

from training.indexing.marks import Marks

_FACTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 127), max_size=3), st.sampled_from("ab"), st.sampled_from("xyz")
    )
)


@given(_FACTS)
def test_bits_and_entries_say_the_same(facts: list[tuple[list[int], str, str]]) -> None:
    marks = Marks()
    for slots, facet, value in facts:
        marks.add(slots, facet, value)
    expected = {(slot, facet, value) for slots, facet, value in facts for slot in slots}
    values = marks.values()
    assert values == sorted({(facet, value) for _, facet, value in facts})
    bits = {one: marks.bits(one, 128).as_string().replace(" ", "") for one in values}
    assert {(at, *one) for one, said in bits.items() for at in range(128) if said[at] == "1"} == (
        expected
    )
    ids = {value: 100 + place for place, value in enumerate(values)}
    named = {number: value for value, number in ids.items()}
    entries = [(slot, *named[one]) for slot, given in marks.entries(ids) for one in given]
    assert len(entries) == len(set(entries))
    assert set(entries) == expected
