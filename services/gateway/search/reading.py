"""What the services answer to a question, read as hits; any JSON is read, none is trusted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args
from urllib.parse import quote, urlencode

from gateway.overviews.parts import Ask, Part
from gateway.overviews.subjects import DIAGNOSTIC, OBSERVATORY, TRAINING
from gateway.search.merging import Hit, is_named
from platformkit.matching import Match

NAMES: Final = ("jobs", "sectors", "territories", "indicators")
"""Kinds that the observatory finds in one request."""

_ONE: Final = {"certifications": "certification", "offers": "offer"}
_HREF: Final = {
    "jobs": "/v1/observatory/exposure/jobs/{}",
    "sectors": "/v1/observatory/exposure/sectors/{}",
    "territories": "/v1/observatory/exposure/territories/{}",
    "indicators": "/v1/observatory/indicators/{}/data.json",
    "opportunities": "/v1/diagnostic/opportunities/{}",
    "certifications": "/v1/training/certifications/{}",
    "offers": "/v1/training/formations/{}",
}
_MOST: Final = "50"
"""Hits of a kind that a service gives at once."""


@dataclass(slots=True)
class Group:
    """The hits of a kind, how many there are in all, and how the words were read."""

    kind: str
    total: int
    hits: list[Hit]
    matched: str | None
    corrected: list[Mapping[str, str]] = field(default_factory=list)


def asks(question: str, kinds: Sequence[str], limit: int) -> dict[str, Ask]:
    """Give the requests that find these kinds: one to each service but training, one of each."""
    words = ("q", question)
    most = ("limit", str(limit))
    found = {
        kind: Ask(
            TRAINING,
            "/v1/search",
            (words, ("kind", one), ("facets", "false"), ("count", "true"), most),
        )
        for kind, one in _ONE.items()
        if kind in kinds
    }
    names = [("kind", kind) for kind in NAMES if kind in kinds]
    if names:
        found["names"] = Ask(OBSERVATORY, "/v1/search", (words, *names, most))
    if "opportunities" in kinds:
        found["opportunities"] = Ask(DIAGNOSTIC, "/v1/search", (words, most))
    return found


def groups(part: Part, asked: str, question: str) -> Iterator[Group]:
    """Read the hits of a part, by kind."""
    value = _dict(part.value)
    query = _dict(value.get("query"))
    corrected: list[Mapping[str, str]] = list(map(_dict, _list(query.get("corrected"))))
    matched = query.get("matched")
    if asked in _ONE:
        yield (
            Group(asked, 0, [], None)  # without words it lists all that there is
            if matched is None
            else _trained(value, asked, question, matched, corrected)
        )
        return
    for group in map(_dict, _list(value.get("groups"))):
        kind = group.get("kind")
        if kind in _HREF:
            hits = [
                _named(kind, item, rank)
                for rank, item in enumerate(map(_dict, _list(group.get("items"))), 1)
            ]
            yield Group(kind, _count(group.get("total")), hits, matched, corrected)


def _named(kind: str, item: Mapping[str, Any], rank: int) -> Hit:
    code, match = str(item.get("code")), item.get("match")
    known = cast("Match", match) if match in get_args(Match) else "some"
    href = _HREF[kind].format(_quoted(code))
    level = item.get("level")
    return Hit(
        kind, code, str(item.get("label")), known, rank, href, {"level": level} if level else {}
    )


def _trained(
    value: Mapping[str, Any],
    kind: str,
    question: str,
    matched: Any,  # noqa: ANN401  # any JSON
    corrected: list[Mapping[str, str]],
) -> Group:
    hits = []
    for rank, item in enumerate(map(_dict, _list(value.get("items"))), 1):
        data = _dict(item.get(_ONE[kind]))
        title = str(item.get("title"))
        number = data.get("number") if kind == "certifications" else None
        code = str(number or item.get("id"))
        known: Match = "all" if matched == "all" else "some"
        if is_named(question, title, code):
            known = "exact"
        formation = _dict(data.get("formation")).get("id")
        href = _HREF[kind].format(_quoted(str(number or formation)))
        hits.append(Hit(kind, code, title, known, rank, href, data))
    return Group(kind, _count(value.get("total")), hits, matched, corrected)


def more(kind: str, question: str) -> str:
    """Give the address at this door where a kind's hits go on; of offers and the like, by pages."""
    if kind in _ONE:
        return f"/v1/training/search?{urlencode({'q': question, 'kind': _ONE[kind]})}"
    if kind in NAMES:
        query = {"q": question, "kind": kind, "limit": _MOST}
        return f"/v1/observatory/search?{urlencode(query)}"
    return f"/v1/diagnostic/search?{urlencode({'q': question, 'limit': _MOST})}"


def _quoted(code: str) -> str:
    """Spell a code in an address; most are their own spelling, which is seen sooner."""
    return code if code.isascii() and code.isalnum() else quote(code, safe="")


def _dict(node: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    return node if isinstance(node, dict) else {}


def _list(node: Any) -> list[Any]:  # noqa: ANN401  # any JSON
    return node if isinstance(node, list) else []


def _count(node: Any) -> int:  # noqa: ANN401  # any JSON
    return node if isinstance(node, int) else 0
