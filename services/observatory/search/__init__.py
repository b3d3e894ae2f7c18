"""One question to all names of the observatory: jobs, sectors, territories, indicators."""
