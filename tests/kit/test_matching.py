"""Names found by words: the rules, without a database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platformkit.matching import Index, Name, words_of

KINDS = ("jobs", "sectors")
NAMES = [
    Name("jobs", "A1", ("Chef de projet / Cheffe de projet",)),
    Name("sectors", "62", ("Programmation", "Programming")),
]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_question_breaks_the_index(question: str) -> None:
    result = Index(NAMES).find(question, KINDS)
    assert len(result.words) <= 12
    assert {hit.name.code for hit in result.hits} <= {"A1", "62"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Chefs d’équipe", ["chef", "equipe"]),
        ("L'ŒUVRE des ŒUVRES", ["œuvre", "œuvre"]),
        ("prix", ["pri"]),
        ("ia", ["ia"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_an_index_without_names_answers() -> None:
    assert Index([]).find("anything", KINDS).hits == []
