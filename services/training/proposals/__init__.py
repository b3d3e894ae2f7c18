"""Proposals: a school proposes a certification or an offer, others review, decide and publish."""
