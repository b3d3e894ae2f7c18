"""Measures the AI maturity of companies, plans their roadmaps and seats their cohorts."""
