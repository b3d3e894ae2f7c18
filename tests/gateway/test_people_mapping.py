"""What claims mean here: ProConnect's SIRET, RENATER's affiliations, Keycloak's groups (S-S2)."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from deploy.openapi import TARGET
from gateway.people import discovery, issuers
from gateway.people.calls import Answer
from gateway.people.issuers import Issuer
from gateway.people.mapping import PersonRefused, Place, place
from gateway.people.provider import Login, Provider
from gateway.people.roles import SCOPES, scopes_of
from gateway.people.sealing import Seal, SealBroken, pseudonym
from gateway.proxy import table
from platformkit.outside import OutsideUnreachable
from tests.gateway.doors import PEM

LILLE = "https://idp.univ-lille.fr/idp/shibboleth"
RENATER: dict[str, Any] = {
    "name": "renater",
    "issuer": "https://broker.example/renater",
    "client_id": "vigie",
    "client_secret": "s" * 40,
    "affiliations": {"providers": {LILLE: ["univ-lille.fr", "chu-lille.fr"]}},
    "organisations": {"univ-lille.fr": "univ-lille"},
    "roles": {"student": "learner", "faculty": "reader", "employee": "reader"},
}
KEYCLOAK: dict[str, Any] = {
    "name": "keycloak",
    "issuer": "https://sso.example/realms/lycees",
    "client_id": "vigie",
    "client_secret": "s" * 40,
    "organisation_claim": "groups",
    "organisations": {"/lycees/nord": "lycee-nord", "/lycees/sud": "lycee-sud"},
    "role_claim": "realm_access.roles",
    "roles": {"vigie-conseil": "adviser", "vigie-auteur": "author"},
}


def renater(*affiliations: object, provider: object = LILLE) -> dict[str, object]:
    return {"eduperson_scoped_affiliation": list(affiliations), "idp_entity_id": provider}


@pytest.mark.parametrize(
    ("described", "claims", "organisation", "roles"),
    [
        (RENATER, renater("student@univ-lille.fr"), "univ-lille", {"learner"}),
        (
            RENATER,
            renater("faculty@univ-lille.fr", "student@univ-lille.fr", "member@univ-lille.fr"),
            "univ-lille",
            {"learner", "reader"},
        ),
        (
            RENATER,
            renater("student@univ-lille.fr", "faculty@chu-lille.fr"),
            "univ-lille",
            {"learner"},
        ),
        (
            RENATER,
            {"eduperson_scoped_affiliation": "student@univ-lille.fr", "idp_entity_id": LILLE},
            "univ-lille",
            {"learner"},
        ),
        (
            KEYCLOAK,
            {
                "groups": ["/lycees/nord", "/anciens"],
                "realm_access": {"roles": ["vigie-conseil", "vigie-auteur", "offline_access"]},
            },
            "lycee-nord",
            {"adviser", "author"},
        ),
        (
            KEYCLOAK | {"role_claim": "https://sso.example/role"},
            {"groups": "/lycees/sud", "https://sso.example/role": "vigie-auteur"},
            "lycee-sud",
            {"author"},
        ),
        (
            KEYCLOAK | {"role_claim": None, "default_role": "reader"},
            {"groups": ["/lycees/sud"]},
            "lycee-sud",
            {"reader"},
        ),
    ],
)
def test_claims_give_one_organisation_and_its_roles(
    described: dict[str, Any], claims: dict[str, Any], organisation: str, roles: set[str]
) -> None:
    assert place(Issuer(**described), claims) == Place(organisation, frozenset(roles))


@pytest.mark.parametrize(
    ("described", "claims", "reason"),
    [
        (RENATER, renater("student@univ-artois.fr"), "affiliation-scope-mismatch"),
        (
            RENATER,
            renater("student@univ-lille.fr", "faculty@univ-artois.fr"),
            "affiliation-scope-mismatch",
        ),
        (
            RENATER,
            renater("student@univ-lille.fr", provider="https://idp.univ-artois.fr"),
            "affiliation-scope-mismatch",
        ),
        (RENATER, renater("student@univ-lille.fr", provider=None), "affiliation-scope-mismatch"),
        (
            RENATER,
            renater("student@univ-lille.fr", provider=[LILLE, "https://other"]),
            "affiliation-scope-mismatch",
        ),
        (RENATER, renater("student"), "affiliation-scope-mismatch"),
        (RENATER, renater("student@univ-lille.fr@evil.example"), "affiliation-scope-mismatch"),
        (RENATER, renater("student@UNIV-LILLE.FR"), "affiliation-scope-mismatch"),
        (RENATER, renater("faculty@chu-lille.fr"), "organisation-unknown"),
        (RENATER, renater("alum@univ-lille.fr"), "role-unknown"),
        (RENATER, renater(), "organisation-unknown"),
        (RENATER, {}, "organisation-unknown"),
        (KEYCLOAK, {"groups": ["/lycees/nord", "/lycees/sud"]}, "organisation-ambiguous"),
        (KEYCLOAK, {"groups": {"/lycees/nord": 1}}, "organisation-unknown"),
        (
            KEYCLOAK | {"required": {"acr": ["eidas2"]}},
            {"groups": ["/lycees/nord"], "acr": "eidas1"},
            "claim-missing",
        ),
    ],
)
def test_claims_that_give_none_are_refused(
    described: dict[str, Any], claims: dict[str, Any], reason: str
) -> None:
    with pytest.raises(PersonRefused) as refused:
        place(Issuer(**described), claims)
    assert refused.value.reason == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=80)
@given(st.dictionaries(st.sampled_from(["groups", "realm_access", "idp_entity_id", "x"]), JSON))
def test_whatever_an_issuer_says_it_is_a_place_or_a_refusal(claims: dict[str, Any]) -> None:
    for described in (KEYCLOAK, RENATER):
        with pytest.raises(PersonRefused):
            place(Issuer(**described), claims)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "http://sso.example"},
        {"issuer": "https://user@sso.example"},
        {"issuer": "https://sso.example/#x"},
        {"issuer": "ftp://sso.example"},
        {"client_secret": None},
        {"private_key": PEM},
        {"algorithm": "HS256", "client_secret": "short"},
        {"algorithm": "none"},
        {"organisation_claim": None},
        {"affiliations": {"providers": {}}},
        {"organisations": {"x": "Not An Organisation"}},
        {"roles": {"x": "root"}},
        {"default_role": "operator"},
        {"name": "../x"},
        {"unknown": 1},
    ],
)
def test_a_description_with_a_mistake_stops_the_start(changes: dict[str, Any]) -> None:
    Issuer(**KEYCLOAK)
    described = KEYCLOAK | {"client_secret": "hunter2" * 6} | changes
    with pytest.raises(ValidationError) as mistake:
        issuers.read(SecretStr(json.dumps([described])))
    assert "hunter2" not in str(mistake.value)


def test_issuers_are_a_list_or_a_file_with_it_each_once(tmp_path: Path) -> None:
    assert issuers.read(None) == {}
    both = [KEYCLOAK, RENATER]
    file = tmp_path / "issuers.json"
    file.write_text(json.dumps(both))
    for told in (json.dumps(both), str(file)):
        assert set(issuers.read(SecretStr(told))) == {"keycloak", "renater"}
    for twice in ({"name": "other"}, {"issuer": "https://other.example"}):
        with pytest.raises(ValueError, match="twice"):
            issuers.read(SecretStr(json.dumps([KEYCLOAK, KEYCLOAK | twice])))
    with pytest.raises(OSError, match="No such file"):
        issuers.read(SecretStr(str(tmp_path / "none")))


def test_roles_open_operations_that_there_are_and_none_of_a_programs() -> None:
    known = {
        scope for route in table.read(json.loads(TARGET.read_bytes())) for scope in route.scopes
    }
    for role, scopes in SCOPES.items():
        assert scopes, role
        assert scopes <= known
        assert not {one for one in scopes if one.endswith((":feed", ":keys"))}
    assert scopes_of(frozenset()) == frozenset()
    assert scopes_of(frozenset({"learner", "reader"})) == SCOPES["learner"] | SCOPES["reader"]


def test_a_pseudonym_is_of_one_issuer_and_nothing_without_the_pepper() -> None:
    made = pseudonym("pepper", "https://a.example", "marie")
    assert made == pseudonym("pepper", "https://a.example", "marie")
    others = {
        pseudonym("pepper", "https://b.example", "marie"),
        pseudonym("other", "https://a.example", "marie"),
        pseudonym("pepper", "https://a.example", "pierre"),
        pseudonym("pepper", "https://a.examplemarie", ""),
    }
    assert len(others | {made}) == 5


def test_a_seal_is_for_one_purpose_and_a_time() -> None:
    seal = Seal("pepper", "login")
    sealed = seal.seal({"a": 1})
    assert seal.open(sealed, 60) == {"a": 1}
    for other in (Seal("pepper", "departure"), Seal("other", "login")):
        with pytest.raises(SealBroken):
            other.open(sealed, 60)
    with pytest.raises(SealBroken):
        seal.open(sealed, -1)


def _metadata(issuer: str, **more: object) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/a",
        "token_endpoint": f"{issuer}/t",
        "jwks_uri": f"{issuer}/j",
    } | more


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"client_id", "client_secret"}),
        ({"authentication": "client_secret_basic"}, set()),
        (
            {"client_secret": None, "private_key": PEM, "key_id": "k"},
            {"client_id", "client_assertion", "client_assertion_type"},
        ),
        (
            {
                "client_secret": None,
                "private_key": ec.generate_private_key(ec.SECP256R1())
                .private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                .decode(),
            },
            {"client_id", "client_assertion", "client_assertion_type"},
        ),
    ],
)
async def test_we_prove_ourselves_as_registered_and_send_no_pkce_where_it_is_unknown(
    changes: dict[str, Any], expected: set[str]
) -> None:
    sent: list[tuple[dict[str, str], dict[str, str]]] = []

    async def call(url: str, **told: Any) -> Answer:
        if url.endswith("openid-configuration"):
            document = _metadata(KEYCLOAK["issuer"])
            return Answer("application/json", json.dumps(document).encode())
        sent.append((told["form"], told["headers"]))
        raise OutsideUnreachable

    provider = Provider(Issuer(**KEYCLOAK | changes), "https://door.example", call)
    login = Login.begin()
    assert "code_challenge" not in await provider.authorization(login)
    assert await provider.logout("id token", "state") is None, "it has no end of session"
    with pytest.raises(OutsideUnreachable):
        await provider.redeem("code", login)
    form, headers = sent[0]
    usual = {"grant_type", "code", "redirect_uri"}
    assert set(form) == usual | expected
    assert ("authorization" in headers) is (not expected)


async def test_an_issuer_that_cannot_be_discovered_is_not_asked_by_everybody() -> None:
    asked: list[str] = []

    async def call(url: str, **_: Any) -> Answer:
        asked.append(url)
        raise OutsideUnreachable

    found = discovery.Discovery("https://sso.example", call)
    for _ in range(10):
        with pytest.raises(OutsideUnreachable):
            await found.find()
    assert asked == ["https://sso.example/.well-known/openid-configuration"]
