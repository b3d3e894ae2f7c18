"""What the end of a certification's registration hits: who is told when, and what replaces it."""
