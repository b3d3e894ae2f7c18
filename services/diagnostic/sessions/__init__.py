"""The sessions of a cohort's week, and its calendar."""
