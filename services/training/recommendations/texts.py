"""What recommendations say in words."""

from typing import Final

from platformkit.i18n import Text

VERSION: Final = "1"
"""Of the method: counted up with every change of a formula or a default."""

CITATIONS: Final = (
    "Frej et al., Course Recommender Systems Need to Consider the Job Market, SIGIR 2024",
    "Kanders, Djumalieva, Sleeman, Orlik, Mapping Career Causeways, Nesta 2020",
    "Nemhauser, Wolsey, Fisher, Approximations for maximizing submodular set functions, 1978",
)

LIMITS: Final = (
    Text(
        "Le ROME ne donne pas de niveau : une compétence de base est supposée demandée au niveau 3,"
        " une autre au niveau 2.",
        "ROME states no level: a basic skill is taken to be wanted at level 3, another at 2.",
    ),
    Text(
        "Les compétences d’un métier sont celles du métier du ROME 3 dont il vient : deux métiers"
        " qui en viennent tous deux ne se distinguent pas.",
        "The skills of a job are those of the ROME 3 job that it came from: two jobs that came from"
        " the same one cannot be told apart.",
    ),
    Text(
        "Une compétence lue dans les textes d’une offre vaut selon sa durée : niveau 1 sous"
        " 14 heures, 2 sous 140, 3 au-delà ; le score d’une telle offre est plafonné à 0,6.",
        "A skill read out of an offer's texts counts by its length: level 1 below 14 hours, 2 below"
        " 140, 3 above; the score of such an offer is capped at 0.6.",
    ),
    Text(
        "Les dates des étapes d’un parcours ne sont pas comparées entre elles.",
        "The dates of the steps of a path are not compared with each other.",
    ),
    Text(
        "Aide à la décision d’un conseiller : aucun score ne mesure la valeur d’une personne.",
        "Help for an adviser's decision: no score measures what a person is worth.",
    ),
)

MORE_HOURS: Final = Text(
    "Avec {hours} h de plus, « {title} » vous mène à {percent} % de ce que le métier demande.",
    "With {hours} h more, “{title}” brings you to {percent} % of what the job wants.",
)
MORE_EUROS: Final = Text(
    "Avec {euros} € de plus, « {title} » vous mène à {percent} % de ce que le métier demande.",
    "With {euros} € more, “{title}” brings you to {percent} % of what the job wants.",
)
MORE_BOTH: Final = Text(
    "Avec {hours} h et {euros} € de plus, « {title} » vous mène à {percent} % de ce que le métier"
    " demande.",
    "With {hours} h and {euros} € more, “{title}” brings you to {percent} % of what the job wants.",
)
MORE_COURSES: Final = Text(
    "Avec une formation de plus, « {title} », vous atteignez {percent} % de ce que le métier"
    " demande.",
    "With one more course, “{title}”, you reach {percent} % of what the job wants.",
)

NO_SKILLS: Final = Text(
    "Aucune compétence n’est connue pour ce métier.", "No skill is known for this job."
)
SAME_SKILLS: Final = Text(
    "Au niveau du ROME 3, ce métier et le métier actuel sont le même : leurs différences ne sont"
    " pas connues.",
    "At the level of ROME 3 this job and the present one are the same: their differences are not"
    " known.",
)
NO_OFFERS: Final = Text(
    "Aucune offre du catalogue n’est reliée à une compétence qui manque.",
    "No offer of the catalogue is linked with a skill that is missing.",
)
NOTHING_FITS: Final = Text(
    "Des offres enseignent ce qui manque, mais toutes sont écartées : voyez leurs motifs.",
    "Offers teach what is missing, but all are excluded: see the reasons.",
)
REACHED: Final = Text(
    "Rien ne manque pour ce métier, au niveau où ses compétences sont connues.",
    "Nothing is missing for this job, at the level at which its skills are known.",
)
