"""Background Remover Pro: prices, options, orders, its part of the API."""
