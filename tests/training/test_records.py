"""The shape that every import must produce."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.training.conftest import entry
from training.certifications.records import CertificationRecord, fold


@pytest.mark.parametrize(
    "facts",
    [
        {"level": 9},
        {"title": ""},
        {"registration_end": "2026-13-01"},
        {"registration_end_year": 2028},  # beside a full date
        {"certifying_bodies": [{"siret": "123", "name": "x"}]},
        {"access_routes": ["TELEPATHY"]},
        {"editorial": {"themes": ["magic"]}},
        {"colour": "blue"},
    ],
)
def test_what_no_source_can_mean_is_refused_at_load(facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry("RS1", **facts)


@pytest.mark.parametrize("number", ["35419", "rs1", "RNCP0", "RNCP123456", "RS01"])
def test_only_the_canonical_number_is_stored(number: str) -> None:
    with pytest.raises(ValidationError):
        entry(number)


def test_only_a_source_that_is_not_the_feed_leaves_fields_unknown() -> None:
    silent = {"level": None, "rome": None, "delivery_limit": None}
    assert entry("RNCP1", **silent).unknown == []
    told = entry("RNCP1", **silent, source={"kind": "secondary"})
    assert told.unknown == ["level", "delivery_limit", "rome"]
    assert entry("RS1", **silent, source={"kind": "secondary"}).unknown == [
        "delivery_limit",
        "rome",
    ]
    assert not told.validity.delivery_known


def test_the_digest_depends_on_the_content_and_not_on_the_layout() -> None:
    record = entry("RS1", level=5)
    shuffled = dict(reversed(record.model_dump(mode="json").items()))
    assert CertificationRecord.model_validate(shuffled).fingerprint == record.fingerprint
    assert entry("RS1", level=6).fingerprint != record.fingerprint


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Été à Œuf", "l'ete a oeuf"),
        ("DONNÉES", "donnees"),
        ("e\u0301", "e"),
        ("a\x00b", "a b"),
        ("ai_literacy", "ai literacy"),
    ],
)
def test_words_are_folded_alike_on_both_sides(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == folded
