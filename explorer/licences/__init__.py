"""Reads the licence of a sample from its headers, its licence files and the names that people write."""
