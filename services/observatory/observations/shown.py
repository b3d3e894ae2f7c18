"""The columns of an answer, as expressions: codes, names, values as they may be seen. Pure."""

from typing import Final

from observatory.observations import classing
from observatory.observations.parts import SUPPRESSED, WITHDRAWN, Parts
from observatory.observations.readings import READING_KEY, Wording, expression
from observatory.structures.catalogue import (
    MEASURE,
    OBSERVED,
    OF_RELEASE,
    TIME,
    Attribute,
    Dimension,
)
from platformkit.i18n import Language

NAMED: Final = "_NAME"
"""Ends the name of a column of names, beside that of the codes (labels `split`)."""


def columns(parts: Parts, language: Language) -> dict[str, str]:
    """Name the columns of the answer, in its order, with their expressions."""
    selection = parts.selection
    found = {}
    for each in selection.flow.dimensions:
        code = f"s.{each.column}"
        if selection.labels != "id":
            name = _name(parts, each, language)
            if selection.labels == "split":
                found[each.id], found[each.id + NAMED] = code, name
                continue
            code = name if selection.labels == "name" else f"{code} || ': ' || {name}"
        found[each.id] = code
    found[TIME] = "p.text"
    found[MEASURE] = parts.shown("value")
    if selection.fills_gaps:
        found[MEASURE] = f"coalesce({found[MEASURE]}, e.value)"
    for attribute in selection.flow.attributes:
        if selection.wants(attribute.id):
            found[attribute.id] = _attribute(parts, attribute)
    return found | _more(parts, language)


def _more(parts: Parts, language: Language) -> dict[str, str]:
    """Name the columns that only some questions have."""
    selection = parts.selection
    found = {}
    if selection.tells_deletions:
        found["ACTION"] = "CASE WHEN o.deleted THEN 'D' ELSE 'R' END"
    if selection.include_history or selection.initial:
        instants = parts.bind(
            [each.published_at for each in parts.vintages.releases], "timestamptz[]"
        )
        written = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        found["VALID_FROM"] = written.format(f"({instants})[o.rel_from]")
    if selection.include_history:
        until = f"CASE WHEN o.rel_to <= {selection.as_of} THEN ({instants})[o.rel_to] END"
        found["VALID_TO"] = written.format(until)
    if selection.fills_gaps:
        found["FILLED_FROM"] = "e.text"
    if selection.tells_release:
        found["RELEASE"] = "o.rel_from"
    if selection.reads is not None:
        found |= _read(parts, selection.reads, language)
    return found


def _name(parts: Parts, dimension: Dimension, language: Language) -> str:
    """Expression of the name of a code; its list is joined once."""
    join = f"c_{dimension.column}"
    joined = (
        f"LEFT JOIN observatory.code {join} ON {join}.codelist = {dimension.codelist.number}"
        f" AND {join}.code = s.{dimension.column}"
    )
    if joined not in parts.joins:
        parts.joins.append(joined)
    return f"{join}.name_{language}"


def _read(parts: Parts, wording: Wording, language: Language) -> dict[str, str]:
    """Name the columns of the sentence, and of the class where a key gives one."""
    key = wording.key
    if key is None:
        reading = _reading(parts, wording, language)
        return {"READING_KEY": parts.bind(READING_KEY, "text"), "READING": reading}
    shown = {each: parts.shown(each) for each in ("value", "status", "ci_low", "ci_high")}
    parts.joins += classing.joins(key, shown, parts.bind)
    ids = parts.bind([each.band.id for each in key.classes], "text[]")
    names = [each.name.en if language == "en" else each.name.fr for each in key.classes]
    named = f"({parts.bind(names, 'text[]')})[array_position({ids}, {classing.CLASS})]"
    return {
        "READING_KEY": parts.bind(key.reference, "text"),
        "CLASS": classing.CLASS,
        "CLASS_NAME": named,
        "CERTAIN": f"CASE {classing.CERTAIN} WHEN true THEN 'yes' WHEN false THEN 'no' END",
        "READING": _reading(parts, wording, language),
    }


def _reading(parts: Parts, wording: Wording, language: Language) -> str:
    return expression(
        wording,
        language,
        [
            _name(parts, each, language)
            for each in parts.selection.flow.dimensions
            if each.id not in wording.unsaid
        ],
        parts.shown("value"),
        parts.shown("status"),
        {SUPPRESSED: "hidden", WITHDRAWN: "withdrawn"},
        parts.bind,
    )


def _attribute(parts: Parts, attribute: Attribute) -> str:
    if attribute.level == "dataflow":
        return parts.bind(attribute.values[""], "text")
    if attribute.level == "dimension":
        dimension = parts.selection.flow.dimension(attribute.dimension or "")
        assert dimension is not None  # noqa: S101  # publishing refuses others
        codes = parts.bind(list(attribute.values), "text[]")
        values = parts.bind(list(attribute.values.values()), "text[]")
        return f"({values})[array_position({codes}, s.{dimension.column})]"
    if attribute.id in OF_RELEASE:
        told = [getattr(each, OF_RELEASE[attribute.id]) for each in parts.vintages.releases]
        return f"({parts.bind(told, 'text[]')})[o.rel_from]"
    return parts.shown(OBSERVED[attribute.id])
