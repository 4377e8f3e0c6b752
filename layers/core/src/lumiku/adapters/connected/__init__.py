"""Other apps of the platform that accounts connected."""
