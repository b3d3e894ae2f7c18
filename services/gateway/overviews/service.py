"""An overview: its parts put together, what is missing said, and who may keep the answer."""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from gateway.overviews import plans, projection
from gateway.overviews.parts import Gap, Part
from gateway.overviews.plans import Step
from gateway.overviews.views import Answer, Found
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


class Overview:
    """What is wanted of a subject; the first step, or any without it, says if it exists."""

    def __init__(
        self, steps: Sequence[Step], fields: str | None = None, require: str | None = None
    ) -> None:
        """Read which parts, and what of them; raises FieldUnknown, PartUnknown."""
        self._tree = projection.parse(fields, [step.part for step in steps])
        self._required = _required(require, self._tree)
        self._fields = fields or ""
        self._subject = steps[0].part
        self.steps = plans.needed(steps, self._tree)
        self._is_open = all(step.scope is None for step in self.steps)

    def answer(self, found: Found) -> Answer:
        """Put the parts together; raises SubjectUnknown, NothingAvailable, PartRequired."""
        about = found.get(self._subject)
        for part in [about] if about else found.values():
            if plans.is_unknown(part):
                raise SubjectUnknown(service=part.service)
        shown = {name: part for name, part in found.items() if name in self._tree}
        check(shown, self._required)
        seconds = kept(shown) if self._is_open else None
        return Answer(_body(shown, self._tree), tag(shown, self._fields), seconds)


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
