"""Evidence of a sample: its licence, its age, and whether its author opted out.

Importing this costs nothing, so that small tools need not load the compiled kernels.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def gather_licence_evidence(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Returns what the head of each `content`, its dates and its idioms tell, and what it says if it is a licence file.

    Columns: header_license, header_evidence, license_text (string), license_similarity (float32), date_text,
    date_source (string), not_before (date32), not_before_feature (string), stale_markers (list of string). Uses
    `path`, `language` and the date columns where the batch has them; null is what nothing tells.
    """
    from explorer.signals.evidence.batches import gather

    return gather(batch)
