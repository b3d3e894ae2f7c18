"""What the sections of a sheet are called: concepts of the Euro SDMX Metadata Structure."""

from collections.abc import Mapping
from typing import Final

from observatory.structures.sheet_schemas import Section
from platformkit.i18n import Text

SECTIONS: Final[Mapping[Section, Text]] = {
    "STAT_CONC_DEF": Text("Concepts et définitions", "Statistical concepts and definitions"),
    "DATA_DESCR": Text("Description des données", "Data description"),
    "UNIT_MEASURE": Text("Unité de mesure", "Unit of measure"),
    "STAT_UNIT": Text("Unité statistique", "Statistical unit"),
    "STAT_POP": Text("Population statistique", "Statistical population"),
    "REF_AREA": Text("Territoires", "Reference area"),
    "COVERAGE_SECTOR": Text("Secteurs couverts", "Sector coverage"),
    "COVERAGE_TIME": Text("Période couverte", "Time coverage"),
    "CLASS_SYSTEM": Text("Nomenclatures", "Classification system"),
    "REF_PERIOD": Text("Période de référence", "Reference period"),
    "BASE_PER": Text("Période de base", "Base period"),
    "SOURCE_TYPE": Text("Sources", "Source data"),
    "COLL_METHOD": Text("Mode de collecte", "Data collection"),
    "STAT_PROCESS": Text("Traitement statistique", "Statistical processing"),
    "DATA_COMP": Text("Compilation", "Data compilation"),
    "ADJUSTMENT": Text("Redressements", "Adjustment"),
    "DATA_VALIDATION": Text("Validation", "Data validation"),
    "ACCURACY": Text("Précision", "Accuracy and reliability"),
    "SAMPLING_ERR": Text("Erreur d’échantillonnage", "Sampling error"),
    "NONSAMPLING_ERR": Text("Autres erreurs", "Non-sampling error"),
    "TIMELINESS_PUNCT": Text("Actualité et ponctualité", "Timeliness and punctuality"),
    "COHER_COMPAR": Text("Cohérence et comparabilité", "Coherence and comparability"),
    "COMPAR_GEO": Text("Comparabilité géographique", "Geographical comparability"),
    "COMPAR_TIME": Text("Comparabilité dans le temps", "Comparability over time"),
    "COHER_X_DOM": Text("Cohérence entre domaines", "Cross-domain coherence"),
    "RELEVANCE": Text("Pertinence", "Relevance"),
    "FREQ_DISS": Text("Fréquence de diffusion", "Frequency of dissemination"),
    "ACCESSIBILITY_CLARITY": Text("Accessibilité et clarté", "Accessibility and clarity"),
    "REL_POLICY": Text("Politique de diffusion", "Release policy"),
    "DATA_REV": Text("Révisions", "Data revision"),
    "QUALITY_MGMNT": Text("Gestion de la qualité", "Quality management"),
    "CONF": Text("Confidentialité", "Confidentiality"),
    "INST_MANDATE": Text("Mandat", "Institutional mandate"),
    "COST_BURDEN": Text("Coût et charge", "Cost and burden"),
    "CONTACT": Text("Contact", "Contact"),
    "COMMENT_DSET": Text("Commentaire", "Comment"),
}
"""In the order in which a sheet is read."""
