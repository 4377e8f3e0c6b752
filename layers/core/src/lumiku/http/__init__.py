"""Where HTTP meets the use cases; status codes live only here."""
