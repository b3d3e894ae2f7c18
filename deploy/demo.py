"""Plays the main job against the running platform: `make demo` (`VIGIE_LANGUAGE=en` for English).

An SME learns how exposed it is, gets a diagnostic, a roadmap, a seat and a report. Each run brings
a company of its own, with a new valid SIREN. `VIGIE_DEMO_SECRET` is for a platform elsewhere.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import ClassVar
from uuid import UUID

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from deploy import sample
from deploy.credentials import DEMO_CLIENT, Vault, demo_secret
from deploy.demo_screen import Story, show
from deploy.local import Place, place
from deploy.prepare import PrepareError
from platformkit import i18n, telemetry
from platformkit.clients.base import PeerProblem, PeerUnavailable, ServiceClient, connect
from platformkit.clients.diagnostic import Cohort, DiagnosticClient, Organisation
from platformkit.clients.observatory import ObservatoryClient
from platformkit.i18n import Text
from platformkit.otlp import Exporters

NAF, POSTCODE, DEPARTMENT = "25.62B", "59000", "59"
QUESTIONNAIRE = "MIA"
SECONDS = 30.0
ROUNDS = 5
"""Answers may open further questions, at most this often in a row."""


class Overviews(ServiceClient):
    """Reads the answers that the door makes of several services."""

    name: ClassVar[str] = "overviews"


class DemoError(Exception):
    """The demo cannot be played; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Door:
    """The clients of one partner, all through the gateway."""

    diagnostic: DiagnosticClient
    observatory: ObservatoryClient
    overviews: Overviews


async def token(http: httpx.AsyncClient, secret: str) -> str:
    """Ask for a token with the demo client's own credentials."""
    answer = await http.post(
        "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(DEMO_CLIENT, secret)
    )
    if answer.status_code != httpx.codes.OK:
        raise DemoError(f"The door gave no token: {answer.status_code} {answer.text[:200]}")
    found: str = answer.json()["access_token"]
    return found


async def play(door: Door, did: Callable[[Text], None], reports: Path) -> Story:
    """Do the whole job, saying each step when it is done."""
    sector = await door.observatory.sector_exposure(NAF)
    jobs = await door.observatory.job_exposures([job.code for job in sector.top_jobs[:5]])
    territory = await door.observatory.territory_exposure(DEPARTMENT)
    did(Text("exposition lue", "exposure read"))

    diagnostic = door.diagnostic
    company = await diagnostic.register(
        {
            "siren": sample.siren(SystemRandom()),
            "name": "Ateliers de la Lys (démonstration)",
            "naf_code": NAF,
            "headcount": 42,
            "postcode": POSTCODE,
            "region_code": "32",
            "benchmark_consent": True,
        }
    )
    did(Text("entreprise inscrite", "company registered"))

    cohort = next((one for one in await diagnostic.cohorts() if one.is_open), None)
    seat = await diagnostic.enrol(cohort.id, company.id) if cohort else None
    did(Text("place demandée", "seat asked for"))

    has_seat = cohort is not None and seat is not None and seat.status == "confirmed"
    given = await answer(diagnostic, company, cohort if has_seat else None)
    did(Text("questionnaire rempli", "questionnaire answered"))
    score = await diagnostic.submit(given)
    did(Text("diagnostic noté", "diagnostic scored"))
    roadmap = await diagnostic.make_roadmap(given)
    did(Text("feuille de route faite", "roadmap made"))
    pdf = await diagnostic.report(given, i18n.language())
    report = await asyncio.to_thread(keep, reports, f"vigie-{company.siren}.pdf", pdf)
    did(Text("rapport écrit", "report written"))
    overview = await door.overviews.send("GET", f"/organisations/{company.id}")
    did(Text("vue d’ensemble lue", "overview read"))
    return Story(
        company=company,
        sector=sector,
        jobs=jobs.items,
        territory=territory,
        cohort=cohort,
        seat=seat,
        score=score,
        roadmap=roadmap,
        report=report,
        overview=overview.json(),
        trace_id=overview.headers["traceresponse"].split("-")[1],  # of every request: we joined it
    )


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Write the file into the folder, which is made when missing."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


async def answer(
    diagnostic: DiagnosticClient, company: Organisation, cohort: Cohort | None
) -> UUID:
    """Start a diagnostic and answer until nothing is missing; returns its id."""
    grid = await diagnostic.questionnaire(QUESTIONNAIRE)
    questions = {question["code"]: question for question in grid["content"]["questions"]}
    assessment = await diagnostic.start(
        company.id,
        QUESTIONNAIRE,
        milestone="T0" if cohort else "ad_hoc",
        cohort_id=cohort.id if cohort else None,
    )
    for _ in range(ROUNDS):
        if not assessment.progress.missing:
            break
        for code in assessment.progress.missing:
            await diagnostic.answer(assessment.id, code, sample.answer(questions[code]))
        assessment = await diagnostic.assessment(assessment.id)
    return assessment.id


async def run(where: Place, console: Console) -> None:
    """Open the door, play, show. Raises `DemoError`, `PeerProblem` or `PeerUnavailable`."""
    secret = os.environ.get("VIGIE_DEMO_SECRET") or demo_secret(Vault(where.data / "secrets"))
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )
    async with connect(where.door) as http:
        try:
            bearer = await token(http, secret)
        except httpx.HTTPError as failure:
            raise DemoError(
                f"Nothing answers at {where.door}: start the platform with `make run` first."
            ) from failure
        door = Door(
            DiagnosticClient(http, lambda: bearer, prefix="/v1/diagnostic", seconds=SECONDS),
            ObservatoryClient(http, lambda: bearer, prefix="/v1/observatory", seconds=SECONDS),
            Overviews(http, lambda: bearer, prefix="/v1/overviews", seconds=SECONDS),
        )
        with bar:
            task = bar.add_task("", total=8)

            def did(step: Text) -> None:
                bar.update(task, advance=1, description=step())
                bar.console.print(f"[green]✓[/] {step()}")

            exporters = Exporters("demo", "dev", "local")
            trace = telemetry.start("", exporters.tracer, ratio=1, joins=False)
            try:
                story = await play(door, did, Path("reports"))
            finally:
                if trace.span is not None:
                    trace.span.update_name("the main job")
                    trace.span.end()
                await exporters.close()
    show(story, console)


def main() -> int:
    """Play once; 1 with one sentence when it cannot be played to the end."""
    i18n.speak("en" if os.environ.get("VIGIE_LANGUAGE") == "en" else "fr")
    console = Console(highlight=False)
    try:
        asyncio.run(run(place(), console))
    except (DemoError, PrepareError, PeerProblem, PeerUnavailable) as failure:
        console.print(f"[red]✗[/] {failure}", soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
