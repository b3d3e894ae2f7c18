"""The life of a roadmap's actions: who does what until when, how far it is, and what proves it."""
