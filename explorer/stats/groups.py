"""The groups of samples that a page sets side by side."""

from dataclasses import dataclass, field
from typing import Literal

from explorer.selection import Selection


@dataclass(frozen=True)
class Group:
    """Samples under one name."""

    name: str
    wish: Selection = field(default_factory=Selection)
    stage: str | None = None
    """What the mix would draw for this stage now, instead of the samples of a filter; for comparisons alone."""
    budget: int | Literal["fit"] | None = None
    """Tokens of the stage; None takes those of the mix."""
