"""The sheets of the authoring workbook, in French, with the English names that it accepts.

A grid written here and read back is the same grid, to the content hash.
"""

from diagnostic.exchanges.columns import WEIGHT, Column, Layout, code, texts
from diagnostic.exchanges.question_sheets import ANCHORS, BANDS, OPTIONS, QUESTIONS, ROWS

GRID = Layout(
    "Grille",
    "Grid",
    (
        code("Code", "Code", "Majuscules, chiffres, - et _ : MIA.", "Capitals, digits: MIA."),
        Column(
            ("version",),
            "Version",
            "Version",
            "code",
            "Trois nombres séparés par des points : 1.0.0.",
            "Three numbers with dots between: 1.0.0.",
            required=True,
        ),
        *texts("title", "Titre", "Title", "Le nom.", "The name.", required=True),
        *texts("description", "Description", "Description", "L’accueil.", "The welcome."),
        Column(("profile", "code"), "Profil", "Profile", "code", "Vide : MIA-1.", "Empty: MIA-1."),
        Column(
            ("profile", "aggregation"),
            "Agrégation",
            "Aggregation",
            "code",
            "weighted_mean (moyenne pondérée).",
            "weighted_mean.",
        ),
        Column(
            ("profile", "dk_value"),
            "Valeur de « ne sait pas »",
            "Value of don’t know",
            "number",
            "De 0 à 1 ; vide : 0.",
            "From 0 to 1; empty: 0.",
        ),
        Column(
            ("profile", "min_applicable_share"),
            "Part applicable minimale",
            "Least applicable share",
            "number",
            "De 0 à 1 ; vide : 0,5.",
            "From 0 to 1; empty: 0.5.",
        ),
        Column(
            ("profile", "precision"),
            "Décimales",
            "Decimals",
            "integer",
            "De 0 à 4 ; vide : 1.",
            "From 0 to 4; empty: 1.",
        ),
        Column(("profile", "rounding"), "Arrondi", "Rounding", "code", "half_up.", "half_up."),
        Column(
            ("profile", "non_compensation"),
            "Non-compensation",
            "Non-compensation",
            "flag",
            "oui : le niveau dépend aussi de la dimension-clé la plus faible.",
            "yes: the level also depends on the weakest core dimension.",
        ),
        *(
            Column(
                ("profile", "evidence", name),
                f"Plafond : réponse {fr}",
                f"Ceiling: answer {en}",
                "number",
                "De 0 à 1 ; les trois plafonds vides : les preuves ne changent pas le score.",
                "From 0 to 1; all three ceilings empty: evidence does not change the score.",
            )
            for name, fr, en in (
                ("declared", "seulement déclarée", "only declared"),
                ("document", "avec document", "with a document"),
                ("verified", "vérifiée", "verified"),
            )
        ),
    ),
    single=True,
    required=True,
)

LEVELS = Layout(
    "Niveaux",
    "Levels",
    (
        code("Code", "Code", "Du plus bas au plus haut.", "From lowest to highest."),
        *texts("title", "Titre", "Title", "Le nom du niveau.", "Its name.", required=True),
        Column(
            ("threshold",),
            "Jusqu’à (score inclus)",
            "Up to (score included)",
            "number",
            "Le seuil haut du niveau ; vide pour le dernier.",
            "The upper threshold of the level; empty for the last.",
        ),
    ),
    required=True,
)

DIMENSIONS = Layout(
    "Dimensions",
    "Dimensions",
    (
        code("Code", "Code", "Commence par une majuscule : STR.", "A capital first: STR."),
        *texts("title", "Titre", "Title", "Le nom de l’axe.", "Its name.", required=True),
        WEIGHT,
        Column(("order",), "Ordre", "Order", "integer", "Rang d’affichage.", "Rank on display."),
        Column(("core",), "Clé", "Core", "flag", "oui : limite le niveau.", "yes: caps the level."),
        *texts("summary", "Résumé", "Summary", "Ce que l’axe mesure.", "What it measures."),
    ),
    required=True,
)

LEVEL_TEXTS = Layout(
    "Textes de niveau",
    "Level texts",
    (
        Column(
            ("dimension",),
            "Dimension",
            "Dimension",
            "code",
            "Le code de la dimension.",
            "The code of the dimension.",
            required=True,
        ),
        Column(
            ("level",),
            "Niveau",
            "Level",
            "code",
            "Le code du niveau.",
            "The code of the level.",
            required=True,
        ),
        *texts(
            "text",
            "Interprétation",
            "Interpretation",
            "Le texte du rapport.",
            "The text.",
            required=True,
        ),
    ),
)

LAYOUTS = (
    GRID,
    LEVELS,
    DIMENSIONS,
    LEVEL_TEXTS,
    QUESTIONS,
    OPTIONS,
    ROWS,
    BANDS,
    ANCHORS,
)
CHILDREN = ((OPTIONS, "options"), (ROWS, "rows"), (BANDS, "bands"), (ANCHORS, "anchors"))
"""Sheets whose rows belong to a question, and the list of it that they fill."""

README = ("Lisez-moi", "Read me")
