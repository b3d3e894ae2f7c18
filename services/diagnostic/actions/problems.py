"""Why an action is not found, or does not change."""

from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text


class ActionUnknown(NotFound):
    """The present roadmap of the diagnostic has no such action."""

    code = "action-unknown"
    title = Text("Action inconnue", "Unknown action")
    detail = Text(
        "La feuille de route de ce diagnostic n’a pas cette action.",
        "The roadmap of this assessment has no such action.",
    )


class ActionRefused(Invalid):
    """What is asked of an action cannot be, whatever its state."""

    code = "action-refused"
    title = Text("Modification refusée", "Change refused")


class ActionStepRefused(Conflict):
    """The state that the action is in does not lead there."""

    code = "action-step-refused"
    title = Text("Changement d’état impossible", "Status change not possible")
    detail = Text(
        "L’action est à l’état « {status} », qui mène à : {allowed}.",
        "The action is “{status}”, which leads to: {allowed}.",
    )


class ActionWaits(Conflict):
    """Its prerequisites are done first."""

    code = "action-waits"
    title = Text("Action en attente d’autres", "Action waits for others")
    detail = Text(
        "Terminez ou écartez d’abord : {codes}.",
        "First do, or set aside: {codes}.",
    )


class ActionSettled(Conflict):
    """It is done, rejected or dropped: only its note may change."""

    code = "action-settled"
    title = Text("Action close", "Action settled")
    detail = Text(
        "L’action est à l’état « {status} » : seule sa note peut changer.",
        "The action is “{status}”: only its note may change.",
    )


class ActionNotStarted(Conflict):
    """Progress is counted once the action is in progress."""

    code = "action-not-started"
    title = Text("Action non commencée", "Action not started")
    detail = Text(
        "L’avancement se compte à partir de « in_progress » ; l’action est à « {status} ».",
        "Progress is counted from “in_progress” on; the action is “{status}”.",
    )


class ActionOrderRefused(Conflict):
    """An action comes after its prerequisites."""

    code = "action-order-refused"
    title = Text("Ordre impossible", "Order not possible")
    detail = Text(
        "{before} vient avant {after}, dont elle est le préalable.",
        "{before} comes before {after}, which it is a prerequisite of.",
    )


class ActionsFull(Conflict):
    """The roadmap has as many actions of the company's own as it can have."""

    code = "actions-full"
    title = Text("Trop d’actions ajoutées", "Too many actions added")
    detail = Text(
        "Une feuille de route prend au plus {most} actions de l’entreprise.",
        "A roadmap takes at most {most} actions of the company's own.",
    )
