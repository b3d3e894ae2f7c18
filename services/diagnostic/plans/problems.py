"""Why there is no plan, in words and figures."""

from collections.abc import Sequence
from typing import Any

from diagnostic.assessments.scoring import Score, publish
from diagnostic.plans.aims import Aim
from diagnostic.plans.obstacles import Constraint, Obstacle
from diagnostic.reports.figures import number
from platformkit.errors import Conflict, Invalid, Unavailable
from platformkit.i18n import Text, language

_REASONS = {
    Constraint.ACTIONS: Text(
        "même toutes les actions de la feuille de route n’y suffisent pas ({figures}).",
        "not even all actions of the roadmap are enough ({figures}).",
    ),
    Constraint.EXCLUDED: Text(
        "ce qui est exclu ou rejeté, et ce qui en dépend, manque ({blocked} ; {figures}).",
        "what is excluded or rejected, and what depends on it, is missing ({blocked}; {figures}).",
    ),
    Constraint.QUARTERS: Text(
        "{quarters} trimestre(s) n’y suffisent pas, même sans limite de capacité ; il en faut"
        " {needed} ({figures}).",
        "{quarters} quarter(s) are not enough, even with unlimited capacity; it takes {needed}"
        " ({figures}).",
    ),
    Constraint.DEADLINES: Text(
        "les échéances l’empêchent, même sans limite de capacité ({figures}).",
        "the deadlines prevent it, even with unlimited capacity ({figures}).",
    ),
    Constraint.CAPACITY: Text(
        "la capacité des trimestres, {capacity} en tout, n’y suffit pas ; sans cette limite il faut"
        " au moins {needed} ({figures}).",
        "the capacity of the quarters, {capacity} in all, is not enough; without that limit it"
        " takes at least {needed} ({figures}).",
    ),
    Constraint.UNDECIDED: Text(
        "aucun plan n’a été trouvé avec le calcul permis, sans preuve qu’il n’y en ait pas.",
        "no plan was found within the work allowed, without proof that there is none.",
    ),
}
_WHOLE = Text("global", "whole")
_FIGURE = Text(
    "{what} : {points} visés, {nearest} atteints", "{what}: {points} aimed at, {nearest} reached"
)


class PlanContradiction(Invalid):
    """The request for a plan names what is unknown, or asks for what cannot go together."""

    code = "plan-contradiction"
    title = Text("Plan contradictoire", "Contradictory plan")


class PlannerBusy(Unavailable):
    """Too many plans are being made at this moment."""

    code = "planner-busy"
    title = Text("Trop de plans demandés", "Too many plans asked for")
    detail = Text(
        "D’autres plans sont en cours de calcul : réessayez dans un instant.",
        "Other plans are being computed: try again in a moment.",
    )


class TargetUnreachable(Conflict):
    """No plan reaches the target; `constraint` says what stands in the way, with its figures."""

    code = "target-unreachable"
    title = Text("Cible hors d’atteinte", "Target out of reach")
    detail = Text(
        "Aucun plan n’atteint la cible : {reason}", "No plan reaches the target: {reason}"
    )

    def __init__(self, met: Obstacle, aims: Sequence[Aim], capacity: Sequence[int]) -> None:
        self._figures: dict[str, Any] = {
            "constraint": str(met.constraint),
            "targets": [_figure(one, met.nearest) for one in aims],
            "capacity": sum(capacity),
            "quarters": len(capacity),
            "needed": met.needed,
            "blocked": list(met.blocked),
        }
        told = "; ".join(
            _FIGURE(
                what=one["dimension"] or _WHOLE(),
                points=number(one["points"], language()),
                nearest=_dash(number(one["nearest"], language())),
            )
            for one in self._figures["targets"]
        )
        shown = self._figures | {
            "figures": told,
            "needed": _dash(met.needed),
            "blocked": ", ".join(met.blocked),
        }
        super().__init__(reason=_REASONS[met.constraint](**shown))

    def body(self) -> dict[str, Any]:
        """Add the constraint and its figures."""
        return {**super().body(), **self._figures}


def _dash(figure: object) -> object:
    return "—" if figure is None else figure


def _figure(aim: Aim, nearest: Score | None) -> dict[str, Any]:
    found = None if nearest is None else aim.figure(nearest)
    digits = -int(aim.points.as_tuple().exponent)
    return {
        "dimension": aim.dimension,
        "points": float(aim.points),
        "nearest": None if found is None else float(publish(found, digits)),
    }
