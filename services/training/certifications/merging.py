"""How staged records become the catalogue: set by set, in one transaction, published with it.

All statements work on the rows of `training.import_record` of one run, `$1`. A record whose digest
the catalogue already has is left alone, so that a second import of a file writes nothing.
"""

import uuid
from typing import Final

import asyncpg

from platformkit.paris import day_in_sql
from training.imports.formats import SAMPLE, Plan, Volume
from training.indexing import writing

_COMPARED: Final = """
SELECT r.code, r.derived->>'directory' AS directory,
       CASE WHEN c.id IS NULL THEN 'created'
            WHEN c.absent_since IS NOT NULL THEN 'restored'
            WHEN c.fingerprint = r.fingerprint AND c.import_run_id IS NOT NULL THEN 'unchanged'
            ELSE 'modified' END AS outcome
  FROM training.import_record r LEFT JOIN training.certification c ON c.code = r.code
 WHERE r.run_id = $1 AND r.fingerprint <> ''"""

_ABSENT: Final = """
SELECT c.code
  FROM training.certification c
 WHERE c.import_run_id IS NOT NULL AND c.absent_since IS NULL AND NOT $2::boolean
   AND c.directory IN (SELECT DISTINCT derived->>'directory'
                         FROM training.import_record WHERE run_id = $1)
   AND NOT EXISTS (SELECT FROM training.import_record r WHERE r.run_id = $1 AND r.code = c.code)"""
"""Only what an import gave can be missing from one, and only in a directory that the file has."""

_PLAN: Final = f"""
WITH found AS (SELECT code, outcome FROM ({_COMPARED}) compared
               UNION ALL SELECT code, 'absent' FROM ({_ABSENT}) absent)
SELECT outcome, count(*) AS number, (array_agg(code ORDER BY code))[1:{SAMPLE}] AS codes
  FROM found GROUP BY outcome"""  # noqa: S608  # pieces of this file

_VOLUMES: Final = """
SELECT f.directory, f.found,
       (SELECT count(*) FROM training.certification c
         WHERE c.directory = f.directory AND c.import_run_id IS NOT NULL
           AND c.absent_since IS NULL) AS held
  FROM (SELECT derived->>'directory' AS directory, count(*) AS found
          FROM training.import_record WHERE run_id = $1 GROUP BY 1) f
 ORDER BY f.directory"""

_FORGET: Final = (
    "DELETE FROM training.import_record WHERE run_id = $1 AND fingerprint = ''",
    """
DELETE FROM training.import_record r USING training.certification c
 WHERE r.run_id = $1 AND c.code = r.code AND c.fingerprint = r.fingerprint
   AND c.import_run_id IS NOT NULL AND c.absent_since IS NULL""",
)
"""What cannot be stored and what is `unchanged`; the rest is written."""

_COLUMNS: Final = {
    "title": "text",
    "abbreviation": "text",
    "level": "smallint",
    "registration_type": "text",
    "decided_on": "date",
    "effective_on": "date",
    "registration_end": "date",
    "registration_end_year": "smallint",
    "delivery_limit": "date",
    "source_state": "text",
    "source_active": "boolean",
    "access_routes": "text[]",
    "registration_years": "smallint",
    "published_on": "date",
    "objectives": "text",
    "activities": "text",
    "capacities": "text",
    "sectors": "text",
    "accessible_jobs": "text",
    "prerequisites": "text",
    "regulations": "text",
    "url": "text",
    "statistics": "jsonb",
    "source_id": "text",
}
_SOURCE: Final = {
    "kind": "text",
    "name": "text",
    "url": "text",
    "dated_on": "date",
    "licence": "text",
}
_DERIVED: Final = {
    "directory": "text",
    "number": "integer",
    "search_text": "text",
    "unknown": "text[]",
}


def _record(name: str, of: str, columns: dict[str, str]) -> str:
    listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    return f"jsonb_to_record({of}) AS {name}({listed})"


_WRITTEN: Final = {
    **{column: f"d.{column}" for column in _COLUMNS},
    **{column: f"e.{column}" for column in _DERIVED},
    **{f"source_{column}": f"s.{column}" for column in _SOURCE},
    "fingerprint": "r.fingerprint",
    "import_run_id": "r.run_id",
}

_KEPT: Final = ("search_text", "directory", "number")
"""The first is made anew; were the keys set, to what they are, whatever adds to a certification
and an import would wait for each other."""

_UPSERT: Final = f"""
INSERT INTO training.certification AS c ({", ".join(_WRITTEN)}, themes, audience)
SELECT {", ".join(_WRITTEN.values())}, '{{}}', '{{}}'
  FROM training.import_record r,
       {_record("d", "r.document", _COLUMNS)},
       {_record("s", "r.origin", _SOURCE)},
       {_record("e", "r.derived", _DERIVED)}
 WHERE r.run_id = $1
    ON CONFLICT (directory, number) DO UPDATE
   SET {", ".join(f"{one} = excluded.{one}" for one in _WRITTEN if one not in _KEPT)},
       search_text = lower(replace(concat_ws(' ', excluded.search_text, c.title_en,
                                             array_to_string(c.themes, ' ')), '_', ' ')),
       absent_since = NULL, withdrawn_on = NULL, withdrawn_reason = NULL,
       version = c.version + 1, updated_at = now()"""  # noqa: S608  # likewise
"""Our own marks are not of the directory: they stay."""

_CHANGED: Final = """
  FROM training.import_record r JOIN training.certification c ON c.code = r.code"""


_BODY: Final = {"name": "text", "siret": "text", "state": "text", "state_since": "date"}
_BLOC: Final = {"code": "text", "title": "text", "competences": "text", "assessment": "text"}
_PARTNER: Final = {**_BODY, "role": "text", "active_since": "date"}
_EQUIVALENCE: Final = {"source_blocs": "text[]", "target": "text", "target_blocs": "text[]"}
_OWNER: Final = {"certification_id": "fiche.id"}

_CLEAR: Final = tuple(
    f"""
DELETE FROM training.{table} p USING training.import_record r, training.certification c
 WHERE r.run_id = $1 AND c.code = r.code AND c.version > 1 AND p.{owner} = c.id"""  # noqa: S608  # our own names
    for table, owner in (
        ("bloc", "certification_id"),
        ("classification", "certification_id"),
        ("certifying_body", "certification_id"),
        ("partner", "certification_id"),
        ("equivalence", "stated_by"),
        ("succession", "stated_by"),
    )
)


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in columns.items())


def _parts(table: str, member: str, columns: dict[str, str], **fixed: str) -> str:
    """Write the parts of every changed record into their table, in the order of the fiche."""
    names = ", ".join([*fixed, *columns, "position"])
    values = ", ".join([*fixed.values(), *(f"p.{column}" for column in columns), "p.position - 1"])
    numbered = ", ".join([*columns, "position"])
    return f"""
  INSERT INTO training.{table} ({names})
  SELECT {values}
    FROM fiche, ROWS FROM (jsonb_to_recordset(fiche.{member}) AS ({_listed(columns)}))
                  WITH ORDINALITY AS p({numbered})"""  # noqa: S608  # our own names


_MEMBERS: Final = (
    *("blocs", "rome", "nsf", "formacodes", "idcc", "certifying_bodies", "partners"),
    *("equivalences", "predecessors", "successors"),
)
_TERM: Final = {"code": "text", "label": "text", "version": "text"}
_TERMS: Final = {"rome": "rome", "nsf": "nsf", "formacode": "formacodes", "idcc": "idcc"}

_INSERTED: Final = {
    "blocs": _parts("bloc", "blocs", _BLOC, **_OWNER),
    **{
        scheme: _parts("classification", member, _TERM, **_OWNER, scheme=f"'{scheme}'")
        for scheme, member in _TERMS.items()
    },
    "bodies": _parts("certifying_body", "certifying_bodies", _BODY, **_OWNER),
    "partners": _parts("partner", "partners", _PARTNER, **_OWNER),
    "equivalences": _parts(
        "equivalence", "equivalences", _EQUIVALENCE, stated_by="fiche.id", source="fiche.code"
    ),
}
_ADD: Final = f"""
WITH fiche AS MATERIALIZED (
  SELECT c.id, c.code, d.*{_CHANGED},
         {_record("d", "r.document", dict.fromkeys(_MEMBERS, "jsonb"))}
   WHERE r.run_id = $1),
{", ".join(f"{name} AS ({statement})" for name, statement in _INSERTED.items())}
INSERT INTO training.succession (stated_by, predecessor, successor)
SELECT id, old, code FROM fiche, jsonb_array_elements_text(predecessors) old
 UNION
SELECT id, code, new FROM fiche, jsonb_array_elements_text(successors) new"""  # noqa: S608  # pieces of this file
"""All parts in one statement, so that each document is unpacked once."""

_REST: Final = """jsonb_build_object(
         'id', c.id, 'unknown', c.unknown, 'absent_since', NULL, 'import_run', c.import_run_id,
         'source', r.origin,
         'editorial', jsonb_build_object(
           'title_en', c.title_en, 'themes', c.themes, 'audience', c.audience,
           'ai_literacy_level', c.ai_literacy_level))"""

_PUBLISH: Final = f"""
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'certification', c.code, CASE WHEN c.version = 1 THEN 'created' ELSE 'updated' END,
       c.version, r.document || {_REST}{_CHANGED}
 WHERE r.run_id = $1
 ORDER BY c.code"""  # likewise

_FLAG_ABSENT: Final = f"""
WITH flagged AS (
  UPDATE training.certification SET absent_since = now(), version = version + 1, updated_at = now()
   WHERE code IN ({_ABSENT})
  RETURNING code, version, absent_since),
known AS (
  SELECT DISTINCT ON (entity_id) entity_id, payload FROM training.change
   WHERE entity = 'certification' AND entity_id IN (SELECT code FROM flagged)
   ORDER BY entity_id, xid DESC, seq DESC)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'certification', code, 'updated', version,
       payload || jsonb_build_object(
         'absent_since', {day_in_sql("absent_since")})
  FROM flagged JOIN known ON known.entity_id = flagged.code
 ORDER BY code"""  # noqa: S608  # likewise
"""What the daily file lacks is never deleted (acceptance C11): a person decides that."""


_WRITTEN_IDS: Final = f"SELECT c.id{_CHANGED} WHERE r.run_id = $1"  # likewise


async def plan(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> Plan:  # noqa: FBT001  # the format's signature
    """Say what merging would change now."""
    found = {row["outcome"]: row for row in await connection.fetch(_PLAN, run, extract)}
    volumes = [
        Volume(row["directory"], row["held"], row["found"])
        for row in await connection.fetch(_VOLUMES, run)
    ]
    outcomes = ("created", "modified", "unchanged", "restored", "absent")
    return Plan(
        {one: found[one]["number"] if one in found else 0 for one in outcomes},
        {one: list(found[one]["codes"]) for one in outcomes if one in found and one != "unchanged"},
        volumes,
    )


async def merge(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> None:  # noqa: FBT001  # likewise
    """Write what differs, flag what is absent, publish both."""
    await connection.execute(_FLAG_ABSENT, run, extract)
    for statement in (*_FORGET, _UPSERT, *_CLEAR, _ADD, _PUBLISH):
        await connection.execute(statement, run)
    await writing.follow_certifications(
        connection, [row["id"] for row in await connection.fetch(_WRITTEN_IDS, run)]
    )
