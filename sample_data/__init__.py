"""The demo corpus and what builds it."""
