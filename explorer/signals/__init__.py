"""Pure batch functions that look at one sample at a time."""
