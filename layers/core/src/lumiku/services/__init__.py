"""Use cases, each with the Protocols that it needs from the outside."""
