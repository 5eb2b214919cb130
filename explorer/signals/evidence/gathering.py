"""What the texts of a batch say of their licence and their age, as columns."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from explorer.signals.evidence.freshness import DATE_COLUMNS, Dated, choose_date, newest_idiom, stale_markers
from explorer.signals.evidence.headers import HEAD_BYTES, read_header
from explorer.signals.evidence.licence_files import is_licence_file, read_licence_file


def gather_licence_evidence(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns header_license, header_evidence, license_text, license_similarity, date_text, date_source, not_before
    (date32), not_before_feature and stale_markers (list) of each sample.
    """
    content = batch.column("content")
    languages, paths = _texts(batch, "language"), _texts(batch, "path")
    headers = [read_header(head) for head in _heads(content)]
    files = [
        read_licence_file(content[number].as_py() or b"") if path and is_licence_file(path) else None
        for number, path in enumerate(paths)
    ]
    texts = (value.as_py() or b"" for value in content)
    aged = [(newest_idiom(text, language), stale_markers(text, language)) for text, language in zip(texts, languages, strict=True)]
    dates = list(_dates(batch))
    columns = {
        "header_license": pa.array([header and header.expression for header in headers], pa.string()),
        "header_evidence": pa.array([header and header.words for header in headers], pa.string()),
        "license_text": pa.array([file and file[0] for file in files], pa.string()),
        "license_similarity": pa.array([file and file[1] for file in files], pa.float32()),
        "date_text": pa.array([found.text for found in dates], pa.string()),
        "date_source": pa.array([found.source for found in dates], pa.string()),
        "not_before": pa.array([idiom and idiom.since for idiom, _ in aged], pa.date32()),
        "not_before_feature": pa.array([idiom and idiom.name for idiom, _ in aged], pa.string()),
        "stale_markers": pa.array([markers for _, markers in aged], pa.list_(pa.string())),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _texts(batch: pa.RecordBatch, name: str) -> list[str | None]:
    return batch.column(name).to_pylist() if name in batch.schema.names else [None] * batch.num_rows


def _heads(content: pa.LargeBinaryArray) -> Iterator[bytes]:
    """Yields the first bytes of each text without a copy of the rest."""
    offsets_buffer, values = content.buffers()[1:3]
    offsets = memoryview(offsets_buffer).cast("q")[content.offset : content.offset + len(content) + 1]
    text = memoryview(values) if values is not None else memoryview(b"")
    for start, end in zip(offsets[:-1], offsets[1:], strict=True):
        yield bytes(text[start : min(end, start + HEAD_BYTES)])


def _dates(batch: pa.RecordBatch) -> Iterator[Dated]:
    columns: list[tuple[str, list[Any]]] = [
        (name, [None if value is None else str(value) for value in batch.column(name).to_pylist()])
        for name in DATE_COLUMNS
        if name in batch.schema.names
    ]
    for number in range(batch.num_rows):
        yield choose_date((name, values[number]) for name, values in columns)
