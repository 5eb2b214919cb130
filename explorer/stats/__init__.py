"""The pages of statistics: what the screen draws and `corpus stats` prints, from one description."""
