"""What the GDPR asks for: handing data out, erasing it, keeping it no longer than needed."""
