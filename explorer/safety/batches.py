"""The hazards of a whole batch, from one compiled search for the anchors of secrets and weaknesses together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.kernels.literal_matcher import AnchorTable, anchor_table, find_anchors
from explorer.languages.names import name_languages
from explorer.safety.line_kernel import count_filled_lines
from explorer.safety.personal import UNCOUNTED_KINDS, Personal, personal_at
from explorer.safety.personal_kernel import find_signs
from explorer.safety.secret_rules import SecretRule, secret_anchors
from explorer.safety.secrets import SECRETS_BANK, Secret, secrets_at
from explorer.safety.weakness_rules import WEIGHTS, WeaknessRule, family_of
from explorer.safety.weaknesses import Weakness, family_bit, weakness_anchors, weaknesses_at

MOST_WEAKNESSES = 20
"""Weaknesses of a sample that are kept; all of them are weighed."""

_LISTED = pa.list_(pa.struct({"rule": pa.string(), "severity": pa.string(), "line": pa.int32()}))

Found = TypeVar("Found", Secret, Weakness)
RowHits = tuple[int, list[tuple[int, SecretRule | WeaknessRule]]]


class _Texts(NamedTuple):
    """The content of a batch."""

    column: pa.LargeBinaryArray
    text: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    def cell(self, row: int) -> bytes:
        return self.text[self.offsets[row] : self.offsets[row + 1]].tobytes()


def secret_kinds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `secrets` (list of kinds, sorted) and `secret_count` (int32, without soft ones) of each `content`.

    Both are null where the content is; of one anchor, 20,000 places are tried in a sample.
    """
    texts = _texts(batch)
    return _batch(_secret_columns(texts, _search(texts, np.full(len(texts.column), SECRETS_BANK, np.uint64))))


def weakness_lines(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `weaknesses` (rule, severity, line; the first 20) and `weakness_density` (float32) of each `content`.

    The density is 3 for each high, 1 for each medium and 0.3 for each low one, per 100 lines that are not blank. Both
    are null where the content is, or has a language without rules; the density also where no line is filled.
    """
    texts, families = _texts(batch), _family_bits(batch)
    return _batch(_weakness_columns(texts, families, _search(texts, families)))


def personal_kinds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `personal` (list of kinds, sorted) and `personal_count` (int32) of each `content`, null where it is.

    The addresses of authors are listed as `author e-mail` and not counted.
    """
    return _batch(_personal_columns(_texts(batch)))


def all_hazards(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns the columns of all three, searched together."""
    texts, families = _texts(batch), _family_bits(batch)
    hits = _search(texts, families | np.uint64(SECRETS_BANK))
    return _batch(_secret_columns(texts, hits) | _personal_columns(texts) | _weakness_columns(texts, families, hits))


def _texts(batch: pa.RecordBatch) -> _Texts:
    column: pa.LargeBinaryArray = batch.column("content")
    return _Texts(column, *buffers(column))


def _batch(columns: dict[str, pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


@cache
def _bank() -> tuple[AnchorTable, tuple[SecretRule | WeaknessRule, ...]]:
    """The anchors of everything, and the rule of each."""
    secrets = list(secret_anchors(SECRETS_BANK))
    anchors, rules = weakness_anchors()
    return anchor_table([*(anchor for anchor, _ in secrets), *anchors]), (*(rule for _, rule in secrets), *rules)


def _search(texts: _Texts, wanted: npt.NDArray[np.uint64]) -> list[RowHits]:
    """Finds the anchors of the wanted banks; returns the rows that have some, with their places and rules."""
    table, rules = _bank()
    hits = find_anchors(texts.text, texts.offsets, wanted, table)
    places = [(place, rules[anchor]) for place, anchor in zip(hits.places.tolist(), hits.anchors.tolist(), strict=True)]
    return list(_by_row(hits.rows, places))


def _by_row(rows: npt.NDArray[np.int32], values: Sequence[Any]) -> Iterator[tuple[int, list[Any]]]:
    for row, numbers in groupby(range(len(values)), rows.tolist().__getitem__):
        yield row, [values[number] for number in numbers]


def _family_bits(batch: pa.RecordBatch) -> npt.NDArray[np.uint64]:
    """The bank of each row's language, 0 where it has no rules."""
    families = map(family_of, name_languages(batch).column("language").to_pylist())
    return np.array([family_bit(family) if family else 0 for family in families], np.uint64)


def _secret_columns(texts: _Texts, hits: list[RowHits]) -> dict[str, pa.Array]:
    found = _found(texts, hits, SecretRule, secrets_at)
    return _kind_columns(texts, "secret", found, lambda secret: not secret.soft)


def _personal_columns(texts: _Texts) -> dict[str, pa.Array]:
    signs = find_signs(texts.text, texts.offsets)
    places = list(zip(signs.places.tolist(), signs.kinds.tolist(), strict=True))
    found = {row: personal_at(texts.cell(row), some) for row, some in _by_row(signs.rows, places)}
    columns = _kind_columns(texts, "personal", found, lambda personal: personal.kind not in UNCOUNTED_KINDS)
    return {"personal": columns["personals"], "personal_count": columns["personal_count"]}


def _weakness_columns(texts: _Texts, families: npt.NDArray[np.uint64], hits: list[RowHits]) -> dict[str, pa.Array]:
    found = _found(texts, hits, WeaknessRule, weaknesses_at)
    lines = count_filled_lines(texts.text, texts.offsets, families)
    judged = np.flatnonzero(families.astype(np.bool_) & texts.column.is_valid().to_numpy(zero_copy_only=False))
    listed: list[list[dict[str, Any]] | None] = [None] * len(families)
    density: list[float | None] = [None] * len(families)
    for row in judged.tolist():
        weaknesses = found.get(row, ())
        listed[row] = [weakness._asdict() for weakness in weaknesses[:MOST_WEAKNESSES]]
        weight = sum(WEIGHTS[weakness.severity] for weakness in weaknesses)
        density[row] = 100 * weight / int(lines[row]) if lines[row] else None
    return {"weaknesses": pa.array(listed, _LISTED), "weakness_density": pa.array(density, pa.float32())}


def _found(
    texts: _Texts,
    hits: list[RowHits],
    kind: type[Any],
    find: Callable[[bytes, Any], tuple[Found, ...]],
) -> dict[int, tuple[Found, ...]]:
    """Tries the rules of one kind; returns what was found by row."""
    found: dict[int, tuple[Found, ...]] = {}
    for row, pairs in hits:
        own = [pair for pair in pairs if isinstance(pair[1], kind)]
        if own and (some := find(texts.cell(row), own)):
            found[row] = some
    return found


def _kind_columns(
    texts: _Texts, name: str, found: Mapping[int, Sequence[Secret | Personal]], is_counted: Callable[[Any], bool]
) -> dict[str, pa.Array]:
    valid = texts.column.is_valid().to_pylist()
    kinds: list[list[str] | None] = [[] if one else None for one in valid]
    counts: list[int | None] = [0 if one else None for one in valid]
    for row, some in found.items():
        kinds[row] = sorted({one.kind for one in some})
        counts[row] = sum(map(is_counted, some))
    return {f"{name}s": pa.array(kinds, pa.list_(pa.string())), f"{name}_count": pa.array(counts, pa.int32())}
