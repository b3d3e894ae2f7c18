"""What is said of emergence, in both languages."""

from typing import Final

from observatory.emergence.states import State
from platformkit.i18n import Text

STATES: Final = {
    State.CANDIDATE: Text("candidat", "candidate"),
    State.WATCH: Text("sous surveillance", "watched"),
    State.CONFIRMED: Text("confirmé", "confirmed"),
    State.MAPPED: Text("rattaché au référentiel", "mapped"),
    State.FADED: Text("retombé", "faded"),
    State.REJECTED: Text("écarté", "rejected"),
}
FORMULA: Final = Text(
    "z = ln(p_t / p_(t-h)) / √(1/n_t + 1/n_(t-h) - 1/N_t - 1/N_(t-h)), p = n/N la part des annonces"
    " du trimestre ; au-dessous de 5 annonces, test exact conditionnel (Przyborowski et Wilenski).",
    "z = ln(p_t / p_(t-h)) / √(1/n_t + 1/n_(t-h) - 1/N_t - 1/N_(t-h)), p = n/N the share of the"
    " quarter’s ads; below 5 ads, the exact conditional test (Przyborowski and Wilenski).",
)
TEST: Final = Text(
    "Test unilatéral de tous les termes du trimestre, taux de fausses découvertes contrôlé"
    " (Benjamini-Hochberg) ; puis demande, croissance et nombre d’employeurs minimaux, et part"
    " maximale d’un employeur. Une surveillance commence quand assez de trimestres passent ; seule"
    " une personne confirme, rattache ou écarte, avec motif et preuve.",
    "One-sided test of all terms of the quarter with its false-discovery rate controlled"
    " (Benjamini–Hochberg); then least demand, growth and number of employers, and the largest"
    " share of one employer. A watch begins when enough quarters pass; only a person confirms, maps"
    " or rejects, with reason and evidence.",
)
BACKTESTED: Final = Text(
    "Précision = alertes maintenues / alertes jugées ; rappel = émergences alertées à temps /"
    " émergences ; avance = Σ périodes jusqu’au doublement / alertes doublées ; toutes les sources"
    " ensemble.",
    "Precision = lasting alerts / decided alerts; recall = emergences alerted in time / emergences;"
    " lead = Σ periods until doubled / doubled alerts; all sources together.",
)
REFERENCES: Final = (
    "Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x",
    "Przyborowski & Wilenski 1940, doi:10.1093/biomet/31.3-4.313",
)
READING: Final = Text(
    "Lecture : au {quarter}, {count} annonces sur {total} demandent « {label} » ; état : {state}.",
    "Reading: in {quarter}, {count} of {total} ads ask for “{label}”; state: {state}.",
)
BACKTEST: Final = Text(
    "Lecture : au {quarter}, {lasting} des {decided} alertes assez anciennes pour être jugées"
    " désignaient une demande au moins égale un an plus tard ({alerts} alertes en tout).",
    "Reading: as of {quarter}, {lasting} of the {decided} alerts that are old enough to be judged"
    " named a demand that was at least as large a year later ({alerts} alerts in all).",
)
