"""What stands in files around their pixels: one module per format that needs looking into."""
