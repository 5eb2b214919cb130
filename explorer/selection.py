"""Which samples of a corpus are meant, and in which order; light enough for every process to load."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FACETS = ("tier", "origin", "language")
"""The columns whose values are counted beside the table and can be chosen there."""

FacetValue = str | int | None


@dataclass(frozen=True)
class Selection:
    """The samples that pass a filter and the chosen facets, in an order; without any of them the whole corpus."""

    filter: str = ""
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict[str, tuple[FacetValue, ...]])
    """The chosen values of each facet; a sample passes with any of them."""
    sort: tuple[tuple[str, bool], ...] = ()
    """Pairs of column and whether it is descending."""

    @property
    def is_whole_corpus(self) -> bool:
        """Whether every sample is selected, in the corpus's own order."""
        return not self.filter.strip() and not any(self.facets.values()) and not self.sort
