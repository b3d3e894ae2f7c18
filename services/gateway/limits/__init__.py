"""How much each caller may ask: rates of a minute, quotas of a day and a month."""
