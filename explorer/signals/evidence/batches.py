"""All licence evidence and freshness of a batch."""

import pyarrow as pa

from explorer.signals.evidence.dates import read_dates
from explorer.signals.evidence.freshness import read_freshness
from explorer.signals.evidence.headers import read_headers
from explorer.signals.evidence.licence_texts import read_licence_texts

_PARTS = (read_headers, read_licence_texts, read_dates, read_freshness)


def gather(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns the columns of headers, licence files, dates and freshness beside each other."""
    found = [part(batch) for part in _PARTS]
    arrays = [array for part in found for array in part.columns]
    return pa.RecordBatch.from_arrays(arrays, names=[name for part in found for name in part.schema.names])
