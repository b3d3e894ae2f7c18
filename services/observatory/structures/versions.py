"""Semantic versions of artefacts, and the wildcards by which SDMX 3 asks for one of them."""

import re
from dataclasses import dataclass
from typing import Final

_VERSION: Final = re.compile(
    r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:-([0-9A-Za-z-]{1,40}))?", re.ASCII
)
_WILD: Final = re.compile(
    r"(\d{0,6})([+~*]?)(?:\.(\d{0,6})([+~*]?)(?:\.(\d{0,6})([+~*]?))?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Version:
    """MAJOR.MINOR.PATCH; with an extension it is a draft that may still change."""

    major: int
    minor: int
    patch: int
    extension: str = ""

    @property
    def is_draft(self) -> bool:
        """Tell whether it may still change."""
        return bool(self.extension)

    @property
    def order(self) -> tuple[int, int, int, bool, str]:
        """Key of precedence: a draft comes before the version that it becomes (semver 11.3)."""
        return (self.major, self.minor, self.patch, not self.extension, self.extension)

    def __str__(self) -> str:
        numbers = f"{self.major}.{self.minor}.{self.patch}"
        return f"{numbers}-{self.extension}" if self.extension else numbers


def parse(text: str) -> Version | None:
    """Read a version, `1.0` as `1.0.0`; None for what is none."""
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, extension = found.groups()
    return Version(int(major), int(minor), int(patch or 0), extension or "")


def choose(asked: str, known: list[Version]) -> list[Version]:
    """Versions that are asked for, the newest first; none for what cannot be read.

    `*` all; `~` the newest, drafts too; `+`, `latest` and nothing the newest stable one, or the
    newest draft where there is none; `1+`, `1.2+.0`, `1.2.3+` the newest stable one from there on
    within what stands before, `~` in its place a draft too, `*` all of them (SDMX-REST 2.2.2,
    `querying_versions.md`); several are separated by commas; else the one itself.
    """
    ordered = sorted(known, key=lambda each: each.order, reverse=True)
    chosen = {each for one in asked.split(",") for each in _chosen(one, ordered)}
    return [each for each in ordered if each in chosen]


def is_asked(text: str) -> bool:
    """Tell whether a version, or a wildcard for versions, can be read."""
    return text == "latest" or parse(text) is not None or _wildcard(text) is not None


@dataclass(frozen=True, slots=True)
class _Wildcard:
    """`operator` stands at `place`: what is before it is fixed, from there on is a minimum."""

    operator: str
    place: int
    floor: tuple[int, ...]

    def includes(self, version: Version) -> bool:
        have = (version.major, version.minor, version.patch)
        return have[: self.place] == self.floor[: self.place] and have >= self.floor


def _wildcard(text: str) -> _Wildcard | None:
    found = _WILD.fullmatch(text)
    if found is None:
        return None
    numbers, operators = found.groups()[::2], found.groups()[1::2]
    used = [(place, each) for place, each in enumerate(operators) if each]
    if len(used) != 1:
        return None
    place, operator = used[0]
    if any(number == "" for other, number in enumerate(numbers) if other != place):
        return None
    if not numbers[place] and any(int(each or 0) for each in numbers[place + 1 :]):
        return None  # `+.2.3` has no reading
    return _Wildcard(operator, place, tuple(int(number or 0) for number in numbers))


def _chosen(asked: str, ordered: list[Version]) -> list[Version]:
    if asked in {"", "+", "latest"}:
        return ([each for each in ordered if not each.is_draft] or ordered)[:1]
    exact = parse(asked)
    if exact is not None:
        return [each for each in ordered if each == exact]
    wildcard = _wildcard(asked)
    if wildcard is None:
        return []
    within = [each for each in ordered if wildcard.includes(each)]
    if wildcard.operator == "*":
        return within
    if wildcard.operator == "+":
        within = [each for each in within if not each.is_draft]
    return within[:1]
