"""Coverage: what the open offer answers of the jobs exposed to AI, by place, public and origin."""
