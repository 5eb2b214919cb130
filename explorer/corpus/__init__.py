"""What the user has: files, schema mapping, identity, reading a sample."""
