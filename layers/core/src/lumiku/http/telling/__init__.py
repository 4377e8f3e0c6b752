"""Mails, events and webhooks."""
