"""Reading keys: which class a figure has, how to say it, and what not to conclude from it."""
