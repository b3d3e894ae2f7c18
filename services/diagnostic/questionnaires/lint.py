"""Whether a grid may be published: its shape, then its structure, every fault at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import ValidationError

from diagnostic.questionnaires.conditions import (
    Condition,
    ConditionRefused,
    compile_condition,
)
from diagnostic.questionnaires.grid import (
    Finding,
    GridContent,
    Label,
    Matrix,
    Multiple,
    Question,
    Single,
)
from diagnostic.questionnaires.lint_questions import question_findings


def review(
    raw: Any,  # noqa: ANN401  # any JSON value
    covered: Collection[str] | None = None,
) -> tuple[GridContent | None, list[Finding]]:
    """Read a grid and lint it; the content is null when its very shape is wrong."""
    try:
        content = GridContent.model_validate(raw)
    except ValidationError as error:
        return None, [
            Finding(
                _pointer(one["loc"]),
                f"shape_{one['type']}",
                f"La forme de la grille est incorrecte : {one['msg']}.",
                f"The shape of the grid is wrong: {one['msg']}.",
            )
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
    return content, lint(content, covered)


def publishable(findings: Sequence[Finding]) -> bool:
    """Tell whether only warnings are left."""
    return all(one.severity != "error" for one in findings)


def lint(content: GridContent, covered: Collection[str] | None = None) -> list[Finding]:
    """Check the structure; `covered` are the questions that some recommendation answers."""
    conditions, findings = _compiled(content)
    findings.extend(_duplicates(content))
    findings.extend(_dimensions(content))
    findings.extend(_profile(content))
    for index, question in enumerate(content.questions):
        findings.extend(question_findings(content, question, f"/questions/{index}"))
        if covered is not None and question.scored and question.code not in covered:
            findings.append(
                Finding(
                    f"/questions/{index}",
                    "no_recommendation",
                    f"Aucune préconisation ne répond à la question {question.code}.",
                    f"No recommendation answers the question {question.code}.",
                    "warning",
                )
            )
    findings.extend(_references(content, conditions))
    findings.extend(_cycle(content, conditions))
    findings.extend(_untranslated(content.model_dump(), ""))
    return findings


def located(path: Sequence[int | str]) -> Sequence[int | str]:
    """Point into the document: pydantic also names the type of the question, which is no key."""
    if len(path) > 2 and path[0] == "questions":  # noqa: PLR2004  # questions, index, type
        return [*path[:2], *path[3:]]
    return path


def _pointer(path: Sequence[int | str]) -> str:
    steps = (str(one).replace("~", "~0").replace("/", "~1") for one in located(path))
    return "".join("/" + one for one in steps)


def _compiled(content: GridContent) -> tuple[dict[str, Condition], list[Finding]]:
    conditions: dict[str, Condition] = {}
    findings: list[Finding] = []
    for index, question in enumerate(content.questions):
        if question.enable_when is None:
            continue
        try:
            conditions[question.code] = compile_condition(question.enable_when)
        except ConditionRefused as refused:
            pointer = f"/questions/{index}/enable_when"
            findings.append(Finding(pointer, refused.code, refused.fr, refused.en))
    return conditions, findings


def _duplicates(content: GridContent) -> Iterator[Finding]:
    lists: list[tuple[str, list[str]]] = [
        ("/dimensions", [one.code for one in content.dimensions]),
        ("/questions", [one.code for one in content.questions]),
        ("/profile/levels", [one.code for one in content.profile.levels]),
    ]
    for index, question in enumerate(content.questions):
        if isinstance(question, Single | Multiple):
            lists.append((f"/questions/{index}/options", [one.code for one in question.options]))
        if isinstance(question, Matrix):
            lists.append((f"/questions/{index}/rows", [one.code for one in question.rows]))
    for pointer, codes in lists:
        for code, times in Counter(codes).items():
            if times > 1:
                yield Finding(
                    pointer,
                    "code_duplicate",
                    f"Le code {code} est utilisé {times} fois.",
                    f"The code {code} is used {times} times.",
                )


def _dimensions(content: GridContent) -> Iterator[Finding]:
    if sum(one.weight for one in content.dimensions) <= 0:
        yield Finding(
            "/dimensions",
            "weight_zero",
            "Les poids des dimensions sont tous nuls.",
            "The weights of the dimensions are all zero.",
        )
    levels = {one.code for one in content.profile.levels}
    for index, dimension in enumerate(content.dimensions):
        if not any(one.dimension == dimension.code and one.scored for one in content.questions):
            yield Finding(
                f"/dimensions/{index}",
                "dimension_empty",
                f"Aucune question ne compte dans la dimension {dimension.code}.",
                f"No question counts in the dimension {dimension.code}.",
            )
        for code in sorted(dimension.levels.keys() - levels):
            yield Finding(
                f"/dimensions/{index}/levels/{code}",
                "level_unknown",
                f"Le niveau {code} n’existe pas dans le profil.",
                f"The profile has no level {code}.",
            )
        for code in sorted(levels - dimension.levels.keys()):
            yield Finding(
                f"/dimensions/{index}/levels",
                "level_uninterpreted",
                f"Le niveau {code} n’a pas de texte d’interprétation.",
                f"The level {code} has no interpretation.",
                "warning",
            )


def _profile(content: GridContent) -> Iterator[Finding]:
    thresholds = content.profile.thresholds
    if list(thresholds) != sorted(set(thresholds)) or any(not 0 < one < 100 for one in thresholds):  # noqa: PLR2004  # scores are out of 100
        yield Finding(
            "/profile/thresholds",
            "thresholds_order",
            "Les seuils doivent croître strictement entre 0 et 100 exclus.",
            "Thresholds must increase strictly between 0 and 100, both excluded.",
        )
    if len(content.profile.levels) != len(thresholds) + 1:
        yield Finding(
            "/profile/levels",
            "levels_count",
            f"Il faut {len(thresholds) + 1} niveaux pour {len(thresholds)} seuils.",
            f"{len(thresholds)} thresholds need {len(thresholds) + 1} levels.",
        )


def _references(content: GridContent, conditions: dict[str, Condition]) -> Iterator[Finding]:
    for index, question in enumerate(content.questions):
        condition = conditions.get(question.code)
        if condition is None:
            continue
        pointer = f"/questions/{index}/enable_when"
        read = [content.question(code) for code in sorted(condition.questions)]
        for code, found in zip(sorted(condition.questions), read, strict=True):
            if found is None:
                yield Finding(
                    pointer,
                    "reference_unknown",
                    f"La condition lit {code}, qui n’est pas une question de la grille.",
                    f"The condition reads {code}, which is no question of the grid.",
                )
            elif not found.required:
                yield Finding(
                    pointer,
                    "reference_optional",
                    f"La condition lit {code}, qui est facultative : elle resterait indécise.",
                    f"The condition reads {code}, which is optional: it could stay undecided.",
                )
        codes = {one for found in read if found is not None for one in _codes(found)}
        for literal in sorted(condition.literals - codes):
            yield Finding(
                pointer,
                "literal_unknown",
                f"« {literal} » n’est le code d’aucune modalité lue : on compare des codes, "
                "jamais des libellés.",
                f"{literal!r} is the code of no option read here: codes are compared, "
                "never labels.",
            )


def _codes(question: Question) -> set[str]:
    match question:
        case Single() | Multiple():
            return {one.code for one in question.options}
        case Matrix():
            return {one.code for one in question.rows}
        case _:
            return set()


def _cycle(content: GridContent, conditions: dict[str, Condition]) -> Iterator[Finding]:
    graph = TopologicalSorter({code: one.questions for code, one in conditions.items()})
    try:
        graph.prepare()
    except CycleError as error:
        names = sorted(set(error.args[1]))
        positions = [index for index, one in enumerate(content.questions) if one.code in names]
        yield Finding(
            f"/questions/{positions[0]}/enable_when",
            "condition_cycle",
            f"Ces questions dépendent l’une de l’autre : {', '.join(names)}.",
            f"These questions depend on one another: {', '.join(names)}.",
        )


def _untranslated(node: Any, pointer: str) -> Iterator[Finding]:  # noqa: ANN401  # JSON
    if isinstance(node, dict):
        if node.keys() == Label.model_fields.keys():
            if node["en"] is None:
                yield Finding(
                    pointer,
                    "untranslated",
                    "Ce texte n’est pas traduit en anglais.",
                    "This text has no English translation.",
                    "warning",
                )
            return
        for key, value in node.items():
            yield from _untranslated(value, f"{pointer}/{key}")
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from _untranslated(value, f"{pointer}/{index}")
