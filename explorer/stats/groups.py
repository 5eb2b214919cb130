"""The groups of samples that a page sets side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from explorer.open_corpus.session import ViewWish


@dataclass(frozen=True)
class Group:
    """Samples under one name."""

    name: str
    wish: ViewWish = field(default_factory=ViewWish)
    stage: str | None = None
    """What the mix would draw for this stage now, instead of the samples of a filter; for comparisons alone."""
    budget: int | Literal["fit"] | None = None
    """Tokens of the stage; None takes those of the mix."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Group":
        """Reads a group as it came through a pipe: `name` and `filter` or `stage`."""
        return cls(str(told["name"]), ViewWish(str(told.get("filter", ""))), told.get("stage"))
