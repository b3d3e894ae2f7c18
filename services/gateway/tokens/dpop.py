"""DPoP (RFC 9449): a token that only the holder of a key can use, and the proofs of that key."""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

import jwt
from starlette.types import Scope

from gateway import jose
from gateway.clients import jwks
from gateway.tokens import access
from gateway.tokens.grant import GrantRefused
from platformkit.auth import TokenRefused
from platformkit.errors import ProblemError
from platformkit.i18n import Text

HEADER: Final = b"dpop"
NONCE: Final = "dpop-nonce"
ALGORITHMS: Final = sorted(frozenset().union(*jwks.ALGORITHMS.values()))
_TYPE: Final = "dpop+jwt"
_WINDOW_SECONDS: Final = 60
_SKEW_SECONDS: Final = 5
_NONCE_SECONDS: Final = 300
_MAX_BYTES: Final = 4_096
_MAX_JTI: Final = 200
_MOST: Final = 200_000
"""Proofs remembered at once, some 30 MB; one more is refused rather than an old one forgotten."""

Fault = Literal["invalid_dpop_proof", "use_dpop_nonce"]


class ProofRefused(TokenRefused):
    """The proof is absent, of another key, request or token, too old, or was used before."""

    code = "dpop-proof-refused"
    title = Text("Preuve DPoP refusée", "DPoP proof refused")
    detail = Text(
        "Ce jeton est lié à une clé : joignez une preuve neuve, faite pour cette requête.",
        "This token is bound to a key: send a fresh proof, made for this request.",
    )


class _Unproved(Exception):
    def __init__(self, fault: Fault = "invalid_dpop_proof") -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Request:
    """What a proof must be made for; without token and key where a token is asked for."""

    method: str
    path: str
    token: bytes | None = None
    key: str | None = None


class Proofs:
    """Judges proofs and remembers them for as long as they would be good.

    The memory is this process's own. Nonces are too, so that where they are wanted a proof seen by
    one gateway is good at no other.
    """

    def __init__(self, *, issuer: str, wants_nonce: bool) -> None:
        parts = urlsplit(issuer)
        self._origin = (parts.scheme, parts.netloc.lower())
        self._wants_nonce = wants_nonce
        self._secret = secrets.token_bytes(32)
        self._seen: dict[bytes, float] = {}

    def at_door(self, scope: Scope, path: str, caller: access.Verified) -> None:
        """Check that whoever presents the bound token holds its key; raises ProofRefused.

        `path` is decoded.
        """
        given = [value for name, value in scope["headers"] if name == HEADER]
        credential = next(value for name, value in scope["headers"] if name == b"authorization")
        token = credential.partition(b" ")[2].strip()
        request = _Request(scope["method"], path, token, caller.bound)
        try:
            self._judge(given, request)
        except _Unproved as refusal:
            told = f'DPoP realm="vigie", error="{refusal.fault}", algs="{" ".join(ALGORITHMS)}"'
            raise ProofRefused(headers={"www-authenticate": told} | self.nonce()) from None

    def at_desk(self, given: Iterable[str], path: str) -> str:
        """Give the thumbprint of the key that a token shall be bound to, "" without a proof.

        Raises GrantRefused.
        """
        proofs = [value.encode("latin-1") for value in given]
        if not proofs:
            return ""
        try:
            return self._judge(proofs, _Request("POST", path))
        except _Unproved as refusal:
            raise GrantRefused(
                refusal.fault, "the DPoP proof is not one for this request"
            ) from None

    def nonce(self) -> dict[str, str]:
        """Give the header with the nonce to use from now on, where one is wanted."""
        return {NONCE: self._nonce(int(time.time()))} if self._wants_nonce else {}

    def _nonce(self, now: int) -> str:
        turn = str(now // _NONCE_SECONDS).encode()
        return urlsafe_b64encode(hmac.digest(self._secret, turn, hashlib.sha256)[:18]).decode()

    def _judge(self, given: list[bytes], request: _Request) -> str:
        """Return the thumbprint of the proof's key, or raise _Unproved (RFC 9449 §4.3)."""
        if len(given) != 1 or len(given[0]) > _MAX_BYTES:
            raise _Unproved
        try:
            key, claims = _opened(given[0].decode("ascii"))
            is_for_it = claims["htm"] == request.method and self._is_at(claims["htu"], request.path)
            jti, made_at = claims["jti"], claims["iat"]
            is_named = 0 < len(jti) <= _MAX_JTI and jti.isprintable()
            age = time.time() - made_at
        except (
            jwt.PyJWTError,
            ProblemError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ):
            raise _Unproved from None
        if not is_for_it or not is_named or not -_SKEW_SECONDS <= age <= _WINDOW_SECONDS:
            raise _Unproved
        if request.token is not None and claims.get("ath") != jose.sha256(request.token):
            raise _Unproved
        now = int(time.time())
        if self._wants_nonce and claims.get("nonce") not in (
            self._nonce(now),
            self._nonce(now - _NONCE_SECONDS),
        ):
            raise _Unproved("use_dpop_nonce")
        thumbprint = jwks.thumbprint(key)
        if request.key not in {None, thumbprint}:
            raise _Unproved
        self._use(f"{thumbprint} {jti}")
        return thumbprint

    def _is_at(self, url: str, path: str) -> bool:
        """Compare addresses as RFC 3986 §6.2 would, without query and fragment."""
        parts = urlsplit(url)
        same_origin = (parts.scheme, parts.netloc.lower()) == self._origin
        return same_origin and unquote(parts.path).rstrip("/") == path.rstrip("/")

    def _use(self, proof: str) -> None:
        digest, now = hashlib.sha256(proof.encode()).digest(), time.monotonic()
        while self._seen and self._seen[first := next(iter(self._seen))] < now:
            del self._seen[first]
        if digest in self._seen or len(self._seen) >= _MOST:
            raise _Unproved
        self._seen[digest] = now + _WINDOW_SECONDS + 2 * _SKEW_SECONDS


def _opened(proof: str) -> tuple[jwks.PublicKey, dict[str, Any]]:
    header = jwt.get_unverified_header(proof)
    if header.get("typ") != _TYPE or "crit" in header:
        raise ValueError("not a proof")
    key = jwks.read({"keys": [header["jwk"]]})[0]
    claims = jwt.decode(
        proof,
        key.key,
        algorithms=sorted(key.algorithms),
        options={"require": ["htm", "htu", "iat", "jti"], "verify_iat": False},
    )
    return key, claims
