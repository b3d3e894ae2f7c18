"""The lint of one question: its dimension, weight, options and bands."""

from __future__ import annotations

import math
from collections.abc import Iterator

from diagnostic.questionnaires.grid import (
    Date,
    File,
    Finding,
    FreeText,
    GridContent,
    Matrix,
    Multiple,
    Number,
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


def best_is_out_of_reach(question: Question) -> bool:
    """Tell whether no answer gives this question its full weight."""
    if isinstance(question, Multiple):
        most = _most(question)
        return most <= 0 or most > _best(question)
    if isinstance(question, Number) and question.bands:
        top = max(one.points for one in question.bands)
        reached = [
            one
            for index, one in enumerate(question.bands)
            if one.points == top and _reachable(question, index)
        ]
        return not reached
    return False


def _most(question: Multiple) -> float:
    every = sum(one.points for one in question.options if one.points > 0)
    return question.max_points if question.max_points is not None else every


def _best(question: Multiple) -> float:
    total = sum(one.points for one in question.options if one.points > 0 and not one.exclusive)
    return max([total, *(one.points for one in question.options if one.exclusive)])


def _reach(question: Multiple, pointer: str) -> Iterator[Finding]:
    if best_is_out_of_reach(question):
        yield Finding(
            f"{pointer}/max_points",
            "full_score_unreachable",
            "Aucune combinaison de modalités n’atteint le maximum.",
            "No combination of options reaches the maximum.",
        )
    free = [one for one in question.options if not one.exclusive]
    most = _most(question)
    alone = [one.code for one in question.options if one.exclusive and one.points >= most > 0]
    for index, option in enumerate(question.options):
        if option.exclusive:
            continue
        if option.points == 0 and len(free) > 1:
            yield _dominated(
                f"{pointer}/options/{index}",
                f"La modalité {option.code} n’apporte ni ne retire aucun point.",
                f"The option {option.code} neither adds nor removes points.",
            )
        elif alone:
            yield _dominated(
                f"{pointer}/options/{index}",
                f"La modalité exclusive {alone[0]} vaut à elle seule le maximum : {option.code} "
                "ne sert jamais.",
                f"The exclusive option {alone[0]} is worth the maximum by itself: {option.code} "
                "never helps.",
            )


def _dominated(pointer: str, fr: str, en: str) -> Finding:
    return Finding(pointer, "option_dominated", fr, en, "warning")


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
    for index in range(len(question.bands)):
        if not _reachable(question, index):
            yield Finding(
                f"{pointer}/bands/{index}",
                "band_unreachable",
                "Aucune valeur admise n’atteint cette tranche.",
                "No allowed value reaches this band.",
            )
        elif question.scored and _same_as_before(question, index):
            yield Finding(
                f"{pointer}/bands/{index}",
                "band_dominated",
                "Cette tranche vaut autant que la précédente : elle ne change rien.",
                "This band is worth as much as the one before: it changes nothing.",
                "warning",
            )


def _reachable(question: Number, index: int) -> bool:
    """Tell whether an allowed value lies in the band: bounds, next band, whole numbers."""
    start = question.bands[index].start
    low = max((one for one in (question.minimum, start) if one is not None), default=None)
    if low is None:
        return True
    if question.integer:
        low = math.ceil(low)
    if question.maximum is not None and low > question.maximum:
        return False
    later = question.bands[index + 1].start if index + 1 < len(question.bands) else None
    return later is None or low < later


def _same_as_before(question: Number, index: int) -> bool:
    return index > 0 and question.bands[index].points == question.bands[index - 1].points


def _flat(pointer: str) -> Finding:
    return Finding(
        pointer,
        "points_flat",
        "Une question qui compte doit avoir au moins deux valeurs de points différentes.",
        "A question that counts needs at least two different point values.",
    )
