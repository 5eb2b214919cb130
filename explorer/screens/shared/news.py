"""What has changed elsewhere since a screen was drawn, in one line that names the key which shows it."""

from collections.abc import Mapping
from typing import NamedTuple

from explorer.corpus.watching import Look

MOST_NAME = 24
"""Characters of a curator's name that are shown."""


class News(NamedTuple):
    """What other processes changed that is not shown yet."""

    look: Look = Look()
    labels: Mapping[str, int] = {}
    """How many samples other sessions labelled, by curator; an empty name where that cannot be told."""
    trouble: str = ""
    """Why the labels of other sessions cannot be read; empty where they can."""

    def told(self, who: str = "") -> str:
        """Says it in one line, `who` being the curator at this screen; empty where nothing is new."""
        index = {"same": "", "other": "The index was rebuilt", "gone": "The index is gone"}[self.look.index]
        files = _files(self.look.files)
        labels = _labels(self.labels, who)
        told = [part for part in (index, files, labels, self.trouble) if part]
        return f"{', '.join(told)} · {self._key(labels)}" if told else ""

    def _key(self, labels: str) -> str:
        if self.look.index == "gone":
            return "what is shown is from before; run `corpus index`"
        if labels and not self.look.files and self.look.index == "same":
            return "f5 shows them"
        return "f5 reloads" if self.look.index != "same" or self.look.files else "f5 tries again"


def _files(names: tuple[str, ...]) -> str:
    return f"{' and '.join(names)} {'was' if len(names) == 1 else 'were'} changed" if names else ""


def _labels(labels: Mapping[str, int], who: str) -> str:
    """Names the curator where there is one, and counts the others."""
    count = sum(labels.values())
    if not count:
        return ""
    known = sorted((name for name in labels if name), key=lambda name: (-labels[name], name))
    saved = f"saved {count:,} {'label' if count == 1 else 'labels'}"
    if not known:
        return f"{count:,} {'label' if count == 1 else 'labels'} changed elsewhere"
    if len(known) > 1:
        return f"{_cut(known[0])} and {len(known) - 1:,} more {saved}"
    return f"{_cut(known[0])} {saved}{' elsewhere' if known[0] == who else ''}"


def _cut(name: str) -> str:
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"
