"""The command line `lumiku`."""
