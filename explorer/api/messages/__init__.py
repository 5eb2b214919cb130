"""The requests of the screens and their answers, by subject; importing them loads no engine."""
