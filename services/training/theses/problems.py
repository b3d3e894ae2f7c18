"""Why a subject is not found, or does not move."""

from platformkit.errors import Conflict, Forbidden, Invalid, NotFound, ProblemError
from platformkit.i18n import Text


class ThesisUnknown(NotFound):
    """There is no such subject, or it has not come to the caller."""

    code = "thesis-unknown"
    title = Text("Sujet inconnu", "Unknown subject")
    detail = Text(
        "Aucun sujet que vous puissiez voir n’a cet identifiant.",
        "No subject that you may see has this identifier.",
    )


class ThesisRefused(Invalid):
    """The subject or the step breaks rules of the campaign, whatever the state."""

    code = "thesis-refused"
    title = Text("Sujet refusé", "Subject refused")


class ThesisCampaignClosed(Conflict):
    """Laboratories submit while the campaign is open, from its first day to their last."""

    code = "thesis-campaign-closed"
    title = Text("Campagne fermée", "Campaign closed")
    detail = Text(
        "Les laboratoires déposent du {first} au {last} ; la campagne est à l’état « {status} ».",
        "Laboratories submit from {first} to {last}; the campaign is “{status}”.",
    )


class ThesisStepRefused(Conflict):
    """The state that the subject is in does not lead there."""

    code = "thesis-step-refused"
    title = Text("Étape impossible", "Step not possible")
    detail = Text(
        "Le sujet est à l’état « {status} », où vous pouvez : {allowed}.",
        "The subject is “{status}”, where you may: {allowed}.",
    )


class ThesisStepNotYours(Forbidden):
    """Another organisation takes this step."""

    code = "thesis-step-not-yours"
    title = Text("Étape d’une autre structure", "Step of another organisation")
    detail = Text(
        "Cette étape revient à : {role}.",
        "This step belongs to: {role}.",
    )


class ThesisStepTooLate(Conflict):
    """The step's last day is over."""

    code = "thesis-step-too-late"
    title = Text("Échéance dépassée", "Deadline passed")
    detail = Text(
        "Le dernier jour de cette étape était le {last}.",
        "The last day of this step was {last}.",
    )


class ThesisRankTaken(Conflict):
    """Another subject of the institution has the rank in this campaign."""

    code = "thesis-rank-taken"
    title = Text("Rang déjà pris", "Rank already taken")
    detail = Text(
        "Un autre sujet de l’établissement a le rang {rank}.",
        "Another subject of the institution has rank {rank}.",
    )


class ThesisInstitutionFull(Conflict):
    """The institution has ranked as many subjects as the campaign allows."""

    code = "thesis-institution-full"
    title = Text("Nombre de sujets atteint", "Number of subjects reached")
    detail = Text(
        "Un établissement classe au plus {most} sujets dans cette campagne.",
        "An institution ranks at most {most} subjects in this campaign.",
    )


class ThesisReviewNotOpen(Conflict):
    """The Région decides once the campaign is closed."""

    code = "thesis-review-not-open"
    title = Text("Décision impossible", "Decision not possible")
    detail = Text(
        "La Région décide quand la campagne est fermée ; elle est à l’état « {status} ».",
        "The Région decides when the campaign is closed; it is “{status}”.",
    )


class ThesisBudgetExceeded(Conflict):
    """The campaign has not so much left."""

    code = "thesis-budget-exceeded"
    title = Text("Budget dépassé", "Budget exceeded")
    detail = Text(
        "Il reste {left} € au budget ; ce sujet en demande {asked}.",
        "The budget has {left} € left; this subject asks for {asked}.",
    )


class ThesesFull(Conflict):
    """A laboratory's organisation has as many subjects in the campaign as it can have."""

    code = "theses-full"
    title = Text("Trop de sujets", "Too many subjects")
    detail = Text(
        "Une organisation propose au plus {most} sujets par campagne.",
        "An organisation proposes at most {most} subjects in a campaign.",
    )


class ThesisGrantUnknown(NotFound):
    """There is no such grant, or its campaign has not told its results."""

    code = "thesis-grant-unknown"
    title = Text("Allocation inconnue", "Unknown grant")
    detail = Text("Aucune allocation publiée n’a cet identifiant.", "No public grant has this id.")


class ThesisGrantWithdrawn(ProblemError):
    """The grant was public; the laboratory gave it up."""

    status = 410
    code = "thesis-grant-withdrawn"
    title = Text("Allocation retirée", "Grant withdrawn")
    detail = Text("Le laboratoire y a renoncé.", "The laboratory gave it up.")
