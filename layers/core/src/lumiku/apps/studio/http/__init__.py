"""The studio's JSON, and where its routes lie."""

STUDIO_PREFIX = "/api/apps/product-photo-studio"
