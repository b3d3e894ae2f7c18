"""Reports on the fixture grid MINI-IA, for the tests of the formats."""

from datetime import UTC, date, datetime
from typing import Any

from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import score
from diagnostic.opportunities.eligibility import assess
from diagnostic.questionnaires.grid import Language
from diagnostic.reference import load
from diagnostic.reports.compose import action, compose
from diagnostic.reports.document import Certification, PeerLine, Peers, Report
from diagnostic.roadmaps.priority import prioritise
from tests.diagnostic.mini_ia import BASE, GRID

AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
FACTS = {"headcount": 24, "region_code": "32"}
REV3 = next(one for one in load.opportunities() if one.code == "HDF-BTR3")


def reported(answers: dict[str, Any] = BASE, **fields: Any) -> Report:
    result = score(GRID, answers)
    return compose(
        grid=GRID,
        answers=answers,
        result=result.as_json(),
        explanation=explain(result).as_json(),
        result_hash=result.result_hash(),
        computed_at=AT,
        **{
            "organisation": "Menuiserie Œuvre € & Fils",
            "siren": "732829320",
            "milestone": "T0",
        }
        | fields,
    )


def with_actions(language: Language = "fr") -> Report:
    """Report on the shipped catalogue's first recommendation, with its help."""
    plan = load.recommendations()["MIA"][0]
    trigger = plan.triggers[0].model_copy(update={"question": "Q1"})
    fitted = plan.model_copy(update={"triggers": (trigger,), "question_uplift": {"Q1": "o3"}})
    [one] = prioritise(GRID, BASE, [fitted])
    done = action(
        one.recommendation,
        one.as_json(),
        certifications=[Certification("Chef de projet en IA", "RNCP36129", "niveau 7")],
        fundings=[(REV3, assess(REV3, FACTS, AT))],
        language=language,
    )
    return reported(actions=[done], score_after=84.6, more_actions=["Suite"], language=language)


PEERS = Peers(
    group="Entreprises de 10 à 49 salariés, région Hauts-de-France",
    as_of=date(2026, 11, 20),
    count=15,
    floor=5,
    overall=PeerLine("Score global", 72.1, 40.5, 52.3, 64.8, 80.0),
    lines=(
        PeerLine("Stratégie", 75.0, 41.0, 50.0, 62.5, 85.0),
        PeerLine("Données", 63.3, 40.0, 55.0, 70.0, 60.0),
    ),
)
SUPPRESSED = Peers(
    group=None,
    as_of=None,
    count=None,
    floor=5,
    reason="Trop peu d’entreprises comparables.",
)
