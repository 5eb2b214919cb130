"""What the explorer knows of programming languages: names, syntax, roles of words, blocks."""
