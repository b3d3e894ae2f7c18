"""Nomenclatures that the catalogue quotes; ROME for now."""
