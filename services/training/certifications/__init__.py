"""Certifications of the RNCP and the RS: blocs, legal state, succession."""
