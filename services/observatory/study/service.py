"""Puts a study together: what is published, then what the neighbours say of this moment."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from observatory.observations import parsing
from observatory.observations.service import SelectionInvalid
from observatory.references import service as references
from observatory.references.facts import Facts
from observatory.releases import queries as releases
from observatory.releases.schemas import Bilingual, ReleaseRead
from observatory.structures.catalogue import Catalogue
from observatory.study import answers, cells, jobs, rules, sectors, territories, texts, ways
from observatory.study.cells import Reader
from observatory.study.ledger import OURS, Ledger
from observatory.study.neighbours import DiagnosticPeer, Neighbours, TrainingPeer
from observatory.study.parts import Core
from observatory.study.schemas import (
    Absence,
    OriginShown,
    ReleaseShown,
    Rules,
    Section,
    SectionId,
    Study,
    StudyIndex,
    Template,
    Versioned,
)
from platformkit.clients.base import together
from platformkit.errors import Fault
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

KEPT: Final = 64
"""Studies whose published part is kept; one has about a hundred kilobytes."""

_HERE: Final = f"{OURS}/studies"
RULES: Final = Versioned(id=rules.ID, version=rules.VERSION, address=f"{_HERE}/rules")
TEMPLATE: Final = Versioned(id=texts.ID, version=texts.VERSION, address=f"{_HERE}/rules")

_Build = Callable[[Facts, str, Reader, Ledger, str], Awaitable[Core]]
_KINDS: Final[dict[str, tuple[_Build, Sequence[str]]]] = {
    "sectors": (sectors.build, sectors.FLOWS),
    "jobs": (jobs.build, jobs.FLOWS),
    "territories": (territories.build, territories.FLOWS),
}


@dataclass(frozen=True, slots=True)
class Told:
    """The published part of a study."""

    core: Core
    ledger: Ledger
    releases: list[ReleaseShown]


class Studies:
    """Keeps the published parts that were asked for last, and who is away."""

    def __init__(self) -> None:
        self.neighbours = Neighbours()
        self._kept: OrderedDict[tuple[str, ...], Told] = OrderedDict()

    def kept(self, key: tuple[str, ...]) -> Told | None:
        """Return a published part, where it is kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: tuple[str, ...], told: Told) -> None:
        """Keep a published part; the one that was asked for longest ago goes."""
        self._kept[key] = told
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Sources:
    """What studies are made from."""

    reads: ReadPool
    data: ReadPool
    structures: Catalogue
    facts: Facts
    studies: Studies
    training: TrainingPeer
    diagnostic: DiagnosticPeer
    region: str


def instant(given: str | None) -> datetime | None:
    """Read `asOf`; raises SelectionInvalid."""
    faults: list[Fault] = []
    found = parsing.instant(given, "asOf", faults)
    if faults:
        raise SelectionInvalid(faults)
    return found


async def study(sources: Sources, kind: str, given: str, as_of: datetime | None) -> Study:
    """Make a study; raises Invalid, CodeUnknown, ExposureUnmeasured, StudyUnpublished, StudyHidden.

    With `as_of` it is of the figures as they were known then, and the neighbours are not asked.
    """
    told = await _told(sources, kind, given, as_of)
    core, ledger = told.core, told.ledger.branched()
    absent: dict[SectionId, Absence] = {}
    if as_of is None:
        absent = await _ask(sources, core, ledger)
    else:
        absent = dict.fromkeys(("training", "calls"), Absence(reason=texts.PINNED(), since=None))
    return Study(
        kind=core.kind,
        code=core.code,
        label=core.label,
        basis=core.basis,
        region=core.place,
        title=f"{texts.TITLE()} – {core.label}",
        language=language(),
        as_of=as_of,
        template=TEMPLATE,
        rules=RULES,
        references=sources.facts.release,
        hidden=ledger.hidden,
        sections=[_section(each, ledger, absent) for each in texts.SECTIONS],
        figures=list(ledger.figures.values()),
        releases=told.releases,
    )


async def _told(sources: Sources, kind: str, given: str, as_of: datetime | None) -> Told:
    build, flows = _KINDS[kind]
    reader = await cells.reader(sources.reads, sources.data, sources.structures, flows, as_of)
    key = (kind, given.upper(), language(), reader.token, sources.facts.release)
    told = sources.studies.kept(key)
    if told is None:
        ledger = Ledger(reader, sources.structures)
        core = await build(sources.facts, given, reader, ledger, sources.region)
        await ways.say(sources.facts, core.jobs, reader, ledger)
        told = Told(core, ledger, await _releases(sources.reads, ledger))
        sources.studies.keep(key, told)
    return told


async def _ask(sources: Sources, core: Core, ledger: Ledger) -> dict[SectionId, Absence]:
    """Add what the neighbours say, one after the other in the study; tell who is away."""
    neighbours = sources.studies.neighbours
    codes = [each.code for each in core.jobs]
    whole = core.kind == "territories"
    found, calls = await together(
        neighbours.training(sources.training, codes, core.place, whole=whole),
        neighbours.calls(sources.diagnostic),
    )
    absent: dict[SectionId, Absence] = {}
    if isinstance(found, Absence):
        absent["training"] = found
    else:
        answers.say_training(core, found, ledger)
    if isinstance(calls, Absence):
        absent["calls"] = calls
    else:
        answers.say_calls(sources.facts, core, calls, ledger)
    return absent


def _section(name: SectionId, ledger: Ledger, absent: dict[SectionId, Absence]) -> Section:
    said = ledger.statements.get(name, [])
    why = absent.get(name)
    if why is None and not said:
        why = Absence(reason=_EMPTY.get(name, texts.NOTHING)(), since=None)
    return Section(id=name, title=texts.SECTIONS[name](), statements=said, absent=why)


_EMPTY: Final[dict[SectionId, Text]] = {
    "changes": texts.UNTOLD,
    "people": texts.UNTOLD,
    "certainty": texts.UNTOLD,
    "training": texts.UNTOLD,
    "calls": texts.NO_CALL,
}


async def _releases(reads: ReadPool, ledger: Ledger) -> list[ReleaseShown]:
    """Describe the releases that brought the figures, in the order of their names."""
    names = {place: name for name, place in ledger.releases.items()}
    rows = await reads.fetch(
        "study releases",
        releases.SEVERAL,
        [flow for flow, _ in names],
        [ordinal for _, ordinal in names],
    )
    found = [
        _release(names[row["flow"], row["ordinal"]], ReleaseRead.model_validate_json(row["item"]))
        for row in rows
    ]
    return sorted(found, key=lambda each: each.id)


def _release(name: str, found: ReleaseRead) -> ReleaseShown:
    return ReleaseShown(
        id=name,
        dataflow=found.dataflow,
        ordinal=found.ordinal or 0,
        published_at=found.published_at or "",
        method=found.method,
        formula=None if found.formula is None else _spoken(found.formula),
        source=found.source,
        address=f"{OURS}/releases/{found.id}",
        origins=[
            OriginShown(
                title=each.title.en if language() == "en" else each.title.fr,
                producer=each.producer,
                vintage=each.vintage,
                licence=each.licence,
                files=each.files,
            )
            for each in found.origins
        ],
    )


def _spoken(given: Bilingual) -> str:
    return given.en if language() == "en" else given.fr


def index(facts: Facts, region: str) -> StudyIndex:
    """Tell which studies there are."""
    found = references.find_territory(facts, region)
    return StudyIndex(
        region=f"{_HERE}/territories/{found.id}",
        addresses={kind: f"{_HERE}/{kind}/{{code}}" for kind in _KINDS},
        rules=RULES,
    )


def published_rules() -> Rules:
    """Tell the rule, its thresholds and the sentences."""
    return Rules(
        id=rules.ID,
        version=rules.VERSION,
        text=texts.RULES(),
        thresholds=rules.THRESHOLDS,
        template=TEMPLATE,
        templates=[
            Template(id=name, fr=each.fr, en=each.en) for name, each in texts.TEMPLATES.items()
        ],
    )
