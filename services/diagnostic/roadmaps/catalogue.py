"""Whether a catalogue of recommendations fits its grid: the lint of the roadmap side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from pydantic import JsonValue

from diagnostic.assessments.answers import State, check_answer
from diagnostic.questionnaires.grid import (
    Finding,
    GridContent,
    Matrix,
    Multiple,
    Question,
    Single,
)
from diagnostic.roadmaps.priority import Recommendation


def covered(recommendations: Sequence[Recommendation]) -> frozenset[str]:
    """Collect the questions that some recommendation raises; the grid's lint asks for them."""
    return frozenset(code for one in recommendations for code in one.question_uplift)


def check_catalogue(
    content: GridContent,
    recommendations: Sequence[Recommendation],
    funding: Collection[str] | None = None,
) -> list[Finding]:
    """Check that every trigger, uplift, prerequisite and (when given) funding exists and fits."""
    findings = [
        Finding(
            "",
            "code_duplicate",
            f"Le code {code} est utilisé {times} fois.",
            f"The code {code} is used {times} times.",
        )
        for code, times in Counter(one.code for one in recommendations).items()
        if times > 1
    ]
    known = {one.code for one in recommendations}
    for index, one in enumerate(recommendations):
        findings.extend(_fits(content, one, f"/{index}"))
        findings.extend(
            _unknown(f"/{index}/prerequisites", before)
            for before in one.prerequisites
            if before not in known
        )
        findings.extend(
            _unknown(f"/{index}/funding_refs", aid)
            for aid in one.funding_refs
            if funding is not None and aid not in funding
        )
    findings.extend(_cycle(recommendations))
    return findings


def by_code(
    findings: Iterable[Finding], recommendations: Sequence[Recommendation]
) -> Iterator[Finding]:
    """Point at recommendations by their codes: their author may not see their place in a list."""
    for one in findings:
        _, *rest = one.pointer.split("/")
        if rest:
            rest[0] = recommendations[int(rest[0])].code
        yield replace(one, pointer="/".join(["/recommendations", *rest]))


def _unknown(pointer: str, code: str) -> Finding:
    return Finding(
        pointer,
        "reference_unknown",
        f"La référence {code} n’existe pas.",
        f"The reference {code} does not exist.",
    )


def _fits(content: GridContent, one: Recommendation, pointer: str) -> Iterator[Finding]:
    for place, trigger in enumerate(one.triggers):
        question = content.question(trigger.question)
        at = f"{pointer}/triggers/{place}"
        if question is None:
            yield _unknown(f"{at}/question", trigger.question)
            continue
        options = (
            {option.code for option in question.options}
            if isinstance(question, Single | Multiple)
            else set()
        )
        for code in trigger.options:
            if code not in options:
                yield _unknown(f"{at}/options", code)
    for code, target in one.question_uplift.items():
        question = content.question(code)
        at = f"{pointer}/question_uplift/{code}"
        if question is None:
            yield _unknown(at, code)
        else:
            for fault in check_answer(question, State.ANSWERED, _whole(question, target)):
                yield Finding(
                    at + fault.pointer.removeprefix("/value"), fault.code, fault.fr, fault.en
                )


def _whole(question: Question, target: JsonValue) -> JsonValue:
    """Complete the uplift of a matrix, which may name some rows only."""
    if isinstance(question, Matrix) and isinstance(target, dict):
        return {row.code: 0 for row in question.rows} | target
    return target


def _cycle(recommendations: Sequence[Recommendation]) -> Iterator[Finding]:
    try:
        TopologicalSorter({one.code: one.prerequisites for one in recommendations}).prepare()
    except CycleError as error:
        names = ", ".join(sorted(set(error.args[1])))
        yield Finding(
            "",
            "prerequisite_cycle",
            f"Ces préconisations s’attendent l’une l’autre : {names}.",
            f"These recommendations wait for one another: {names}.",
        )
