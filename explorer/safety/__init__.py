"""What a sample may harm with: secrets, personal data, security weaknesses.

Importing this costs nothing, so that whoever only masks a line of text need not load the compiled kernels.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def find_hazards(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Returns the columns of `batches.secret_kinds`, `personal_kinds` and `weakness_lines`, from a single search."""
    from explorer.safety.batches import all_hazards

    return all_hazards(batch)
