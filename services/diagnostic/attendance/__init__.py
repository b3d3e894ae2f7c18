"""Which companies were at which sessions of their cohort's week."""
