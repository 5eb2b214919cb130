"""How old the code of a sample is: its dates, its idioms."""
