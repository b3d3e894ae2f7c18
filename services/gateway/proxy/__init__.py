"""The forwarding path: pure ASGI, no framework, one visible chain."""
