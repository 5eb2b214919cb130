"""What makes a cluster, and which of its members a mix keeps; light enough for every process to load."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LOWEST_THRESHOLD = 0.5
"""Below, two texts share less than they differ in, and most pairs of signatures collide somewhere."""
THRESHOLD = 0.7
"""The Jaccard similarity of word 5-grams that published code corpora were deduplicated at."""

CRITERIA: Mapping[str, str] = {
    "verdict": "a curator keeps it",
    "tier": "it is of the highest tier",
    "license": "its licence is the freest",
    "quality": "its quality is the highest",
    "tests": "its repository has tests or documentation",
    "newest": "it is the newest",
    "longest": "it is the longest",
    "id": "its id is the smallest",
}
"""The criteria that a survivor can be chosen by, in their usual order, and why each chooses."""


@dataclass(frozen=True)
class Policy:
    """From which similarity on samples belong together, and which one of them survives."""

    threshold: float = THRESHOLD
    order: tuple[str, ...] = tuple(CRITERIA)
    """Criteria, the weightiest first; the smallest id decides what they leave open."""
    keeps_chains: bool = True
    """Whether a member that is less than `threshold` like the survivor stays in a mix."""
    alarm: float = field(default=50.0, compare=False)
    """Percent of a slice's tokens that may be left out before a change of policy is asked twice."""

    @property
    def ranks(self) -> tuple[int, ...]:
        """The positions, from 1, of the criteria in the list of ranks that every member has."""
        names = tuple(CRITERIA)
        return tuple(names.index(name) + 1 for name in self.order if name != "id")


def read_order(text: str) -> tuple[str, ...] | None:
    """Reads criteria parted by commas; None where one is unknown or stands twice. The id is put last unasked."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or len(set(names)) < len(names) or not set(names) <= set(CRITERIA):
        return None
    return (*(name for name in names if name != "id"), "id")
