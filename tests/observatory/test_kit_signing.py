"""Signatures of kits and certificates: what is signed, by whom, and what is refused."""

import copy
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from observatory.kits import certificates, keys, signing
from observatory.kits.signing import (
    KeyNotPinned,
    KeyUnreadable,
    PublicKey,
    SignatureWrong,
    SigningKey,
)
from observatory.settings import Settings

KEY = SigningKey.derived("a region's secret")
OTHER = SigningKey.derived("another region's secret")
TOLD: dict[str, Any] = {
    "document": "vigie-conformance-report/1",
    "node": "ARA",
    "region": "84",
    "base_url": "https://vigie.example.org/v1/observatory",
    "kit": {"agency": "HDF", "version": "1.0.0", "sha256": "0" * 64},
    "methods": {"ilo-2025": "1.0.0"},
    "vectors": [
        {
            "method": "ilo-2025",
            "vector": "place/1",
            "expected": "0.5",
            "found": "0.5",
            "passed": True,
        }
    ],
    "passed": True,
    "at": "2026-11-27T16:00:00Z",
}


def test_the_keys_of_rfc_8032_and_their_thumbprint_of_rfc_8037() -> None:
    seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"  # RFC 8037 A.1
    public = SigningKey.read(seed).public
    assert public.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # A.2
    assert public.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # A.3


def test_a_certificate_verifies_with_the_pinned_key() -> None:
    report = certificates.signed(TOLD, KEY)
    sent = report.model_dump(mode="json")
    assert certificates.verified(sent, [OTHER.public, KEY.public]) == report
    assert report.key_id == KEY.public.id


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_certificate_of_which_anything_was_changed_is_refused(name: str) -> None:
    sent = certificates.signed(TOLD, KEY).model_dump(mode="json")
    sent[name] = copy.deepcopy(sent[name])
    match sent[name]:
        case str():
            sent[name] += "0"
        case bool():
            sent[name] = False
        case dict():
            sent[name] = {"x": "1.0.0"}
        case list():
            sent[name] = []
    with pytest.raises(SignatureWrong):
        certificates.verified(sent, [KEY.public])


def test_a_certificate_signed_by_a_stranger_or_in_his_name_is_refused() -> None:
    sent = certificates.signed(TOLD, OTHER).model_dump(mode="json")
    with pytest.raises(KeyNotPinned):
        certificates.verified(sent, [KEY.public])
    with pytest.raises(SignatureWrong):
        certificates.verified({**sent, "key_id": KEY.public.id}, [KEY.public])
    for missing in ("key_id", "signature"):
        part = {name: each for name, each in sent.items() if name != missing}
        with pytest.raises((KeyNotPinned, SignatureWrong)):
            certificates.verified(part, [OTHER.public])
    with pytest.raises(SignatureWrong):
        certificates.verified({**sent, "at": float("nan")}, [OTHER.public])


@pytest.mark.parametrize(
    "changed",
    [
        {"passed": False},
        {"methods": {"ilo-2025": "1.0.0", "felten-2021": "1.0.0"}},
        {"methods": {}},
        {"vectors": []},
        {"document": "vigie-kit-manifest/1"},
        {"unknown": 1},
    ],
)
def test_a_report_that_contradicts_itself_is_none_even_signed(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        certificates.verified(signing.sign({**TOLD, **changed}, KEY), [KEY.public])


@pytest.mark.parametrize("text", ["", "é", "AAAA", "A" * 44, "$" * 43])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        PublicKey.read(text)


def _settings(**more: Any) -> Settings:
    needed = {"database_url": SecretStr("-"), "secret_key": SecretStr("-"), "trusted_issuers": {}}
    return Settings.model_validate({**needed, **more})


def test_an_installation_signs_with_its_own_key_and_trusts_whom_it_is_told() -> None:
    made = _settings(agency="ARA", kit_publishers={"HDF": [KEY.public.x]})
    assert keys.publishers(made, "HDF") == [KEY.public]
    assert keys.publishers(made, "ARA") == [keys.own(made).public]
    assert keys.publishers(made, "IDF") == []
    seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
    assert keys.own(_settings(kit_key=seed)) == SigningKey.read(seed) != keys.own(made)
    for wrong in ({"kit_key": "short"}, {"kit_publishers": {"HDF": ["short"]}}):
        with pytest.raises(ValidationError):
            _settings(**wrong)
    assert "2A" not in repr(SigningKey.read(seed))
