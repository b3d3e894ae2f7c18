"""What can be wrong about a roll-up."""

from platformkit.errors import Conflict, Invalid, NotFound, ProblemError
from platformkit.i18n import Text


class RollUpUnknown(NotFound):
    """No roll-up has this id, or it is another organisation's to change."""

    code = "rollup-unknown"
    title = Text("Agrégation inconnue", "Unknown roll-up")
    detail = Text("Aucune agrégation {id}.", "No roll-up {id}.")


class RollUpInvalid(Invalid):
    """The definition refers to what our structures do not have."""

    code = "rollup-invalid"
    title = Text("Agrégation invalide", "Invalid roll-up")


class AverageOfAverages(ProblemError):
    """The figures have no numerator and denominator, so that only their means could be averaged."""

    status = 422
    code = "average-of-averages"
    title = Text("Moyenne de moyennes", "Average of averages")
    detail = Text(
        "Le flux {dataflow} ne s’agrège pas : sa structure doit nommer ses ratios, d’une seule"
        " dimension, et donner NUMERATOR et DENOMINATOR.",
        "The dataflow {dataflow} does not roll up: its structure must name its ratios, of one"
        " dimension, and give NUMERATOR and DENOMINATOR.",
    )


class RollUpUncovered(Conflict):
    """Too little of the country counts; nothing is published."""

    code = "rollup-uncovered"
    title = Text("Couverture insuffisante", "Coverage too low")
    detail = Text(
        "Couverture {coverage}, pour au moins {least} ; manquent : {missing}.",
        "Coverage {coverage}, where {least} is the least; missing: {missing}.",
    )


class RollUpBeingRead(Conflict):
    """A node's figures are being read; try again when they are whole."""

    code = "rollup-being-read"
    title = Text("Lecture en cours", "Being read")
    detail = Text("Les chiffres de {areas} sont en lecture.", "Figures of {areas} are being read.")
