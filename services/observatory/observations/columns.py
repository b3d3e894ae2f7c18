"""What the columns of an answer are: their names for people, and whether they hold numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from observatory.observations.shown import NAMED
from observatory.observations.statements import Statement
from observatory.structures.catalogue import MEASURE, OBSERVED, TIME, Flow
from platformkit.i18n import Text

_SHORT: Final = frozenset({"CI_LOW", "CI_HIGH", "SE"})
_LONG: Final = frozenset({MEASURE, "NUMERATOR", "DENOMINATOR"})
_INSTANTS: Final = frozenset({"VALID_FROM", "VALID_TO"})
_NAMES: Final[Mapping[str, Text]] = {
    TIME: Text("Période", "Period"),
    "ACTION": Text("Action (R : version, D : suppression)", "Action (R: version, D: deletion)"),
    "VALID_FROM": Text("Connu depuis", "Known since"),
    "VALID_TO": Text("Connu jusqu’à", "Known until"),
    "FILLED_FROM": Text("Valeur de la période", "Value of the period"),
    "RELEASE": Text("Livraison", "Release"),
    "READING_KEY": Text("Clé de lecture", "Reading key"),
    "CLASS": Text("Classe", "Class"),
    "CLASS_NAME": Text("Libellé de la classe", "Name of the class"),
    "CERTAIN": Text("Classe certaine à 95 %", "Class certain at 95%"),
    "READING": Text("Lecture", "Reading"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `kind` is code, name, period, double, single, instant or text."""

    id: str
    title: Text
    kind: str

    @property
    def is_number(self) -> bool:
        """Tell whether its cells are numbers: doubles, or singles with six digits."""
        return self.kind in {"double", "single"}


def told(flow: Flow, statement: Statement) -> list[Column]:
    """Describe the columns of a statement in their order."""
    return [_column(flow, name) for name in statement.columns]


def _column(flow: Flow, name: str) -> Column:
    dimension = flow.dimension(name)
    if dimension is not None:
        return Column(name, dimension.name, "code")
    of = flow.dimension(name.removesuffix(NAMED))
    if of is not None:
        return Column(name, Text(f"{of.name.fr} (libellé)", f"{of.name.en} (label)"), "name")
    if name == MEASURE:
        return Column(name, flow.measure, "double")
    if name in _LONG | _SHORT and name in OBSERVED:
        return Column(name, _title(flow, name), "double" if name in _LONG else "single")
    kind = "period" if name == TIME else "instant" if name in _INSTANTS else "text"
    return Column(name, _title(flow, name), kind)


def _title(flow: Flow, name: str) -> Text:
    attribute = next((each for each in flow.attributes if each.id == name), None)
    return _NAMES[name] if attribute is None else attribute.name
