"""How far each company of a cohort is in its week, from facts that are stored elsewhere."""
