"""Providers that photos are sent to."""
