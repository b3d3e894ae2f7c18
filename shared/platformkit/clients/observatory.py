"""Exposure to generative AI, as the observatory's neighbours read it."""

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import quote

from pydantic import ConfigDict, Field

from platformkit.clients.base import Read, ServiceClient

BATCH = 50
"""Most jobs that one request of `job_exposures` may ask for."""


LONGEST = 200
"""Most items of a page."""


class _Read(Read):
    model_config = ConfigDict(populate_by_name=True)


class Interval(_Read):
    """A closed interval of the scale from 0 to 1."""

    low: float
    high: float


class ExposureClass(_Read):
    """A class of exposure with its name in the language of the request."""

    code: str
    label: str


class Basis(_Read):
    """What the figures are really about; `reason` says why when it is not what was asked."""

    code: str
    label: str
    exact: bool
    reason: str


class Method(_Read):
    """The method, its citation, and what not to read in its figures."""

    id: str
    version: str
    name: str
    citation: str
    limits: tuple[str, ...] = ()


class JobExposure(_Read):
    """Exposure of a job; no class when its occupation has none from the ILO."""

    code: str
    label: str
    basis: Basis
    mean: float
    sd: float
    grade: ExposureClass | None = Field(alias="class")
    interval: Interval


class JobRanges(_Read):
    """Interval of the mean, spread of the tasks, and means of the neighbouring occupations."""

    score: Interval
    tasks: Interval
    crosswalk: Interval


class JobDetail(JobExposure):
    """Exposure of a job with its ranges, its method and a sentence that reads it."""

    ranges: JobRanges
    method: Method
    reading: str


class JobExposures(_Read):
    """Exposures of the jobs asked for; `unknown` are the codes that have none."""

    items: tuple[JobExposure, ...]
    unknown: tuple[str, ...] = ()


class ClassShare(ExposureClass):
    """Share of jobs or hires in a class."""

    share: float


class Uncertainty(_Read):
    """Standard error and 95 % interval of a mean; a minimum."""

    se: float
    interval: Interval


class Whole(_Read):
    """Exposure of a sector or territory; `exposed_share` is that of gradients 1 to 4."""

    code: str
    label: str
    basis: Basis
    mean: float
    uncertainty: Uncertainty
    exposed_share: float
    grades: tuple[ClassShare, ...]
    method: Method
    reading: str


class SectorJob(_Read):
    """An exposed job of a sector and its part in the sector's hires."""

    code: str
    label: str
    weight: float
    mean: float
    grade: ExposureClass | None = Field(default=None, alias="class")


class Rank(_Read):
    """Place among the sectors of the same level; 1 is the most exposed."""

    position: int
    of: int


class SectorExposure(Whole):
    """Exposure of a sector, by the hires of its jobs."""

    level: str
    rank: Rank
    top_jobs: tuple[SectorJob, ...] = ()


class JobFamily(_Read):
    """A job family of a territory."""

    code: str
    label: str
    jobs: int
    share: float
    mean: float


class Comparison(_Read):
    """Figures of the country, and the difference with its standard error."""

    code: str
    label: str
    mean: float
    exposed_share: float
    difference: float
    difference_se: float


class TerritoryExposure(Whole):
    """Exposure of a territory, by the employment of its job families."""

    id: str
    kind: str
    employment: int
    comparison: Comparison
    top_families: tuple[JobFamily, ...] = ()


class TerritoryJob(_Read):
    """A ROME v3 job of a territory: its employment by the method, its mean and class."""

    code: str
    label: str
    employment: float
    mean: float
    grade: ExposureClass | None = Field(default=None, alias="class")


class TerritoryJobs(_Read):
    """Jobs of a territory; `release` is the hash of the tables, `basis` what they are about."""

    items: tuple[TerritoryJob, ...]
    next: str | None
    basis: Basis
    release: str


class ObservatoryClient(ServiceClient):
    """Reads exposures; every method is one request."""

    name: ClassVar[str] = "observatory"

    async def job_exposures(self, codes: Sequence[str]) -> JobExposures:
        """Read the exposure of at most 50 ROME jobs."""
        if not codes:
            return JobExposures(items=())
        asked = {"codes": ",".join(codes), "limit": BATCH}
        return JobExposures.model_validate(await self.get("/exposure/jobs", asked))

    async def job_exposure(self, rome: str) -> JobDetail:
        """Read the exposure of one ROME job, with its ranges and method."""
        return JobDetail.model_validate(await self._one("jobs", rome))

    async def sector_exposure(self, naf: str) -> SectorExposure:
        """Read the exposure of a NAF section, division or sub-class."""
        return SectorExposure.model_validate(await self._one("sectors", naf))

    async def territory_exposure(self, code: str) -> TerritoryExposure:
        """Read the exposure of a territory: `FR`, a region, a department, a zone, an EPCI."""
        return TerritoryExposure.model_validate(await self._one("territories", code))

    async def territory_jobs(self, code: str, after: str | None = None) -> TerritoryJobs:
        """Read a page of the scored jobs of a territory, by code; `next` continues it."""
        asked = {"limit": LONGEST} | ({"after": after} if after else {})
        path = f"/exposure/territories/{quote(code, safe='')}/jobs"
        return TerritoryJobs.model_validate(await self.get(path, asked))

    async def _one(self, kind: str, code: str) -> object:
        found: object = await self.get(f"/exposure/{kind}/{quote(code, safe='')}")
        return found
