"""Textual widgets that know nothing of corpora."""
