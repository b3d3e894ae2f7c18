"""An overview: its parts read together, what is missing said, and who may keep the answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from gateway.overviews import plans, projection
from gateway.overviews.parts import Gap, Part
from gateway.overviews.plans import Step
from gateway.overviews.reader import Reader
from platformkit import etags
from platformkit.errors import BadRequest, NotFound, Unavailable
from platformkit.i18n import Text, language


class SubjectUnknown(NotFound):
    """The service that knows the subject says that there is none, or none of this tenant."""

    code = "overview-subject-unknown"
    title = Text("Sujet inconnu", "Unknown subject")
    detail = Text(
        "Le service {service} ne connaît pas ce que demande cet aperçu.",
        "Service {service} does not know what this overview asks for.",
    )


class NothingAvailable(Unavailable):
    """Every part is missing."""

    code = "overview-unavailable"
    detail = Text(
        "Aucune partie n’a pu être lue ({reasons}).", "No part could be read ({reasons})."
    )


class PartRequired(Unavailable):
    """A part is missing that the caller cannot do without."""

    code = "overview-part-required"
    title = Text("Partie requise absente", "A required part is missing")
    detail = Text(
        "Une partie requise n’a pu être lue ({reasons}).",
        "A required part could not be read ({reasons}).",
    )


class PartUnknown(BadRequest):
    """`require` names a part that this overview does not have or that `fields` leaves out."""

    code = "part-unknown"
    title = Text("Partie inconnue", "Unknown part")
    detail = Text(
        "Inconnues : {unknown}. Parties demandées : {known}.",
        "Unknown: {unknown}. Parts asked for: {known}.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, and who may keep it: anybody for `seconds`, where they are not None."""

    body: bytes
    etag: str
    seconds: int | None


Found = Mapping[str, Part | Gap]


async def overview(
    reader: Reader, steps: Sequence[Step], fields: str | None, require: str | None
) -> Answer:
    """Read what is wanted of a subject; the first step, or any without it, says if it exists.

    Raises FieldUnknown, PartUnknown, SubjectUnknown, NothingAvailable, PartRequired.
    """
    tree = projection.parse(fields, [step.part for step in steps])
    required = _required(require, tree)
    asked = plans.needed(steps, tree)
    found = await plans.read(reader, asked)
    about = found.get(steps[0].part)
    for part in [about] if about else found.values():
        if plans.is_unknown(part):
            raise SubjectUnknown(service=part.service)
    shown = {name: part for name, part in found.items() if name in tree}
    check(shown, required)
    is_open = all(step.scope is None for step in asked)
    return Answer(_body(shown, tree), tag(shown, fields or ""), kept(shown) if is_open else None)


def _required(require: str | None, tree: projection.Tree) -> set[str]:
    names = {name.strip() for name in require.split(",")} if require is not None else set()
    unknown = names - tree.keys()
    if unknown:
        raise PartUnknown(unknown=", ".join(sorted(unknown)), known=", ".join(tree))
    return names


def check(found: Found, required: Iterable[str] = ()) -> None:
    """Raise NothingAvailable where all parts are missing, PartRequired where one of these is."""
    gaps = {name: part for name, part in found.items() if isinstance(part, Gap)}
    if len(gaps) == len(found):
        raise NothingAvailable(reasons=_reasons(gaps), headers=_again(gaps.values()))
    missing = {name: gap for name, gap in gaps.items() if name in required}
    if missing:
        raise PartRequired(reasons=_reasons(missing), headers=_again(missing.values()))


def _reasons(gaps: Mapping[str, Gap]) -> str:
    return ", ".join(f"{name}: {gap.reason}" for name, gap in gaps.items())


def _again(gaps: Iterable[Gap]) -> dict[str, str]:
    return {"retry-after": str(max([1, *(gap.retry_after or 1 for gap in gaps)]))}


def tag(found: Found, asked: str) -> str:
    """Make the weak tag of an answer: equal but for the instants that its parts were read at."""
    texts: list[bytes | str] = [language(), asked]
    for name, part in found.items():
        texts += [name, part.content if isinstance(part, Part) else part.reason]
    return "W/" + etags.of_bytes(*texts)


def kept(found: Found) -> int:
    """Say for how many seconds the answer stays true: the least of its parts, 0 with a gap."""
    return min(part.seconds if isinstance(part, Part) else 0 for part in found.values())


def missing(found: Found) -> list[dict[str, object]]:
    """Say what is missing, and why."""
    return [
        {
            "part": name,
            "reason": part.reason,
            "status": part.status,
            "retry_after": part.retry_after,
        }
        for name, part in found.items()
        if isinstance(part, Gap)
    ]


def _body(found: Found, tree: projection.Tree) -> bytes:
    """Splice the parts in as they came: they are their services' words, not ours."""
    body: dict[str, object] = {}
    for name, part in found.items():
        if isinstance(part, Part):
            wanted = tree[name]
            body[name] = {
                "as_of": part.as_of,
                "source": part.ask.service,
                "href": part.ask.href,
                "basis": "region" if part.ask.regional else "subject",
                "data": orjson.Fragment(part.content)
                if wanted is None
                else projection.cut(part.value, wanted),
            }
    body["unavailable"] = missing(found)
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)
