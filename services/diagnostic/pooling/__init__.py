"""Who can help whom in a cohort, among the companies that want it."""
