"""Writes a mix with its receipt, verifies it, explains a row."""
