"""The studio: canvas, shadows, light and backdrops, computed from a subject's pixels and alpha."""
