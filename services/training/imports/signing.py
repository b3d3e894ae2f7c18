"""Signs what is handed on, so that whoever is shown it can tell that it is ours (RFC 7515)."""

import hmac
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from jwt.api_jws import PyJWS

from platformkit import etags

_PURPOSE: Final = b"training import certificates"
_JWS: Final = PyJWS()


@lru_cache(maxsize=4)
def _key(secret: str) -> tuple[Ed25519PrivateKey, dict[str, Any]]:
    """Return the key that the service's secret makes, and its public half as a JWK."""
    seed = hmac.digest(secret.encode(), _PURPOSE, "sha256")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public: dict[str, Any] = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    name = etags.of_bytes(public["x"]).strip('"')
    return private, {**public, "kid": name, "alg": "EdDSA", "use": "sig"}


def signed(secret: str, document: bytes, **told: str) -> str:
    """Return a compact JWS whose payload is the document, byte for byte; `told` is in its head."""
    private, public = _key(secret)
    headers = {"kid": public["kid"], "typ": "JOSE", **told}
    return _JWS.encode(document, private, algorithm="EdDSA", headers=headers)


def key_set(secret: str) -> dict[str, list[dict[str, Any]]]:
    """Return the public key as a JWK set (RFC 7517)."""
    return {"keys": [_key(secret)[1]]}
