"""The bytes of a content column as the compiled kernels take them."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def buffers(content: pa.LargeBinaryArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Returns the bytes of a column (uint8) and the int64 offsets of its n samples (n + 1), both without a copy."""
    offsets_buffer, values = content.buffers()[1:3]
    offsets = np.frombuffer(offsets_buffer, np.int64, len(content) + 1, content.offset * 8)
    text = np.frombuffer(values, np.uint8) if values is not None and values.size else np.zeros(0, np.uint8)
    return text, offsets
