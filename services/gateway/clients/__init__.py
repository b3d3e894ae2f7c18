"""Programs that may ask for tokens, and what each may ask for."""
