"""Named statements on the reference tables."""

RELEASE = """
SELECT encode(sha256(convert_to(string_agg(name || sha256, ' ' ORDER BY name), 'UTF8')), 'hex')
  FROM observatory.dataset
"""
"""The one statement of every read: which content is in the tables now; null before bootstrap."""

DATASETS = "SELECT name, version, sha256, rows, source::text FROM observatory.dataset ORDER BY name"

TABLES = {
    table: f"SELECT * FROM observatory.{table} ORDER BY {key}"  # noqa: S608  # names of our own
    for table, key in {
        "occupation": "code",
        "score": "method, code",
        "crosswalk": "job",
        "job": "code",
        "mobility": "job",
        "skill": "code",
        "job_skill": "job",
        "family": "code",
        "family_job": "family, job",
        "family_employment": "region, family",
        "family_year": "year, family",
        "sector": "code",
        "sector_hire": "division, job",
        "territory": "id",
        "index_score": "index, code",
        "soc_link": "occupation, soc",
        "industry_score": "index, code, members",
        "industry_link": "naics, isic",
    }.items()
}
"""Every row of each table, by its key."""
