"""The methods that a kit carries: each with its constants, and as a function of one JSON object.

What is answered is that of the formulas that every figure here is computed with; a golden vector
is an input and what must come out, frozen in `golden.json` and in `reference/constants.json`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isclose
from typing import Any, Final

from observatory.formulas import percentiles
from observatory.indices import catalogue
from observatory.indices import texts as index_texts
from observatory.kits import computing, registry
from observatory.reference import loading
from platformkit.i18n import Text

TOLERANCE: Final = 1e-9
"""How far a number may be from the golden one, relatively, or absolutely near zero."""

_NOT: Final = Text(
    "Un vecteur d’or vérifie un calcul, pas les données dont il part.",
    "A golden vector verifies a computation, not the data that it begins with.",
)


@dataclass(frozen=True, slots=True)
class Vector:
    """An input of a method, and what must come out."""

    name: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KitMethod:
    """A version of a method as another region gets it."""

    id: str
    version: str
    name: Text
    formula: Text
    constants: Mapping[str, Any]
    citations: Sequence[str]
    licence: str
    limits: Sequence[Text]
    compute: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Raises ValidationError for an input that is none of its own."""
    vectors: Sequence[Vector]


@cache
def methods() -> Mapping[str, KitMethod]:
    """Every method by its id, in the order of ids."""
    found = [*(_index(each) for each in catalogue.methods().values()), *_formulas()]
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}


def _index(method: catalogue.Method) -> KitMethod:
    scale = method.percentiles

    def compute(given: Mapping[str, Any]) -> Mapping[str, Any]:
        score = computing.Score.model_validate(given).score
        place = percentiles.percentile(score, scale)
        return {"place": place, "class": percentiles.band(place).value}

    source = loading.sources()[method.dataset]
    return KitMethod(
        id=method.id,
        version=method.version,
        name=method.name,
        formula=index_texts.FORMULA,
        constants={
            "unit_groups": catalogue.reference_groups(),
            "percentiles": list(scale),
            "bounds": {band.value: least for band, least in percentiles.BOUNDS.items()},
        },
        citations=[source["citation"]],
        licence=source["licence"],
        limits=(*method.limits, _NOT),
        compute=compute,
        vectors=[
            Vector(
                f"score-{number:02}",
                {"score": score},
                {"place": place, "class": percentiles.band(place).value},
            )
            for number, (score, place) in enumerate(method.golden, start=1)
        ],
    )


def _formulas() -> list[KitMethod]:
    golden = _golden()
    return [
        KitMethod(
            id=name,
            version=each.version,
            name=each.name,
            formula=each.formula,
            constants=each.constants,
            citations=each.citations,
            licence="EUPL-1.2",
            limits=(*each.limits, _NOT),
            compute=each.compute,
            vectors=[
                Vector(vector["name"], vector["input"], vector["expected"])
                for vector in golden[name]
            ],
        )
        for name, each in registry.FORMULAS.items()
    ]


@cache
def _golden() -> Mapping[str, Any]:
    file = resources.files("observatory").joinpath("kits/golden.json")
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def agree(expected: Any, found: Any) -> bool:  # noqa: ANN401  # JSON values
    """Tell whether what was found is what is expected, numbers within the tolerance."""
    match expected, found:
        case bool(), _:
            return expected is found
        case int() | float(), int() | float() if not isinstance(found, bool):
            return isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        case dict(), dict():
            return expected.keys() == found.keys() and all(
                agree(each, found[name]) for name, each in expected.items()
            )
        case list(), list():
            return len(expected) == len(found) and all(map(agree, expected, found))
    return bool(expected == found)
