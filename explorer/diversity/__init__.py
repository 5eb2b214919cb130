"""Style and diversity of groups of samples, against a human baseline: arrays in, figures out."""
