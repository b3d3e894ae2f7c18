"""The lint of conditions: what they read, compare and wait for, and whether they can ever hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from diagnostic.questionnaires import trials
from diagnostic.questionnaires.conditions import Condition, ConditionRefused, compile_condition
from diagnostic.questionnaires.grid import (
    Date,
    File,
    Finding,
    FreeText,
    GridContent,
    Matrix,
    Multiple,
    Question,
    Single,
)

Conditions = Mapping[str, Condition]


def condition_findings(content: GridContent) -> tuple[list[Finding], frozenset[str]]:
    """Check every condition; also gives the questions that no possible answer shows."""
    conditions, findings = _compiled(content)
    places = {one.code: f"/questions/{at}" for at, one in enumerate(content.questions)}
    questions = {one.code: one for one in content.questions}
    for code, condition in conditions.items():
        at = f"{places[code]}/enable_when"
        findings.extend(_references(condition, questions, at))
    findings.extend(_cycles(conditions, places))
    unreachable: set[str] = set()
    missing = {one.code for one in content.questions if _may_miss(one)}
    budget = trials.BUDGET
    for code in _ordered(conditions):
        condition = conditions[code]
        if not condition.questions <= questions.keys():
            continue
        trial = trials.tried(condition, questions, missing, unreachable, budget)
        at = f"{places[code]}/enable_when"
        if trial is not None:
            budget -= trial.work
            findings.extend(_outcome(code, trial, at))
            if not trial.ever:
                unreachable.add(code)
        unguarded = (condition.questions & missing) - condition.guarded
        findings.extend(_unguarded(one, at) for one in sorted(unguarded))
    return findings, frozenset(unreachable)


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


def _references(
    condition: Condition, questions: Mapping[str, Question], at: str
) -> Iterator[Finding]:
    for code in sorted(condition.questions):
        found = questions.get(code)
        if found is None:
            yield Finding(
                at,
                "reference_unknown",
                f"La condition lit {code}, qui n’est pas une question de la grille.",
                f"The condition reads {code}, which is no question of the grid.",
            )
        elif isinstance(found, FreeText | Date | File):
            yield Finding(
                at,
                "reference_text",
                f"La condition lit {code}, un texte, une date ou un fichier : elle ne doit "
                "dépendre que de codes et de nombres.",
                f"The condition reads {code}, a text, a date or a file: it may depend on codes "
                "and numbers only.",
            )
        elif not found.required:
            yield Finding(
                at,
                "reference_optional",
                f"La condition lit {code}, qui est facultative : elle resterait indécise.",
                f"The condition reads {code}, which is optional: it could stay undecided.",
            )
    for code, row in sorted(condition.fields):
        found = questions.get(code)
        if found is not None and row not in (_codes(found) if isinstance(found, Matrix) else ()):
            yield Finding(
                at,
                "row_unknown",
                f"La question {code} n’a pas de ligne {row}.",
                f"The question {code} has no row {row}.",
            )
    yield from _literals(condition, questions, at)


def _literals(
    condition: Condition, questions: Mapping[str, Question], at: str
) -> Iterator[Finding]:
    known = {code: _codes(questions[code]) for code in condition.questions if code in questions}
    every = {one for codes in known.values() for one in codes}
    strange = {one for one in condition.literals if one not in every}
    strange |= {
        text for code, text in condition.compared if code in known and text not in known[code]
    }
    for literal in sorted(strange):
        yield Finding(
            at,
            "literal_unknown",
            f"« {literal} » n’est le code d’aucune modalité lue : on compare des codes, "
            "jamais des libellés.",
            f"{literal!r} is the code of no option read here: codes are compared, never labels.",
        )


def _codes(question: Question) -> set[str]:
    match question:
        case Single() | Multiple():
            return {one.code for one in question.options}
        case Matrix():
            return {one.code for one in question.rows}
        case _:
            return set()


def _cycles(conditions: Conditions, places: Mapping[str, str]) -> Iterator[Finding]:
    """Name everybody in every circle: questions that reach each other."""
    reached = {code: _reach(conditions, code) for code in conditions}
    seen: set[str] = set()
    for code in conditions:
        if code in seen or code not in reached[code]:
            continue
        circle = sorted(one for one in reached[code] if one in reached and code in reached[one])
        seen.update(circle)
        yield Finding(
            f"{places[code]}/enable_when",
            "condition_cycle",
            f"Ces questions dépendent l’une de l’autre : {', '.join(circle)}.",
            f"These questions depend on one another: {', '.join(circle)}.",
        )


def _reach(conditions: Conditions, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        code = waiting.pop()
        for one in conditions[code].questions if code in conditions else ():
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _ordered(conditions: Conditions) -> list[str]:
    """Put conditions after those that they wait for; a circle is not tried."""
    order = TopologicalSorter({code: one.questions for code, one in conditions.items()})
    try:
        return [code for code in order.static_order() if code in conditions]
    except CycleError:
        return []


def _may_miss(question: Question) -> bool:
    """Tell whether a complete diagnostic may lack a value of this question."""
    return question.allow_na or question.allow_dk or question.enable_when is not None


def _outcome(code: str, trial: trials.Trial, at: str) -> Iterator[Finding]:
    if not trial.ever:
        yield Finding(
            at,
            "option_unreachable",
            f"Aucune réponse possible n’affiche {code} : ses modalités sont hors d’atteinte.",
            f"No possible answer shows {code}: its options are unreachable.",
            "warning",
        )
    elif trial.always:
        yield Finding(
            at,
            "condition_always",
            f"Toute réponse possible affiche {code} : la condition est inutile.",
            f"Every possible answer shows {code}: the condition is useless.",
            "warning",
        )


def _unguarded(code: str, at: str) -> Finding:
    """Warn only: a missing answer can hide the question, never show it."""
    return Finding(
        at,
        "reference_unguarded",
        f"La réponse à {code} peut manquer (non concerné, ne sait pas, masquée) et masquerait la "
        f"question. Si c’est voulu, écrivez « has(answers.{code}) && … ».",
        f"The answer to {code} may be missing (not applicable, don't know, hidden) and would "
        f"hide this question. If that is meant, write has(answers.{code}) && ….",
        "warning",
    )
