"""What may be refused about a proposal."""

from collections.abc import Sequence

from platformkit.errors import Conflict, Fault, Forbidden, Invalid, NotFound, TooLarge
from platformkit.i18n import Text
from platformkit.validation import UnsupportedMediaType


class ProposalUnknown(NotFound):
    """No proposal has this id, or none that the caller may see (acceptance D6)."""

    code = "proposal-unknown"
    title = Text("Proposition inconnue", "Unknown proposal")


class SelfReview(Forbidden):
    """Whoever proposes does not review, nor does anybody of the same organisation (D1)."""

    code = "proposal-self-review"
    title = Text("Auteur et évaluateur", "Author and reviewer")
    detail = Text(
        "Nul n’évalue ni ne décide la proposition de sa propre organisation.",
        "Nobody reviews or decides a proposal of their own organisation.",
    )


class NotTheAuthor(Forbidden):
    """Only the organisation that proposes may do this."""

    code = "proposal-not-yours"
    title = Text("Réservé à l’auteur", "For its author only")
    detail = Text(
        "Seule l’organisation qui propose peut faire cela.",
        "Only the organisation that proposes may do this.",
    )


class NotAssigned(Forbidden):
    """The review was given to somebody else."""

    code = "proposal-reviewer-not-assigned"
    title = Text("Évaluation confiée à d’autres", "Review given to others")
    detail = Text(
        "Cette proposition est confiée à : {reviewers}.", "This proposal is with: {reviewers}."
    )


class TransitionForbidden(Conflict):
    """The state does not lead there; what it leads to is said (D2)."""

    code = "proposal-transition-forbidden"
    title = Text("Transition impossible", "Transition impossible")
    detail = Text(
        "« {transition} » ne part pas de l’état « {state} » ; transitions permises : {allowed}.",
        "“{transition}” does not leave state “{state}”; allowed transitions: {allowed}.",
    )


class NotEditable(Conflict):
    """Only a draft, or what a complement asks for, is changed."""

    code = "proposal-not-editable"
    title = Text("Proposition figée", "Proposal not editable")
    detail = Text(
        "Dans l’état « {state} », le contenu ne change pas.",
        "In state “{state}” the payload does not change.",
    )


class FieldsNotAsked(Conflict):
    """While a complement is awaited only the fields asked for change (D5)."""

    code = "proposal-fields-not-asked"
    title = Text("Champs non demandés", "Fields not asked for")
    detail = Text("Le complément ne porte que sur : {asked}.", "The complement is about: {asked}.")

    def __init__(self, places: Sequence[str], asked: Sequence[str]) -> None:
        super().__init__(asked=", ".join(asked))
        said = Text("Ce champ n’est pas demandé.", "This field is not asked for.")
        self.faults = [Fault(f"/payload{place}", "not-asked", said) for place in places]


class PayloadInvalid(Invalid):
    """The payload says what a certification or an offer cannot say."""

    code = "proposal-payload-invalid"
    title = Text("Contenu de proposition invalide", "Invalid proposal payload")


class ReasonMissing(Invalid):
    """A deed that must say why does not (D2)."""

    code = "proposal-reason-missing"
    title = Text("Motif requis", "Reason required")

    def __init__(self) -> None:
        said = Text(
            "Dites pourquoi, en 10 caractères au moins.", "Say why, in 10 characters at least."
        )
        super().__init__([Fault("/reason", "missing", said)])


class FieldsRefused(Invalid):
    """A complement names its fields, and they are such that the payload can have."""

    code = "proposal-fields-refused"
    title = Text("Champs à compléter refusés", "Fields to complete refused")


class PublicationBlocked(Invalid):
    """What keeps an accepted proposal from the catalogue, all of it at once (D3)."""

    code = "proposal-publication-blocked"
    title = Text("Publication impossible", "Publication impossible")


class OpinionGiven(Conflict):
    """One opinion of each reviewer in a round."""

    code = "proposal-opinion-given"
    title = Text("Avis déjà donné", "Opinion already given")
    detail = Text(
        "Vous avez déjà donné votre avis dans ce tour d’instruction.",
        "You have already given your opinion in this round of the review.",
    )


class NotUnderReview(Conflict):
    """Opinions are given during the review."""

    code = "proposal-not-under-review"
    title = Text("Proposition hors instruction", "Proposal not under review")
    detail = Text(
        "Cela se fait en cours d’instruction ; l’état est « {state} ».",
        "This is done during the review; the state is “{state}”.",
    )


class ReviewOver(Conflict):
    """Nothing more is reviewed once it is over."""

    code = "proposal-review-over"
    title = Text("Instruction terminée", "Review over")
    detail = Text("L’état est « {state} ».", "The state is “{state}”.")


class ReviewersTooMany(Conflict):
    """A review is the charge of a few."""

    code = "proposal-reviewers-too-many"
    title = Text("Trop d’évaluateurs", "Too many reviewers")
    detail = Text("Au plus {most} évaluateurs.", "At most {most} reviewers.")


class AttachmentUnknown(NotFound):
    """The proposal has no such document."""

    code = "proposal-attachment-unknown"
    title = Text("Pièce inconnue", "Unknown attachment")


class AttachmentTypeUnsupported(UnsupportedMediaType):
    """Files of this kind are not taken."""

    code = "proposal-attachment-type-unsupported"
    detail = Text("Types admis : {accepted}.", "Types accepted: {accepted}.")


class AttachmentTooLarge(TooLarge):
    """The file is larger than one may be."""

    code = "proposal-attachment-too-large"
    title = Text("Pièce trop volumineuse", "Attachment too large")
    detail = Text("Au plus {limit} octets.", "At most {limit} bytes.")


class AttachmentRefused(Invalid):
    """The file is empty, or not what it is said to be."""

    code = "proposal-attachment-refused"
    title = Text("Pièce refusée", "Attachment refused")


class AttachmentsTooMany(Conflict):
    """A proposal holds as many documents as it can."""

    code = "proposal-attachments-too-many"
    title = Text("Trop de pièces", "Too many attachments")
    detail = Text("Au plus {most} pièces.", "At most {most} attachments.")


class PreviewUnknown(NotFound):
    """Never made, altered, expired, revoked, or nothing to preview any more: all the same."""

    code = "proposal-preview-unknown"
    title = Text("Aperçu introuvable", "Preview not found")
    detail = Text(
        "Ce lien n’ouvre rien : il est inconnu, expiré ou révoqué.",
        "This link opens nothing: it is unknown, expired or revoked.",
    )


class PreviewsTooMany(Conflict):
    """A proposal has as many links in use as it may have."""

    code = "proposal-previews-too-many"
    title = Text("Trop de liens d’aperçu", "Too many preview links")
    detail = Text(
        "Déjà {most} liens en cours : révoquez-en un.",
        "Already {most} links in use: revoke one.",
    )
