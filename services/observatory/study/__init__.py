"""The impact study of a sector, a job or a territory: statements, each linked to its figure."""
