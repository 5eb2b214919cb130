"""The quality score, the gates, and how well scores and people agree."""
