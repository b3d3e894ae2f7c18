"""One question to all services, one ranked answer."""
