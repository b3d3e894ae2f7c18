"""What a sheet must fulfil, beside its form. Pure."""

from collections.abc import Iterator

from observatory.structures.sheet_schemas import Sheet
from platformkit.errors import Fault
from platformkit.i18n import Text


def faults(given: Sheet, place: str) -> Iterator[Fault]:
    """Its id is that of the indicator it is about, so that there is one sheet per indicator."""
    about = given.indicator.partition(":")[2] or given.indicator
    if about.partition("(")[0] != given.id:
        yield Fault(
            f"{place}/id",
            "id-of-another",
            Text(
                f"Une fiche porte le nom de son indicateur ({about.partition('(')[0]}).",
                f"A sheet has the id of its indicator ({about.partition('(')[0]}).",
            ),
        )
