"""Wire format of the nomenclatures."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from training.references.concepts import Scheme

Status = Literal["current", "obsolete", "upcoming"]


class RomeParent(BaseModel):
    """The broader job of ROME 3."""

    code: str
    label: str


class RomeRead(BaseModel):
    """A job of ROME 4; its label is official and exists in French only."""

    code: str
    label: str
    parent: RomeParent | None
    release: str
    released_on: date


class VersionRead(BaseModel):
    """A release of a nomenclature; `licence` is null where its source states none."""

    scheme: Scheme
    version: str
    released_on: date
    title: str
    producer: str
    licence: str | None
    concepts: int


class LabelRead(BaseModel):
    """The official labels; a language that the source does not have is null."""

    fr: str | None
    en: str | None


class TermRead(BaseModel):
    """A code and its label."""

    code: str
    label: LabelRead


class ConceptSummary(TermRead):
    """A code in a list; `valid_to` is its last day, `replaced_by` what directly took its place."""

    kind: str
    broader: str | None
    status: Status
    valid_from: date | None
    valid_to: date | None
    replaced_by: list[str]


class ReplacementRead(BaseModel):
    """What took the place of a code, after how many steps; label null where it is not held."""

    code: str
    distance: int
    label: LabelRead | None
    status: Status | None


class ConceptRead(TermRead):
    """A code whole: `path` leads from the root to it, `narrower` shows the first 200 below it.

    `version` is where the code was read: an older one than asked when `latest` has lost it.
    """

    scheme: Scheme
    version: str
    released_on: date
    producer: str
    licence: str | None
    kind: str
    uri: str | None
    status: Status
    valid_from: date | None
    valid_to: date | None
    path: list[TermRead]
    narrower: list[TermRead]
    replacements: list[ReplacementRead]
