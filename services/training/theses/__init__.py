"""Thesis subjects, from the laboratory that proposes to the Région that decides and tells."""
