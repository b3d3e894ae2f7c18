"""Which artefacts a path names: agencies, ids, versions and items, with their wildcards.

SDMX-REST 2.2.2, `structures.md` and `querying_versions.md`; the words `all` and `latest` are those
of SDMX-REST 1.x.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from observatory.structures import versions
from platformkit.errors import BadRequest, Fault
from platformkit.i18n import Text

ANY: Final = "*"
_MOST: Final = 200
_FORMS: Final = {
    "agency": re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z][A-Za-z0-9_-]{0,63}){0,8}"),
    "resource": re.compile(r"[A-Za-z0-9_@$-]{1,64}"),
    "item": re.compile(r"[A-Za-z0-9_@$-]{1,64}(\.[A-Za-z0-9_@$-]{1,64}){0,8}"),
}


class PathMalformed(BadRequest):
    """A part of an SDMX address has not the form that the standard gives it."""

    code = "sdmx-path-malformed"
    title = Text("Adresse SDMX mal formée", "Malformed SDMX address")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is asked for; an empty tuple of names is any of them."""

    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("~",)
    items: tuple[str, ...] = ()


def parse(segments: Mapping[str, str], newest: str = "~") -> Pattern:
    """Read `agency`, `resource`, `version` and `item`; what is left out is any, or the newest.

    Raises PathMalformed with every fault.
    """
    faults: list[Fault] = []
    found = Pattern(
        agencies=_names("agency", segments, faults),
        ids=_names("resource", segments, faults),
        versions=_versions(segments.get("version", newest), newest, faults),
        items=_names("item", segments, faults),
    )
    if faults:
        problem = PathMalformed()
        problem.faults = faults
        raise problem
    return found


def _names(segment: str, segments: Mapping[str, str], faults: list[Fault]) -> tuple[str, ...]:
    given = segments.get(segment, ANY).split(",")
    if any(each in (ANY, "all") for each in given):
        return ()
    if len(given) > _MOST or not all(_FORMS[segment].fullmatch(each) for each in given):
        faults.append(
            _fault(
                segment,
                "Un identifiant, plusieurs séparés par des virgules, ou * sont attendus.",
                "An id, several ones separated by commas, or * are expected.",
            )
        )
    return tuple(dict.fromkeys(given))


def _versions(given: str, newest: str, faults: list[Fault]) -> tuple[str, ...]:
    words = {"latest": newest, "all": ANY}
    asked = [words.get(each, each) for each in given.split(",")]
    if len(asked) > _MOST or not all(versions.is_asked(each) for each in asked):
        faults.append(
            _fault(
                "version",
                "Une version s’écrit 1.0.0, la plus récente ~ ou +, toutes *, dès 1.2 : 1.2+.0.",
                "A version is written 1.0.0, the newest ~ or +, all *, from 1.2 on: 1.2+.0.",
            )
        )
    return tuple(dict.fromkeys(asked))


def _fault(segment: str, fr: str, en: str) -> Fault:
    return Fault(f"/{segment}", "sdmx-path-malformed", Text(fr, en), where="path")
