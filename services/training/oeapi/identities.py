"""The UUIDs of what has none of its own: made of its business key, and read back; pure.

Version 8 of RFC 9562 is for such: an organisation is its SIRET, a learning outcome its bloc, a
programme's offering its session and its certification. No table has to remember them.
"""

import hashlib
from typing import Final
from uuid import UUID

_DIRECTORIES: Final = {"RNCP": "1", "RS": "2"}
_NAMES: Final = {digit: name for name, digit in _DIRECTORIES.items()}
_KEY: Final = 6
"""Hexadecimal digits that say which certification: its directory and its number."""
_ORGANISATION: Final = "80000000000000000"
_VERSION, _VARIANT = 12, 16
_SESSION_VERSION: Final = "5"
"""Sessions are named after their business keys (RFC 9562 §5.5)."""


def organisation_id(siret: str) -> UUID:
    """Return the identity of an establishment."""
    return UUID(siret[:_VERSION] + "8" + siret[_VERSION:] + "0" + _ORGANISATION[:16])


def siret_of(identity: UUID) -> str | None:
    """Return the SIRET of an organisation's identity; None if it is not one."""
    siret = identity.hex[:_VERSION] + identity.hex[_VERSION + 1 : _VERSION + 3]
    is_one = siret.isdecimal() and organisation_id(siret) == identity
    return siret if is_one else None


def outcome_id(number: str, bloc: str) -> UUID:
    """Return the identity of a bloc of a certification, as `RNCP37873` names it."""
    digest = hashlib.blake2b(bloc.encode(), digest_size=16).hexdigest()
    digits = _key(number) + digest[_KEY:]
    return UUID(
        digits[:_VERSION] + "8" + digits[_VERSION + 1 : _VARIANT] + "8" + digits[_VARIANT + 1 :]
    )


def offering_id(session: UUID, number: str) -> UUID:
    """Return the identity of a session as an offering of that certification."""
    known = session.hex[:-_KEY]
    return UUID(known[:_VERSION] + "8" + known[_VERSION + 1 :] + _key(number))


def certification_of_outcome(identity: UUID) -> str | None:
    """Return the number of the certification of a learning outcome; None if there is none."""
    return _number(identity.hex[:_KEY])


def sessions_of(identity: UUID) -> tuple[UUID, UUID, str] | None:
    """Return between which ids the session of an offering is, and its certification."""
    number = _number(identity.hex[-_KEY:])
    if number is None:
        return None
    known = identity.hex[:-_KEY]
    known = known[:_VERSION] + _SESSION_VERSION + known[_VERSION + 1 :]
    return UUID(known + "0" * _KEY), UUID(known + "f" * _KEY), number


def _key(number: str) -> str:
    directory = number.rstrip("0123456789")
    return _DIRECTORIES[directory] + number.removeprefix(directory).zfill(_KEY - 1)


def _number(key: str) -> str | None:
    directory, digits = _NAMES.get(key[0]), key[1:]
    return f"{directory}{int(digits)}" if directory and digits.isdecimal() else None
