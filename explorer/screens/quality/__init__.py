"""The quality screen."""
