"""The observatory for portals and search engines: StatDCAT-AP, schema.org, Croissant."""
