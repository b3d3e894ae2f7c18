"""What one request wants to see of several services, and the answer that is made of their parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.responses import Response

from gateway.overviews.parts import Gap, Part
from gateway.overviews.plans import Step
from platformkit import i18n, open_data

_JSON: Final = "application/json"

Found = Mapping[str, Part | Gap]


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, and who may keep it: anybody for `seconds`, where they are not None."""

    body: bytes
    etag: str
    seconds: int | None


class View(Protocol):
    """The parts to read, and what they make."""

    @property
    def steps(self) -> Sequence[Step]:
        """What to read."""

    def answer(self, found: Found) -> Answer:
        """Put together what was found of each step; raises ProblemError."""


Read = Callable[[str, bytes], View | None]
"""Reads a path and its query in their plain form; None is for the route, which reads them all.

Raises ProblemError."""


def whole(answer: Answer) -> Response:
    """Make the response; what is not open data is nobody's to keep."""
    return Response(answer.body, media_type=_JSON, headers=_terms(answer))


def lines(answer: Answer) -> bytes:
    """Spell the headers of the same."""
    terms = "".join([f"{name}: {value}\r\n" for name, value in _terms(answer).items()])
    return f"{terms}content-length: {len(answer.body)}\r\ncontent-type: {_JSON}\r\n".encode()


def _terms(answer: Answer) -> dict[str, str]:
    return {"cache-control": "private, no-store"} if answer.seconds is None else headed(answer)


def headed(answer: Answer) -> dict[str, str]:
    """Say how long anybody may keep it, and what of."""
    kept = f"max-age={min(answer.seconds or 0, open_data.MAX_AGE_SECONDS)}"
    return {
        "etag": answer.etag,
        "cache-control": f"public, {kept if answer.seconds else 'no-cache'}",
        "vary": "Accept-Language",
        "content-language": i18n.language(),
    }
