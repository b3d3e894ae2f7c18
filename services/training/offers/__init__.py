"""Training offers: formation, action, session; read from LHÉO, written back to it."""
