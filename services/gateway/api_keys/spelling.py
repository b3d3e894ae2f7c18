"""How an API key is made and told apart: `vig_pk_` or `vig_sk_`, then 256 random bits."""

import re
import secrets
from typing import Final, Literal

Kind = Literal["publishable", "secret"]

PREFIX: Final = b"vig_"
_PREFIXES: Final[dict[Kind, str]] = {"publishable": "vig_pk_", "secret": "vig_sk_"}
_SHOWN: Final = 4
_ORIGIN: Final = re.compile(
    r"https://(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[1-9][0-9]{0,4})?"
    r"|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[1-9][0-9]{0,4})?"
)


def make(kind: Kind) -> str:
    """Draw a new key."""
    return _PREFIXES[kind] + secrets.token_urlsafe(32)


def hint(key: str) -> str:
    """Keep so much of a key that its owner can tell it from others, and nobody can guess it."""
    start = key.index("_", len(PREFIX)) + 1
    return key[: start + _SHOWN]


def is_origin(text: str) -> bool:
    """Tell whether this is an origin as browsers send it (RFC 6454 §6.2), over TLS or local."""
    return _ORIGIN.fullmatch(text) is not None
