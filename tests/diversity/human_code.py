"""The standard library as human code, and what a generator that forgets rare words would make of it."""

import hashlib
import random
import sysconfig
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from explorer.diversity.portrait import Portrait, Sampled, portray, shortened
from explorer.languages.streams import lex, stream_of

LEAST_BYTES = 400


@cache
def texts() -> tuple[bytes, ...]:
    """Some two thousand texts of the standard library, in an order of chance that is always the same."""
    root = Path(sysconfig.get_paths()["stdlib"])
    found = (path for path in root.rglob("*.py") if "site-packages" not in path.parts)
    read = sorted({shortened(path.read_bytes()) for path in found})
    kept = [text for text in read if len(text) >= LEAST_BYTES]
    random.Random(3).shuffle(kept)
    return tuple(kept[:2000])


def portrait(those: Sequence[bytes], units: Sequence[str] | None = None, prefix: str = "") -> Portrait:
    """Looks at texts of Python, each of which is a repository of its own unless they are named."""
    named = units or [f"{prefix}{place}" for place in range(len(those))]
    samples = (
        Sampled(hashlib.sha256(text).hexdigest(), unit, text, {}) for text, unit in zip(those, named, strict=True)
    )
    return portray(samples, "Python")


def forgetful(those: Sequence[bytes], top: float, share: float, seed: int) -> list[bytes]:
    """Writes a share of the texts with the words outside the nucleus replaced by draws from it.

    The nucleus are the most frequent words that make up `top` of all tokens; what falls out is drawn in proportion.
    """
    lexed = lex(pa.array(those, pa.large_binary()), "Python")
    stream = stream_of(lexed)
    words = [lexed.text[begin:end].tobytes() for begin, end in zip(stream.begins, stream.ends, strict=True)]
    seen = Counter(words)
    nucleus: list[bytes] = []
    taken = 0
    for word, number in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
        if taken >= top * len(words):
            break
        nucleus.append(word)
        taken += number
    chance = np.random.default_rng(seed)
    weights = np.array([seen[word] for word in nucleus], np.float64)
    known, written = set(nucleus), []
    for file in range(len(those)):
        own = words[stream.firsts[file] : stream.firsts[file + 1]]
        if chance.random() < share:
            drawn = chance.choice(len(nucleus), len(own), p=weights / weights.sum())
            own = [word if word in known else nucleus[draw] for word, draw in zip(own, drawn, strict=True)]
        written.append(b" ".join(own))
    return written
