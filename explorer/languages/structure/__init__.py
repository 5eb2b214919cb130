"""Functions, blocks, error handling and risk of a text, from its tokens."""
