"""Credits, plans, quotas and what they add up to."""
