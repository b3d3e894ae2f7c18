"""The fixed words of the report, in French and English."""

from __future__ import annotations

from diagnostic.questionnaires.grid import Language

# One line per word: (French, English).
WORDS: dict[str, tuple[str, str]] = {
    "title": ("Diagnostic de maturité IA", "AI maturity diagnostic"),
    "subtitle": ("Rapport remis à l’entreprise", "Report delivered to the company"),
    "date": ("Date du diagnostic", "Date of the diagnostic"),
    "milestone": ("Jalon", "Milestone"),
    "your_score": ("Votre score", "Your score"),
    "out_of": ("sur 100", "out of 100"),
    "level": ("Niveau", "Level"),
    "provisional": ("Score provisoire", "Provisional score"),
    "between": ("entre {low} et {high}", "between {low} and {high}"),
    "provisional_why": (
        "Des questions restent sans réponse : le score final sera compris entre ces deux valeurs.",
        "Some questions are unanswered: the final score will lie between these two values.",
    ),
    "no_score": ("Non évalué", "Not assessed"),
    "no_score_why": (
        "Trop de questions ne concernent pas l’entreprise pour calculer un score.",
        "Too many questions do not apply to the company for a score to be computed.",
    ),
    "overview": ("Vue d’ensemble", "Overview"),
    "radar_caption": ("Votre profil, de 0 à 100 par dimension", "Your profile, 0 to 100 each"),
    "radar_alt": (
        "Diagramme en radar des scores par dimension. {list}. "
        "Les mêmes valeurs figurent dans le tableau qui suit.",
        "Radar chart of the scores by dimension. {list}. "
        "The same values are in the table that follows.",
    ),
    "dimension": ("Dimension", "Dimension"),
    "score": ("Score", "Score"),
    "not_assessed": ("non évalué", "not assessed"),
    "strength": ("Point fort", "Strength"),
    "weakness": ("À travailler d’abord", "To work on first"),
    "details": ("Dimension par dimension", "Dimension by dimension"),
    "made_of": ("D’où vient votre score", "Where your score comes from"),
    "made_of_intro": (
        "Chaque question apporte des points au score global, et en laisse d’autres à gagner. "
        "Voici les {count} questions où il reste le plus à gagner.",
        "Each question brings points to the overall score, and leaves others to be won. "
        "Here are the {count} questions where most is left to be won.",
    ),
    "question": ("Question", "Question"),
    "gained": ("Acquis", "Gained"),
    "left": ("À gagner", "To be won"),
    "gained_total": (
        "Total acquis : {gained} points ; à gagner : {left} points.",
        "Total gained: {gained} points; to be won: {left} points.",
    ),
    "dont_know": (
        "Vous avez répondu « ne sait pas » à ce qui suit, qui compte pour zéro en attendant. "
        "L’éclaircir est souvent le gain le plus rapide :",
        "You answered “don’t know” to the following, which counts for zero meanwhile. "
        "Clearing it up is often the quickest gain:",
    ),
    "robust": (
        "Solidité : si l’on fait varier d’un quart le poids de chaque dimension, votre score reste "
        "entre {low} et {high}. {verdict}",
        "Robustness: if the weight of each dimension moves by a quarter, your score stays between "
        "{low} and {high}. {verdict}",
    ),
    "level_holds": ("Votre niveau ne change pas.", "Your level does not change."),
    "level_moves": (
        "Votre niveau est donc proche d’un seuil : lisez-le avec prudence.",
        "Your level is therefore close to a threshold: read it with care.",
    ),
    "actions": ("Vos premières actions", "Your first actions"),
    "actions_intro": (
        "Classées par points gagnés pour l’effort demandé, en respectant l’ordre nécessaire. "
        "Le gain est recalculé en rejouant le diagnostic comme si l’action était faite.",
        "Ranked by points gained for the effort required, in the necessary order. The gain is "
        "computed by replaying the diagnostic as if the action were done.",
    ),
    "start_here": ("Par où commencer", "Where to start"),
    "start_here_intro": (
        "Les actions qui rapportent le plus pour l’effort qu’elles demandent ; elles sont "
        "détaillées plus loin.",
        "The actions that bring most for the effort they take; they are detailed further on.",
    ),
    "action": ("Action", "Action"),
    "all_done": (
        "Une fois ces actions faites, le même diagnostic donnerait {score} sur 100.",
        "Once these actions are done, the same diagnostic would give {score} out of 100.",
    ),
    "gain": ("Gain estimé", "Estimated gain"),
    "points": ("points", "points"),
    "effort": ("Effort", "Effort"),
    "horizon": ("Horizon", "Horizon"),
    "months": ("mois", "months"),
    "impact": ("Impact", "Impact"),
    "certifications": ("Se former et se certifier", "Training and certification"),
    "fundings": ("Se faire aider", "Getting help"),
    "then": ("Et ensuite", "And then"),
    "eligible": ("éligible", "eligible"),
    "ineligible": ("non éligible", "not eligible"),
    "unknown": ("à vérifier", "to be checked"),
    "upcoming": ("pas encore ouvert", "not open yet"),
    "closed": ("clos", "closed"),
    "to_ask": ("À préciser", "To be specified"),
    "effort_XS": ("très léger", "very light"),
    "effort_S": ("léger", "light"),
    "effort_M": ("moyen", "medium"),
    "effort_L": ("important", "large"),
    "effort_XL": ("très important", "very large"),
    "quadrant_quick_win": ("Gain rapide", "Quick win"),
    "quadrant_big_bet": ("Chantier de fond", "Big bet"),
    "quadrant_fill_in": ("Petit plus", "Fill-in"),
    "quadrant_avoid": ("À programmer plus tard", "For later"),
    "method": ("Comment ce score est calculé", "How this score is computed"),
    "method_1": (
        "Chaque réponse vaut de 0 à 1. Le score d’une dimension est la moyenne de ses questions, "
        "pondérée par leur importance, sur 100 ; le score global est la moyenne des dimensions.",
        "Each answer is worth 0 to 1. The score of a dimension is the mean of its questions, "
        "weighted by importance, out of 100; the overall score is the mean of the dimensions.",
    ),
    "method_2": (
        "Une question « non concerné » sort du calcul, une question masquée aussi ; « ne sait "
        "pas » compte zéro. Si moins de la moitié d’une dimension vous concerne, elle n’est pas "
        "évaluée : elle ne vaut ni 0 ni 100.",
        "A question that does not apply leaves the computation, as does a hidden one; “don’t "
        "know” counts zero. If less than half of a dimension applies to you, it is not assessed: "
        "it is worth neither 0 nor 100.",
    ),
    "method_3": (
        "Le calcul est exact et n’est arrondi qu’une fois, à l’affichage. Les seuils des niveaux "
        "sont {thresholds} : {levels}.",
        "The computation is exact and rounded only once, for display. The thresholds of the "
        "levels are {thresholds}: {levels}.",
    ),
    "limits": ("Ce que ce rapport n’est pas", "What this report is not"),
    "limits_1": (
        "Il repose sur vos déclarations, qui n’ont pas été vérifiées. Ce n’est ni un audit, ni un "
        "avis juridique, ni une décision de financement.",
        "It rests on your own statements, which were not verified. It is neither an audit, nor "
        "legal advice, nor a funding decision.",
    ),
    "limits_2": (
        "L’éligibilité aux aides est indicative : seul l’organisme qui les verse décide. Vérifiez "
        "les conditions avant d’engager une dépense.",
        "Eligibility for aid is indicative: only the body that pays it decides. Check the "
        "conditions before committing any expense.",
    ),
    "unavailable": (
        "Au moment de l’édition, ces informations n’étaient pas disponibles : {list}.",
        "When this was issued, the following information was not available: {list}.",
    ),
    "proof": ("Référence du calcul", "Reference of the computation"),
    "grid": ("Grille", "Grid"),
    "version": ("version", "version"),
    "engine": ("moteur", "engine"),
    "page": ("Page", "Page"),
}


def words(language: Language) -> dict[str, str]:
    """All the fixed words in one language."""
    place = 0 if language == "fr" else 1
    colon = "\u00a0:" if language == "fr" else ":"
    return {key: _spaced(text[place], language) for key, text in WORDS.items()} | {"colon": colon}


def _spaced(text: str, language: Language) -> str:
    """Put the no-break spaces of French typography, which nobody sees in source code."""
    if language != "fr":
        return text
    for sign in ";!?":
        text = text.replace(f" {sign}", f"\u202f{sign}")
    return text.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
