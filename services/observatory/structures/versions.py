"""Semantic versions of artefacts, and the wildcards by which SDMX 3 asks for one of them."""

import re
from dataclasses import dataclass
from typing import Final

_VERSION: Final = re.compile(
    r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:-([0-9A-Za-z-]{1,40}))?", re.ASCII
)
_WILD: Final = re.compile(r"(\d{1,6})(\+)?(?:\.(\d{1,6})(\+)?(?:\.(\d{1,6})(\+)?)?)?", re.ASCII)


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
    newest draft where there is none; `1+`, `1.2+`, `1.2.3+` the newest stable one from there on
    within what stands before (SDMX 3, semantic versioning); else the one itself.
    """
    ordered = sorted(known, key=lambda each: each.order, reverse=True)
    if asked == "*":
        return ordered
    if asked == "~":
        return ordered[:1]
    stable = [each for each in ordered if not each.is_draft]
    if asked in {"", "+", "latest"}:
        return (stable or ordered)[:1]
    exact = parse(asked)
    if exact is not None:
        return [each for each in ordered if each == exact]
    return [each for each in stable if _within(asked, each)][:1]


def _within(asked: str, version: Version) -> bool:
    found = _WILD.fullmatch(asked)
    if found is None or asked.count("+") != 1:
        return False
    parts = [(found[1], found[2]), (found[3], found[4]), (found[5], found[6])]
    have = (version.major, version.minor, version.patch)
    floor = tuple(int(number or 0) for number, _ in parts)
    for place, (_, plus) in enumerate(parts):
        if plus:
            return have[:place] == floor[:place] and have >= floor
    return False
