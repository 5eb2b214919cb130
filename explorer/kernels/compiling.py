"""How the compiled kernels are compiled: without the interpreter's lock, kept on disk, and counting no references.

Numba counts a reference, atomically, for every array that is handed to a function; functions that are called for each
token would spend most of their time on it. A kernel therefore allocates nothing, and its caller keeps all arrays alive.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

_njit: Any = njit  # the option is none of those that its types know


def kernel(function: Callable[..., Any]) -> Any:
    """Compiles a function that allocates no array."""
    return _njit(nogil=True, cache=True, _nrt=False)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compiles such a function into each of its callers."""
    return _njit(inline="always", _nrt=False)(function)
