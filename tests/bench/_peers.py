"""Other tools that find near-duplicates, each used as its documentation says; one that is not installed is left out."""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from explorer.fingerprints.minhash import PERMUTATIONS

THRESHOLD = 0.7
WIDTH = 5
_TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+")

Pairs = set[tuple[int, int]]


class Peer(NamedTuple):
    """What a tool does with some texts; None where it cannot be asked for that alone."""

    sign: Callable[[Sequence[bytes]], Any] | None
    """Makes the signatures."""
    pair: Callable[[Sequence[bytes]], Pairs] | None
    """Names the pairs of texts that it takes for near-duplicates."""


def installed(name: str) -> ModuleType | None:
    """Imports a library if it is there."""
    try:
        return import_module(name)
    except ImportError:
        return None


def peers() -> dict[str, Peer | None]:
    """Every peer by its name, None where it is not installed."""
    makers = {"datasketch": _datasketch, "rensa": _rensa, "gaoya.minhash": _gaoya, "text_dedup.minhash": _text_dedup}
    found = {name: installed(name) for name in makers}
    return {name.partition(".")[0]: library and makers[name](library) for name, library in found.items()}


def shingles(text: bytes) -> set[bytes]:
    """The distinct shingles of our definition, as byte strings."""
    tokens = _TOKEN.findall(text)
    return {b" ".join(tokens[start : start + WIDTH]) for start in range(len(tokens) - WIDTH + 1)}


def _datasketch(library: ModuleType) -> Peer:
    def sign(texts: Sequence[bytes]) -> list[Any]:
        return [signed(text) for text in texts]

    def signed(text: bytes) -> Any:
        row = library.MinHash(num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
        row.update_batch(shingles(text))
        return row

    def pair(texts: Sequence[bytes]) -> Pairs:
        index = library.MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        rows = {number: row for number, row in enumerate(sign(texts)) if not row.is_empty()}
        for number, row in rows.items():
            index.insert(number, row)
        return ordered((number, other) for number, row in rows.items() for other in index.query(row))

    return Peer(sign, pair)


def _rensa(library: ModuleType) -> Peer:
    def sign(texts: Sequence[bytes]) -> Any:
        sets = [[shingle.decode("utf-8", "replace") for shingle in shingles(text)] for text in texts]
        return library.RMinHash.digest_matrix_from_token_sets(sets, PERMUTATIONS, 1)

    return Peer(sign, None)


def _gaoya(library: ModuleType) -> Peer:
    def pair(texts: Sequence[bytes]) -> Pairs:
        index = library.MinHashStringIndex(
            hash_size=32, jaccard_threshold=THRESHOLD, num_bands=25, band_size=5, analyzer="word", ngram_range=(5, 5)
        )
        decoded = [text.decode("utf-8", "replace") for text in texts]
        for number, text in enumerate(decoded):
            index.insert_document(number, text)
        return ordered((number, other) for number, text in enumerate(decoded) for other in index.query(text))

    return Peer(None, pair)


def _text_dedup(library: ModuleType) -> Peer:
    np = import_module("numpy")
    prime, largest = np.uint64((1 << 61) - 1), np.uint64((1 << 32) - 1)
    chance = np.random.RandomState(42)
    settings = {
        "num_perm": PERMUTATIONS,
        "ngram_size": WIDTH,
        "min_length": WIDTH,
        "hashranges": [(start, start + 5) for start in range(0, 125, 5)],
        "permutations": (
            chance.randint(1, int(prime), PERMUTATIONS, dtype=np.uint64),
            chance.randint(0, int(prime), PERMUTATIONS, dtype=np.uint64),
        ),
        "hash_func": library.xxh3_32hash,
        "dtype": np.uint64,
        "max_hash": largest,
        "modulo_prime": prime,
    }

    def sign(texts: Sequence[bytes]) -> list[Any]:
        return [
            library.embed_func(text.decode("utf-8", "replace"), number, **settings)[library.SIGNATURE_COLUMN]
            for number, text in enumerate(texts)
        ]

    def pair(texts: Sequence[bytes]) -> Pairs:
        buckets: dict[tuple[int, bytes], list[int]] = {}
        for number, bands in enumerate(sign(texts)):
            for band, key in enumerate(bands):
                buckets.setdefault((band, key), []).append(number)
        return ordered((one, other) for bucket in buckets.values() for one in bucket for other in bucket)

    return Peer(sign, pair)


def ordered(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """Pairs of different texts, the lower number first."""
    return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
