"""The formulas that a kit carries beside the indices: what each is, in words and constants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from observatory.emergence import texts as emergence
from observatory.exposure import book, method
from observatory.formulas import structure, thresholds
from observatory.kits import computing
from platformkit.i18n import Text


@dataclass(frozen=True, slots=True)
class Formula:
    """A version of a formula; another formula or constant is another version."""

    version: str
    name: Text
    formula: Text
    compute: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    citations: Sequence[str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    limits: Sequence[Text] = ()


def _same(formula: str) -> Text:
    return Text(formula, formula)


_CONFIDENCE: Final = {"confidence": method.CONFIDENCE, "z": method.Z}
_SHARES: Final = Text(
    "Les tâches ne sont pas un échantillon aléatoire : l’erreur est un minimum.",
    "Tasks are not a random sample: the error is a minimum.",
)

FORMULAS: Final[Mapping[str, Formula]] = {
    "crosswalk": Formula(
        "1.0.0",
        Text("Passage d’une nomenclature à une autre", "Crosswalk between classifications"),
        _same("a_k = Σ_o W_ko·a_o, Σ_o W_ko = 1 ; Var(a_k) = Σ_o W_ko²·Var(a_o) + Var_W"),
        computing.carried,
        ["Var_W: Dirichlet(n·W)"],
        limits=(
            Text(
                "Faute de poids publiés, les liens d’une ligne pèsent autant.",
                "As no weights are published, the links of a row weigh the same.",
            ),
        ),
    ),
    "emergence": Formula(
        "1.0.0",
        Text("Compétences et métiers émergents", "Emerging skills and jobs"),
        Text(
            f"{emergence.FORMULA.fr} {emergence.TEST.fr}",
            f"{emergence.FORMULA.en} {emergence.TEST.en}",
        ),
        computing.emergence,
        emergence.REFERENCES,
        thresholds.Rule()._asdict(),
        (
            Text(
                "Un vocabulaire peut naître sans métier : une personne décide.",
                "A vocabulary may form without an occupation: a person decides.",
            ),
        ),
    ),
    "exposure": Formula(
        "1.0.0",
        Text("Exposition d’un secteur ou d’un territoire", "Exposure of a sector or territory"),
        _same(
            "X = Σ_k w_k·a_k, w_k = E_k/E ; Var X = Σ_o w_o²·σ_o²/n_o + Σ_k w_k²·Var_W"
            " + Σ_k w_k(a_k − X)²/n ; n = f·E"
        ),
        computing.exposure,
        ["Felten, Raj & Seamans 2021, doi:10.1002/smj.3286", "ILO Working Paper 140 (2025)"],
        {**_CONFIDENCE, "census_sampling": book.SAMPLING},
        (_SHARES,),
    ),
    "exposure-change": Formula(
        "1.0.0",
        Text("Décomposition d’un mouvement d’exposition", "Decomposition of a change of exposure"),
        _same("ΔX = Σ_k Δw_k·(ā_k − X̄) + Σ_k w̄_k·Δa_k"),
        computing.movement,
        ["Midpoint weights: no order of the two effects is preferred"],
    ),
    "ilo-classes": Formula(
        "1.0.0",
        Text("Classes d’exposition de l’OIT (2025)", "Classes of exposure of the ILO (2025)"),
        _same(
            "μ ≥ .6: G4; .5 ≤ μ < .6: G3; μ+σ ≥ .5, .4 ≤ μ < .5: G2; μ+σ ≥ .5, μ < .4: G1;"
            " .4 ≤ μ+σ < .5: minimal; else not exposed"
        ),
        computing.ilo_class,
        ["Gmyrek, Berg et al. (2025), ILO Working Paper 140, CC BY 4.0"],
        {"bounds": [0.4, 0.5, 0.6], "decimals": 2},
        (
            Text(
                "Sur des valeurs non arrondies à deux décimales, 12 classes sur 427 sont fausses.",
                "On values that are not rounded to two decimals, 12 classes of 427 are wrong.",
            ),
        ),
    ),
    "location-quotient": Formula(
        "1.0.0",
        Text("Quotient de localisation", "Location quotient"),
        _same("LQ = (E_rs/E_r)/(E_Fs/E_F) ; Var ln LQ ≈ 1/n_rs − 1/n_r + 1/n_Fs − 1/n_F ; n = f·E"),
        computing.quotient,
        ["Delta method on ln LQ"],
        {**_CONFIDENCE, "fewest": structure.FEWEST},
    ),
    "share-interval": Formula(
        "1.0.0",
        Text("Intervalle d’une part", "Interval of a share"),
        _same("(p + z²/2n ± z√(p(1−p)/n + z²/4n²))/(1 + z²/n)"),
        computing.interval,
        ["Wilson 1927, doi:10.1080/01621459.1927.10502953"],
        {"z": structure.Z},
    ),
    "shift-share": Formula(
        "1.0.0",
        Text("Analyse structurelle-résiduelle", "Shift-share analysis"),
        _same("ΔE_r = Σ_s E_rs·G + Σ_s E_rs(g_s − G) + Σ_s E_rs(g_rs − g_s)"),
        computing.shift,
        ["Dunn 1960, doi:10.1111/j.1435-5597.1960.tb01705.x"],
    ),
}
"""Every formula by the id of its method."""
