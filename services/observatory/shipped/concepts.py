"""What the columns of the shipped dataflows are called, in French and in English."""

from collections.abc import Mapping
from typing import Final

CONCEPTS: Final[Mapping[str, tuple[str, str]]] = {
    "FREQ": ("Fréquence", "Frequency"),
    "REF_AREA": ("Territoire", "Reference area"),
    "ACTIVITY": ("Activité", "Economic activity"),
    "OCCUPATION": ("Métier", "Occupation"),
    "FAMILY": ("Famille professionnelle", "Job family"),
    "INDEX": ("Indice", "Index"),
    "MEASURE": ("Mesure", "Measure"),
    "TIME_PERIOD": ("Période", "Time period"),
    "OBS_VALUE": ("Valeur", "Observation value"),
    "OBS_STATUS": ("Statut d’observation", "Observation status"),
    "CONF_STATUS": ("Confidentialité", "Confidentiality status"),
    "CI_LOW": ("Borne basse (95 %)", "Lower bound (95%)"),
    "CI_HIGH": ("Borne haute (95 %)", "Upper bound (95%)"),
    "SE": ("Erreur type", "Standard error"),
    "NUMERATOR": ("Numérateur", "Numerator"),
    "DENOMINATOR": ("Dénominateur", "Denominator"),
    "METHOD_VERSION": ("Version de la méthode", "Method version"),
    "SOURCE": ("Source", "Source"),
    "UNIT_MEASURE": ("Unité", "Unit of measure"),
    "DECIMALS": ("Décimales", "Decimals"),
    "GEO_VINTAGE": ("Millésime géographique", "Geography vintage"),
}
