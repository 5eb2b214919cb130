"""What a text holds that should not be trained on unseen: secrets, personal data, weak code."""

from explorer.signals.hazards.gathering import find_hazards

__all__ = ["find_hazards"]
