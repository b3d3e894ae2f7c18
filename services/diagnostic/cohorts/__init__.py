"""Programmes, cohorts of fifteen companies over one week, and their seats."""
