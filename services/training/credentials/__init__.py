"""Certifications and offers as Europe and the web describe them: Open Badges, ELM, schema.org."""
