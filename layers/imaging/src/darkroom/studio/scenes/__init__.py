"""Procedural scenes from building blocks: the same description, the same picture."""
