"""What a text says of its licence and its age."""

from explorer.signals.evidence.gathering import gather_licence_evidence

__all__ = ["gather_licence_evidence"]
