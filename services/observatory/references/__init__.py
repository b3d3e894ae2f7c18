"""Reference tables: jobs, sectors, territories, scores, and where each comes from."""
