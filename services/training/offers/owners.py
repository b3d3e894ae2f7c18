"""Whose an offer is: of the organisation whose file gave its present facts (see `reviewing`)."""

from typing import Final

OWNED: Final = """f.import_run_id IN (
     SELECT id FROM training.import_run WHERE tenant = {tenant})"""
"""Whether the offer `f` is of that organisation."""
