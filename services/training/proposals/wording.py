"""What people read of a proposal's states and transitions."""

from typing import Final

from platformkit.i18n import Text
from training.proposals.states import State, Transition

STATES: Final = {
    State.DRAFT: Text("Brouillon", "Draft"),
    State.SUBMITTED: Text("Soumise", "Submitted"),
    State.ADMISSIBLE: Text("Recevable", "Admissible"),
    State.INADMISSIBLE: Text("Irrecevable", "Inadmissible"),
    State.UNDER_REVIEW: Text("En instruction", "Under review"),
    State.COMPLEMENT_REQUESTED: Text("Complément demandé", "Complement requested"),
    State.OPINION_FAVOURABLE: Text("Avis favorable", "Favourable opinion"),
    State.OPINION_RESERVED: Text("Avis réservé", "Reserved opinion"),
    State.OPINION_UNFAVOURABLE: Text("Avis défavorable", "Unfavourable opinion"),
    State.ACCEPTED: Text("Acceptée", "Accepted"),
    State.REFUSED: Text("Refusée", "Refused"),
    State.REFUSED_FOR_GOOD: Text("Refusée définitivement", "Refused for good"),
    State.PUBLISHED: Text("Publiée", "Published"),
    State.WITHDRAWN_BY_AUTHOR: Text("Retirée par son auteur", "Withdrawn by its author"),
}
TRANSITIONS: Final = {
    Transition.SUBMIT: Text("Soumettre", "Submit"),
    Transition.ADMIT: Text("Déclarer recevable", "Declare admissible"),
    Transition.REJECT: Text("Déclarer irrecevable", "Declare inadmissible"),
    Transition.START_REVIEW: Text("Ouvrir l’instruction", "Start the review"),
    Transition.REQUEST_COMPLEMENT: Text("Demander un complément", "Request a complement"),
    Transition.COMPLETE: Text("Rendre le complément", "Hand in the complement"),
    Transition.OPINE_FAVOURABLY: Text("Rendre un avis favorable", "Give a favourable opinion"),
    Transition.OPINE_WITH_RESERVES: Text("Rendre un avis réservé", "Give a reserved opinion"),
    Transition.OPINE_UNFAVOURABLY: Text(
        "Rendre un avis défavorable", "Give an unfavourable opinion"
    ),
    Transition.ACCEPT: Text("Accepter", "Accept"),
    Transition.REFUSE: Text("Refuser", "Refuse"),
    Transition.REFUSE_FOR_GOOD: Text("Refuser définitivement", "Refuse for good"),
    Transition.REVISE: Text("Reprendre en brouillon", "Take back to a draft"),
    Transition.PUBLISH: Text("Publier", "Publish"),
    Transition.RETIRE: Text("Retirer du catalogue", "Take out of the catalogue"),
    Transition.WITHDRAW: Text("Retirer", "Withdraw"),
}
