"""How the door stays up when what is behind it, or in front of it, misbehaves."""
