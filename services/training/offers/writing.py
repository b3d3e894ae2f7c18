"""Writes a formation's document as LHÉO, in the order of the grammar; 2.2 by way of extras."""

from typing import Any, Final, Literal
from xml.sax.saxutils import escape, quoteattr

from training.offers import values
from training.offers.facts import EXTRAS, NEWEST
from training.offers.grammar import CODED, LEAVES, NUMBERED, SEQUENCES
from training.offers.standard import SINCE_2_3

Version = Literal["2.3", "2.2"]
NAMESPACES: Final[dict[Version, str]] = {"2.3": NEWEST, "2.2": "http://www.lheo.org/2.2"}
TAIL: Final = "</offres>\n</lheo>\n"


def head(version: Version) -> str:
    """Return what comes before the formations."""
    root = f'<lheo xmlns="{NAMESPACES[version]}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n<offres>\n'


def written(document: dict[str, Any], version: Version) -> str:
    """Return the element `formation` of a document, in one line."""
    pieces: list[str] = []
    _write(pieces, "formation", document, is_old=version == "2.2")
    pieces.append("\n")
    return "".join(pieces)


def _write(
    pieces: list[str],
    tag: str,
    value: Any,  # noqa: ANN401  # a value of the grammar
    *,
    is_old: bool,
    namespace: str = "",
) -> None:
    leaf = LEAVES.get(tag)
    if leaf is not None:
        attributes = namespace
        if tag in CODED:
            attributes += _attributes(tag, value)
            value = value["code"]
        text = escape(values.written(leaf, tag, value))
        pieces.append(f"<{tag}{attributes}>{text}</{tag}>")
        return
    known = SEQUENCES[tag]
    if known.wrapper is not None:
        value = {known.wrapper.name: value}
    number = f" numero={quoteattr(value['number'])}" if tag in NUMBERED else ""
    pieces.append(f"<{tag}{namespace}{number}>")
    newer: list[str] = []
    for part in known.parts.values():
        if part.name is None or part.name not in value:
            continue
        found = value[part.name]
        is_newer = is_old and part.tag in SINCE_2_3
        for one in found if part.is_list else (found,):
            _write(
                newer if is_newer else pieces,
                part.tag,
                one,
                is_old=is_old and not is_newer,
                namespace=f' xmlns="{NEWEST}"' if is_newer else "",
            )
    if newer:
        pieces.append(f'<extras info="{EXTRAS}"><extra>{"".join(newer)}</extra></extras>')
    pieces.append(f"</{tag}>")


def _attributes(tag: str, value: dict[str, Any]) -> str:
    version = f" ref={quoteattr(value['version'])}" if "version" in value else ""
    return version + (' tag="principal"' if value.get(CODED[tag] or "") else "")
