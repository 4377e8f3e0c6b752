"""What is sold: each app on the platform, none knowing another."""
