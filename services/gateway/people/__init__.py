"""People who sign in at an issuer that the installation trusts, and what they may do here."""
