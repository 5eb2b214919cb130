"""The clusters screen."""
