"""Which version of the Open Education API a caller asks for, and how the answer says its own.

`Accept: application/vnd.oeapi+json;version=6.0;consumer=x-vigie;consumer-version=1.0` names one
version and at most one consumer; a server may answer with another minor version, never with
another major one (OEAPI 6, technical documentation, "Versioning"). Who asks for JSON has ours.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header

from platformkit.preferences import preferences
from training.oeapi.problems import ConsumerUnknown, OeapiVersionNotAcceptable

VERSION: Final = "6.0"
CONSUMER: Final = "x-vigie"
CONSUMER_VERSION: Final = "1.0"
_MEDIA_TYPE: Final = "application/vnd.oeapi+json"


@dataclass(frozen=True, slots=True)
class Negotiated:
    """How the answer names itself."""

    media_type: str


async def _negotiated(accept: Annotated[str, Header(include_in_schema=False)] = "") -> Negotiated:
    asked = next((one for one in preferences(accept) if one.name == _MEDIA_TYPE), None)
    if asked is None:
        return Negotiated("application/json")
    _check(asked.parameters.get("version"), VERSION, None)
    consumer = asked.parameters.get("consumer")
    media_type = f"{_MEDIA_TYPE};version={VERSION}"
    if consumer is None:
        return Negotiated(media_type)
    supported = CONSUMER_VERSION if consumer == CONSUMER else None
    _check(asked.parameters.get("consumer-version", ""), supported, consumer)
    return Negotiated(f"{media_type};consumer={consumer};consumer-version={CONSUMER_VERSION}")


def _check(requested: str | None, supported: str | None, consumer: str | None) -> None:
    """Raise OeapiVersionNotAcceptable unless both have the same major version."""
    if requested is None:
        return
    major = requested.partition(".")[0]
    if supported is None or (requested and major != supported.partition(".")[0]):
        raise OeapiVersionNotAcceptable(
            requested=requested,
            supported=[] if supported is None else [supported],
            consumer=consumer,
        )


Asked = Annotated[Negotiated, Depends(_negotiated)]
"""The version that the answer is in; OeapiVersionNotAcceptable where we have no such."""


def check_consumer(consumer: str | None) -> None:
    """Raise ConsumerUnknown unless what is asked is meant for a consumer that we know."""
    if consumer not in {None, CONSUMER}:
        raise ConsumerUnknown(known=CONSUMER)
