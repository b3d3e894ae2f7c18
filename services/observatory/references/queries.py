"""Named statements on the reference tables."""

RELEASE = """
SELECT encode(sha256(convert_to(string_agg(name || sha256, ' ' ORDER BY name), 'UTF8')), 'hex')
  FROM observatory.dataset
"""
"""The one statement of every read: which content is in the tables now; null before bootstrap."""

DATASETS = "SELECT name, version, sha256, rows, source::text FROM observatory.dataset ORDER BY name"
OCCUPATIONS = """
SELECT o.code, o.label_fr, o.label_en, s.mean, s.sd, s.tasks, s.published_class
  FROM observatory.occupation o
  LEFT JOIN observatory.score s ON s.code = o.code AND s.method = 'ilo-2025'
 ORDER BY o.code
"""
LINKS = "SELECT job, label_fr, occupation FROM observatory.crosswalk ORDER BY job"
JOBS = "SELECT code, label_fr, basis FROM observatory.job ORDER BY code"
FAMILIES = """
SELECT f.code, f.label_fr, f.label_en,
       array_agg(j.job ORDER BY j.job) FILTER (WHERE j.job IS NOT NULL) AS jobs
  FROM observatory.family f
  LEFT JOIN observatory.family_job j ON j.family = f.code
 GROUP BY f.code
 ORDER BY f.code
"""
EMPLOYMENT = "SELECT region, family, jobs FROM observatory.family_employment ORDER BY 1, 2"
SECTORS = "SELECT code, level, parent, label_fr, label_en FROM observatory.sector ORDER BY code"
HIRES = "SELECT division, job, hires FROM observatory.sector_hire ORDER BY 1, 2"
TERRITORIES = """
SELECT id, code, kind, label_fr, label_en, parent, crosses_regions
  FROM observatory.territory ORDER BY id
"""
INDICES = """
SELECT index, classification, code, value, sd, tasks FROM observatory.index_score ORDER BY 1, 3
"""
SOC_LINKS = "SELECT occupation, soc FROM observatory.soc_link ORDER BY 1, 2"
HISTORY = "SELECT year, family, jobs FROM observatory.family_year ORDER BY 1, 2"
INDUSTRIES = """
SELECT index, code, members, value FROM observatory.industry_score ORDER BY 1, 2, 3
"""
INDUSTRY_LINKS = "SELECT naics, isic FROM observatory.industry_link ORDER BY 1, 2"
