"""What an offer's payload may say: the grammar of LHÉO, in the names of a formation's document.

A draft may lack anything, but what it says is read as LHÉO would; to be published it must be whole.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from platformkit.errors import Fault
from platformkit.i18n import Text
from training.certifications import sirets
from training.imports.texts import clean
from training.offers import values
from training.offers.grammar import CODED, LEAVES, NUMBERED, SEQUENCES, Leaf, Node, Part
from training.proposals.differences import joined

MOST_PARTS: Final = 1_000
"""Of one list whose length the standard leaves open."""

_LONGEST_NUMBER: Final = 200
_MOST_FAULTS: Final = 200
_NOTHING: Final = object()

_SAID: Final = {
    "unknown": Text("Ce champ est inconnu.", "This field is unknown."),
    "kind": Text("La valeur n’est pas du type attendu.", "The value is not of the expected type."),
    "too_many": Text("Trop d’éléments : {most} au plus.", "Too many items: at most {most}."),
    "missing": Text("Ce champ manque pour publier.", "This field is missing for publication."),
    "siret-checksum": Text(
        "La clé de ce SIRET est fausse.", "The check digit of this SIRET is wrong."
    ),
    "lheo-length": Text(
        "Ce texte est trop court ou trop long pour LHÉO ({least} à {most} caractères).",
        "This text is too short or too long for LHÉO ({least} to {most} characters).",
    ),
    "lheo-key-unknown": Text("Valeurs admises : {words}.", "Allowed values: {words}."),
    "lheo-integer": Text("Un entier de 0 à {most} est attendu.", "An integer, 0 to {most}."),
    "date-invalid": Text("Une date AAAA-MM-JJ est attendue.", "A date YYYY-MM-DD is expected."),
    "siret-invalid": Text("14 chiffres sont attendus.", "14 digits are expected."),
    "certification-number-invalid": Text(
        "Ce n’est pas un numéro du répertoire.", "This is no number of the directory."
    ),
    "degrees": Text("Des degrés décimaux sont attendus.", "Decimal degrees are expected."),
}


@dataclass(slots=True)
class Judged:
    """A payload as it will be kept, what is wrong with it, and what it lacks to be published."""

    document: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    missing: list[Fault] = field(default_factory=list)

    def wrong(self, pointer: str, rule: str, **facts: object) -> object:
        """Note a fault; the first two hundred say enough."""
        if len(self.faults) < _MOST_FAULTS:
            said = _SAID[rule]
            text = Text(said.fr.format(**facts), said.en.format(**facts))
            self.faults.append(Fault(pointer, rule, text))
        return _NOTHING

    def lacks(self, pointer: str) -> None:
        """Note what is missing for publication."""
        if len(self.missing) < _MOST_FAULTS:
            self.missing.append(Fault(pointer, "missing", _SAID["missing"]))


def judge(payload: dict[str, Any]) -> Judged:
    """Read an offer's payload by the grammar of LHÉO; a null member is one that is not there."""
    made = Judged()
    document = _sequence("formation", payload, "", made)
    if isinstance(document, dict):
        made.document = document
    return made


def _value(tag: str, value: Any, pointer: str, judged: Judged) -> Any:  # noqa: ANN401  # JSON
    leaf = LEAVES.get(tag)
    if leaf is None:
        return _sequence(tag, value, pointer, judged)
    return (
        _coded(leaf, tag, value, pointer, judged)
        if tag in CODED
        else _leaf(leaf, tag, value, pointer, judged)
    )


def _sequence(tag: str, value: Any, pointer: str, judged: Judged) -> Any:  # noqa: ANN401  # likewise
    node = SEQUENCES[tag]
    if node.wrapper is not None:
        return _part(node.wrapper, value, pointer, judged)
    if not isinstance(value, dict):
        return judged.wrong(pointer, "kind")
    made: dict[str, Any] = {}
    if tag in NUMBERED and value.get("number") is not None:
        _keep(made, "number", _number(value["number"], joined(pointer, "number"), judged))
    for name in value.keys() - _names(tag, node):
        judged.wrong(joined(pointer, name), "unknown")
    for part in node.parts.values():
        if part.name is None:
            continue
        place = joined(pointer, part.name)
        found = value.get(part.name)
        if found is not None or (part.name in value and _is_day_leaf(part)):
            _keep(made, part.name, _part(part, found, place, judged))
        elif part.least:
            judged.lacks(place)
    return made


def _is_day_leaf(part: Part) -> bool:
    """Tell whether null is a value of it: an open day."""
    return part.tag in LEAVES and LEAVES[part.tag].kind == "day"


def _names(tag: str, node: Node) -> set[str]:
    names = {part.name for part in node.parts.values() if part.name is not None}
    return names | {"number"} if tag in NUMBERED else names


def _keep(made: dict[str, Any], name: str, value: object) -> None:
    if value is not _NOTHING:
        made[name] = value


def _part(part: Part, value: Any, pointer: str, judged: Judged) -> Any:  # noqa: ANN401  # likewise
    if not part.is_list:
        return _value(part.tag, value, pointer, judged)
    if not isinstance(value, list):
        return judged.wrong(pointer, "kind")
    most = MOST_PARTS if part.most is None else part.most
    if len(value) > most:
        return judged.wrong(pointer, "too_many", most=most)
    if len(value) < part.least:
        judged.lacks(pointer)
    return [
        found
        for place, one in enumerate(value)
        if (found := _value(part.tag, one, joined(pointer, place), judged)) is not _NOTHING
    ]


def _number(value: Any, pointer: str, judged: Judged) -> object:  # noqa: ANN401  # likewise
    text = clean(value) if isinstance(value, str) else None
    if text is None or len(text) > _LONGEST_NUMBER:
        return judged.wrong(pointer, "lheo-length", least=1, most=_LONGEST_NUMBER)
    return text


def _coded(leaf: Leaf, tag: str, value: Any, pointer: str, judged: Judged) -> Any:  # noqa: ANN401  # likewise
    """Read a code with the version of its nomenclature, and the mark of the main one."""
    if not isinstance(value, dict):
        return judged.wrong(pointer, "kind")
    mark = CODED[tag]
    for name in value.keys() - {"code", "version", mark}:
        judged.wrong(joined(pointer, name), "unknown")
    made: dict[str, Any] = {}
    if value.get("code") is None:
        return judged.wrong(joined(pointer, "code"), "kind")
    _keep(made, "code", _leaf(leaf, tag, value["code"], joined(pointer, "code"), judged))
    version = value.get("version")
    if version is not None:
        if not isinstance(version, str) or not 1 <= len(version) <= 50:  # noqa: PLR2004  # as the import keeps it
            judged.wrong(joined(pointer, "version"), "lheo-length", least=1, most=50)
        else:
            made["version"] = version
    if mark and value.get(mark) is True:
        made[mark] = True
    return made if "code" in made else _NOTHING


def _leaf(leaf: Leaf, tag: str, value: Any, pointer: str, judged: Judged) -> Any:  # noqa: ANN401  # likewise
    if not _IS_OF_KIND[leaf.kind](leaf, value):
        if leaf.kind == "key":
            words = ", ".join(str(word).lower() for word in leaf.words or ())
            return judged.wrong(pointer, "lheo-key-unknown", words=words)
        return judged.wrong(pointer, "kind")
    try:
        found = values.read(leaf, tag, values.written(leaf, tag, value))
    except values.Unreadable as refusal:
        return judged.wrong(pointer, str(refusal), least=leaf.least, most=leaf.most)
    if leaf.kind == "siret" and not sirets.is_valid(found):
        return judged.wrong(pointer, "siret-checksum")
    if leaf.kind == "degrees" and found is None:
        return judged.wrong(pointer, "degrees")
    return found


def _is_text(_: Leaf, value: object) -> bool:
    return isinstance(value, str)


def _is_integer(_: Leaf, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_day(_: Leaf, value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_word(leaf: Leaf, value: object) -> bool:
    """Tell whether it is one of the words; 0 and 1 are not false and true."""
    return any(type(word) is type(value) and word == value for word in leaf.words or ())


def _is_price(_: Leaf, value: object) -> bool:
    """Tell whether it is a price as the documents have it; an amount or the words for it."""
    if not isinstance(value, dict) or value.keys() - {"amount", "currency", "free", "text"}:
        return False
    said = value.get("text") if value.get("amount") is None else value["amount"]
    return isinstance(said, str) and value.get("currency", "EUR") == "EUR"


_IS_OF_KIND: Final[dict[str, Callable[[Leaf, object], bool]]] = {
    "text": _is_text,
    "integer": _is_integer,
    "day": _is_day,
    "key": _is_word,
    "siret": _is_text,
    "certification": _is_text,
    "price": _is_price,
    "degrees": _is_text,
}


def is_field(pointer: str) -> bool:
    """Tell whether LHÉO has such a place; numbers in it are places in a list."""
    tag: str | None = "formation"
    for name in pointer.split("/")[1:]:
        if name.isdigit():
            continue
        node = SEQUENCES.get(tag or "")
        while node is not None and node.wrapper is not None:
            node = SEQUENCES.get(node.wrapper.tag)
        tag = (
            next((one.tag for one in node.parts.values() if one.name == name), None)
            if node
            else None
        )
        if tag is None:
            return False
    return pointer.startswith("/")
