"""Rules, use cases and AWS adapters of the Lumiku photo services."""

__version__ = "0.1.0"
