from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Node:
    children: dict[str, Node] = field(default_factory=dict)
    is_word: bool = False


class Trie:
    """A prefix tree that answers completion queries in alphabetical order."""

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        self._root = Node()
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        node = self._root
        for letter in word:
            node = node.children.setdefault(letter, Node())
        node.is_word = True

    def __contains__(self, word: str) -> bool:
        node = self._find(word)
        return node is not None and node.is_word

    def complete(self, prefix: str) -> Iterator[str]:
        start = self._find(prefix)
        if start is not None:
            yield from self._walk(start, prefix)

    def _find(self, prefix: str) -> Node | None:
        node: Node | None = self._root
        for letter in prefix:
            if node is None:
                return None
            node = node.children.get(letter)
        return node

    def _walk(self, node: Node, spelled: str) -> Iterator[str]:
        if node.is_word:
            yield spelled
        for letter in sorted(node.children):
            yield from self._walk(node.children[letter], spelled + letter)
