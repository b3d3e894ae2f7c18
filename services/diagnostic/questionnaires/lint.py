"""Whether a grid may be published: its shape, then its structure, every fault at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from diagnostic.questionnaires.grid import (
    Finding,
    GridContent,
    Matrix,
    Multiple,
    Single,
)
from diagnostic.questionnaires.lint_conditions import condition_findings
from diagnostic.questionnaires.lint_questions import best_is_out_of_reach, question_findings
from diagnostic.questionnaires.lint_texts import text_findings


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
    findings, unreachable = condition_findings(content)
    findings.extend(_duplicates(content))
    findings.extend(_dimensions(content))
    findings.extend(_profile(content))
    for index, question in enumerate(content.questions):
        findings.extend(question_findings(content, question, f"/questions/{index}"))
    findings.extend(_ceilings(content, unreachable))
    if covered is not None:
        findings.extend(_uncovered(content, covered))
    findings.extend(text_findings(content.model_dump(), ""))
    return findings


def located(path: Sequence[int | str]) -> Sequence[int | str]:
    """Point into the document: pydantic also names the type of the question, which is no key."""
    if len(path) > 2 and path[0] == "questions":  # noqa: PLR2004  # questions, index, type
        return [*path[:2], *path[3:]]
    return path


def _pointer(path: Sequence[int | str]) -> str:
    steps = (str(one).replace("~", "~0").replace("/", "~1") for one in located(path))
    return "".join("/" + one for one in steps)


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
    evidence = content.profile.evidence
    if evidence is not None and not evidence.declared <= evidence.document <= evidence.verified:
        yield Finding(
            "/profile/evidence",
            "evidence_order",
            "Une preuve plus forte ne peut pas valoir moins : déclaré ≤ document ≤ vérifié.",
            "Stronger evidence cannot be worth less: declared ≤ document ≤ verified.",
        )


def _ceilings(content: GridContent, unreachable: Collection[str]) -> Iterator[Finding]:
    """Say which dimensions can never be measured, or never reach 100."""
    evidence = content.profile.evidence
    for index, dimension in enumerate(content.dimensions):
        scored = [
            one for one in content.questions if one.scored and one.dimension == dimension.code
        ]
        if scored and all(one.code in unreachable for one in scored):
            yield Finding(
                f"/dimensions/{index}",
                "dimension_unreachable",
                f"Aucune réponse possible n’affiche une question de la dimension {dimension.code}.",
                f"No possible answer shows a question of the dimension {dimension.code}.",
            )
        capped = [one.code for one in scored if best_is_out_of_reach(one)]
        if capped or (evidence is not None and evidence.verified < 1):
            yield Finding(
                f"/dimensions/{index}",
                "dimension_below_100",
                f"La dimension {dimension.code} n’atteint jamais 100"
                + (f" : {', '.join(capped)}." if capped else " : même vérifiée, une réponse perd."),
                f"The dimension {dimension.code} never reaches 100"
                + (f": {', '.join(capped)}." if capped else ": even verified, an answer loses."),
                "warning",
            )


def _uncovered(content: GridContent, covered: Collection[str]) -> Iterator[Finding]:
    """Name the questions that no recommendation raises; in one finding when none is raised."""
    scored = [one.code for one in content.questions if one.scored]
    left = [code for code in scored if code not in covered]
    if left == scored and left:
        yield _without_recommendation("/questions", ", ".join(left))
        return
    for index, question in enumerate(content.questions):
        if question.code in left:
            yield _without_recommendation(f"/questions/{index}", question.code)


def _without_recommendation(pointer: str, codes: str) -> Finding:
    return Finding(
        pointer,
        "no_recommendation",
        f"Aucune préconisation ne répond à : {codes}.",
        f"No recommendation answers: {codes}.",
        "warning",
    )
