"""Wire format of the nomenclatures."""

from datetime import date

from pydantic import BaseModel


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
