"""The statements of bulk files; only the last reads their bytes."""

from typing import Final

PIECE: Final = 1 << 20
"""Bytes of a piece."""

RELEASE: Final = """
SELECT r.id, r.flow, r.ordinal, f.agency, f.id AS dataflow, f.major
  FROM observatory.release r JOIN observatory.flow f ON f.number = r.flow
 WHERE r.id = $1 AND r.published_at <= statement_timestamp()
"""
NUMBERED: Final = "SELECT id FROM observatory.release WHERE flow = $1 AND ordinal = $2"
FILE: Final = """
SELECT number, made_at, sha256, size FROM observatory.bulk_file WHERE release = $1 AND state = $2
"""
"""The file of a release, if it was made of what is visible now."""

ALONE: Final = "SELECT pg_try_advisory_xact_lock(hashtext('observatory bulk'), $1)"
"""One file of a flow is made at a time, by whichever instance."""

FORGET: Final = "DELETE FROM observatory.bulk_file WHERE release = $1"
BEGIN: Final = """
INSERT INTO observatory.bulk_file (release, flow, ordinal, mask_revision, state)
VALUES ($1, $2, $3, $4, $5) RETURNING number
"""
ADD: Final = "INSERT INTO observatory.bulk_piece (file, number, content) VALUES ($1, $2, $3)"
END: Final = "UPDATE observatory.bulk_file SET sha256 = $2, size = $3 WHERE number = $1"

SLICE: Final = """
SELECT substring(content FROM $3 FOR $4) FROM observatory.bulk_piece WHERE file = $1 AND number = $2
"""
"""Bytes of a piece; stored uncompressed, so PostgreSQL reads only its pages."""
