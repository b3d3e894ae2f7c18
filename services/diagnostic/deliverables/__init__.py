"""What a cohort's week left, in one archive."""
