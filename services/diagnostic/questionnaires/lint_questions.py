"""The lint of one question: its dimension, weight, options and bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostic.questionnaires.grid import (
    Date,
    File,
    Finding,
    FreeText,
    GridContent,
    Matrix,
    Multiple,
    Number,
    Option,
    Question,
    Scale,
    Single,
)


def question_findings(content: GridContent, question: Question, pointer: str) -> Iterator[Finding]:
    """Find what would make this question unable to count as it says."""
    if question.dimension is not None and content.dimension(question.dimension) is None:
        yield Finding(
            f"{pointer}/dimension",
            "dimension_unknown",
            f"La dimension {question.dimension} n’existe pas.",
            f"There is no dimension {question.dimension}.",
        )
    if question.scored and isinstance(question, FreeText | Date | File):
        yield Finding(
            f"{pointer}/weight",
            "type_unscored",
            "Un texte, une date ou un fichier ne compte pas : son poids doit être 0.",
            "A text, a date or a file never scores: its weight must be 0.",
        )
    if question.scored and not question.required:
        yield Finding(
            f"{pointer}/required",
            "scored_not_required",
            "Une question qui compte doit être obligatoire, sinon le score reste provisoire.",
            "A question that counts must be required, or the score stays provisional.",
        )
    if isinstance(question, Scale | Matrix) and len(question.anchors) not in {
        0,
        question.maximum + 1,
    }:
        yield Finding(
            f"{pointer}/anchors",
            "anchors_count",
            f"Il faut {question.maximum + 1} libellés d’échelle, ou aucun.",
            f"Give {question.maximum + 1} anchors, or none.",
        )
    if isinstance(question, Single | Multiple):
        yield from _options(question, pointer)
    if isinstance(question, Number):
        yield from _bands(question, pointer)


def _options(question: Single | Multiple, pointer: str) -> Iterator[Finding]:
    if question.scored and len({one.points for one in question.options}) == 1:
        yield _flat(f"{pointer}/options")
    if isinstance(question, Single):
        for index, option in enumerate(question.options):
            if option.exclusive:
                yield Finding(
                    f"{pointer}/options/{index}/exclusive",
                    "exclusive_single",
                    "Dans un choix unique, toute modalité est déjà exclusive.",
                    "In a single choice every option is exclusive already.",
                )
    elif question.scored:
        yield from _reach(question, pointer)


def _reach(question: Multiple, pointer: str) -> Iterator[Finding]:
    free = [one for one in question.options if not one.exclusive]
    total = sum(one.points for one in free if one.points > 0)
    best = max([total, *(one.points for one in question.options if one.exclusive)])
    every = sum(one.points for one in question.options if one.points > 0)
    most = question.max_points if question.max_points is not None else every
    if most <= 0 or most > best:
        yield Finding(
            f"{pointer}/max_points",
            "full_score_unreachable",
            "Aucune combinaison de modalités n’atteint le maximum.",
            "No combination of options reaches the maximum.",
        )
    for index, option in enumerate(question.options):
        if _dominated(option, free):
            yield Finding(
                f"{pointer}/options/{index}",
                "option_dominated",
                f"La modalité {option.code} n’apporte ni ne retire aucun point.",
                f"The option {option.code} neither adds nor removes points.",
                "warning",
            )


def _dominated(option: Option, free: Sequence[Option]) -> bool:
    return not option.exclusive and option.points == 0 and len(free) > 1


def _bands(question: Number, pointer: str) -> Iterator[Finding]:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        yield Finding(
            f"{pointer}/minimum",
            "range_empty",
            "Le minimum dépasse le maximum.",
            "The minimum exceeds the maximum.",
        )
    if not question.bands:
        if question.scored:
            yield _flat(f"{pointer}/bands")
        return
    starts = [one.start if one.start is not None else float("-inf") for one in question.bands]
    floor = low if low is not None else float("-inf")
    if starts != sorted(set(starts)) or starts[0] > floor:
        yield Finding(
            f"{pointer}/bands",
            "bands_order",
            "Les tranches doivent croître et couvrir toutes les valeurs depuis le minimum.",
            "Bands must increase and cover every value from the minimum.",
        )
    if question.scored and len({one.points for one in question.bands}) == 1:
        yield _flat(f"{pointer}/bands")
    for index, start in enumerate(starts):
        if high is not None and start > high:
            yield Finding(
                f"{pointer}/bands/{index}",
                "band_unreachable",
                "Aucune valeur admise n’atteint cette tranche.",
                "No allowed value reaches this band.",
            )


def _flat(pointer: str) -> Finding:
    return Finding(
        pointer,
        "points_flat",
        "Une question qui compte doit avoir au moins deux valeurs de points différentes.",
        "A question that counts needs at least two different point values.",
    )
