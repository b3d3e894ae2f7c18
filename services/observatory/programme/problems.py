"""What a programme's accounts refuse, one class per cause."""

from collections.abc import Sequence

from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text


class ProgrammeUnknown(NotFound):
    """There is no such programme, or another organisation steers it."""

    code = "steered-programme-unknown"
    title = Text("Programme inconnu", "Unknown programme")


class PartUnknown(NotFound):
    """The programme has no such funder, line, entry, milestone or event."""

    code = "programme-part-unknown"
    title = Text("Élément de programme inconnu", "Unknown part of the programme")
    detail = Text(
        "Le programme n’a pas de {part} « {code} ».", "The programme has no {part} {code}."
    )


class CodeTaken(Conflict):
    """The code names another one already."""

    code = "programme-code-taken"
    title = Text("Code déjà pris", "Code already taken")
    detail = Text("Le code « {code} » est déjà pris.", "The code {code} is taken already.")


class ProgrammeRefused(Invalid):
    """Dates, quarters or codes make no sense together."""

    code = "programme-refused"
    title = Text("Programme refusé", "Programme refused")


class _Overdrawn(Conflict):
    """Base of what would take more money than there is; each limit is a fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


class OverCommitted(_Overdrawn):
    """A commitment takes more than its line, its funder or their agreement has left."""

    code = "over-committed"
    title = Text("Budget insuffisant", "Not enough budget")


class OverPaid(_Overdrawn):
    """A payment or a correction takes more than its entry has left."""

    code = "over-paid"
    title = Text("Montant supérieur au solde", "More than the balance")


class BudgetOverrun(_Overdrawn):
    """Contributions or plans are more than the programme's budget, or less than is committed."""

    code = "budget-overrun"
    title = Text("Budget incohérent", "Inconsistent budget")


class LineNotFunded(Conflict):
    """The money of the funder is not for the line."""

    code = "line-not-funded"
    title = Text("Dépense non prévue par le financeur", "Not for this funder's money")
    detail = Text(
        "L’argent de « {funder} » ne peut pas servir à « {line} ».",
        "The money of {funder} may not be spent on {line}.",
    )


class EntryFinal(Conflict):
    """A correction is not corrected: write the entry anew."""

    code = "entry-final"
    title = Text("Écriture de correction", "Correcting entry")
    detail = Text(
        "Une correction ne se corrige pas : passez une nouvelle écriture.",
        "A correction is not corrected: write a new entry.",
    )


class ProgrammeFull(Conflict):
    """There is an end to how much one programme holds, so that every reading of it is bounded."""

    code = "programme-full"
    title = Text("Programme complet", "Programme full")
    detail = Text(
        "Un programme a au plus {most} {parts}.", "A programme has at most {most} {parts}."
    )


class StepRefused(Conflict):
    """What was reached or cancelled stays so."""

    code = "programme-step-refused"
    title = Text("Étape impossible", "Impossible step")
    detail = Text("L’état est « {state} ».", "Its state is {state}.")
