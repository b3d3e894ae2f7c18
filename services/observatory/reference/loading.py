"""Brings one table to a content, in the caller's transaction: shipped tables and official files.

The content is the canonical CSV of the table: a file that says what is there already changes
nothing, whoever brings it.
"""

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import resources
from typing import Any, Final

from sqlalchemy import Float, Integer, Numeric, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.database import Base
from observatory.references import models, queries
from platformkit import feed

TABLES: Final[dict[str, type[Base]]] = {
    "occupations": models.Occupation,
    "scores": models.Score,
    "ilo_2023": models.IndexScore,
    "eloundou": models.IndexScore,
    "microsoft": models.IndexScore,
    "felten": models.IndexScore,
    "felten_language": models.IndexScore,
    "felten_image": models.IndexScore,
    "soc_links": models.SocLink,
    "industry_links": models.IndustryLink,
    "felten_industries": models.IndustryScore,
    "felten_language_industries": models.IndustryScore,
    "felten_image_industries": models.IndustryScore,
    "crosswalk": models.Crosswalk,
    "jobs": models.Job,
    "mobilities": models.Mobility,
    "skills": models.Skill,
    "job_skills": models.JobSkill,
    "families": models.Family,
    "family_jobs": models.FamilyJob,
    "family_employment": models.FamilyEmployment,
    "family_years": models.FamilyYear,
    "sectors": models.Sector,
    "sector_hires": models.SectorHire,
    "territories": models.Territory,
}
"""Dataset and the table that holds its rows, alone or beside others of the same form."""

TASK: Final = "observatory bootstrap"
"""What one process does at a time: bring tables to a content, and the figures that follow."""


def sources() -> dict[str, dict[str, Any]]:
    """Provenance of every dataset, shipped or to be loaded."""
    found: dict[str, dict[str, Any]] = json.loads(_folder().joinpath("sources.json").read_text())
    return found


def shipped() -> dict[str, bytes]:
    """Content of the tables that come with the project."""
    files = {name: _folder().joinpath(f"{name}.csv") for name in TABLES}
    return {name: file.read_bytes() for name, file in files.items() if file.is_file()}


def _folder() -> Any:  # noqa: ANN401  # a Traversable, which has another home in each Python
    return resources.files("observatory").joinpath("reference")


def header(name: str) -> list[str]:
    """Columns of a dataset: those of its table but for the one that tells datasets apart."""
    return [column.name for column in TABLES[name].__table__.columns if column.name != "dataset"]


def canonical(name: str, rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as the CSV of a dataset, sorted, so that equal rows give equal bytes."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(header(name))
    table.writerows(sorted(tuple(str(cell) for cell in row) for row in rows))
    return out.getvalue().encode()


def digest(content: bytes, source: Mapping[str, Any]) -> str:
    """Hash of a content and its provenance."""
    return hashlib.sha256(content + json.dumps(source, sort_keys=True).encode()).hexdigest()


def typed(name: str, content: bytes) -> list[dict[str, Any]]:
    """Rows of a content with the types of the table's columns; ValueError when one has not."""
    columns = TABLES[name].__table__.c
    extra = {"dataset": name} if "dataset" in columns else {}
    lines = csv.DictReader(io.StringIO(content.decode()))
    return [
        extra | {column: _cell(columns[column].type, value) for column, value in line.items()}
        for line in lines
    ]


def _cell(kind: Any, value: str) -> object:  # noqa: ANN401  # a type of SQLAlchemy
    if isinstance(kind, Integer):
        return int(value) if value else None
    if isinstance(kind, Float):
        return float(value) if value else None
    if isinstance(kind, Numeric):
        return Decimal(value)
    return value == "yes" if kind.python_type is bool else value


async def replace(
    session: AsyncSession,
    name: str,
    content: bytes,
    source: Mapping[str, Any],
    origin: str,
) -> bool:
    """Bring a dataset to this content; False when it is there already. Announced on the feed."""
    dataset = await session.get(models.Dataset, name)
    sha256 = digest(content, source)
    if dataset is not None and dataset.sha256 == sha256:
        await _archive(session, dataset, content)
        return False
    model, rows = TABLES[name], typed(name, content)
    stale = delete(model)
    if "dataset" in model.__table__.c:
        stale = stale.where(model.__table__.c.dataset == name)
    await session.execute(stale)
    await session.execute(insert(model), rows)
    last = select(func.max(models.DatasetVersion.version)).where(models.DatasetVersion.name == name)
    version = 1 + max(await session.scalar(last) or 0, dataset.version if dataset else 0)
    loaded = await session.merge(
        models.Dataset(
            name=name,
            version=version,
            sha256=sha256,
            rows=len(rows),
            source=dict(source),
            origin=origin,
        )
    )
    await _archive(session, loaded, content)
    await feed.publish(
        session,
        entity="dataset",
        entity_id=name,
        kind="created" if dataset is None else "updated",
        version=version,
        payload={"sha256": sha256, "rows": len(rows), "vintage": source["vintage"]},
    )
    return True


async def _archive(session: AsyncSession, dataset: models.Dataset, content: bytes) -> None:
    """Keep what a dataset is in this version, unless it is kept already."""
    kept = await session.scalar(
        select(models.DatasetVersion.version).where(
            models.DatasetVersion.name == dataset.name,
            models.DatasetVersion.version == dataset.version,
        )
    )
    if kept is None:
        session.add(
            models.DatasetVersion(
                name=dataset.name,
                version=dataset.version,
                sha256=dataset.sha256,
                rows=dataset.rows,
                source=dataset.source,
                content=zlib.compress(content),
            )
        )


async def release(session: AsyncSession) -> None:
    """Close a load: a new release where any dataset has another version than in the last one."""
    await session.flush()
    current = select(models.Dataset.name, models.Dataset.version, models.Dataset.sha256)
    rows = (await session.execute(current.order_by(models.Dataset.name))).all()
    versions = {row.name: row.version for row in rows}
    last = await session.scalar(
        select(models.ReferenceRelease).order_by(models.ReferenceRelease.ordinal.desc()).limit(1)
    )
    if last is not None and last.versions == versions:
        return
    whole = await session.scalar(text(queries.RELEASE))
    made = models.ReferenceRelease(sha256=whole, versions=versions)
    session.add(made)
    await session.flush()
    await feed.publish(
        session,
        entity="reference_release",
        entity_id=str(made.ordinal),
        kind="created",
        version=1,
        payload={"sha256": made.sha256, "versions": versions},
    )
