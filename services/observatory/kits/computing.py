"""The formulas as functions of one JSON object, so that anybody can ask a node what it computes.

Nothing here computes: inputs are read and bounded, and handed to the formulas of the observatory.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from observatory.exposure import classes, method
from observatory.formulas import change, crosswalk, structure, thresholds
from platformkit.wire import Wire, refusal

_Code = Annotated[str, StringConstraints(min_length=1, max_length=20)]
_Number = Annotated[float, Field(ge=-1e12, le=1e12)]
_Positive = Annotated[float, Field(gt=0, le=1e12)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Hundredths = Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)]
_ByCode = Annotated[dict[_Code, _Number], Field(min_length=1, max_length=100)]
_Weights = Annotated[dict[_Code, _Positive], Field(min_length=1, max_length=100)]
_Row = Annotated[list[Annotated[float, Field(ge=0, le=1e9)]], Field(min_length=5, max_length=40)]

Json = Mapping[str, Any]


class Score(Wire):
    """A score on the scale of an index."""

    score: _Number


class _Dispersion(Wire):
    mean: _Hundredths
    sd: _Hundredths


class _Job(Wire):
    occupation: _Code
    mean: _Hundredths
    sd: _Hundredths
    tasks: Annotated[int, Field(ge=1, le=10_000)]


class _Group(Wire):
    code: _Code
    weight: _Positive
    jobs: Annotated[list[_Job], Field(min_length=1, max_length=20)]


class _Groups(Wire):
    groups: Annotated[list[_Group], Field(min_length=1, max_length=50)]
    sampling: _Share


class _Quotient(Wire):
    part: _Positive
    whole: _Positive
    part_elsewhere: _Positive
    whole_elsewhere: _Positive
    sampling: _Share


class _Shift(Wire):
    before: _Weights
    after: _Weights
    nation_before: _Weights
    nation_after: _Weights


class _State(Wire):
    weights: _Weights
    scores: _ByCode


class _Change(Wire):
    before: _State
    after: _State


class _Carried(Wire):
    weights: _Weights
    scores: Annotated[dict[_Code, tuple[_Number, _Number]], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _sums_to_one(self) -> "_Carried":
        if abs(sum(self.weights.values()) - 1) > crosswalk.TOLERANCE:
            raise refusal("weights-not-one", "Les poids font 1.", "Weights sum to one.")
        return self


class _Interval(Wire):
    share: Annotated[float, Field(ge=0, le=1)]
    observed: Annotated[float, Field(ge=0, le=1e12)]


class _Panel(Wire):
    counts: Annotated[list[_Row], Field(min_length=1, max_length=20)]
    totals: _Row
    employers: Annotated[list[_Row], Field(min_length=1, max_length=20)]
    largest: Annotated[list[_Row], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _is_rectangular(self) -> "_Panel":
        shapes = {len(rows) for rows in (self.counts, self.employers, self.largest)}
        lengths = {len(row) for rows in (self.counts, self.employers, self.largest) for row in rows}
        if len(shapes) > 1 or lengths != {len(self.totals)}:
            raise refusal(
                "panel-ragged",
                "Les tableaux n’ont pas les mêmes dimensions.",
                "The tables have not the same dimensions.",
            )
        return self


def ilo_class(given: Json) -> Json:
    """Class of the ILO from a published mean and SD (formula 2)."""
    it = _Dispersion.model_validate(given)
    return {"class": classes.classify(it.mean, it.sd).value}


def exposure(given: Json) -> Json:
    """Exposure of groups of workers, with its standard error (formulas 3, 4 and 6)."""
    it = _Groups.model_validate(given)
    groups = []
    for each in it.groups:
        known = [
            method.Occupation(job.occupation, job.mean, job.sd, job.tasks) for job in each.jobs
        ]
        jobs = [method.job(one.code, one, ()) for one in known]
        groups.append(method.Group(each.code, each.weight, tuple(job for job in jobs if job)))
    found = method.aggregate(groups, it.sampling)
    if found is None:
        return {}
    variance = found.variance
    return {
        "mean": found.mean,
        "se": found.se,
        "exposed": found.exposed,
        "numerator": found.mean * found.covered,
        "denominator": found.covered,
        "variance": {
            "scores": variance.scores,
            "crosswalk": variance.crosswalk,
            "weights": variance.weights,
        },
    }


def quotient(given: Json) -> Json:
    """Location quotient with its interval (formula 7)."""
    it = _Quotient.model_validate(given)
    found = structure.location_quotient(
        it.part, it.whole, it.part_elsewhere, it.whole_elsewhere, it.sampling
    )
    low, high = found.interval or (None, None)
    return {"value": found.value, "low": low, "high": high, "unreliable": found.unreliable}


def shift(given: Json) -> Json:
    """Shift-share by sector (formula 7)."""
    it = _Shift.model_validate(given)
    found = structure.shift_share(it.before, it.after, it.nation_before, it.nation_after)
    return {code: each._asdict() for code, each in found.items()}


def movement(given: Json) -> Json:
    """Change of a mean by structure and by score (formula 7, B3)."""
    it = _Change.model_validate(given)
    before = change.State(it.before.weights, it.before.scores)
    after = change.State(it.after.weights, it.after.scores)
    found = change.decompose(before, before, before, after)
    return {"total": found.total, "structure": found.structure, "score": found.score}


def carried(given: Json) -> Json:
    """Score carried through a crosswalk (formula 1)."""
    it = _Carried.model_validate(given)
    scores = {code: crosswalk.Estimate(*each) for code, each in it.scores.items()}
    found = crosswalk.carry(it.weights, scores)
    if found is None:
        return {}
    return {
        "value": found.value,
        "scores": found.scores,
        "crosswalk": found.crosswalk,
        "coverage": found.coverage,
    }


def interval(given: Json) -> Json:
    """Wilson interval of a share (formula 8)."""
    it = _Interval.model_validate(given)
    return structure.wilson(it.share, it.observed)._asdict()


def emergence(given: Json) -> Json:
    """p-values, discoveries and watches of terms over quarters (formula 9)."""
    import numpy as np  # noqa: PLC0415  # only this formula needs it

    from observatory.formulas.emergence import Panel, passing, watched  # noqa: PLC0415  # likewise

    it = _Panel.model_validate(given)
    rule = thresholds.Rule()
    given_tables = (it.counts, it.totals, it.employers, it.largest)
    panel = Panel(*(np.array(each, float) for each in given_tables))
    marks, p = passing(panel, rule)
    return {"p": p.tolist(), "passing": marks.tolist(), "watched": watched(marks, rule).tolist()}
