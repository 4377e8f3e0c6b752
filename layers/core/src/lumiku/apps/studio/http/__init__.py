"""The studio's part of the API: its routes lie below this prefix."""

STUDIO_PREFIX = "/api/apps/product-photo-studio"
