"""Documents that back what a company answers: kept as they came, never opened nor rendered."""
