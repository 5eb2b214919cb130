"""What a process compiles, it compiles before its first text: a slow compiler must never look like a silent file."""

import subprocess
import sys
import threading
from typing import Any

import pytest

from explorer.index import preparing
from explorer.index.preparing import Preparing, prepare
from tests.patience import PATIENCE

_COUNT = """
import gc
import pyarrow as pa
from numba.core.dispatcher import Dispatcher
from explorer.index.batches import batch_functions, index_batch
from explorer.index.preparing import prepare

def compiled():
    kernels = [thing for thing in gc.get_objects() if isinstance(thing, Dispatcher)]
    return {(k.py_func.__module__, k.py_func.__qualname__): len(k.signatures) for k in kernels}

prepare(lambda note: None)
before = compiled()
languages = ["Python", "C", "Ruby", "Java", "Go", "Rust", "JavaScript", "SQL", "Shell", "HTML", "Lua", "Haskell", None]
text = b"# MIT License, me@example.org\\nkey = 'AKIAIOSFODNN7EXAMPLE'\\nfor x in range(3):\\n    eval(x)\\n" * 40
rows = len(languages)
batch = pa.RecordBatch.from_pydict({
    "content": pa.array([text] * rows, pa.large_binary()),
    "language": pa.array(languages, pa.large_string()),
    "path": pa.array(["f"] * rows, pa.large_string()),
})
index_batch(batch, batch_functions(exact_tokens=False))
assert before["explorer.signals.passing", "_measure"] == 1, before
assert compiled() == before, {name for name in before if before[name] != compiled()[name]}
"""


def test_nothing_is_compiled_once_a_process_is_prepared() -> None:
    ended = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_slow_compiler_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_BEAT_SECONDS", 0.01)
    monkeypatch.setattr(preparing, "_is_ready", threading.Event())
    told: list[Any] = []
    has_told = threading.Event()

    def take(note: Any) -> None:
        told.append(note)
        if len(told) == 3:
            has_told.set()

    monkeypatch.setattr(preparing, "_run_once", lambda: has_told.wait(PATIENCE))
    prepare(take)
    assert len(told) >= 3
    assert set(told) == {Preparing()}
    threads = threading.active_count()
    prepare(lambda note: told.append(threading.active_count()))
    assert threads == threading.active_count()
    assert set(told) == {Preparing()}, "a process that is ready starts no thread"
