"""Answers to public reads, kept at the door as RFC 9111 has it, and asked for once."""
