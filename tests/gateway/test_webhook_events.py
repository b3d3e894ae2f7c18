"""Types of events, pauses and seals: without a database."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from deploy.openapi import TARGET
from diagnostic.scores.contributions import RESERVED
from gateway.feeds.entry import Entry
from gateway.webhooks import backoff, catalogue, events, signing
from gateway.webhooks.sealing import Seal

SERVICES = Path(__file__).parents[2] / "services"
BASE = "https://vigie.example"
_PUBLISHED = re.compile(
    r"""feed\.publish\(\s*[^)]*?entity="([^"]+)"|\.change \(entity[^)]*\)\s*SELECT '([^']+)'"""
    r"""|SELECT '([^']+)', \w\.id::text|SELECT diagnostic\.tell_(\w+)\("""
)
_OF_PROGRAMMES = re.compile(r"""await tell\(\s*session,\s*\w+,\s*[\w.]+,\s*[^,]+,\s*"(\w+)\"""")

_OF_THE_NATION = re.compile(r"""await tell\(\s*session,\s*who,\s*"\w+",\s*"(\w+)\"""")


def published() -> Iterator[tuple[str, str]]:
    """Find in the services' code what goes into their feeds, for anybody."""
    for path in SERVICES.rglob("*.py"):
        service = path.relative_to(SERVICES).parts[0]
        if service != "gateway" and "migrations" not in path.parts:
            text = path.read_text()
            for found in _PUBLISHED.finditer(text):
                entity = found[1] or found[2] or found[3] or found[4]
                if entity not in RESERVED:
                    yield service, entity.replace("-", "_")
            for found in _OF_PROGRAMMES.finditer(text):
                yield service, "_".join(dict.fromkeys(("programme", found[1])))
            for found in _OF_THE_NATION.finditer(text):
                yield service, found[1]


def test_whatever_a_service_publishes_can_be_followed_and_nothing_else() -> None:
    known = {(service, entity) for service, of in catalogue.PLACES.items() for entity in of}
    assert set(published()) == known


def test_every_address_of_an_event_is_an_address_of_the_door() -> None:
    paths = json.loads(TARGET.read_bytes())["paths"]
    templates = [re.sub(r"\{[^}]+\}", "[^/]+", path) for path in paths]
    for service, entities in catalogue.PLACES.items():
        for entity, place in entities.items():
            if place is not None:
                deep = {
                    "reference": "rome/460/M1607",
                    "reference_version": "rome/460",
                    "kit_installation": "HDF/1.0.0",
                }
                path = place.format(deep.get(entity, "x"))
                assert path.startswith(f"/v1/{service}/")
                assert any(re.fullmatch(template, path) for template in templates), path


def test_the_document_describes_every_type() -> None:
    described = json.loads(TARGET.read_bytes())["webhooks"]
    assert described == json.loads(json.dumps(events.described()))
    types = {
        kind
        for item in described.values()
        for kind in item["post"]["requestBody"]["content"]["application/json"]["schema"][
            "properties"
        ]["type"]["enum"]
    }
    assert types == {"ping"} | {
        f"{service}.{entity}.{kind}"
        for service, of in catalogue.PLACES.items()
        for entity in of
        for kind in catalogue.KINDS
    }


@pytest.mark.parametrize(
    ("pattern", "is_known", "matched"),
    [
        ("training.certification.updated", True, True),
        ("training.certification.*", True, True),
        ("training.*.updated", True, True),
        ("training.*.*", True, True),
        ("training.certification.deleted", True, False),
        ("training.formation.*", True, False),
        ("observatory.*.*", True, False),
        ("training.formation_flags.created", True, False),
        ("training.formation-flags.created", False, None),
        ("training.job.*", False, None),
        ("gateway.*.*", False, None),
        ("*.*.*", False, None),
        ("training.certification", False, None),
        ("training.certification.updated.x", False, None),
        ("training.certification.erased", False, None),
        ("training.cert*.updated", False, None),
        ("TRAINING.*.*", False, None),
        ("", False, None),
    ],
)
def test_a_pattern_says_service_entity_and_kind(
    pattern: str, *, is_known: bool, matched: bool | None
) -> None:
    assert catalogue.is_known(pattern) is is_known
    if is_known:
        found = catalogue.matcher([pattern]).fullmatch("training.certification.updated")
        assert (found is not None) is matched


@given(st.text(max_size=40), st.integers(1, 9))
def test_an_event_has_an_address_whatever_its_subject_is_called(name: str, version: int) -> None:
    entry = Entry(7, "training", "formation-flags", name, "updated", version, datetime.now(UTC))
    made = catalogue.planned(entry, BASE)
    told = json.loads(made.body)
    assert made.type == told["type"] == "training.formation_flags.updated"
    assert (told["data"]["id"], told["data"]["position"]) == (name, 7)
    address = told["data"]["href"]
    assert address.isascii()
    assert address.startswith(f"{BASE}/v1/training/formations/")
    assert address.endswith("/habilitation")
    assert not set(address) & set("?# \n\\")


def test_an_entity_that_nobody_knows_yet_has_an_event_without_address() -> None:
    entry = Entry(1, "training", "novelty", "x", "created", 1, datetime.now(UTC))
    assert json.loads(catalogue.planned(entry, BASE).body)["data"]["href"] is None


@given(st.integers(1, 10_000), st.integers())
def test_a_pause_is_drawn_from_nothing_to_a_limit_that_grows(attempts: int, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # repeatable, not secret
    longest = min(5 * 4 ** min(attempts - 1, 20), 8 * 3600)
    assert timedelta() <= backoff.pause(attempts, dice) <= timedelta(seconds=longest)


@given(st.text(max_size=60))
def test_whatever_a_receiver_writes_as_retry_after_is_a_day_at_most(header: str) -> None:
    asked = backoff.asked(header, datetime.now(UTC))
    assert asked is None or timedelta() <= asked <= timedelta(days=1)


def test_a_sealed_secret_opens_with_any_key_and_is_sealed_with_the_first() -> None:
    secret = signing.make()
    old, both, new = Seal(["one"]), Seal(["two", "one"]), Seal(["two"])
    assert both.open(old.close(secret)) == secret
    assert new.open(both.close(secret)) == secret
    assert secret.encode() not in old.close(secret)
    assert old.close(secret) != old.close(secret)
    with pytest.raises(InvalidToken):
        new.open(old.close(secret))
