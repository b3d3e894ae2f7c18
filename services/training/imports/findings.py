"""What an import says about a file: a finding on one record, or the refusal of the whole."""

from dataclasses import dataclass
from typing import Literal

from platformkit.i18n import Text

Severity = Literal["error", "warning"]
Step = Literal[0, 1, 2, 3, 4]
"""0 unpack, 1 syntax, 2 schema, 3 reference data, 4 business rules."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a record, or with no record the file, does not meet; lines count from 1."""

    rule: str
    detail: Text
    step: Step
    severity: Severity = "error"
    record: str | None = None
    line: int | None = None


class FileRefused(Exception):
    """The file cannot be read to its end, or must not be: nothing of it is stored."""

    def __init__(
        self,
        rule: str,
        fr: str,
        en: str,
        *,
        step: Step = 1,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(rule)
        self.rule, self.detail, self.step = rule, Text(fr, en), step
        self.line, self.column = line, column

    @property
    def finding(self) -> Finding:
        """The refusal as a line of the report."""
        return Finding(self.rule, self.detail, self.step, line=self.line)
