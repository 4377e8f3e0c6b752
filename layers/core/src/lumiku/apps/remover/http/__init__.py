"""The remover's part of the API: its routes lie below both prefixes."""

REMOVER_PREFIX = "/api/apps/background-remover"
REMOVER_ALIAS = "/api/background-remover"
