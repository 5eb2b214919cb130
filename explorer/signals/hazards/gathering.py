"""What the texts of a batch hold of secrets, personal data and weak code, as columns."""

from typing import Any

import numpy as np
import pyarrow as pa

from explorer.buffers import buffers
from explorer.signals.hazards.anchors import ADDRESS, EMAIL, PASSWORD, SECRET, SUFFIXES, anchor_table, mark_texts
from explorer.signals.hazards.personal import AUTHOR, Personal, find_personal
from explorer.signals.hazards.secrets import Secret, find_secrets
from explorer.signals.hazards.weaknesses import Weakness, density, find_weaknesses

WEAKNESS = pa.struct([("rule", pa.string()), ("severity", pa.string()), ("line", pa.int32())])


def find_hazards(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns secrets and personal (kinds), their counts (int32; soft secrets and authors' addresses not counted),
    weaknesses (rule, severity, line) and weakness_density (points in 100 lines) of each sample.
    """
    languages: list[str | None] = (
        batch.column("language").to_pylist() if "language" in batch.schema.names else [None] * batch.num_rows
    )
    secrets: list[tuple[Secret, ...]] = []
    personal: list[tuple[Personal, ...]] = []
    weaknesses: list[tuple[Weakness, ...]] = []
    densities: list[float] = []
    marks = np.zeros(batch.num_rows, np.uint8)
    mark_texts(*buffers(batch.column("content")), anchor_table(), SUFFIXES, marks)
    for value, language, mark in zip(batch.column("content"), languages, marks.tolist(), strict=True):
        text: bytes = value.as_py() or b""
        secrets.append(find_secrets(text.decode("utf-8", "replace")) if mark & (SECRET | PASSWORD) else ())
        personal.append(find_personal(text.decode("utf-8", "replace")) if mark & (EMAIL | ADDRESS) else ())
        weaknesses.append(find_weaknesses(text, language))
        densities.append(density(weaknesses[-1], text.count(b"\n") + 1) if weaknesses[-1] else 0.0)
    columns = {
        "secrets": pa.array([_kinds(found) for found in secrets], pa.list_(pa.string())),
        "secret_count": pa.array([sum(not one.is_soft for one in found) for found in secrets], pa.int32()),
        "personal": pa.array([_kinds(found) for found in personal], pa.list_(pa.string())),
        "personal_count": pa.array([sum(one.kind != AUTHOR for one in found) for found in personal], pa.int32()),
        "weaknesses": pa.array([[one._asdict() for one in found] for found in weaknesses], pa.list_(WEAKNESS)),
        "weakness_density": pa.array(densities, pa.float32()),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _kinds(found: Any) -> list[str]:
    return list(dict.fromkeys(one.kind for one in found))
