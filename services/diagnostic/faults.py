"""From a rule that was broken to a fault of the problem document."""

from collections.abc import Iterable
from typing import Protocol

from platformkit.errors import Fault
from platformkit.i18n import Text


class Finding(Protocol):
    """A misfit as the pure modules report it, in both languages."""

    @property
    def pointer(self) -> str:
        """Where, as an RFC 6901 pointer into the body."""

    @property
    def code(self) -> str:
        """Which rule."""

    @property
    def fr(self) -> str:
        """What to do, in French."""

    @property
    def en(self) -> str:
        """What to do, in English."""

    @property
    def severity(self) -> str:
        """`error` refuses, `warning` does not."""


def fault(pointer: str, code: str, fr: str, en: str, *, where: str = "body") -> Fault:
    """One fault, from the words of its rule."""
    return Fault(pointer, code, Text(fr, en), where)


def of(findings: Iterable[Finding]) -> list[Fault]:
    """Turn findings into faults; warnings are not faults."""
    return [
        fault(found.pointer, found.code, found.fr, found.en)
        for found in findings
        if found.severity == "error"
    ]
