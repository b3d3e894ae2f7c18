"""How far a programme and a cohort are, for those who run them and see no company's answers."""
