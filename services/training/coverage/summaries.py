"""Parts of the exposed jobs and of their employment, as they are shown: they add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from training.coverage import wording
from training.coverage.catalogue import Kind, Territory, union
from training.coverage.exposure import EXPOSED
from training.coverage.lines import Line, Scope, Share, answering, by_origin, covered
from training.coverage.schemas import (
    AudiencePart,
    CoverageSummary,
    GradePart,
    KindSummary,
    MissingParts,
    OriginParts,
    Part,
    TerritoryRead,
    TerritoryStatistics,
)
from training.coverage.service import Known
from training.coverage.views import about, answers, counts

Whole = Literal["existing", "emerging", "class"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Makes parts of one whole: their shares are of the same totals."""

    known: Known
    where: str
    whole: Whole
    total: Share
    named: Mapping[str, str] = field(default_factory=dict)

    def part(self, what: str, some: Share, **named: str) -> dict[str, Any]:
        """Show a part with its shares and its sentence."""
        weighs = self.known.exposure is not None and self.whole != "emerging"
        share = _ratio(some.employment, self.total.employment) if weighs else None
        return {
            "jobs": some.jobs,
            "jobs_share": _ratio(some.jobs, self.total.jobs),
            "employment": round(some.employment, 3) if weighs else None,
            "employment_share": share,
            "reading": wording.part(
                what,
                self.whole,
                self.known.catalogue.day,
                self.where,
                (some.jobs, self.total.jobs),
                (some.employment, self.total.employment) if weighs else None,
                share,
                **self.named,
                **named,
            ),
        }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _audiences(parts: Parts, found: Sequence[Line]) -> list[AudiencePart]:
    """Show what the offers for each audience cover."""
    return [
        AudiencePart(
            **parts.part("audience", covered(found, offers), audience=wording.AUDIENCES[one]()),
            audience=one,
        )
        for one, offers in parts.known.catalogue.audiences.items()
    ]


def summary(known: Known, place: Territory, scope: Scope) -> CoverageSummary:
    """Show what the open offer of a scope covers of the jobs of the programme."""
    found, where = known.lines(scope), known.where(scope)
    existing = [one for one in found if one.job.kind == "existing"]
    emerging = [one for one in found if one.job.kind == "emerging"]
    return CoverageSummary(
        **about(known, place),
        existing=_kind(known, where, "existing", existing),
        by_class=_grades(known, where, existing) if known.exposure else [],
        emerging=_kind(known, where, "emerging", emerging),
        offers=counts(known.catalogue, answering(found)),
        whole_offer=counts(known.catalogue, scope.offers(known.catalogue)),
    )


def _kind(known: Known, where: str, kind: Kind, found: Sequence[Line]) -> KindSummary:
    total = Share.of(found)
    parts = Parts(known, where, kind, total)
    lacking = {
        missing: Part(**parts.part(missing, Share.of(o for o in found if o.missing == missing)))
        for missing in ("offer", "certification")
    }
    origins = by_origin(found, known.catalogue.new)
    leads = union(one.leads for one in found)
    return KindSummary(
        jobs=total.jobs,
        employment=round(total.employment, 3) if known.exposure and kind == "existing" else None,
        covered=Part(**parts.part("covered", covered(found, known.catalogue.open))),
        by_audience=_audiences(parts, found),
        by_origin=OriginParts(
            **{name: Part(**parts.part(name, some)) for name, some in origins.items()}
        ),
        missing=MissingParts(**lacking),
        offers=answers(known.catalogue, leads, answering(found)),
    )


def _grades(known: Known, where: str, found: Sequence[Line]) -> list[GradePart]:
    made = []
    for code in EXPOSED:
        some = [one for one in found if one.exposed and one.exposed.grade == code]
        total, label = Share.of(some), wording.GRADES[code]()
        parts = Parts(known, where, "class", total, {"grade": label})
        made.append(
            GradePart(
                **parts.part("covered", covered(some, known.catalogue.open)),
                grade=code,
                label=label,
                of_jobs=total.jobs,
                of_employment=round(total.employment, 3),
            )
        )
    return made


def statistics(known: Known, place: Territory) -> TerritoryStatistics:
    """Show the whole open offer of a territory, and what it covers."""
    catalogue, scope = known.catalogue, Scope(place.id)
    found = known.lines(scope)
    existing = [one for one in found if one.job.kind == "existing"]
    parts = Parts(known, place.label, "existing", Share.of(existing))
    part = Part(**parts.part("covered", covered(existing, catalogue.open)))
    offers = counts(catalogue, scope.offers(catalogue))
    return TerritoryStatistics(
        territory=TerritoryRead.model_validate(place),
        offers=offers,
        exposed_offers=answering(found).bit_count(),
        covered=part,
        by_audience=_audiences(parts, existing),
        reading=wording.territory(catalogue.day, place.label, offers.offers, part.employment_share),
    )
