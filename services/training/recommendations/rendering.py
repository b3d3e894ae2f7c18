"""Advice as it goes over the wire, with the sentences that links rest on."""

from collections.abc import Mapping, Sequence

from training.recommendations import answers, paths, readiness, texts
from training.recommendations.advice import Advice, Option, Situation
from training.recommendations.answers import (
    CourseNamed,
    CourseRead,
    Excluded,
    Exclusions,
    Gap,
    Named,
    PathRead,
    Points,
    Step,
    Taught,
)
from training.recommendations.evidence import sentence
from training.recommendations.jobs import Skill
from training.recommendations.readiness import Levels, Requirement

DIGITS = 6
_EXCLUDED = 20
"""Excluded courses that are told; their number is told of all."""


def rounded(value: float | None) -> float | None:
    """Return a share as it is shown."""
    return None if value is None else round(value, DIGITS)


Texts = Mapping[str, Sequence[str | None]]
"""Of formations by id and certifications by code."""


def gaps(
    wanted: Sequence[Requirement], skills: Mapping[str, Skill], have: Levels, presumed: Levels
) -> list[Gap]:
    """Tell what the job wants, the widest weighted gap first."""
    ranked = sorted(wanted, key=lambda one: (-one.weight * readiness.gap(one, have), one.skill))
    return [
        Gap(
            skill=Named(code=one.skill, label=skills[one.skill].label),
            essential=skills[one.skill].want.essential,
            weight=round(one.weight, DIGITS),
            required=one.level,
            held=have.get(one.skill, 0),
            presumed=one.skill in presumed,
            gap=round(readiness.gap(one, have), DIGITS),
        )
        for one in ranked
    ]


def cited(advice: Advice) -> tuple[list[str], list[str]]:
    """Name the formations and certifications whose texts the shown links were read out of."""
    formations: set[str] = set()
    certifications: set[str] = set()
    shown = {one.offer.id: one for one in advice.courses}
    shown |= {one.key: advice.options[one.key] for one in advice.path.courses}
    for option in shown.values():
        for link in option.offer.links.values():
            if link.method == "extracted":
                (certifications if link.source else formations).add(link.source or option.offer.id)
    return sorted(formations), sorted(certifications)


def courses(
    advice: Advice, situation: Situation, skills: Mapping[str, Skill], texts_: Texts
) -> list[CourseRead]:
    """Tell the best courses with all that their score is made of."""
    found = []
    for one in advice.courses:
        session = one.verdict.session
        assert session is not None  # noqa: S101  # nothing bars it
        reached = readiness.readiness(situation.wanted, readiness.after(situation.have, one.taught))
        found.append(
            CourseRead(
                **_named(one),
                session=session.id,
                starts_on=session.dates.starts_on,
                ends_on=session.dates.ends_on,
                score=one.score.score,
                coverage=round(one.score.coverage, DIGITS),
                gain=round(one.score.gain, DIGITS),
                readiness=round(reached, DIGITS),
                capped=one.score.is_capped,
                explanation=[
                    Points(part=part.part, skill=part.skill, points=part.points)
                    for part in one.score.parts
                ],
                skills=_taught(one, situation.wanted, situation.have, skills, texts_),
            )
        )
    return found


def path(
    advice: Advice, situation: Situation, skills: Mapping[str, Skill], texts_: Texts
) -> PathRead:
    """Tell a path step by step, and what little more would prolong it."""
    have = situation.have
    before = readiness.readiness(situation.wanted, have)
    steps = []
    for course, reached in zip(advice.path.courses, advice.path.readiness, strict=True):
        option = advice.options[course.key]
        steps.append(
            Step(
                **_named(option),
                starts_on=option.starts_on,
                gain=round(reached - before, DIGITS),
                readiness=round(reached, DIGITS),
                skills=_taught(option, situation.wanted, have, skills, texts_),
            )
        )
        have, before = readiness.after(have, course.taught), reached
    match = readiness.match(situation.wanted, have)
    return PathRead(
        steps=steps,
        hours=sum(one.hours or 0 for one in steps),
        euros=round(sum(one.euros or 0 for one in steps), 2),
        readiness=round(advice.path.ends, DIGITS),
        match=round(match, DIGITS),
        applicable=match >= readiness.APPLICABLE,
        more=_more(advice.more, advice.options),
    )


def exclusions(advice: Advice) -> Exclusions:
    """Tell the best of what is excluded, with every reason."""
    items = [
        Excluded(
            **_named(one), coverage=round(one.score.coverage, DIGITS), reasons=[*map(str, reasons)]
        )
        for one, reasons in advice.excluded[:_EXCLUDED]
    ]
    return Exclusions(total=len(advice.excluded), items=items)


def _more(found: paths.More | None, options: Mapping[str, Option]) -> answers.More | None:
    if found is None:
        return None
    option = options[found.course.key]
    said = {
        (True, True): texts.MORE_BOTH,
        (True, False): texts.MORE_HOURS,
        (False, True): texts.MORE_EUROS,
    }.get((found.hours > 0, found.price > 0), texts.MORE_COURSES)
    return answers.More(
        hours=found.hours,
        euros=round(found.price, 2),
        courses=found.courses,
        course=CourseNamed(**_named(option)),
        readiness=round(found.readiness, DIGITS),
        reading=said(
            hours=f"{found.hours:g}",
            euros=f"{found.price:g}",
            title=option.offer.title,
            percent=int(found.readiness * 100),
        ),
    )


def _named(option: Option) -> dict[str, object]:
    offer, distance = option.offer, option.verdict.distance_km
    return {
        "formation": offer.id,
        "number": offer.number,
        "title": offer.title,
        "provider": Named(code=offer.provider, label=offer.provider_name),
        "certifications": list(offer.certifications),
        "action": option.action.id,
        "mode": option.action.mode,
        "hours": option.action.hours,
        "euros": option.action.price,
        "distance_km": None if distance is None else round(distance, 1),
    }


def _taught(
    option: Option,
    wanted: Sequence[Requirement],
    have: Levels,
    skills: Mapping[str, Skill],
    texts_: Texts,
) -> list[Taught]:
    found = []
    for code in readiness.filled(wanted, have, option.taught):
        link, skill = option.offer.links[code], skills[code]
        read = texts_.get(link.source or option.offer.id, ()) if link.method == "extracted" else ()
        found.append(
            Taught(
                skill=Named(code=code, label=skill.label),
                level=option.taught[code],
                method=link.method,
                confidence=link.confidence,
                source=link.source,
                evidence=sentence(skill.said, read),
            )
        )
    return found
