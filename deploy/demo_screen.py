"""What a programme officer wants to see of a company's journey, on one screen."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from platformkit.clients.diagnostic import Cohort, Enrolment, Organisation, Score
from platformkit.clients.observatory import (
    Interval,
    JobExposure,
    SectorExposure,
    TerritoryExposure,
)
from platformkit.clients.roadmaps import Opportunity, Roadmap
from platformkit.i18n import Text, language

ACTIONS = 5
BAR = 20


@dataclass(frozen=True, slots=True)
class Story:
    """What the demo was answered, step by step."""

    company: Organisation
    sector: SectorExposure
    jobs: Sequence[JobExposure]
    territory: TerritoryExposure
    cohort: Cohort | None
    seat: Enrolment | None
    score: Score
    roadmap: Roadmap
    report: Path
    overview: dict[str, Any]
    trace_id: str


def show(story: Story, console: Console) -> None:
    """Print the whole story."""
    for part in (_company, _exposure, _diagnostic, _roadmap, _end):
        part(story, console)


def _title(console: Console, text: Text) -> None:
    console.print()
    console.rule(f"[bold]{text()}[/]", align="left", style="cyan")


def number(value: float | None, digits: int = 2) -> str:
    """Write a number as its language does; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return text if language() == "en" else text.replace(".", ",")


def percent(share: float) -> str:
    """Write a share from 0 to 1 in per cent, with one digit."""
    return f"{number(share * 100, 1)}{'%' if language() == 'en' else ' %'}"


def interval(found: Interval) -> str:
    """Write a range with its ends."""
    return f"{number(found.low)} – {number(found.high)}"


def _company(story: Story, console: Console) -> None:
    company = story.company
    _title(console, Text("Entreprise", "Company"))
    console.print(
        f"{escape(company.name)} · SIREN {company.siren} · NAF {company.naf_code} · "
        + Text("{n} salariés", "{n} employees")(n=company.headcount)
    )
    if story.cohort is None or story.seat is None:
        console.print(Text("Aucune cohorte ouverte.", "No cohort is open.")())
        return
    if story.seat.status == "confirmed":
        seat = Text("place {n} sur {of}", "seat {n} of {of}")(
            n=story.seat.seat_no, of=story.cohort.capacity
        )
    else:
        seat = Text("liste d’attente, rang {n}", "waiting list, rank {n}")(n=story.seat.rank)
    console.print(f"{escape(story.cohort.title)} · [bold]{seat}[/]")


def _exposure(story: Story, console: Console) -> None:
    _title(console, Text("Exposition à l’IA générative (0 à 1)", "Exposure to generative AI (0–1)"))
    table = Table(box=None, pad_edge=False)
    for heading in (
        Text("", ""),
        Text("moyenne", "mean"),
        Text("intervalle à 95 %", "95% interval"),
        Text("emplois exposés", "exposed jobs"),
    ):
        table.add_column(heading(), justify="left" if not heading() else "right")
    for whole in (story.sector, story.territory):
        table.add_row(
            escape(whole.basis.label),
            number(whole.mean, 3),
            interval(whole.uncertainty.interval),
            percent(whole.exposed_share),
        )
    for job in story.jobs:
        grade = job.grade.label if job.grade else ""
        table.add_row(
            f"  {job.code} {escape(job.label)}",
            number(job.mean, 3),
            interval(job.interval),
            f"[dim]{escape(grade)}[/]",
        )
    console.print(table)
    method = story.sector.method
    console.print(f"[dim]{escape(story.sector.reading)}[/]")
    console.print(f"[dim]{escape(f'{method.name}, {method.version}. {method.citation}')}[/]")


def _diagnostic(story: Story, console: Console) -> None:
    score = story.score
    _title(console, Text("Diagnostic de maturité", "Maturity diagnostic"))
    level = score.level.title if score.level else "–"
    console.print(f"[bold]{number(score.score, 1)} / 100[/] · {escape(level)}")
    table = Table(box=None, pad_edge=False, show_header=False)
    for dimension in score.dimensions:
        value = dimension.score
        filled = round((value or 0) / 100 * BAR)
        named = dimension.level.title if dimension.level else ""
        table.add_row(
            escape(dimension.title),
            f"[cyan]{'█' * filled}[/][dim]{'░' * (BAR - filled)}[/]",
            number(value, 1),
            f"[dim]{escape(named)}[/]",
        )
    console.print(table)


def _roadmap(story: Story, console: Console) -> None:
    _title(console, Text("Les cinq premières actions", "The first five actions"))
    for action in story.roadmap.actions[:ACTIONS]:
        points = Text("point" if action.gain < 2 else "points", "points")()  # noqa: PLR2004
        gain = f"{number(action.gain, 1)} {points}, effort {action.effort}"
        console.print(f"[bold]{action.position}. {escape(action.title)}[/] [dim]({gain})[/]")
        for certification in action.certifications:
            named = f"{certification.number} · {certification.title}"
            console.print(f"   [green]◆[/] {escape(named)}")
        for funding in action.funding:
            opportunity, eligible = funding.opportunity, funding.eligibility.status
            console.print(
                f"   [yellow]€[/] {escape(opportunity.title)} [dim]({_aid(opportunity)},"
                f" {ELIGIBILITY[eligible]()})[/]"
            )
    for missing in story.roadmap.unavailable:
        console.print(f"[red]{escape(missing.part)} · {escape(missing.reason)}[/]")


ELIGIBILITY = {
    "eligible": Text("éligible", "eligible"),
    "ineligible": Text("non éligible", "not eligible"),
    "unknown": Text("à vérifier", "to be checked"),
}


def _aid(opportunity: Opportunity) -> str:
    parts = [escape(opportunity.operator)]
    if opportunity.rate_max is not None:
        parts.append(Text("jusqu’à {rate}", "up to {rate}")(rate=percent(opportunity.rate_max)))
    if opportunity.cap_eur is not None:
        cap = f"{opportunity.cap_eur:,.0f}"
        euros = Text("{fr} € au plus", "at most €{en}")
        parts.append(euros(fr=cap.replace(",", "\u202f"), en=cap))
    return ", ".join(parts)


def _end(story: Story, console: Console) -> None:
    _title(console, Text("Et ensuite", "And then"))
    console.print(Text("Rapport PDF : {path}", "PDF report: {path}")(path=os.fspath(story.report)))
    gaps = ", ".join(f"{gap['part']} ({gap['reason']})" for gap in story.overview["unavailable"])
    whole = Text("complète", "complete")() if not gaps else escape(gaps)
    console.print(
        Text("Vue d’ensemble : {whole}", "Overview: {whole}")(whole=whole)
        + f" · /v1/overviews/organisations/{story.company.id}"
    )
    console.print(Text("Trace : {trace}", "Trace: {trace}")(trace=story.trace_id))
