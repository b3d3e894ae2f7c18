"""Only a token signed for this service by a part that it trusts lets anything happen."""

import time
from typing import Any

import httpx
import jwt
import pytest

from platformkit import auth
from tests import harness

CLAIMS = {
    "iss": "gateway",
    "aud": "probe",
    "sub": "demo",
    "client_id": "demo",
    "scope": "probe:write",
}


def forged(
    key: str = harness.GATEWAY_KEY,
    algorithm: str = "HS256",
    headers: dict[str, Any] | None = None,
    **claims: object,
) -> str:
    now = int(time.time())
    body = {"iat": now, "exp": now + 60, **CLAIMS, **claims}
    return jwt.encode(
        {name: value for name, value in body.items() if value is not None},
        key,
        algorithm,
        {"kid": "gateway", "typ": "vigie+jwt", **(headers or {})},
    )


FORGERIES = {
    "none at all": "",
    "not a token": "Bearer x.y.z",
    "basic": "Basic ZGVtbzpkZW1v",
    "another key": f"Bearer {forged('k' * 32)}",
    "no signature": f"Bearer {forged('', 'none')}",
    "another service's": f"Bearer {forged(aud='training')}",
    "expired": f"Bearer {forged(exp=int(time.time()) - 60)}",
    "issued tomorrow": f"Bearer {forged(iat=int(time.time()) + 86400)}",
    "without expiry": f"Bearer {forged(exp=None)}",
    "an issuer we do not know": f"Bearer {forged(headers={'kid': 'training'}, iss='training')}",
    "an issuer that is not its key's": f"Bearer {forged(iss='training')}",
    "a kid that is a path": f"Bearer {forged(headers={'kid': '../gateway'})}",
    "an access token of the outside": f"Bearer {forged(headers={'typ': 'at+jwt'})}",
    "an ID token": f"Bearer {forged(headers={'typ': 'JWT'})}",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_is_refused(probe: httpx.AsyncClient, forgery: str) -> None:
    for _ in range(2):  # nothing about a refusal is remembered
        answer = await probe.get("/v1/things", headers={"authorization": forgery})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "token-refused"


async def test_a_valid_token_passes_and_is_forgotten_when_it_expires(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier = auth.Verifier("probe", {"gateway": harness.GATEWAY_KEY})
    token = forged()
    assert verifier.verify(token).scopes == {"probe:write"}
    assert verifier.verify(token).client == "demo"
    later = time.time() + 120
    monkeypatch.setattr(time, "time", lambda: later)
    verifier_late = auth.Verifier("probe", {"gateway": harness.GATEWAY_KEY})
    monkeypatch.undo()
    monkeypatch.setattr("platformkit.auth.time.time", lambda: later)
    for each in (verifier, verifier_late):
        with pytest.raises(auth.TokenRefused):
            each.verify(forged(iat=int(later) - 300, exp=int(later) - 200))


async def test_a_scope_too_few_is_403_and_nobody_is_401(probe: httpx.AsyncClient) -> None:
    body = {"name": "x"}
    little = await probe.post(
        "/v1/things", json=body, headers=harness.as_client("probe", scopes={"probe:read"})
    )
    nobody = await probe.post("/v1/things", json=body, headers=harness.anonymous("probe"))
    assert (little.status_code, little.json()["code"]) == (403, "scope-missing")
    assert nobody.status_code == 401


async def test_open_data_needs_nobody(probe: httpx.AsyncClient) -> None:
    answer = await probe.get("/v1/things", headers=harness.anonymous("probe"))
    assert answer.status_code == 200
