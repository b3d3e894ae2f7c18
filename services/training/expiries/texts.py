"""Why a certification is proposed instead of another, in sentences of the request's language."""

from typing import Final

from platformkit.i18n import Text
from training.expiries.replacing import Replacement

_DIRECT: Final = Text(
    "France compétences la désigne comme ce qui remplace {old}.",
    "France compétences names it as what replaces {old}.",
)
_INDIRECT: Final = Text(
    "Elle remplace {old} par une suite de {steps} remplacements.",
    "It replaces {old} through {steps} successive replacements.",
)
_EQUIVALENT: Final = Text(
    "Elle ne remplace pas {old}, mais le répertoire lui reconnaît des blocs.",
    "It does not replace {old}, but the directory recognises blocs of it.",
)
_WHOLE: Final = Text(
    "Le répertoire tient {old} en entier pour équivalente.",
    "The directory holds the whole of {old} for equivalent.",
)
_BLOCS: Final = Text("Blocs reconnus : {kept} sur {all}.", "Blocs recognised: {kept} out of {all}.")
_UNTIL: Final = Text(
    "On peut s’y inscrire jusqu’au {until} inclus.", "One may enrol in it until {until} included."
)


def explained(old: str, one: Replacement) -> str:
    """Say what the proposal rests on: the succession, the blocs, until when it holds."""
    if one.distance is None:
        said = [_EQUIVALENT(old=old)]
    else:
        direct = _DIRECT if one.distance == 1 else _INDIRECT
        said = [direct(old=old, steps=one.distance)]
    if one.is_whole:
        said.append(_WHOLE(old=old))
    if one.recognised:
        said.append(_BLOCS(kept=len(one.recognised), all=len(one.recognised) + len(one.left)))
    if one.until:
        said.append(_UNTIL(until=f"{one.until:%d/%m/%Y}"))
    return " ".join(said)
