"""Tells by which state of the database something was made, and whether that state still is."""

from typing import Final

from observatory.observations.queries import MASK_REVISION
from observatory.observations.vintages import Vintages

_STAMP: Final = f"""
SELECT concat_ws('/', (SELECT revision FROM observatory.catalogue_revision),
                 coalesce(max(r.ordinal), 0), count(r.withdrawn_at), {MASK_REVISION}) AS stamp
  FROM observatory.release r
 WHERE r.flow = {{flow}} AND r.published_at <= statement_timestamp()
"""  # noqa: S608  # our own names


def stamp(revision: int, known: Vintages) -> str:
    """Say by which state of structures, releases and mask something was made.

    A withdrawal is never taken back, so that their number tells which there are.
    """
    return f"{revision}/{known.newest}/{len(known.withdrawn)}/{known.mask_revision}"


def stamping(flow: int) -> str:
    """Make the statement that tells the stamp of this moment."""
    return _STAMP.format(flow=flow)


def stamped(flow: int, lines: str) -> str:
    """Make one statement of the stamp and of `lines`: both are of the same moment.

    It yields at least one row; a nested loop, the only way to join so, keeps the order of lines.
    """
    return f"SELECT v.stamp, x.line FROM ({stamping(flow)}) v LEFT JOIN ({lines}) x ON true"  # noqa: S608  # our own statements
