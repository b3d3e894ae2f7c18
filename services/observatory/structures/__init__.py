"""Structures in the information model of SDMX 3: code lists, data structures, dataflows, maps."""
