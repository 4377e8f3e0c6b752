"""The laptop cloud: the unmodified template on one machine, without containers."""
