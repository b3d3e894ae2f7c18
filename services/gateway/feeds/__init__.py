"""What changed behind the door: the services' feeds, followed once for all gateways."""
