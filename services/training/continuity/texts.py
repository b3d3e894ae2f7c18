"""What replaces a certification, in sentences of the language of the request."""

from typing import Final

from platformkit.i18n import Text

_ENROL_IN: Final = Text(
    "Elle est remplacée ; ce jour-là, on peut s’inscrire à : {codes}.",
    "It is replaced; on that day one may enrol in: {codes}.",
)
_REPLACED: Final = Text(
    "Elle est remplacée, mais rien ne dit qu’on puisse s’inscrire ce jour-là à : {codes}.",
    "It is replaced, but nothing says that one may enrol on that day in: {codes}.",
)
_NOTHING: Final = Text(
    "Aucune certification ne la remplace dans le répertoire.",
    "No certification of the directory replaces it.",
)
_SUCCESSORS_UNKNOWN: Final = Text(
    "Nos sources ne disent pas ce qui la remplace.", "Our sources do not say what replaces it."
)
_DANGLING: Final = Text("Absentes de ce catalogue : {codes}.", "Not in this catalogue: {codes}.")
_CYCLIC: Final = Text(
    "Le répertoire se contredit : des certifications s’y remplacent en rond.",
    "The directory contradicts itself: certifications replace each other in a circle.",
)
_CARRIED: Final = Text(
    "Des blocs sont reconnus par : {codes}.", "Blocs are recognised by: {codes}."
)
_SHOWN: Final = 5


def replaced(
    *, codes: list[str], enrol_in: list[str], dangling: list[str], is_known: bool, is_over: bool
) -> list[str]:
    """Say what replaces it; nothing of it while it is in force and nothing does."""
    if not codes:
        if not is_over:
            return []
        return [_NOTHING() if is_known else _SUCCESSORS_UNKNOWN()]
    said = [_ENROL_IN(codes=_listed(enrol_in)) if enrol_in else _REPLACED(codes=_listed(codes))]
    if dangling:
        said.append(_DANGLING(codes=_listed(dangling)))
    return said


def carried(codes: list[str], *, cyclic: bool) -> list[str]:
    """Say which replacements recognise blocs, and that the source turns round."""
    said = [_CARRIED(codes=_listed(codes))] if codes else []
    return [*said, _CYCLIC()] if cyclic else said


def _listed(codes: list[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + ("…" if len(codes) > _SHOWN else "")
