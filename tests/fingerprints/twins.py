"""Fingerprints once more in plain Python, from what the docstrings say alone."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from explorer.fingerprints.shingles import Offsets, Text
from explorer.kernels.buffers import buffers

WHOLE = (1 << 64) - 1
BLANKS = b"\t\n\v\f\r "


def tokens(text: bytes) -> list[bytes]:
    return re.findall(rb"[A-Za-z0-9_\x80-\xff]+", text)


def token_hash(token: bytes) -> int:
    value = len(token) * 0xC2B2AE3D27D4EB4F & WHOLE
    for start in range(0, len(token), 8):
        value = (value ^ int.from_bytes(token[start : start + 8], "little")) * 0x9E3779B97F4A7C15 & WHOLE
        value ^= value >> 29
    return value


def identities(text: bytes) -> list[int]:
    """The identities of all shingles, in order, repeats counted."""
    hashes = [token_hash(token) for token in tokens(text)]
    return [_identity(hashes[start : start + 5]) for start in range(len(hashes) - 4)]


def _identity(five: Sequence[int]) -> int:
    value = 0
    for one in five:
        value = (value * 0x9FB21C651E98DF25 + one) & WHOLE
    value ^= value >> 32
    value = value * 0xD6E8FEB86659FD93 & WHOLE
    return value ^ value >> 29


def words(text: bytes) -> frozenset[tuple[bytes, ...]]:
    """The shingles themselves, without any hash."""
    found = tokens(text)
    return frozenset(tuple(found[start : start + 5]) for start in range(len(found) - 4))


def jaccard(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def normal_hash(text: bytes) -> bytes | None:
    squeezed = b" ".join(part for part in re.split(rb"[\t\n\v\f\r ]+", text) if part)
    return hashlib.blake2b(squeezed, digest_size=16).digest() if squeezed else None


def components(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The lowest node that each node is connected with, by walking from every node."""
    near: dict[int, set[int]] = {node: {node} for node in range(count)}
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    roots = [-1] * count
    for node in range(count):
        todo = [node] if roots[node] < 0 else []
        while todo:
            here = todo.pop()
            if roots[here] < 0:
                roots[here] = node
                todo += near[here]
    return roots


def column(values: Sequence[bytes | None]) -> pa.LargeBinaryArray:
    return pa.array(values, pa.large_binary())


def laid_out(values: Sequence[bytes | None]) -> tuple[Text, Offsets]:
    """The buffers of a column of values."""
    return buffers(column(values))


def edges(texts: Sequence[bytes]) -> tuple[Text, Offsets]:
    """Texts behind one another, without Arrow."""
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype(np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), offsets


_WORDS = st.sampled_from([b"a", b"if", b"self", b"_x1", b"eightby8", b"ninebytes", b"x" * 70, "wörter語".encode()])
_GAPS = st.sampled_from([b" ", b"\n", b"(", b"  ", b"-" * 60, b"\x00", b"\x7f"])
wordy = st.lists(st.tuples(_WORDS, _GAPS), max_size=40).map(lambda parts: b"".join(word + gap for word, gap in parts))
anything = st.one_of(
    wordy,
    st.binary(max_size=200),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
cells = st.lists(st.one_of(st.none(), anything), max_size=8)
