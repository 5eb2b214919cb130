"""The process that owns duckdb while a screen is open, and the client that talks to it."""
