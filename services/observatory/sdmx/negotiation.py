"""Content negotiation of SDMX: media types with versions, weights and version wildcards.

RFC 9110 §12.5.1 and `content_negotiation.md` of SDMX-REST 2.2.2. The order of what is offered is
our preference: the first is what `*/*` gets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from observatory.structures import versions
from platformkit.errors import ProblemError
from platformkit.i18n import Text
from platformkit.preferences import Preference, preferences

_EXACT, _TYPE, _ANY = 3, 2, 1


class NotAcceptable(ProblemError):
    """None of the media types that the client takes is written here."""

    status = 406
    code = "sdmx-not-acceptable"
    title = Text("Format non proposé", "Format not offered")
    detail = Text(
        "Les formats de cette ressource sont : {offered}.",
        "The formats of this resource are: {offered}.",
    )


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is written: its media type, its version, and plain names that mean it too."""

    media: str
    version: str
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """Write the Content-Type of answers."""
        return f"{self.media};version={self.version}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The format chosen, with the other parameters of the media range that asked for it."""

    format: Format
    parameters: Mapping[str, str] = field(default_factory=dict)


def _precision(asked: Preference, form: Format) -> int:
    """Tell how closely a media range means the format; 0 when it does not."""
    if asked.name == "*/*":
        return _ANY
    if asked.name == f"{form.media.partition('/')[0]}/*":
        return _TYPE
    if asked.name in form.also:
        return _EXACT
    if asked.name != form.media:
        return 0
    version = asked.parameters.get("version")
    return _EXACT if version is None or _names(version, form.version) else 0


def negotiate(accept: str | None, offered: Sequence[Format]) -> Accepted:
    """Choose what the client likes best, of equals the first offered; raises NotAcceptable."""
    found = _choose(accept or "*/*", tuple(offered))
    if found is None:
        raise NotAcceptable(offered=", ".join(form.content_type for form in offered))
    return found


@lru_cache(maxsize=512)
def _choose(accept: str, offered: tuple[Format, ...]) -> Accepted | None:
    ranges = list(preferences(accept))
    best: tuple[float, Accepted] | None = None
    for form in offered:
        closest = max(ranges, key=lambda each: _precision(each, form), default=None)
        if closest is None or not _precision(closest, form) or closest.weight <= 0:
            continue
        if best is None or closest.weight > best[0]:
            named = {key: each for key, each in closest.parameters.items() if key != "version"}
            best = closest.weight, Accepted(form, named)
    return None if best is None else best[1]


def bodies(description: str, formats: Sequence[Format]) -> dict[int | str, dict[str, Any]]:
    """Document an answer that is given in these formats."""
    content: dict[str, Any] = {form.content_type: {} for form in formats}
    return {200: {"description": description, "content": content}}


def _names(asked: str, version: str) -> bool:
    """Tell whether `2.0.0`, `2.1` or `2.0+.0` means the version."""
    known = versions.parse(version)
    return known is not None and bool(versions.choose(asked, [known]))
