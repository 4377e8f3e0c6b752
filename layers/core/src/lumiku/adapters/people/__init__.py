"""Who acts, and how fast they may."""
