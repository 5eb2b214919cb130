"""Everything that the measures need to know of the samples of one group in one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.diversity import shapes as functions
from explorer.diversity.redundancy import run_hashes
from explorer.diversity.series import Firsts
from explorer.diversity.styling import style
from explorer.fingerprints.minhash import sign
from explorer.languages.streams import NAME, Stream, bare, lex, stream_of

Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]

FILE_BYTES = 4_000
"""Bytes of a sample that are looked at: a corpus of long files would be compared with one of short ones."""


@dataclass(frozen=True)
class Sampled:
    """One sample as it is drawn."""

    key: str
    """Its SHA-256, hexadecimal: samples are taken in this order, whatever the order of the files."""
    unit: str
    """What it is drawn with: its repository; without one, its cluster of near-duplicates, or itself."""
    content: bytes
    axes: Mapping[str, float]
    """Stored signals that are axes of style, NaN where they are not known."""


@dataclass(frozen=True)
class Portrait:
    """The samples of a group in the order of their hashes, as arrays."""

    language: str | None
    units: npt.NDArray[np.int64]
    """Which unit each sample is of, as a place in `unit_names`."""
    unit_names: tuple[str, ...]
    text: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    stream: Stream
    runs: tuple[Hashes, Firsts]
    shapes: tuple[Hashes, Firsts]
    slots: npt.NDArray[np.uint32]
    axes: Mapping[str, Floats]

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.units)

    @property
    def tokens(self) -> int:
        """How many tokens of code they hold."""
        return len(self.stream.hashes)

    @property
    def unit_count(self) -> int:
        """How many repositories, or what stands for them, there are."""
        return len(self.unit_names)

    def packed(self, files: Iterable[int], most: int) -> bytes:
        """Returns the texts of some samples one after the other, up to so many bytes."""
        pieces: list[bytes] = []
        room = most
        for file in files:
            piece = self.text[self.offsets[file] : self.offsets[file + 1]].tobytes()[:room]
            pieces.append(piece)
            room -= len(piece)
            if room <= 0:
                break
        return b"".join(pieces)

    def name_types(self) -> dict[int, str]:
        """Returns the spelling of every distinct name by its hash."""
        places = np.flatnonzero(self.stream.kinds == NAME)
        hashes, firsts = np.unique(self.stream.hashes[places], return_index=True)
        spelled: dict[int, str] = {}
        for value, place in zip(hashes.tolist(), places[firsts].tolist(), strict=True):
            begin, end = self.stream.begins[place], self.stream.ends[place]
            spelled[value] = self.text[begin:end].tobytes().decode("utf-8", "replace")
        return spelled


def portray(samples: Iterable[Sampled], language: str | None) -> Portrait:
    """Looks at samples of one language, each up to 4,000 bytes."""
    ordered = sorted(samples, key=lambda sample: (sample.key, sample.unit))
    content = pa.array([shortened(sample.content) for sample in ordered], pa.large_binary())
    names, units = np.unique(np.array([sample.unit for sample in ordered], np.str_), return_inverse=True)
    whole = np.array([len(sample.content) <= FILE_BYTES for sample in ordered], np.bool_)
    lexed = lex(content, language)
    stream = stream_of(lexed)
    return Portrait(
        language,
        units.astype(np.int64),
        tuple(names.tolist()),
        lexed.text,
        lexed.offsets,
        stream,
        run_hashes(stream),
        functions.shapes(lexed, language, whole),
        sign(*bare(stream, lexed.text)).slots,
        {**style(lexed, language), **_stored(ordered)},
    )


def _stored(ordered: Sequence[Sampled]) -> dict[str, Floats]:
    names = ordered[0].axes if ordered else {}
    return {name: np.array([sample.axes[name] for sample in ordered], np.float64) for name in names}


def shortened(content: bytes) -> bytes:
    """Returns the first 4,000 bytes, cut before a character that would be cut through."""
    if len(content) <= FILE_BYTES:
        return content
    end = FILE_BYTES
    while end > FILE_BYTES - 4 and content[end] & 0xC0 == 0x80:
        end -= 1
    return content[:end]
