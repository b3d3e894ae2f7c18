"""The yearly calls for thesis grants: their dates, budget, rules, and who takes part."""
