"""A reader with stub jobs, started by the tests as a process of its own: `python tests/reader/jobs.py`."""

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from explorer.errors import ExplorerError
from explorer.job import Job
from explorer.reader.serve import serve

seen: list[Any] = []
"""What the ordered jobs did, in the order they did it."""

kept: dict[str, Any] = {}
"""What this process was told to remember."""


def echo(job: Job) -> Mapping[str, Any]:
    return job.args


def pid(job: Job) -> Mapping[str, Any]:
    return {"pid": os.getpid(), "group": os.getpgid(0)}


def wait(job: Job) -> Mapping[str, Any]:
    """Waits until cancelled, or for so long; polls, as a loop in Python does."""
    end = time.monotonic() + job.args.get("seconds", 3600)
    while time.monotonic() < end:
        job.stop_if_cancelled()
        time.sleep(0.005)
    return job.args


def note(job: Job) -> Mapping[str, Any]:
    time.sleep(job.args.get("seconds", 0.01))
    seen.append(job.args["value"])
    return {"seen": list(seen), "cancelled": job.is_cancelled}


def deaf(job: Job) -> Mapping[str, Any]:
    _name_file(job)
    time.sleep(3600)
    return {}


def freeze(job: Job) -> Mapping[str, Any]:
    _name_file(job)
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(3600)
    return {}


def abort(job: Job) -> Mapping[str, Any]:
    _name_file(job)
    os.abort()


def leave(job: Job) -> Mapping[str, Any]:
    os._exit(job.args.get("code", 3))


def hold(job: Job) -> Mapping[str, Any]:
    """Reads a file until cancelled."""
    _name_file(job)
    return wait(job)


def query(job: Job) -> Mapping[str, Any]:
    """Runs SQL that may be long; `before` delays it after the interrupt was registered."""
    import duckdb

    cursor = duckdb.connect(config={"threads": 1}).cursor()
    try:
        with job.on_interrupt(cursor.interrupt):
            job.report({"registered": True})
            time.sleep(job.args.get("before", 0))
            found = cursor.execute(job.args["sql"]).fetchone()
            return {"found": found[0] if found else None}
    finally:
        cursor.close()


def keep(job: Job) -> Mapping[str, Any]:
    kept.update(job.args)
    return {}


def recall(job: Job) -> Mapping[str, Any]:
    time.sleep(job.args.get("seconds", 0))
    return kept


def chatter(job: Job) -> Mapping[str, Any]:
    sys.stdout.write("a stray print {not json\n")
    os.write(1, b'{"id": 1, "ok": {"forged": true}}\n')
    os.system("echo from a child; cat")
    return {"said": True}


def steps(job: Job) -> Mapping[str, Any]:
    for step in range(job.args["count"]):
        job.report({"step": step})
    return {"steps": job.args["count"]}


def huge(job: Job) -> Mapping[str, Any]:
    return {"text": "x" * job.args["size"]}


def complain(job: Job) -> Mapping[str, Any]:
    raise ExplorerError("The file a.parquet has no column content.", "Name it with --map.")


def stumble(job: Job) -> Mapping[str, Any]:
    raise ValueError(f"cannot convert {job.args['secret']!r}")


def starve(job: Job) -> Mapping[str, Any]:
    return {"size": len(bytearray(job.args["size"]))}


def unspeakable(job: Job) -> Mapping[str, Any]:
    return {"object": object()}


def unspeakable_news(job: Job) -> Mapping[str, Any]:
    job.report({"object": object()})
    return {}


def threads(job: Job) -> Mapping[str, Any]:
    return {"names": [thread.name for thread in threading.enumerate()]}


def _name_file(job: Job) -> None:
    if "file" in job.args:
        job.report({"file": job.args["file"]})


JOBS = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("_")
}

if __name__ == "__main__":
    serve(JOBS, memory=int(sys.argv[1]) if len(sys.argv) > 1 else None)
