"""The restitution of a cohort: its dimensions as bands of levels that isolate nobody."""
