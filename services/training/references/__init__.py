"""Nomenclatures that the catalogue quotes: ROME, NSF, Formacode, ESCO, the geographic code."""
