"""The application: what the user has, what we make of it, and the two front doors."""

__version__ = "0.1.0"
