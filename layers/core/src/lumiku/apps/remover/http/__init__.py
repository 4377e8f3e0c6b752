"""The remover's part of the API."""
