"""Where the background remover lives in the API."""

PREFIX = "/api/apps/background-remover"
