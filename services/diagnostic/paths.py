"""Codes in addresses."""

from typing import Annotated

from fastapi import Path

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""A code of ours; anything else cannot exist, nor be a text in PostgreSQL."""

Revision = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a revision, counted from 1."""
