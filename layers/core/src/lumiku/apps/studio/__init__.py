"""AI Product Photo Studio."""
