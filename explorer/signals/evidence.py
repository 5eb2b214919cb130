"""Evidence of a sample: its licence, its age and whether its author opted out.

Importing this costs nothing, so that small tools need not load the compiled kernels.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def gather_licence_evidence(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Returns the evidence of each `content`: its head, its dates, its idioms, and its licence if it is a licence file.

    Columns: header_license, header_evidence, license_text (string), license_similarity (float32), date_text,
    date_source (string), not_before (date32), not_before_feature (string), stale_markers (list of string). Uses
    `path`, `language` and the date columns where the batch has them; null means no evidence.
    """
    import pyarrow as pa

    from explorer.licences.headers import read_headers
    from explorer.licences.licence_texts import read_licence_texts
    from explorer.signals.age.dates import read_dates
    from explorer.signals.age.freshness import read_freshness

    found = [read(batch) for read in (read_headers, read_licence_texts, read_dates, read_freshness)]
    arrays = [array for part in found for array in part.columns]
    return pa.RecordBatch.from_arrays(arrays, names=[name for part in found for name in part.schema.names])
