"""How many places a session has, and how many are left: told by whoever gives it."""
