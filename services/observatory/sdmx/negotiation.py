"""Content negotiation of SDMX: media types with versions, weights and version wildcards.

RFC 9110 §12.5.1 and `content_negotiation.md` of SDMX-REST 2.2.2. The order of what is offered is
our preference: the first is what `*/*` gets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from observatory.structures import versions
from platformkit.errors import ProblemError
from platformkit.i18n import Text

_LONGEST: Final = 2_000
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


@dataclass(frozen=True, slots=True)
class _Range:
    media: str
    weight: float
    parameters: Mapping[str, str]

    def precision(self, form: Format) -> int:
        """Tell how closely the range means the format; 0 when it does not."""
        if self.media == "*/*":
            return _ANY
        if self.media == f"{form.media.partition('/')[0]}/*":
            return _TYPE
        if self.media in form.also:
            return _EXACT
        if self.media != form.media:
            return 0
        asked = self.parameters.get("version")
        return _EXACT if asked is None or _names(asked, form.version) else 0


def negotiate(accept: str | None, offered: Sequence[Format]) -> Accepted:
    """Choose what the client likes best, of equals the first offered; raises NotAcceptable."""
    found = _choose((accept or "*/*")[:_LONGEST], tuple(offered))
    if found is None:
        raise NotAcceptable(offered=", ".join(form.content_type for form in offered))
    return found


@lru_cache(maxsize=512)
def _choose(accept: str, offered: tuple[Format, ...]) -> Accepted | None:
    ranges = list(_ranges(accept))
    best: tuple[float, Accepted] | None = None
    for form in offered:
        closest = max(ranges, key=lambda each: each.precision(form), default=None)
        if closest is None or not closest.precision(form) or closest.weight <= 0:
            continue
        if best is None or closest.weight > best[0]:
            named = {key: each for key, each in closest.parameters.items() if key != "version"}
            best = closest.weight, Accepted(form, named)
    return None if best is None else best[1]


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether the client takes gzip (RFC 9110 §12.5.3); who says nothing does not."""
    weights = {each.media: each.weight for each in _ranges(accept_encoding[:_LONGEST])}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _ranges(accept: str) -> Iterator[_Range]:
    for item in accept.split(","):
        media, *parameters = (part.strip() for part in item.split(";"))
        named: dict[str, str] = {}
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            named[name.strip().lower()] = value.strip().strip('"')
        try:
            weight = float(named.pop("q", "1"))
        except ValueError:
            weight = 0.0
        yield _Range(media.lower(), weight, named)


def _names(asked: str, version: str) -> bool:
    """Tell whether `2.0.0`, `2.1` or `2.0+.0` means the version."""
    known = versions.parse(version)
    return known is not None and bool(versions.choose(asked, [known]))
