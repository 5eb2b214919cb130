"""Which tier a sample seems to belong to, why, and how far such a suggestion may be trusted."""
