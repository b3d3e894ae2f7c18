"""The sheets of the authoring workbook that hold questions and what belongs to them."""

from typing import get_args

from diagnostic.exchanges.columns import TYPES, WEIGHT, Column, Layout, code, texts
from diagnostic.questionnaires.grid import RegisteredFact

_OF_QUESTION = Column(
    ("question",),
    "Question",
    "Question",
    "code",
    "Le code de la question, comme dans la feuille Questions.",
    "The code of the question, as in the sheet Questions.",
    required=True,
)
_LABEL = texts(
    "label", "Libellé", "Label", "Ce que lit l’entreprise.", "What people read.", required=True
)

QUESTIONS = Layout(
    "Questions",
    "Questions",
    (
        code("Code", "Code", "Commence par une majuscule : STR1.", "A capital first: STR1."),
        Column(
            ("dimension",),
            "Dimension",
            "Dimension",
            "code",
            "Vide : question de contexte, jamais comptée.",
            "Empty: a question of context, never scored.",
        ),
        Column(
            ("type",),
            "Type",
            "Type",
            "choice",
            ", ".join(TYPES.values()),
            ", ".join(TYPES),
            required=True,
        ),
        *_LABEL,
        *texts("help", "Aide", "Help", "Une précision.", "A hint."),
        WEIGHT,
        Column(("required",), "Obligatoire", "Required", "flag", "Vide : oui.", "Empty: yes."),
        Column(
            ("allow_na",), "Non concerné admis", "N/A allowed", "flag", "Vide : non.", "Empty: no."
        ),
        Column(
            ("allow_dk",),
            "Ne sait pas admis",
            "Don’t know allowed",
            "flag",
            "Vide : non.",
            "Empty: no.",
        ),
        Column(
            ("enable_when",),
            "Condition d’affichage",
            "Shown when",
            "text",
            "En CEL : has(answers.Q1) && answers.Q1 == 'o2'.",
            "In CEL: has(answers.Q1) && answers.Q1 == 'o2'.",
        ),
        Column(
            ("prefill",),
            "Prérempli par",
            "Prefilled by",
            "code",
            f"Un fait déclaré sur l’entreprise : {', '.join(get_args(RegisteredFact))}.",
            f"A fact registered about the company: {', '.join(get_args(RegisteredFact))}.",
        ),
        Column(("minimum",), "Minimum", "Minimum", "number", "Pour un nombre.", "For a number."),
        Column(
            ("maximum",),
            "Maximum",
            "Maximum",
            "number",
            "Pour un nombre ; pour une échelle ou une matrice, le dernier échelon.",
            "For a number; for a scale or a matrix, its highest step.",
        ),
        Column(("integer",), "Entier", "Whole", "flag", "Pour un nombre.", "For a number."),
        *texts("unit", "Unité", "Unit", "Pour un nombre.", "For a number."),
        Column(
            ("max_points",),
            "Points maximum",
            "Full points",
            "number",
            "Pour un choix multiple ; vide : la somme des points positifs.",
            "For multiple choice; empty: all positive points.",
        ),
        Column(
            ("max_length",),
            "Longueur maximale",
            "Longest",
            "integer",
            "Pour un texte, en caractères.",
            "For a text, in characters.",
        ),
        Column(
            ("multiline",),
            "Texte long",
            "Long text",
            "flag",
            "Pour un texte : champ de plusieurs lignes.",
            "For a text: a field of several lines.",
        ),
        Column(
            ("kinds",),
            "Formats acceptés",
            "Accepted formats",
            "list",
            "Pour un fichier : pdf, png, jpeg, docx, xlsx ; vide : pdf.",
            "For a file: pdf, png, jpeg, docx, xlsx; empty: pdf.",
        ),
        Column(
            ("max_bytes",),
            "Taille maximale (octets)",
            "Greatest size (bytes)",
            "integer",
            "Pour un fichier.",
            "For a file.",
        ),
        Column(
            ("allow_row_na",),
            "Lignes non concernées admises",
            "N/A rows allowed",
            "flag",
            "Pour une matrice.",
            "For a matrix.",
        ),
    ),
    required=True,
)

OPTIONS = Layout(
    "Modalités",
    "Options",
    (
        _OF_QUESTION,
        code("Code", "Code", "Le code de la modalité : o1.", "The option’s code: o1."),
        *_LABEL,
        Column(("points",), "Points", "Points", "number", "Vide : 0.", "Empty: 0."),
        Column(
            ("exclusive",),
            "Exclusive",
            "Exclusive",
            "flag",
            "oui : elle se coche seule (choix multiple).",
            "yes: it stands alone (multiple choice).",
        ),
    ),
)

ROWS = Layout(
    "Lignes",
    "Rows",
    (_OF_QUESTION, code("Code", "Code", "Le code de la ligne.", "The row’s code."), *_LABEL),
)

BANDS = Layout(
    "Tranches",
    "Bands",
    (
        _OF_QUESTION,
        Column(
            ("start",),
            "À partir de (inclus)",
            "From (included)",
            "number",
            "Vide : sans borne basse.",
            "Empty: no lower end.",
        ),
        Column(("points",), "Points", "Points", "number", "Les points.", "Points.", required=True),
        *texts("label", "Libellé", "Label", "Facultatif.", "Optional."),
    ),
)

ANCHORS = Layout(
    "Échelons",
    "Steps",
    (
        _OF_QUESTION,
        *texts(
            "label",
            "Libellé",
            "Label",
            "Un par échelon, de 0 au maximum.",
            "One per step.",
            required=True,
        ),
    ),
)
