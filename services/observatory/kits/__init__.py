"""The duplication kit: what another region needs to come up as this one did, signed and tested."""
