"""Knows the certifications that answer a need in skills."""
