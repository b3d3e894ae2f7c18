"""Access tokens: how they are given, published and verified (RFC 6749, 8414, 9068)."""
