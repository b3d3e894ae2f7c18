"""What must be known to read the figures, and under which terms they may be used again."""

from typing import Final

from platformkit.i18n import Text

LICENCE: Final = "Licence Ouverte 2.0"

METHOD: Final = Text(
    "Chiffres agrégés par programme, refaits une fois par jour au plus et figés. Un groupe n’est"
    " montré que s’il compte au moins {k} entreprises, si aucune différence avec un autre groupe"
    " montré n’en isole moins, et s’il a changé d’au moins trois entreprises depuis la dernière"
    " fois. Tout décompte est arrondi au multiple de cinq inférieur ; les médianes (type 7) sont"
    " arrondies au point.",
    "Aggregates of a programme, made anew once a day at most, and frozen. A group is shown only if"
    " it has at least {k} companies, if no difference from another shown group isolates fewer, and"
    " if at least three of its companies have changed since the last time. Every count is rounded"
    " down to a multiple of five; medians (type 7) are rounded to whole points.",
)

READING_KEY: Final = (
    Text(
        "« companies : 25 » veut dire de 25 à 29 entreprises. Zéro veut dire moins de cinq :"
        " peut-être aucune.",
        "`companies: 25` means 25 to 29 companies. Zero means fewer than five: maybe none.",
    ),
    Text(
        "Un groupe absent compte trop peu d’entreprises, ou aucune : rien ne distingue les deux."
        " La somme des groupes montrés est donc souvent inférieure au total.",
        "A group that is absent has too few companies, or none: nothing tells which. So the groups"
        " that are shown often add up to less than the total.",
    ),
    Text(
        "Le parcours (inscrite, diagnostiquée, feuille de route, actions, nouveau diagnostic)"
        " compte toutes les entreprises du programme ; les scores et leur évolution, celles qui"
        " acceptent d’être comparées.",
        "The journey (enrolled, diagnosed, planned, acting, done, measured again) counts every"
        " company of the programme; scores and their movement, those that consent to be compared.",
    ),
    Text(
        "Un niveau est auto-évalué par l’entreprise, puis relu par l’animateur : il mesure une"
        " maturité déclarée, pas une performance.",
        "A level is the company’s own answer, reviewed by a facilitator: it measures declared"
        " maturity, not performance.",
    ),
    Text(
        "L’évolution compare T0 et T1 d’une même entreprise sur une même méthode de calcul ; elle"
        " ne dit pas que le programme en est la cause.",
        "Movement compares T0 and T1 of one company scored in one way; it does not say that the"
        " programme is its cause.",
    ),
)
