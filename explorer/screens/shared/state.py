"""What the explorer remembers between two runs: the last view, filter, sort, row and theme."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from explorer.corpus import marker
from explorer.corpus.workspace import write_whole
from explorer.own_files import Damaged, read_json
from explorer.safety.masking import mask_values

MAX_BYTES = 1 << 20
MAX_HISTORY = 200


@dataclass
class SavedState:
    """The last state of the screens; anything in the file that does not fit is ignored."""

    screen: str = "browse"
    filter: str = ""
    history: list[str] = field(default_factory=list[str])
    """Earlier filters, newest first."""
    facets: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Chosen facet keys by column."""
    sort: list[str | bool] = field(default_factory=list[str | bool])
    """Column and whether it descends; empty is the corpus's own order."""
    row: int | None = None
    """Row of the index under the cursor."""
    pane: str = "table"
    """The focused pane."""
    shows_facets: bool | None = None
    """Whether the facets stand beside the table; None leaves it to the width."""
    cluster_sort: str = "removable"
    """The order of the clusters."""
    gives_way: bool = True
    """Whether the other weights give way when one is changed."""
    theme: str = ""

    @classmethod
    def load(cls, path: Path) -> "SavedState":
        """Reads the state of the last run; a fresh one where there is none or it cannot be used."""
        state = cls()
        try:
            state._take(read_json(path, dict, most=MAX_BYTES))
        except (FileNotFoundError, Damaged):
            return cls()
        return state

    def save(self, path: Path) -> None:
        """Writes the state in one step; a workspace that cannot be written keeps none."""
        try:
            if not marker.may_write(path.parent, path.name) and not _is_ours(path):
                return
            temporary = marker.temporary_of(path)
            marker.record(path.parent, path.name, temporary.name)
            write_whole(path, json.dumps(self._without_secrets(), indent=1).encode(), temporary)
        except OSError:
            return

    def _without_secrets(self) -> dict[str, Any]:
        """Leaves out the filters and choices that hold a secret: masked, they would find other samples."""
        kept = asdict(self)
        kept["filter"] = self.filter if _is_free(self.filter) else ""
        kept["history"] = [text for text in self.history if _is_free(text)]
        kept["facets"] = {name: keys for name, keys in self.facets.items() if all(map(_is_free, (name, *keys)))}
        return kept

    def _take(self, saved: Mapping[str, Any]) -> None:
        for name, is_fit in _CHECKS.items():
            if name in saved and is_fit(saved[name]):
                setattr(self, name, saved[name])
        del self.history[MAX_HISTORY:]


def _is_ours(path: Path) -> bool:
    """Whether a file is the state of an earlier run."""
    try:
        read_json(path, {"screen": str, "cluster_sort": str}, most=MAX_BYTES)
    except (FileNotFoundError, Damaged):
        return False
    return True


def _is_free(text: str) -> bool:
    return mask_values(text) == text


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)  # pyright: ignore


def _is_facets(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(k, str) and _is_texts(v) for k, v in value.items())  # pyright: ignore


def _is_sort(value: object) -> bool:
    if not isinstance(value, list):
        return False
    match value:  # pyright: ignore
        case [] | [str(), bool()]:
            return True
        case _:
            return False


def _is_row(value: object) -> bool:
    return value is None or (type(value) is int and value >= 0)


_CHECKS = {
    "screen": lambda value: value in ("browse", "clusters", "quality", "stats", "mix"),
    "filter": lambda value: isinstance(value, str) and len(value) <= 4096,
    "history": _is_texts,
    "facets": _is_facets,
    "sort": _is_sort,
    "row": _is_row,
    "pane": lambda value: value in ("table", "code"),
    "shows_facets": lambda value: value is None or isinstance(value, bool),
    "cluster_sort": lambda value: isinstance(value, str) and len(value) <= 40,
    "gives_way": lambda value: isinstance(value, bool),
    "theme": lambda value: isinstance(value, str),
}
